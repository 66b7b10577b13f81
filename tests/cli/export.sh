# shellcheck shell=sh
# export: a certificate as the file that a server reads.

# chain: root and intermediate in the home, and www.example.org with its key
chain() {
	quietly minica init-root --out root.pem
	quietly minica init-intermediate --out intermediate.pem
	quietly minica issue www.example.org
	echo 'correct horse' >pass
}

begin 'export: PEM, and what a server sends'
chain
expect 0 minica export www.example.org
keep alone.pem
cmp -s alone.pem www.example.org.pem || wrong 'not the certificate'
expect 0 minica export www.example.org --format fullchain --out full.pem
count full.pem 2
file_is_mode full.pem 644
expect 0 openssl verify -CAfile root.pem -untrusted full.pem full.pem

begin 'export: DER goes to a file or a pipe, not into JSON'
chain
expect 0 minica export www.example.org --format der --out web.der
expect 0 openssl x509 -inform DER -in web.der -noout
expect 2 minica export www.example.org --format der --json
json_has error.code EUSAGE
if can_have_terminal; then
	expect 2 terminal 'minica export www.example.org --format der'
	stdout_has 'give --out FILE'
fi

begin 'export: a key store is opened by its passphrase alone'
chain
for layout in pkcs12 pkcs12-legacy; do
	expect 0 minica export www.example.org --format $layout \
	    --key www.example.org.key --out $layout.p12 --out-pass-file pass
	file_is_mode $layout.p12 600
	expect 0 openssl pkcs12 -in $layout.p12 -passin file:pass -nodes
	keep opened
	count opened 2
	grep -q 'friendlyName: www.example.org' opened || wrong 'no alias'
	grep -q 'BEGIN PRIVATE KEY' opened || wrong 'no key'
	expect 1 openssl pkcs12 -in $layout.p12 -passin pass:wrong -nodes
done
expect 0 openssl pkcs12 -in pkcs12.p12 -passin file:pass -info -noout
stderr_has 'PBKDF2, AES-256-CBC, Iteration 200000, PRF hmacWithSHA256'
stderr_has 'MAC: sha256, Iteration 200000'

begin 'export: an encrypted key is opened first'
chain
quietly openssl pkcs8 -topk8 -in www.example.org.key -out locked.key \
    -passout file:pass
expect 6 minica export www.example.org --format haproxy --key locked.key
stderr_has 'no passphrase was given'
expect 0 minica export www.example.org --format haproxy --key locked.key \
    --pass-file pass --out haproxy.pem
file_is_mode haproxy.pem 600
count haproxy.pem 2
grep -q 'BEGIN PRIVATE KEY' haproxy.pem || wrong 'no key'

begin 'export: only the key that was certified'
chain
quietly minica keygen --out other.key
expect 6 minica export www.example.org --format haproxy --key other.key \
    --out haproxy.pem
stderr_has 'does not belong to the certificate'
gone haproxy.pem

begin 'export: a Secret, named by the certificate'
chain
quietly minica issue '*.Example.org' --out wild.pem --key-out wild.key
expect 0 minica export www.example.org --format kubernetes \
    --key www.example.org.key
stdout_has '  name: "www.example.org"'
stdout_has 'type: kubernetes.io/tls'
stdout_has '  ca.crt: '
stdout_lacks namespace
keep secret.yaml
sed -n 's/^  tls.crt: //p' secret.yaml | openssl base64 -d -A >crt
sed -n 's/^  tls.key: //p' secret.yaml | openssl base64 -d -A >key
count crt 2
cmp -s key www.example.org.key || wrong 'not the key'
expect 0 minica export '*.example.org' --format kubernetes --key wild.key \
    --namespace web
stdout_has '  name: "wildcard.example.org"'
stdout_has '  namespace: "web"'
expect 2 minica export www.example.org --format kubernetes \
    --key www.example.org.key --name 'Web Server'
stderr_has 'cannot name a Secret'

begin 'export: a trust store needs no passphrase, and no key'
chain
expect 0 minica export www.example.org --format java-truststore \
    --out trust.p12
file_is_mode trust.p12 644
expect 0 openssl pkcs12 -in trust.p12 -passin pass: -nokeys
keep trusted
count trusted 1
# The attribute of a trusted certificate has a name in newer openssl.
grep -q -e '2.16.840.1.113894.746875.1.1' -e Oracle trusted ||
    wrong 'not marked as trusted'
expect 0 minica trust export --format java-truststore --out all.p12 \
    --out-pass-file pass
expect 0 openssl pkcs12 -in all.p12 -passin file:pass -nokeys
expect 2 minica trust export --out-pass-file pass
expect 2 minica trust export --format java-truststore --json

begin 'export: an option that would do nothing is refused'
chain
expect 2 minica export www.example.org --key www.example.org.key
stderr_has '--key: pem has no place for a key'
expect 2 minica export www.example.org --out-pass-file pass
expect 2 minica export www.example.org --name web
expect 2 minica export www.example.org --format pkcs12 --namespace web \
    --key www.example.org.key --out-pass-file pass
expect 2 minica export www.example.org --pass-file pass
stderr_has 'no key to open'

begin 'export: what is missing is named'
chain
expect 2 minica export www.example.org --format pkcs
stderr_has 'did you mean pkcs12'
expect 2 minica export www.example.org --format haproxy
stderr_has '--key FILE'
expect 2 minica export www.example.org --format pkcs12 \
    --key www.example.org.key --out web.p12
stderr_has '--out-pass-file'
expect 3 minica export nobody.example.org
printf '\n' >empty
expect 6 minica export www.example.org --format pkcs12 --out web.p12 \
    --key www.example.org.key --out-pass-file empty
stderr_has '--out-pass-file: its first line is empty'
gone web.p12

begin 'export: files that are there stay'
chain
echo mine >web.pem
expect 2 minica export www.example.org --out web.pem
[ "$(cat web.pem)" = mine ] || wrong 'replaced'
expect 0 minica export www.example.org --out web.pem --force

begin 'export: a file of its own is written again, and renewed'
chain
quietly minica export www.example.org --format fullchain --out web.pem
expect 0 minica export www.example.org --format fullchain --out web.pem
expect 0 minica export www.example.org --out web.pem
expect 0 minica export www.example.org --format fullchain --out web.pem
quietly minica renew www.example.org
stderr_has web.pem
cmp -s web.pem www.example.org.pem && wrong 'a chain is no single certificate'
expect 0 minica verify web.pem --host www.example.org
stdout_has "$(minica list --name www.example.org --json --sort expiry | sed -n 's/.*"serial": "\(.*\)".*/\1/p' | tail -n 1)"
echo >>web.pem
expect 2 minica export www.example.org.pem --out web.pem

begin 'export: who may only read the home gets the file too'
if ! can_be_unprivileged; then
	skip 'there is no user without privileges to try it as'
else
	chain
	rm -f home/minica.db-wal home/minica.db-shm
	chmod -R a+rX,a-w home
	mkdir free && chmod 777 free
	expect 0 unprivileged minica export www.example.org --out free/web.pem
	expect 2 unprivileged minica export root --out free/web.pem
	stderr_has 'minica did not write it'
	chmod -R u+w home
fi

begin 'export: what clients will refuse is said'
chain
quietly minica revoke www.example.org --reason superseded
expect 0 minica export www.example.org --json
json_has format pem
json_has content
json_has warnings.0
