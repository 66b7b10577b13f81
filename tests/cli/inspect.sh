# shellcheck shell=sh
# inspect: what is in a file.

begin 'inspect: a certificate, PEM and DER, from file and pipe'
authority
quietly minica issue www.example.org --out web.pem
openssl x509 -in web.pem -outform DER -out web.der
for file in web.pem web.der; do
	expect 0 minica inspect $file
	stdout_has 'certificate, version 3'
	stdout_has www.example.org
	stdout_has keyUsage
	stdout_has SHA-256
done
expect 0 sh -c 'minica inspect - <web.pem'
stdout_has www.example.org
expect 0 minica inspect web.pem --json
json_has files.0.file web.pem
json_has files.0.objects.0.kind certificate
json_has files.0.objects.0.ca false
json_has files.0.objects.0.names.0.form dNSName
json_has files.0.objects.0.extensions.0.oid

begin 'inspect: a request, with what it asks for'
request web www.example.org
openssl req -in web.csr -outform DER -out web.der
for file in web.csr web.der; do
	expect 0 minica inspect $file
	stdout_has 'certificate request'
	stdout_has www.example.org
	stdout_has ec-p256
done
expect 0 minica inspect web.csr --json
json_has files.0.objects.0.kind request

begin 'inspect: of a key only the public half'
quietly minica keygen --out a.key
openssl pkey -in a.key -outform DER -out a.der
openssl pkey -in a.key -pubout -out a.pub
openssl ecparam -name prime256v1 -genkey -out old.key
for file in a.key a.der old.key; do
	expect 0 minica inspect $file
	stdout_has 'private key'
	stdout_has ec-p256
	stdout_lacks BEGIN
done
expect 0 sh -c 'minica inspect - <a.key'
expect 0 minica inspect a.pub
stdout_has 'public key'

begin 'inspect: a CRL'
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout ca.key -out ca.pem -subj '/CN=Some CA' 2>/dev/null
: >index.txt
echo 1000 >number
printf '[ca]\ndefault_ca=c\n[c]\ndatabase=index.txt\ncrlnumber=number\n' >conf
printf 'default_md=sha256\ndefault_crl_days=30\n' >>conf
quietly openssl ca -config conf -gencrl -keyfile ca.key -cert ca.pem \
    -out ca.crl
expect 0 minica inspect ca.crl
stdout_has 'certificate revocation list'
stdout_has 'CN=Some CA'
expect 0 minica inspect ca.crl --json
json_has files.0.objects.0.kind crl
json_has files.0.objects.0.revoked 0

begin 'inspect: everything in a file of several things'
authority
quietly minica issue www.example.org --out web.pem
cat web.pem root.pem www.example.org.key >all.pem
expect 0 minica inspect all.pem --json
json_has files.0.objects.0.ca false
json_has files.0.objects.1.ca true
json_has files.0.objects.2.kind 'private key'

begin 'inspect: what is nothing of all this is said'
: >empty
head -c 400 /dev/urandom >binary
printf -- '-----BEGIN BOGUS-----\nAAAA\n-----END BOGUS-----\n' >bogus
printf -- '-----BEGIN CERTIFICATE-----\nAAAA\n' >cut.pem
for file in empty binary bogus cut.pem missing home; do
	expect 3 minica inspect $file
	stderr_has "minica inspect: $file: "
done
expect 3 minica inspect empty --json
json_has files.0.error.code EFORMAT

begin 'inspect: names from input cannot command the terminal'
name=$(printf 'evil\033[31m.example.org')
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout e.key -out e.csr -subj "/CN=$name" 2>/dev/null
expect 0 minica inspect e.csr
stdout_lacks "$(printf '\033')"
stdout_has evil
touch "$name"
expect 3 minica inspect "$name"
stderr_lacks "$(printf '\033')"

begin 'inspect: PKCS #12 is opened with its passphrase, and told to be one'
authority
quietly minica issue www.example.org --out web.pem
echo secret >secret
echo wrong >wrong
quietly openssl pkcs12 -export -in web.pem -inkey www.example.org.key \
    -passout file:secret -out web.p12
expect 0 minica inspect web.p12
stdout_has 'PKCS #12, encrypted'
stdout_has --pass-file
expect 0 minica inspect web.p12 --pass-file secret
stdout_has 'in PKCS #12: certificate, version 3'
stdout_has 'in PKCS #12: private key'
stdout_has www.example.org
expect 0 minica inspect web.p12 --pass-file secret --json
json_has files.0.objects.0.from 'PKCS #12'
json_has files.0.objects.1.kind 'private key'
expect 6 minica inspect web.p12 --pass-file wrong
stderr_has 'the passphrase does not open'
stdout_is_empty

begin 'inspect: PKCS #12 cannot ask for hours of work'
authority
quietly minica issue www.example.org --out web.pem
quietly openssl pkcs12 -export -in web.pem -inkey www.example.org.key \
    -passout pass: -iter 5 -out web.p12
expect 0 minica inspect web.p12
stdout_has 'in PKCS #12: private key'
quietly openssl pkcs12 -export -in web.pem -inkey www.example.org.key \
    -passout pass: -nomaciter -iter 6000000 -out slow.p12
expect 3 minica inspect slow.p12
stderr_has 'more than 1000000 times'

begin 'inspect: a name of two lines is told in one'
wild=$(printf 'a\nforged\033[2J')
expect 3 minica inspect "$wild"
stderr_has 'a\x0Aforged\x1B[2J: No such file'
mkdir "$wild"
expect 3 minica inspect "$wild"
stderr_has 'a\x0Aforged\x1B[2J: is a directory'

begin 'inspect: the entries and extensions of a CRL'
authority
quietly minica issue www.example.org
quietly minica revoke www.example.org --reason keyCompromise
quietly minica crl --out list.crl
expect 0 minica inspect list.crl
stdout_has 'revoked certificates    1'
stdout_has keyCompromise
stdout_has authorityKeyIdentifier
expect 0 minica inspect list.crl --json
json_has files.0.objects.0.entries.0.reason keyCompromise
json_has files.0.objects.0.extensions.0.oid

begin 'inspect: an extension that nobody knows is told in hexadecimal'
quietly openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
    -nodes -keyout x.key -out x.pem -subj /CN=x \
    -addext 1.3.6.1.4.1.99999.1=critical,DER:0c0548656c6c6f
expect 0 minica inspect x.pem
stdout_has 1.3.6.1.4.1.99999.1
stdout_has '(critical)'
stdout_has 0c0548656c6c6f
