# shellcheck shell=sh
# lint: what is wrong in certificates, requests and CRLs.

# bad_cert FILE EXTENSIONS...: one for www.example.org that signs itself
bad_cert() {
	file=$1
	shift
	quietly openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
	    -nodes -keyout bad.key -out "$file" -subj /CN=www.example.org "$@"
}

begin 'lint: nothing is wrong with what we issue'
authority
quietly minica init-intermediate --issuer root --out int.pem
quietly minica issue www.example.org --fullchain --out web.pem
quietly minica csr other.example.org
quietly minica crl --out list.crl
expect 0 minica lint root.pem web.pem other.example.org.csr list.crl --strict
stdout_has 'web.pem: OK: certificate CN=www.example.org'
stdout_has 'web.pem, line '
stdout_has 'other.example.org.csr: OK: request'
stdout_has 'list.crl: OK: crl'
stderr_is_empty
expect 0 minica lint web.pem list.crl --json
json_has results.0.objects.1.ok true
json_has results.1.objects.0.kind crl
quietly openssl crl2pkcs7 -nocrl -certfile web.pem -out web.p7
expect 0 minica lint web.p7
stdout_has 'web.p7, line 1: OK'

begin 'lint: an error is told with rule, source and how to mend it'
bad_cert bad.pem -addext keyUsage=keyEncipherment
expect 1 minica lint bad.pem
stdout_has 'bad.pem: error: keyUsage: '
stdout_has 'RFC 8813'
stdout_has '[MC-L-USAGE-ENCIPHER]'
stdout_has 'leave them out'
expect 1 minica lint bad.pem --json
json_has results.0.objects.0.ok false
json_has results.0.objects.0.findings.0.rule
json_has results.0.objects.0.findings.0.severity
json_has results.0.objects.0.findings.0.hint

begin 'lint: a warning is no error, unless --strict'
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout w.key -out w.csr -subj /CN=www.example.org 2>/dev/null
expect 0 minica lint w.csr
stdout_has 'w.csr: warning: subjectAltName: '
expect 1 minica lint w.csr --strict

begin 'lint: --list prints the rules'
expect 0 minica lint --list
stdout_has 'MC-L-SERIAL-LENGTH: error: serialNumber: '
stdout_has MC-L-CRL-NUMBER-MISSING
expect 0 minica lint --list --json
json_has rules.0.rule MC-L-DER
json_has rules.0.about.2 crl
expect 2 minica lint --list w.pem
expect 2 minica lint

begin 'lint: keys have no rules, and a file of them alone is not called good'
authority
quietly minica issue www.example.org
expect 3 minica lint www.example.org.key
stderr_has 'holds a private key'
cat www.example.org.key www.example.org.pem >both.pem
expect 0 minica lint both.pem
expect 3 minica lint missing.pem www.example.org.pem
stdout_has 'www.example.org.pem: OK'

begin 'lint: --for makes an error of what these clients refuse'
authority
long_lived
expect 0 minica lint long.pem
stdout_has 'refused by apple, webpki'
expect 1 minica lint long.pem --for apple
stdout_has 'error: validity: '
expect 1 minica lint long.pem --for go,apple --json
json_has results.0.objects.0.ok false
json_has results.0.objects.0.findings.0.clients.0 apple
expect 0 minica lint long.pem --for go,java
expect 2 minica lint long.pem --for goo
stderr_has 'did you mean go?'
expect 0 minica lint --list --json
json_has client_rules.0.clients.0

begin 'lint: what we issue has no error for any client that takes its key'
authority
for policy in server client peer ci; do
	quietly minica issue www.example.org --policy $policy \
	    --out $policy-p256.pem --key-out $policy.key
done
for key in rsa-2048 ec-p384 ec-p521 ed25519; do
	quietly minica issue www.example.org --key $key --out server-$key.pem \
	    --key-out $key.key
done
for form in '*.example.org' 192.0.2.1 2001:db8::1; do
	quietly minica issue www.example.org "$form" --out form.pem \
	    --key-out form.key --force
	expect 0 minica lint form.pem --for all --strict
done
expect 0 minica lint ./*-*.pem root.pem
stdout_lacks error
expect 0 minica lint ./*-p256.pem ./*-rsa-2048.pem ./*-p384.pem root.pem \
    --for all
expect 0 minica lint ./*-p521.pem ./*-ed25519.pem \
    --for go,java,python313,openssl,gnutls

begin 'lint: what holds nothing at all, or is sealed, is said to'
openssl ecparam -name prime256v1 -out parameters.pem
expect 3 minica lint parameters.pem
stderr_has 'curve parameters'
expect 3 minica inspect parameters.pem
echo secret >secret
quietly minica keygen --pass-file secret --out sealed.key
expect 3 minica lint sealed.key
stderr_has 'holds a key that is encrypted'

begin 'lint: PKCS #12 is opened with its passphrase'
authority
quietly minica issue www.example.org
echo secret >secret
echo other >wrong
quietly minica export www.example.org --format pkcs12 --key www.example.org.key \
    --out web.p12 --out-pass-file secret
expect 6 minica lint web.p12
stderr_has 'web.p12: is PKCS #12, and needs a passphrase to be read (--pass-file'
expect 6 minica lint web.p12 --pass-file wrong
expect 0 minica lint web.p12 --pass-file secret
stdout_has 'web.p12: OK: certificate CN=www.example.org'
