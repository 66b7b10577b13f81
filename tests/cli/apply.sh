# shellcheck shell=sh
# plan and apply: the certificates that a manifest wants, made so.
# What is in quotes and begins with a dollar is for sed and for manifests.
# shellcheck disable=SC2016

begin 'apply: from nothing to files that fit, and then nothing more to do'
simple
expect 0 minica plan m.yaml
stdout_has 'create   authority root: root, ec-p384'
stdout_has 'create   web: not made yet'
gone home tls/web.crt
expect 4 minica plan --detailed-exit m.yaml
[ ! -w /dev/full ] ||
    expect 7 sh -c 'minica plan --detailed-exit m.yaml >/dev/full'
expect 4 minica apply --detailed-exit m.yaml
stdout_has 'create   web'
file_is_mode tls/web.crt 644
file_is_mode tls/web.key 600
openssl x509 -in tls/web.crt -noout -pubkey >a
openssl pkey -in tls/web.key -pubout >b
cmp -s a b || wrong 'the key is not that of the certificate'
minica trust export >root.pem
expect 0 openssl verify -x509_strict -CAfile root.pem \
    -verify_hostname www.example.org tls/web.crt
gone home/pending/shop.pem
cp tls/web.crt before
expect 0 minica apply --detailed-exit m.yaml
stdout_is_empty
stderr_has '2 keep'
expect 0 minica plan --detailed-exit m.yaml
stdout_has 'keep     web: valid until'
cmp -s before tls/web.crt || wrong 'the certificate was replaced'
issued 1

begin 'plan, apply: one document for programs'
simple
edit 's/^    hosts.*/&\n    labels: { team: shop, tier: "1" }/'
expect 4 minica plan --json --detailed-exit m.yaml
json_has manifest shop
json_has create 2
json_has results.1.action create
json_has results.1.kind certificate
json_has results.1.labels.0 team=shop
expect 0 minica apply --json m.yaml
json_has results.1.serial
json_has results.1.files.0
expect 0 minica list --label team=shop
stdout_has www.example.org
expect 0 minica apply --json m.yaml
json_has keep 2

begin 'apply: what a run that was killed left beside the files is swept away'
simple
quietly minica apply m.yaml
echo old >tls/.web.key.minica-old
echo half >tls/.web.crt.minica-new
mkdir -p home/pending
cp tls/web.key home/pending/shop.pem
chmod 600 home/pending/shop.pem
cp tls/web.key before
expect 0 minica apply m.yaml
gone home/pending/shop.pem tls/.web.key.minica-old tls/.web.crt.minica-new
cmp -s before tls/web.key || wrong 'the key was replaced'

# replaced EXPRESSION WORDS: the edited manifest replaces the certificate
replaced() {
	edit "$1"
	expect 4 minica plan --detailed-exit m.yaml
	stdout_has "replace  web: $2"
	expect 0 minica apply m.yaml
	expect 0 minica plan --detailed-exit m.yaml
}

begin 'apply: what changes in the manifest makes another certificate'
simple
quietly minica apply m.yaml
replaced 's/\[www/[new.example.org, www/' 'host added: new.example.org'
replaced 's/, 10.0.0.1//' 'host removed: 10.0.0.1'
replaced 's/^    hosts.*/&\n    key: ec-p384/' \
    'key type changed from ec-p256 to ec-p384'
replaced 's/^    key:.*/&\n    life: 30d/' 'life changed'
replaced 's/^    life:.*/&\n    policy: peer/' \
    'policy changed from server to peer'
quietly minica init-intermediate --issuer root --id tls
replaced 's/x/x/' 'issuer rolled from root to tls'
expect 0 minica plan m.yaml
stdout_has 'keep     web'

begin 'apply: names that differ in case and order are the same names'
simple
quietly minica apply m.yaml
edit 's/\[www.example.org, 10.0.0.1\]/[10.0.0.1, WWW.Example.ORG.]/'
expect 0 minica plan --detailed-exit m.yaml

begin 'apply: a revoked certificate is replaced'
simple
quietly minica apply m.yaml
quietly minica revoke www.example.org --reason keyCompromise
expect 4 minica plan --detailed-exit m.yaml
stdout_has 'revoked (keyCompromise)'
quietly minica apply m.yaml
issued 2

begin 'apply: a certificate is renewed when it is due, with a new key'
simple
quietly minica apply m.yaml --now 2027-01-01
cp tls/web.key old.key
expect 0 minica plan --detailed-exit m.yaml --now 2027-02-15
expect 4 minica plan --detailed-exit m.yaml --now 2027-03-15
stdout_has 'renew    web: due: ends in 17d'
quietly minica apply m.yaml --now 2027-03-15
expect 0 minica plan --detailed-exit m.yaml --now 2027-03-15
cmp -s old.key tls/web.key && wrong 'the key is still the old one'
edit 's/^    hosts.*/&\n    renew_before: 80d\n    rekey: false/'
cp tls/web.key old.key
cp tls/web.crt old.crt
quietly minica apply m.yaml --now 2027-04-15
cmp -s old.key tls/web.key || wrong 'the key was not kept'
cmp -s old.crt tls/web.crt && wrong 'the certificate was not renewed'

begin 'apply: a clock that jumps and comes back leaves a valid certificate'
simple
quietly minica apply m.yaml --now 2027-01-01
quietly minica apply m.yaml --now 2030-01-01
expect 4 minica plan --detailed-exit m.yaml --now 2027-01-02
stdout_has 'not valid before'
expect 0 minica apply m.yaml --now 2027-01-02
expect 0 minica verify tls/web.crt --host www.example.org --at 2027-01-02
expect 0 minica plan --detailed-exit m.yaml --now 2027-01-02
expect 1 minica apply m.yaml --now 2050-01-01
stderr_has 'ended at'

begin 'apply: files are put back without a new certificate'
simple
quietly minica apply m.yaml
cp -p tls/web.crt crt && cp -p tls/web.key key
rm tls/web.crt
expect 0 minica plan m.yaml
stdout_has 'web.crt is missing'
quietly minica apply m.yaml
cmp -s crt tls/web.crt || wrong 'the certificate is another one'
echo mine >>tls/web.crt
chmod 644 tls/web.key
expect 0 minica plan m.yaml
stdout_has 'web.crt holds what minica did not write'
stdout_has 'web.key has mode 0644, wanted 0600'
quietly minica apply m.yaml
file_is_mode tls/web.key 600
cmp -s crt tls/web.crt || wrong 'the certificate is another one'
cmp -s key tls/web.key || wrong 'the key is another one'
issued 1
rm tls/web.key
expect 0 minica plan m.yaml
stdout_has 'its private key is in no file of it'
quietly minica apply m.yaml
issued 2

begin 'apply: a mode set by hand stays through a renewal, if it is safe'
simple
quietly minica apply m.yaml --now 2027-01-01
chmod 640 tls/web.key
expect 0 minica plan --detailed-exit m.yaml --now 2027-01-01
quietly minica apply m.yaml --now 2027-03-20
file_is_mode tls/web.key 640

begin 'apply: modes that the manifest gives are kept up'
simple
edit 's/layout: nginx/&\n        mode: 0444\n        key_mode: 0400/'
quietly minica apply m.yaml
file_is_mode tls/web.crt 444
file_is_mode tls/web.key 400
chmod 600 tls/web.key
expect 0 minica plan m.yaml
stdout_has 'web.key has mode 0600, wanted 0400'
quietly minica apply m.yaml
file_is_mode tls/web.key 400

begin 'apply: an owner is kept up, and one set by hand stays'
if [ "$(id -u)" = 0 ]; then
	simple
	edit 's/layout: nginx/&\n        owner: "65534"\n        group: "65534"/'
	quietly minica apply m.yaml --now 2027-01-01
	chown 0:0 tls/web.key
	expect 0 minica plan m.yaml --now 2027-01-01
	stdout_has 'web.key has owner 0:0, wanted 65534:65534'
	quietly minica apply m.yaml --now 2027-03-15
	[ "$(stat -c %u:%g tls/web.key)" = 65534:65534 ] ||
	    wrong 'the owner was not put back'
	edit '/owner:/d; /group:/d'
	chown 1:1 tls/web.key
	expect 0 minica plan --detailed-exit m.yaml --now 2027-03-15
	quietly minica apply m.yaml --now 2027-06-01
	[ "$(stat -c %u:%g tls/web.key)" = 1:1 ] ||
	    wrong 'the owner set by hand is lost'
	rm tls/web.crt
	quietly minica apply m.yaml --now 2027-06-01
	[ "$(stat -c %u:%g tls/web.crt)" = 65534:65534 ] ||
	    wrong 'the owner is forgotten'
else
	skip 'only root gives files away'
fi

begin 'apply: every layout, and what each holds'
quietly minica init-root
quietly minica init-intermediate --issuer root
echo secret-word >word
manifest <<'END'
    outputs:
      - { directory: pem, layout: pem, files: { chain: chain.pem, ca: ca.pem } }
      - { directory: fullchain, layout: fullchain }
      - { directory: apache, layout: apache }
      - { directory: haproxy, layout: haproxy }
      - { directory: postgres, layout: postgres }
      - { directory: java, layout: java, password_file: word }
      - { directory: pkcs12, layout: pkcs12, password_file: word }
      - { directory: kubernetes, layout: kubernetes, namespace: shop }
END
edit '/^authorities/,/permit/d'
mkdir pem fullchain apache haproxy postgres java pkcs12 kubernetes
expect 0 minica apply m.yaml
count pem/web.pem 1
count pem/chain.pem 1
count pem/ca.pem 1
count fullchain/web.pem 2
count apache/web.crt 2
count haproxy/web.pem 2
grep -q 'PRIVATE KEY' haproxy/web.pem || wrong 'haproxy has no key'
file_is_mode haproxy/web.pem 600
count postgres/server.crt 2
expect 0 openssl pkcs12 -in java/web.p12 -passin file:word -nodes
stdout_has 'PRIVATE KEY'
expect 0 openssl pkcs12 -in java/web-truststore.p12 -passin file:word
expect 0 openssl pkcs12 -in pkcs12/web.p12 -passin file:word -nodes
grep -q 'namespace: "\{0,1\}shop' kubernetes/web.yaml ||
    wrong 'the secret is in no namespace'
expect 0 minica plan --detailed-exit m.yaml
rm haproxy/web.pem java/web.p12
quietly minica apply m.yaml
count haproxy/web.pem 2
expect 0 openssl pkcs12 -in java/web.p12 -passin file:word -nodes
issued 1

begin 'apply: a CSR keeps its key where it is, and a given key is used'
request own csr.example.org
quietly minica keygen --out given.key
manifest <<'END'
    outputs: [{ directory: tls }]
  - name: asked
    csr: own.csr
    outputs: [{ directory: tls }]
  - name: given
    hosts: [given.example.org]
    key_file: given.key
    outputs: [{ directory: tls }]
END
expect 0 minica apply m.yaml
gone tls/asked.key
openssl pkey -in own.key -pubout >a
openssl x509 -in tls/asked.pem -noout -pubkey | cmp -s - a ||
    wrong 'the certificate of the CSR is for another key'
openssl pkey -in given.key -pubout >b
openssl pkey -in tls/given.key -pubout | cmp -s - b ||
    wrong 'the key is not the given one'
expect 0 minica plan --detailed-exit m.yaml
request own other.example.org
mv own.csr.key own.key 2>/dev/null
expect 4 minica plan --detailed-exit m.yaml
stdout_has 'replace  asked: the CSR changed'

begin 'apply: what is no longer listed stays until it is pruned'
manifest <<'END'
    outputs: [{ directory: tls }]
  - name: old
    hosts: [old.example.org]
    outputs: [{ directory: tls }]
END
quietly minica apply m.yaml
edit '/name: old/,$d'
expect 0 minica plan --detailed-exit m.yaml
stdout_has 'unlisted old: the manifest has it no longer; --prune revokes it'
quietly minica apply m.yaml
[ -e tls/old.key ] || wrong 'it was removed without --prune'
expect 4 minica plan --detailed-exit --prune m.yaml
stdout_has 'revoke   old'
expect 0 minica apply --prune m.yaml
gone tls/old.key tls/old.pem
expect 0 minica list --status revoked
stdout_has old.example.org
expect 0 minica plan --detailed-exit --prune m.yaml
stdout_lacks old

begin 'apply: a file that moves to another place is pruned where it was'
simple
quietly minica apply m.yaml
mkdir new
edit 's/directory: tls/directory: new/'
quietly minica apply --prune m.yaml
gone tls/web.crt tls/web.key
issued 1
expect 0 minica plan --detailed-exit --prune m.yaml

begin 'apply: a certificate may get another name and keep its files'
simple
quietly minica apply m.yaml
edit 's/name: web/name: www/; s/layout: nginx/layout: nginx\n        files: { fullchain: web.crt, key: web.key }/'
expect 0 minica apply --prune m.yaml
[ -e tls/web.key ] || wrong 'the files were removed'
expect 0 minica plan --detailed-exit --prune m.yaml

begin 'apply: two at once wait for each other'
simple
minica apply m.yaml >one 2>&1 &
first=$!
expect 0 minica apply m.yaml
wait $first || wrong 'the other one failed'
issued 1
expect 0 minica plan --detailed-exit m.yaml

begin 'apply: a thousand of a kind come from a few lines'
mkdir tls
{
	cat <<'END'
manifest: many
authorities: [{ name: root }]
defaults:
  outputs:
    - { directory: tls, layout: nginx, files: { key: "{name}.private" } }
certificates:
END
	for i in 1 2 3 4 5 6 7 8 9 10; do
		echo "  - { name: h$i, hosts: [h$i.example.org] }"
	done
} >m.yaml
expect 0 minica apply m.yaml
[ -s tls/h7.private ] || wrong 'the names of files lack the name'
expect 0 minica plan --detailed-exit m.yaml
stderr_has '11 keep'
