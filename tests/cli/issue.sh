# shellcheck shell=sh
# issue: key, request and certificate in one step.
# shellcheck disable=SC2154 # err is of run.sh

begin 'issue: one step to a key and its certificate'
authority
expect 0 minica issue www.example.org example.org
only root.pem www.example.org.key www.example.org.pem
file_is_mode www.example.org.key 600
file_is_mode www.example.org.pem 644
stderr_has 'not encrypted'
expect 0 openssl verify -x509_strict -purpose sslserver -CAfile root.pem \
    -verify_hostname example.org www.example.org.pem
openssl x509 -in www.example.org.pem -noout -pubkey >a
openssl pkey -in www.example.org.key -pubout >b
cmp -s a b || wrong 'the key is not that of the certificate'

begin 'issue: the files of a wildcard have a plain name'
authority
expect 0 minica issue '*.example.org'
only _wildcard.example.org.key _wildcard.example.org.pem root.pem

begin 'issue: algorithm, places and policy are as asked'
authority
expect 0 minica issue --policy client --key ed25519 --out a.pem \
    --key-out a.key alice@example.org --json
json_has key_file "$PWD/a.key"
json_has out "$PWD/a.pem"
json_has certificate
json_has info.key.algorithm ed25519
only a.key a.pem root.pem
expect 0 minica verify a.pem --email alice@example.org --purpose client
expect 1 minica verify a.pem --purpose server

begin 'issue: the certificate may go to standard output, the key not'
authority
expect 0 minica issue example.org --out -
stdout_has 'BEGIN CERTIFICATE'
only example.org.key root.pem
expect 2 minica issue example.net --key-out -
gone example.net.key example.net.pem

begin 'issue: what is there is kept'
authority
quietly minica issue example.org
cp example.org.key before.key
expect 2 minica issue example.org
stderr_has --force
stderr_has 'example.org.key: exists, and a private key replaces nothing unasked'
mv example.org.key kept
expect 0 minica issue example.org
mv kept example.org.key
echo other >example.org.pem
expect 2 minica issue example.org --key-out new.key
stderr_has 'example.org.pem: exists, and as far as the store knows minica did not write it as it is'
gone new.key
cmp -s example.org.key before.key || wrong 'the key was replaced'
expect 0 minica issue example.org --force

begin 'issue: what was killed between key and certificate is taken up again'
authority
quietly minica keygen --out example.org.key
cp example.org.key before.key
expect 1 minica issue example.org --days 4000
expect 2 minica issue example.org --key ed25519
stderr_has --force
expect 0 minica issue example.org
stderr_has 'example.org.key: a key without a certificate'
cmp -s example.org.key before.key || wrong 'the key was replaced'
openssl x509 -in example.org.pem -noout -pubkey >a
openssl pkey -in example.org.key -pubout >b
cmp -s a b || wrong 'the certificate is for another key'
mv example.org.pem kept.pem
expect 2 minica issue example.org
stderr_has 'which is on record'
expect 0 sh -c "$(sed -n 's/^ *\(minica export [0-9a-f]* --out \)FILE$/\1new.pem/p' \
    "$err")"
cmp -s new.pem kept.pem || wrong 'the command does not write it again'

begin 'issue: a key that others may know, or that is not in the open, is not used'
authority
quietly minica keygen --out a.example.org.key
chmod 640 a.example.org.key
expect 2 minica issue a.example.org
stderr_has 'a private key replaces nothing unasked'
chmod 600 a.example.org.key
mv a.example.org.key a.key
ln -s a.key a.example.org.key
expect 2 minica issue a.example.org
echo word >secret
quietly minica keygen --pass-file secret --out b.example.org.key
expect 2 minica issue b.example.org
if [ "$(id -u)" = 0 ]; then
	quietly minica keygen --out c.example.org.key
	chown 65534 c.example.org.key
	expect 2 minica issue c.example.org
fi
gone a.example.org.pem b.example.org.pem c.example.org.pem

begin 'issue: a certificate never goes where its key is'
authority
mkdir here
for force in '' --force; do
	# shellcheck disable=SC2086
	expect 2 minica issue example.org --key-out one --out here/../one $force
	stderr_has --key-out
	# shellcheck disable=SC2086
	expect 2 minica csr example.org --key-out one --out ./one $force
	stderr_has --key-out
	gone one
done
expect 0 minica issue example.org --key-out one --out two
cp one before.key
expect 2 minica issue example.org --key-out one --out one --force
cmp -s one before.key || wrong 'the key was replaced'
cp two before
expect 2 minica renew two --rekey --key-out ./two --force
stderr_has --key-out
cmp -s two before || wrong 'the certificate was replaced by its key'

begin 'issue: a refusal leaves no key behind'
authority
expect 1 minica issue example.org --days 4000
stderr_has 'minica issue: example.org: no: '
only root.pem
expect 3 minica issue example.org --policy nothing
only root.pem

begin 'issue: a passphrase that fails leaves no key behind, so that it can be said again'
echo word >secret
echo other >wrong
quietly minica init-root --pass-file secret --out root.pem
expect 6 minica issue example.org
stderr_has 'no passphrase was given (--pass-file, --pass-fd, --pass-env or --ask-pass)'
stderr_lacks unsupported
only root.pem secret wrong
expect 6 minica issue example.org --pass-file wrong
only root.pem secret wrong
expect 2 minica issue example.org --pass-env NOT_SET
only root.pem secret wrong
expect 0 minica issue example.org --pass-file secret
expect 0 minica verify example.org.pem --host example.org

begin 'issue: --fullchain adds the intermediates'
authority
quietly minica init-intermediate --issuer root --out int.pem
expect 0 minica issue example.org --fullchain
count example.org.pem 2

begin 'issue: without an authority nothing is made'
expect 3 minica issue example.org
stderr_has 'minica init-root'
gone example.org.key example.org.pem

begin 'issue: a name outside ASCII is told both ways, and believed'
authority
minica csr --out ascii.csr --key-out ascii.key 'bücher.example' 2>said || true
if grep -q 'without libidn2' said; then
	skip 'this minica was built without libidn2'
else
	expect 0 minica issue 'Bücher.example' --out b.pem --key-out b.key
	stderr_has 'bücher.example is written as xn--bcher-kva.example'
	stderr_has 'xn--bcher-kva.example: signed: '
	expect 0 minica verify b.pem --host bücher.example
	expect 0 minica verify b.pem --host xn--bcher-kva.example
	expect 1 minica verify b.pem --host bucher.example
	expect 0 minica inspect b.pem
	stdout_has 'xn--bcher-kva.example (bücher.example)'
	expect 0 minica inspect b.pem --json
	json_has files.0.objects.0.names.0.unicode bücher.example
	expect 1 minica issue 'pаypal.example' --out p.pem --key-out p.key
	stderr_has 'Latin and Cyrillic (U+0430)'
	gone p.pem p.key
fi
