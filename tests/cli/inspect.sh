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
