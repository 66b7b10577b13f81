# shellcheck shell=sh disable=SC2016
# Who signs: several issuers side by side, and those that may not.

# own_root EXTENSION...: a root of openssl's making, in old.pem and old.key
own_root() {
	extensions=
	for extension in "$@"; do
		extensions="$extensions -addext $extension"
	done
	# shellcheck disable=SC2086 # several words
	quietly openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
	    -nodes -keyout old.key -out old.pem -days 3650 -subj '/CN=Old Root' \
	    $extensions
}

begin 'issuer: the newest intermediate signs, or the one that is named'
authority
quietly minica init-intermediate --id one
quietly minica init-intermediate --id two --issuer root
for row in 'a two' 'b one --issuer one' 'c root --issuer root'; do
	# shellcheck disable=SC2086 # its words
	set -- $row
	name=$1.example.org
	by=$2
	shift 2
	expect 0 minica issue "$name" "$@"
	expect 0 minica list --issuer "$by"
	stdout_has "$name"
done
expect 3 minica issue d.example.org --issuer nosuch
expect 0 minica doctor

begin 'issuer: a policy names its own'
authority
quietly minica init-intermediate --id web-ca
quietly minica init-intermediate --id later
mkdir home/policies
printf 'policy: web\nextends: server\nissuer: web-ca\n' >home/policies/web.yaml
expect 0 minica issue a.example.org --policy web
expect 0 minica list --issuer web-ca
stdout_has a.example.org
expect 0 minica issue b.example.org --policy web --issuer later
expect 0 minica list --issuer later
stdout_has b.example.org
printf 'policy: web\nextends: server\nissuer: gone\n' >home/policies/web.yaml
expect 3 minica issue c.example.org --policy web
stderr_has 'policy web: issuer: there is no authority "gone"'
gone c.example.org.pem c.example.org.key

begin 'issuer: one whose time has not come, or is over, signs nothing'
quietly minica init-root --days 365 --now 2026-01-01T00:00:00Z
quietly minica init-intermediate --days 30 --now 2026-01-02T00:00:00Z
expect 1 minica issue a.example.org --now 2025-12-31T00:00:00Z
stderr_has 'is not valid before'
expect 1 minica issue a.example.org --issuer intermediate \
    --now 2026-03-01T00:00:00Z
stderr_has 'the certificate of "intermediate" ended at'
expect 0 minica issue a.example.org --days 30 --now 2026-03-01T00:00:00Z
expect 0 minica list --issuer root
stdout_has a.example.org
expect 1 minica issue b.example.org --now 2027-03-01T00:00:00Z
stderr_has 'ended at'
gone b.example.org.pem

begin 'issuer: one that is revoked, and all below it, sign nothing'
authority
quietly minica init-intermediate
quietly minica revoke intermediate --reason cACompromise
expect 1 minica issue a.example.org --issuer intermediate
stderr_has 'is revoked'
expect 0 minica issue a.example.org
expect 0 minica list --issuer root
stdout_has a.example.org

begin "issuer: a key that is not its certificate's signs nothing"
authority
quietly minica init-intermediate
cp home/keys/root-* "$(echo home/keys/intermediate-*)"
expect 6 minica issue a.example.org
stderr_has 'is not the one of its certificate'
gone a.example.org.pem
rm home/keys/intermediate-*
expect 3 minica issue b.example.org
expect 0 minica issue c.example.org --issuer root

begin 'issuer: path length is checked before signing'
own_root keyUsage=critical,keyCertSign,cRLSign \
    basicConstraints=critical,CA:TRUE,pathlen:0
quietly minica init-root --import old.pem old.key
expect 1 minica init-intermediate --out int.pem
stderr_has 'pathLenConstraint of "root" is 0'
gone int.pem
expect 0 minica issue a.example.org
quietly minica --home sub init-intermediate --csr-out sub.csr
expect 1 minica sign sub.csr --policy intermediate --out sub.pem
stderr_has 'pathLenConstraint'
expect 0 openssl verify -x509_strict -CAfile old.pem a.example.org.pem

begin 'issuer: a certificate that is not for signing certificates signs none'
own_root keyUsage=critical,digitalSignature,cRLSign
quietly minica init-root --import old.pem old.key
expect 1 minica issue a.example.org
stderr_has 'not for keyCertSign'

begin "issuer: name constraints of the whole chain hold before signing"
quietly minica init-root --permit example.org
quietly minica init-intermediate --permit a.example.org
expect 0 minica issue x.a.example.org
expect 1 minica issue x.b.example.org
stderr_has 'name constraints of authority "intermediate"'
expect 1 minica issue x.example.com --issuer root
stderr_has 'name constraints of authority "root"'

begin "issuer: a life is cut to the chain's end and said, or refused"
quietly minica init-root --days 365 --now 2026-01-01T00:00:00Z --out root.pem
quietly minica init-intermediate --days 700 --now 2026-01-01T00:00:00Z \
    --out int.pem
stderr_has 'clamped'
expect 0 minica inspect int.pem --json
json_has files.0.objects.0.not_after 2027-01-01T00:00:00Z
expect 0 minica issue a.example.org --days 90 --now 2026-12-01T00:00:00Z --json
json_has info.not_after 2027-01-01T00:00:00Z
json_has review.findings.0.rule MC-P-ISSUER-END
expect 1 minica issue b.example.org --days 90 --now 2026-12-31T00:00:00Z
stderr_has 'too soon for this life'
stderr_has 'minica rollover'

begin 'init-intermediate --install: takes in what was asked for, and no more'
quietly minica --home offline init-root --out root.pem
quietly minica --home other init-root --out other.pem
quietly minica init-intermediate --csr-out int.csr
expect 1 minica doctor
stdout_has MC-D-AWAITED
quietly minica --home other issue other.example.org --out leaf.pem
expect 1 minica init-intermediate --install leaf.pem
stderr_has basicConstraints
expect 6 minica init-intermediate --install root.pem
quietly openssl req -x509 -key "$(echo home/keys/*)" -out self.pem -days 9 \
    -subj '/CN=Self' -addext 'keyUsage=critical,keyCertSign'
expect 1 minica init-intermediate --install self.pem
stderr_has 'its issuer is itself'
quietly minica --home other init-intermediate --out foreign.pem
expect 6 minica init-intermediate --install foreign.pem
stderr_has 'no key that an intermediate of this home awaits'
quietly minica --home offline sign --policy intermediate int.csr --out int.pem
expect 0 minica init-intermediate --install int.pem
expect 3 minica init-intermediate --install int.pem
expect 0 minica issue web.example.org --fullchain
expect 0 openssl verify -x509_strict -CAfile root.pem \
    -untrusted web.example.org.pem web.example.org.pem
expect 0 minica doctor

begin 'init-intermediate --install: a chain comes in whole, or not at all'
quietly minica --home offline init-root --out root.pem
quietly minica init-intermediate --csr-out int.csr
quietly minica --home offline sign --policy intermediate int.csr --out int.pem
cat int.pem root.pem >chain.pem
quietly minica import int.pem
expect 2 minica init-intermediate --install chain.pem
stderr_has 'in the store already'
expect 3 minica show intermediate.above-1
expect 0 minica audit list
stdout_lacks import-issuer
expect 0 minica audit verify

begin 'init-intermediate --install: an issuer that may have no CA below it'
own_root keyUsage=critical,keyCertSign,cRLSign \
    basicConstraints=critical,CA:TRUE,pathlen:0
quietly minica init-root --import old.pem old.key --id strict
quietly minica init-intermediate --csr-out int.csr
printf '%s\n' 'basicConstraints=critical,CA:TRUE' \
    'keyUsage=critical,keyCertSign' >extensions
quietly openssl x509 -req -in int.csr -CA old.pem -CAkey old.key \
    -extfile extensions -out int.pem -days 30
expect 1 minica init-intermediate --install int.pem
stderr_has 'pathLenConstraint of "strict"'
