# shellcheck shell=sh disable=SC2154 # run.sh sets `work`
# import: authorities that other programs kept, as those programs left them.

# openssl_ca DIR: an authority of `openssl ca` with three certificates, one of
# them revoked, and one CRL; made once
openssl_ca() {
	if [ ! -d "$work/template" ]; then
		mkdir "$work/template"
		back=$PWD
		cd "$work/template" || exit 1
		make_openssl_ca "$1"
		cd "$back" || exit 1
	fi
	cp -R "$work/template/$1" "$1"
}

make_openssl_ca() {
	mkdir -p "$1/newcerts" "$1/private"
	: >"$1/index.txt"
	echo 1000 >"$1/serial"
	echo 07 >"$1/crlnumber"
	cat >"$1/ca.cnf" <<-CNF
	[ca]
	default_ca = own
	[own]
	dir = $1
	database = $1/index.txt
	new_certs_dir = $1/newcerts
	serial = $1/serial
	crlnumber = $1/crlnumber
	certificate = $1/cacert.pem
	private_key = $1/private/cakey.pem
	default_md = sha256
	default_days = 90
	default_crl_days = 30
	policy = any
	unique_subject = no
	copy_extensions = copy
	[any]
	commonName = supplied
	CNF
	quietly openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
	    -nodes -days 3650 -keyout "$1/private/cakey.pem" -out "$1/cacert.pem" \
	    -subj '/CN=Old CA' -addext 'keyUsage=critical,keyCertSign,cRLSign'
	for leaf in a b c; do
		request "$1/$leaf" "$leaf.example.org"
		quietly openssl ca -batch -config "$1/ca.cnf" \
		    -in "$1/$leaf.csr" -out "$1/$leaf.pem" -notext
	done
	quietly openssl ca -config "$1/ca.cnf" -revoke "$1/b.pem" \
	    -crl_reason keyCompromise
	quietly openssl ca -config "$1/ca.cnf" -gencrl -out "$1/crl.pem"
}

begin 'import: what openssl ca kept, with serials, revocations and CRL number'
openssl_ca old
expect 0 minica import old --dry-run
stdout_has 'would import: 1 authorities, 4 certificates'
stderr_has 'no store'
gone home
expect 0 minica import old
stdout_has 'imported: 1 authorities, 4 certificates'
stdout_has '1 revocations'
expect 0 minica show 1000
stdout_has a.example.org
expect 0 minica show 1001 --json
json_has record.status revoked
json_has record.reason keyCompromise
expect 0 minica list --status valid
stdout_lacks b.example.org
expect 0 minica crl --out next.crl
stderr_has 'CRL 8 of'
expect 0 openssl crl -in next.crl -noout -text -CAfile old/cacert.pem
stdout_has 'Serial Number: 1001'
stdout_has 'Key Compromise'
cat old/cacert.pem next.crl >both.pem
expect 2 openssl verify -crl_check -CAfile both.pem old/b.pem
expect 0 openssl verify -crl_check -CAfile both.pem old/a.pem
expect 0 minica issue d.example.org
expect 0 openssl verify -CAfile old/cacert.pem d.example.org.pem
expect 0 minica doctor
expect 0 minica audit list --action import
stdout_has 1002
expect 0 minica import old --id other
stdout_has '0 authorities, 0 certificates (3 were there already), 0 revocations'

begin 'import --dry-run: tells what would come, and nothing does'
authority
openssl_ca old
expect 2 minica import old --dry-run
stderr_has --id
expect 0 minica import old --dry-run --id old
stdout_has 'would import: 1 authorities, 4 certificates'
expect 3 minica show 1000
expect 0 minica list --issuer old
stdout_lacks example.org
expect 0 minica doctor
expect 0 minica audit verify
stdout_has '1 entries'

begin 'import: a line that is no entry, or a serial that is there twice'
openssl_ca old
cp old/index.txt index
while IFS='|' read -r say line; do
	printf '%b\n' "$line" | cat index - >old/index.txt
	expect 3 minica import old
	stderr_has 'old/index.txt:4: '
	stderr_has "$say"
	gone home
done <<'ROWS'
not an entry|nonsense
not an entry|V\t270101000000Z\t\t1003
no status|X\t270101000000Z\t\t1003\tunknown\t/CN=x
no time|V\t27-01-01\t\t1003\tunknown\t/CN=x
no time|V\t271301000000Z\t\t1003\tunknown\t/CN=x
no revocation|V\t270101000000Z\t260101000000Z\t1003\tunknown\t/CN=x
no revocation|R\t270101000000Z\t\t1003\tunknown\t/CN=x
no revocation|R\t270101000000Z\t260101000000Z,because\t1003\tunknown\t/CN=x
no revocation|R\t270101000000Z\t2601\t1003\tunknown\t/CN=x
no serial number|V\t270101000000Z\t\t10 03\tunknown\t/CN=x
no serial number|V\t270101000000Z\t\t\tunknown\t/CN=x
is in line 1 already|V\t270101000000Z\t\t1000\tunknown\t/CN=x
is in line 1 already|V\t270101000000Z\t\t001000\tunknown\t/CN=x
ROWS

begin 'import: a revocation whose certificate is lost stays a revocation'
openssl_ca old
rm old/newcerts/1001.pem
expect 0 minica import old
stderr_has 'its revocation alone is taken over'
quietly minica crl --out next.crl
quietly openssl crl -in next.crl -noout -text
stdout_has 'Serial Number: 1001'
rm -r home
rm old/newcerts/1000.pem
expect 0 minica import old
stderr_has 'it is not taken over'

begin 'import: what does not belong to the authority brings nothing'
openssl_ca old
quietly minica --home elsewhere init-root
quietly minica --home elsewhere issue x.example.org
cp x.example.org.pem old/newcerts/1004.pem
expect 3 minica import old
stderr_has 'was not signed by the authority of this tree'
gone home
rm old/newcerts/1004.pem
cp elsewhere/keys/* old/private/cakey.pem
expect 6 minica import old
gone home
rm old/private/cakey.pem
expect 0 minica import old
stderr_has 'signs nothing here'
expect 1 minica issue d.example.org
echo zz >old/crlnumber
expect 3 minica import old
stderr_has 'old/crlnumber:1'
mkdir empty
expect 3 minica import empty
stderr_has 'easy-rsa'

begin 'import: a serial number that another certificate of the issuer has'
openssl_ca old
quietly minica import old
cp -R old twice
: >twice/index.txt
rm twice/newcerts/* twice/crl.pem
echo 1000 >twice/serial
quietly openssl ca -batch -config old/ca.cnf -in old/c.csr -out other.pem \
    -notext -days 30 -name own
sed 's/old\//twice\//; s/= old$/= twice/' old/ca.cnf >twice/ca.cnf
quietly openssl ca -batch -config twice/ca.cnf -in twice/c.csr \
    -out twice/other.pem -notext -days 30
expect 2 minica import twice
stderr_has 'twice/newcerts/1000.pem'
stderr_has 'serial number 1000'
expect 0 minica doctor

begin 'import: what the minica written in Go and mkcert keep'
mkdir -p go/example.org mk
quietly openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
    -nodes -days 3650 \
    -keyout go/minica-key.pem -out go/minica.pem -subj '/CN=minica root ca' \
    -addext 'keyUsage=critical,keyCertSign'
request leaf example.org
quietly openssl x509 -req -in leaf.csr -CA go/minica.pem \
    -CAkey go/minica-key.pem -set_serial 0x0abc -out go/example.org/cert.pem
expect 0 minica import go --id go
stdout_has '1 authorities, 2 certificates'
expect 0 minica show 0abc
quietly openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
    -nodes -days 3650 \
    -keyout mk/rootCA-key.pem -out mk/rootCA.pem -subj '/CN=mkcert me' \
    -addext 'keyUsage=critical,keyCertSign'
expect 0 minica import mk --id mk
expect 0 minica issue dev.example.org --issuer mk
expect 0 openssl verify -CAfile mk/rootCA.pem dev.example.org.pem
expect 0 minica doctor

begin 'import: certificates and CRLs by themselves'
openssl_ca old
authority
expect 3 minica import old/crl.pem
stderr_has 'import its issuer first'
expect 0 minica import old/a.pem old/b.pem
stdout_has '0 authorities, 2 certificates'
expect 0 minica import old --id old
expect 0 minica show 1001 --json
json_has record.status revoked
expect 3 minica import root.csr
echo nothing >nothing.pem
expect 3 minica import nothing.pem
stderr_has nothing.pem

begin 'import: an encrypted key needs its passphrase, and keeps one'
openssl_ca old
echo 'correct horse' >secret
quietly openssl pkey -aes256 -passout file:secret -in old/private/cakey.pem \
    -out locked.pem
mv locked.pem old/private/cakey.pem
expect 6 minica import old
gone home
expect 0 minica import old --pass-file secret
for key in home/keys/*; do
	grep -q 'BEGIN ENCRYPTED PRIVATE KEY' "$key" || wrong 'not encrypted'
done

begin 'import: a real easy-rsa tree'
easyrsa=$(command -v easyrsa || echo /usr/share/easy-rsa/easyrsa)
if [ ! -x "$easyrsa" ]; then
	skip 'there is no easy-rsa'
else
	mkdir er && cp -R "$(dirname "$easyrsa")"/* er/
	cd er || exit 1
	EASYRSA_BATCH=1 EASYRSA_ALGO=ec EASYRSA_CURVE=prime256v1
	export EASYRSA_BATCH EASYRSA_ALGO EASYRSA_CURVE
	quietly ./easyrsa init-pki
	EASYRSA_REQ_CN='Easy CA' quietly ./easyrsa build-ca nopass
	quietly ./easyrsa build-server-full www.example.org nopass
	quietly ./easyrsa build-client-full me nopass
	quietly ./easyrsa revoke me superseded
	quietly ./easyrsa gen-crl
	cd ..
	expect 0 minica import er
	stdout_has '1 authorities, 3 certificates'
	stdout_has '1 revocations'
	expect 0 minica list --status revoked
	stdout_has me
	expect 0 minica list --status valid
	stdout_has www.example.org
	quietly minica crl --out er.crl
	cat er/pki/ca.crt er.crl >both.pem
	expect 0 openssl verify -crl_check -CAfile both.pem \
	    er/pki/issued/www.example.org.crt
	expect 0 minica doctor
	expect 0 minica import er/pki
	stdout_has '0 authorities, 0 certificates'
fi
