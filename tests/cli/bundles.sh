# shellcheck shell=sh
# verify: the files that certificates come in, and many of them.

# A certificate for www.example.org and 192.0.2.1.
setup() {
	authority
	quietly minica issue www.example.org 192.0.2.1 --out web.pem
}

begin 'verify: many files are told in their order, whoever was done first'
setup
i=100
while [ $i -lt 400 ]; do
	cp web.pem $i.pem
	echo "$i.pem" >>names
	i=$((i + 1))
done
rm 250.pem
# shellcheck disable=SC2046 # names of our own
expect 3 minica verify $(cat names) --roots root.pem
stderr_has 250.pem
keep answers
grep -v 250 names >wanted
cut -d: -f1 answers >told
cmp -s wanted told || wrong 'the order is another'
# shellcheck disable=SC2046
expect 3 minica verify $(cat names) --roots root.pem --json
json_has results.0.file 100.pem
json_has results.150.file 250.pem
json_has results.150.error.code ENOTFOUND
json_has results.299.answer yes

begin 'verify: of a directory, the certificates'
setup
mkdir certs empty keys
cp web.pem certs/b.crt
cp root.pem certs/a.pem
cp www.example.org.key certs
cp www.example.org.key keys
expect 0 minica verify certs --roots root.pem
stdout_has certs/a.pem
stdout_has certs/b.crt
stdout_lacks example.org.key
expect 1 minica verify certs --host www.example.org --roots root.pem
expect 3 minica verify empty --roots root.pem
expect 3 minica verify keys --roots root.pem
stderr_has 'no file of certificates'
echo junk >certs/c.pem
expect 3 minica verify certs --roots root.pem
stderr_has certs/c.pem
stdout_has certs/b.crt

begin 'verify: a certificate in whatever file it comes'
setup
quietly openssl x509 -in web.pem -outform DER -out web.der
quietly openssl crl2pkcs7 -nocrl -certfile web.pem -out web.p7b
quietly openssl crl2pkcs7 -nocrl -certfile web.pem -outform DER -out web.p7c
{
	printf '\357\273\277'
	openssl x509 -in web.pem -text
	cat www.example.org.key
	cat root.pem
} | sed 's/$/\r/' >crlf.pem
{
	cat www.example.org.key
	echo 'friendlyName: some words = 1'
	cat web.pem
	echo 'and more words'
	cat root.pem
} >mixed.pem
for file in web.der web.p7b web.p7c crlf.pem mixed.pem; do
	expect 0 minica verify $file --host www.example.org --roots root.pem
done
expect 0 minica verify web.pem --roots web.pem --roots mixed.pem

begin 'verify: PKCS #12 is opened with a passphrase, and its key is not'
setup
echo secret >pass
echo other >wrong
quietly openssl pkcs12 -export -inkey www.example.org.key -in web.pem \
    -certfile root.pem -passout file:pass -out web.p12
quietly openssl pkcs12 -export -nokeys -in root.pem -passout file:pass \
    -out roots.p12
quietly openssl pkcs12 -export -nokeys -in root.pem -passout pass: \
    -out open.p12
expect 6 minica verify web.p12 --roots root.pem
stderr_has 'needs a passphrase'
expect 6 minica verify web.p12 --roots root.pem --pass-file wrong
stderr_has 'does not open'
expect 0 minica verify web.p12 --roots root.pem --pass-file pass
stdout_has www.example.org
expect 0 minica verify web.p12 web.p12 --roots roots.p12 --pass-file pass
expect 0 minica verify web.pem --roots open.p12
quietly openssl pkcs12 -export -nocerts -inkey www.example.org.key \
    -passout pass: -out none.p12
expect 3 minica verify none.p12 --roots root.pem
stderr_has 'without any certificate'
expect 3 minica verify web.pem --roots none.p12
expect 3 minica --home home2 trust add none.p12
expect 2 minica verify web.p12 --pass-file pass --pass-env PASS

begin 'verify: a passphrase that is to be put through many rounds is not'
setup
echo secret >pass
quietly openssl pkcs12 -export -inkey www.example.org.key -in web.pem \
    -passout file:pass -iter 1 -maciter -out web.p12 -certpbe NONE \
    -keypbe NONE
quietly openssl pkcs12 -export -inkey www.example.org.key -in web.pem \
    -passout file:pass -iter 1000001 -nomaciter -out many.p12 -keypbe NONE
expect 3 minica verify many.p12 --roots root.pem --pass-file pass
stderr_has "derives its keys"
stderr_has 1000000

begin 'verify: roots with one bad block are no roots, and its line is told'
setup
{
	echo 'some words'
	cat root.pem
	echo '-----BEGIN CERTIFICATE-----'
	echo 'AAAA'
	echo '-----END CERTIFICATE-----'
} >roots.pem
line=$(grep -n BEGIN roots.pem | tail -n 1 | cut -d: -f1)
expect 3 minica verify web.pem --roots roots.pem
stderr_has --roots
stderr_has "line $line"
stdout_is_empty
sed '/END CERTIFICATE/d' root.pem >cut.pem
expect 3 minica verify web.pem --roots cut.pem
stderr_has 'line 1'
