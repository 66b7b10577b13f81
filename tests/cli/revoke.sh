# shellcheck shell=sh
# revoke and crl: what is good no longer, and who is told.

begin 'revoke: by serial, name, fingerprint and file'
authority
for n in a b c d; do quietly minica issue $n.example.org; done
expect 0 minica revoke a.example.org --reason keyCompromise
stderr_has 'is revoked'
stderr_has 'no CRL of "root" was ever published'
expect 0 minica revoke b.example.org.pem
quietly minica list --json --name c.example.org
serial=$(value serial)
expect 0 minica revoke "$serial"
quietly minica list --json --name d.example.org
sha256=$(value sha256)
expect 0 minica revoke "$sha256"
expect 0 minica list --status revoked
for n in a b c d; do stdout_has $n.example.org; done

begin 'revoke: what is not known is never reported as revoked'
authority
expect 3 minica revoke 1234567890abcdef
stderr_has 'no certificate of this store'
expect 3 minica revoke nosuch.example.org
expect 2 minica revoke
expect 2 minica revoke --allow-unknown 1234
stderr_has 'go together'
expect 0 minica revoke --allow-unknown --issuer root 1234
expect 3 minica revoke --allow-unknown --issuer other 1234
expect 2 minica revoke --allow-unknown --issuer root nonsense
stderr_has 'no serial number'

begin 'revoke: a name that several certificates have lists them'
authority
quietly minica issue a.example.org
quietly minica issue a.example.org --key-out second.key
expect 3 minica revoke a.example.org
stderr_has 'may mean 2 certificates'
stderr_has 'dNSName:a.example.org'
expect 0 minica list --status revoked --json
json_has certificates '[]'

begin 'revoke: reasons are those of RFC 5280'
authority
quietly minica issue a.example.org
expect 2 minica revoke a.example.org --reason keyCompromised
stderr_has 'did you mean keyCompromise'
expect 2 minica revoke a.example.org --reason removeFromCRL
expect 2 minica revoke a.example.org --invalid-since 2999-01-01
stderr_has 'still to come'
expect 0 minica revoke a.example.org --reason keycompromise --invalid-since 2020-01-01
expect 0 minica revoke a.example.org --reason keyCompromise
stderr_has 'already'
expect 2 minica revoke a.example.org --reason superseded
stderr_has 'since'

begin 'revoke: a hold is released, anything else is final'
authority
quietly minica issue a.example.org
expect 3 minica revoke a.example.org --release
expect 0 minica revoke a.example.org --reason certificateHold
expect 0 minica revoke a.example.org --release
expect 0 minica list --status valid
stdout_has a.example.org
expect 0 minica revoke a.example.org --reason certificateHold
expect 0 minica revoke a.example.org --reason superseded
expect 1 minica revoke a.example.org --release
stderr_has final

begin 'revoke: the certificate that replaces it is named in the log'
authority
quietly minica issue a.example.org
quietly minica issue b.example.org
expect 2 minica revoke a.example.org --superseded-by b.example.org --reason keyCompromise
expect 0 minica revoke a.example.org --superseded-by b.example.org
expect 0 minica show a.example.org --json
json_has record.reason superseded
expect 3 minica revoke b.example.org --superseded-by nosuch

begin 'revoke: a certificate from elsewhere is its own issuer'\''s to revoke'
quietly minica --home other init-root --out other.pem
authority
quietly minica trust add other.pem
expect 3 minica revoke other.pem

begin 'crl: numbers rise, openssl reads it, the revoked are refused'
authority
quietly minica init-root --id second
quietly minica issue a.example.org --issuer root --json
quietly minica issue b.example.org --issuer root
expect 0 minica crl --issuer root --out 1.crl
quietly minica revoke a.example.org --reason keyCompromise
stderr_has 'number 1'
expect 0 minica crl --issuer root --out 2.crl
expect 0 minica crl --issuer root --der --out 3.crl
expect 0 openssl crl -in 2.crl -noout -crlnumber
stdout_has 02
expect 0 openssl crl -inform DER -in 3.crl -noout -text
stdout_has 'Key Compromise'
stdout_has 'Version 2'
quietly minica trust export --out roots.pem
expect 0 openssl verify -crl_check -CAfile roots.pem -CRLfile 1.crl a.example.org.pem
expect 0 openssl verify -crl_check -CAfile roots.pem -CRLfile 2.crl b.example.org.pem
expect 2 openssl verify -crl_check -CAfile roots.pem -CRLfile 2.crl a.example.org.pem
expect 0 minica verify b.example.org.pem --crl 3.crl --require-crl
expect 1 minica verify a.example.org.pem --crl 3.crl --require-crl
stdout_has revoked

begin 'crl: to standard output, as PEM, and as JSON'
authority
expect 0 minica crl
stdout_has 'BEGIN X509 CRL'
stderr_has '0 entries'
expect 0 minica crl --json
json_has crls.0.number 2
json_has crls.0.entries 0
json_has crls.0.crl

begin 'crl: a calendar for a key that goes back to its safe'
authority
mkdir lists
expect 0 minica --now 2030-01-01 crl --ahead 2 --out-dir lists
ls lists >names
has names 20300101T000000Z.crl
has names 20300131T000000Z.crl
expect 0 openssl crl -in lists/20300131T000000Z.crl -noout -lastupdate -nextupdate -crlnumber
stdout_has 'lastUpdate=Jan 31 00:00:00 2030 GMT'
stdout_has 'nextUpdate=Mar  5 00:00:00 2030 GMT'
stdout_has 02
expect 2 minica crl --ahead 2
expect 2 minica crl --ahead 0 --out-dir lists
expect 2 minica crl --ahead 2 --out-dir lists --out x.crl

begin 'crl --check: stale, outdated, or good'
authority
quietly minica issue a.example.org
expect 0 minica --now 2030-01-01 crl --out ca.crl --days 7
expect 0 minica --now 2030-01-02 crl --check ca.crl
stdout_has OK
expect 1 minica --now 2030-02-01 crl --check ca.crl
stdout_has stale
quietly minica --now 2030-01-02 revoke a.example.org
expect 1 minica --now 2030-01-02 crl --check ca.crl
stdout_has '1 revocations came after'
quietly minica --now 2030-01-02 crl --out new.crl
expect 0 minica --now 2030-01-02 crl --check new.crl
expect 0 minica --now 2030-01-02 crl --check new.crl --json
json_has problems '[]'
expect 1 minica --now 2030-01-02 crl --check ca.crl --json
json_has problems
expect 3 minica crl --check nosuch.crl
expect 3 minica crl --check a.example.org.pem

begin 'crl: what goes wrong leaves nothing half-written'
expect 3 minica crl
authority
expect 3 minica crl --issuer nosuch
echo mine >mine.crl
expect 2 minica crl --out mine.crl
expect 0 minica crl --out mine.crl --force
expect 7 sh -c 'minica crl >/dev/full'
expect 2 minica crl --days 0

begin 'crl: the next list takes the place of the one before'
authority
quietly minica init-root --id second
expect 0 minica crl --issuer root --out ca.crl
expect 0 minica crl --issuer root --out ca.crl
expect 2 minica crl --issuer second --out ca.crl
stderr_has exists
expect 0 minica crl --issuer root --der --out root.der
expect 0 minica crl --issuer root --der --out root.der
expect 2 minica crl --issuer second --out root.der
for bad in '' x '-----BEGIN X509 CRL-----' 0; do
	printf '%s' "$bad" >bad.crl
	expect 2 minica crl --issuer root --out bad.crl
done
head -c 100 root.der >bad.crl
expect 0 minica crl --issuer root --out bad.crl
expect 0 openssl crl -in ca.crl -noout -crlnumber
stdout_has 02
expect 0 minica crl --issuer root --out ca.crl

begin 'revoke: a CA takes what it issued with it, and that is said'
authority
quietly minica init-intermediate --out int.pem
quietly minica issue a.example.org
quietly minica issue b.example.org
expect 0 minica revoke intermediate --reason cACompromise
stderr_has '2 valid certificates'
expect 1 minica issue c.example.org --issuer intermediate
stderr_has revoked
quietly minica crl --issuer root --out root.crl
expect 2 openssl verify -crl_check_all -CAfile root.pem -CRLfile root.crl int.pem

begin 'crl: two at once never share a number'
authority
for n in 1 2 3 4 5 6; do
	minica crl --out $n.crl >/dev/null 2>$n.err &
done
wait
for n in 1 2 3 4 5 6; do
	openssl crl -in $n.crl -noout -crlnumber
done | sort -u >numbers
[ "$(wc -l <numbers)" -eq 6 ] || wrong 'a number was given twice'
