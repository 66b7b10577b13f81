# shellcheck shell=sh
# keys that are refused, wherever they come from.

# weak_request FILE SIZE: a request by a key that is too short
weak_request() {
	quietly openssl req -new -newkey "rsa:$2" -nodes -keyout "$1.key" \
	    -out "$1.csr" -subj /CN=w.example.org \
	    -addext subjectAltName=DNS:w.example.org
}

begin 'weak: a request is refused with the rule, its source and a way out'
authority
weak_request w 1024
expect 1 minica sign w.csr --out w.pem
stderr_has 'the modulus has only 1024 bits'
stderr_has '[MC-K-RSA-SIZE]'
stderr_has 'make a new key: minica keygen'
gone w.pem
expect 1 minica review w.csr --json
json_has results.0.review.accepted false
json_has results.0.review.findings.1.rule MC-K-RSA-SIZE
json_has results.0.review.findings.1.found rsa-1024
expect 0 minica list --json --name w.example.org
json_has certificates '[]'

begin 'weak: a curve that is spelt out is never decoded, and all faults told'
quietly openssl ecparam -name prime256v1 -param_enc explicit -genkey \
    -noout -out e.key
quietly openssl req -new -key e.key -out e.csr -subj /CN=e.example.org \
    -addext subjectAltName=DNS:a_b.example.org
expect 1 minica review e.csr
stdout_has '[MC-K-CURVE]'
stdout_has '[MC-R-NAME]'
expect 0 minica inspect e.csr
stdout_has 'whose key must not be used'
stdout_has '[MC-K-CURVE]'

begin 'weak: a key that is none keeps the name of its algorithm'
quietly openssl ecparam -name prime256v1 -genkey -noout -out e.key
quietly openssl req -new -key e.key -subj /CN=e -outform DER -out good.der \
    -addext subjectAltName=DNS:e.example.org
if command -v python3 >/dev/null; then
	# The last octet of the point: what follows its OID and its BIT STRING.
	python3 - <<'PYTHON'
der = bytearray(open("good.der", "rb").read())
at = der.index(bytes.fromhex("06082a8648ce3d030107034200"))
der[at + 13 + 64] ^= 1
open("bad.der", "wb").write(der)
PYTHON
	expect 1 minica review bad.der
	stdout_has '[MC-K-POINT]'
	stdout_lacks '[MC-P-KEY]'
else
	skip 'no python3'
fi

begin 'weak: moduli of 16,384 bits and more are refused at once'
for bits in 16384 65536; do
	{
		printf 'asn1=SEQUENCE:csr\n[csr]\na=SEQUENCE:info\n'
		printf 'b=SEQUENCE:sig\nc=FORMAT:HEX,BITSTR:00\n'
		printf '[info]\nv=INTEGER:0\ns=SEQUENCE:none\nk=SEQUENCE:spki\n'
		printf 'x=IMPLICIT:0,SEQUENCE:none\n[none]\n'
		printf '[sig]\no=OID:sha256WithRSAEncryption\nn=NULL\n'
		printf '[spki]\na=SEQUENCE:alg\nb=BITWRAP,SEQUENCE:rsa\n'
		printf '[alg]\no=OID:rsaEncryption\nn=NULL\n[rsa]\nn=INTEGER:0x'
		printf 'c5%.0s' $(seq $((bits / 8)))
		printf '\ne=INTEGER:65537\n'
	} >r.cnf
	quietly openssl asn1parse -genconf r.cnf -noout -out r.der
	expect 1 timeout 5 minica review r.der
	stdout_has "the modulus has $bits bits, more than the limit of 8192"
	stdout_has '[MC-K-RSA-LIMIT]'
done

begin 'weak: a home refuses the keys of its own list'
authority
request w w.example.org
expect 0 minica review w.csr
sha256=$(openssl req -in w.csr -noout -pubkey |
    openssl pkey -pubin -outform DER | openssl dgst -sha256 -r | cut -c 1-64)
printf '# stolen in March\n\n%s laptop of bob\n' "$sha256" >home/weak-keys
expect 1 minica sign w.csr --out w.pem
stderr_has '[MC-K-LISTED]'
stderr_has 'laptop of bob'
gone w.pem
echo 'nonsense' >home/weak-keys
expect 3 minica sign w.csr --out w.pem
stderr_has 'weak-keys: line 1: wanted the SHA-256 of a public key'
gone w.pem

begin 'weak: the list is read where there is no authority, too'
request w w.example.org
sha256=$(openssl req -in w.csr -noout -pubkey |
    openssl pkey -pubin -outform DER | openssl dgst -sha256 -r | cut -c 1-64)
mkdir home
echo "$sha256" >home/weak-keys
expect 1 minica review w.csr
stdout_has '[MC-K-LISTED]'

begin 'weak: an authority does not take in a key that is not fit'
quietly openssl req -x509 -new -newkey rsa:1024 -nodes -keyout r.key \
    -out r.pem -subj /CN=Root -days 100 \
    -addext basicConstraints=critical,CA:TRUE
expect 1 minica init-root --import r.pem r.key
stderr_has 'an authority must not have this key'
stderr_has '[MC-K-RSA-SIZE]'
expect 0 minica init-root

begin 'weak: csr warns of the key it is given'
quietly openssl genrsa -out k.key 1024
expect 0 minica csr --key k.key --out k.csr k.example.org
stderr_has 'warning: k.key: the modulus has only 1024 bits'

begin 'weak: inspect says what is wrong with a key'
quietly openssl genrsa -out k.key 1024
expect 0 minica inspect k.key
stdout_has 'the modulus has only 1024 bits [MC-K-RSA-SIZE]'
expect 0 minica inspect k.key --json
json_has files.0.objects.0.weak.0.rule MC-K-RSA-SIZE

# again FILE KEY NAME: a request for NAME by a key that is there
again() {
	quietly openssl req -new -key "$2" -out "$1.csr" -subj "/CN=${3%%,*}" \
	    -addext "subjectAltName=DNS:$3"
}

begin 'weak: a key is for one set of names, unless the policy says otherwise'
authority
request a a.example.org
again b a.key b.example.org
expect 0 minica sign a.csr --out a.pem
expect 0 minica sign a.csr --out again.pem
expect 1 minica review b.csr
stdout_has '[MC-P-KEY-REUSE]'
stdout_has 'dNSName:a.example.org already, and this is for other names'
stdout_has 'default of allow.key_reuse'
expect 1 minica sign b.csr --out b.pem
stderr_has '[MC-P-KEY-REUSE]'
gone b.pem
printf 'policy: any\nextends: server\nallow: { key_reuse: allow }\n' >any.yaml
expect 0 minica sign --policy ./any.yaml b.csr --out b.pem
printf 'policy: once\nextends: server\nallow:\n  key_reuse: refuse\n' \
    >once.yaml
expect 1 minica sign --policy ./once.yaml a.csr --out c.pem
stderr_has 'policy once, line 4 (allow.key_reuse)'
gone c.pem

begin 'weak: a set of names has no order, and one of them less is another set'
authority
request a a.example.org
again a a.key a.example.org,DNS:b.example.org
again turned a.key b.example.org,DNS:a.example.org
again fewer a.key a.example.org
again more a.key a.example.org,DNS:b.example.org,DNS:c.example.org
expect 0 minica sign a.csr --out a.pem
expect 0 minica sign turned.csr --out turned.pem
for other in fewer more; do
	expect 1 minica sign $other.csr --out $other.pem
	stderr_has '[MC-P-KEY-REUSE]'
	gone $other.pem
done

begin 'weak: two requests of one batch see each other'
authority
request a a.example.org
again b a.key b.example.org
expect 1 minica sign a.csr b.csr --out-dir .
stderr_has 'b.csr: no: subjectPublicKeyInfo: the key has the certificate'
stderr_has '[MC-P-KEY-REUSE]'
count a.pem 1
gone b.pem
expect 0 minica list --json --name b.example.org
json_has certificates '[]'

begin 'weak: a key that was compromised is refused for good, under any policy'
authority
request a a.example.org
quietly minica sign a.csr --out a.pem
serial=$(openssl x509 -in a.pem -noout -serial | cut -d= -f2)
quietly minica revoke "$serial" --reason keyCompromise
printf 'policy: any\nextends: server\nallow: { key_reuse: allow }\n' >any.yaml
expect 1 minica sign --policy ./any.yaml a.csr --out b.pem
stderr_has 'was revoked for keyCompromise'
stderr_has '[MC-K-COMPROMISED]'
gone b.pem

begin 'weak: what an authority signs with is no key of a server'
quietly minica init-root --out root.pem
again r "home/keys/$(ls home/keys)" r.example.org
expect 1 minica sign r.csr --out r.pem
stderr_has '[MC-K-AUTHORITY]'
gone r.pem

begin 'weak: a policy may leave a name to who has it'
authority
printf 'policy: held\nextends: server\nallow: { held_names: refuse }\n' \
    >held.yaml
request a a.example.org
request b a.example.org
expect 0 minica sign --policy ./held.yaml a.csr --out a.pem
expect 0 minica sign --policy ./held.yaml a.csr --out a2.pem
expect 1 minica sign --policy ./held.yaml b.csr --out b.pem
stderr_has '"a.example.org" is held by certificate'
stderr_has '[MC-P-NAME-HELD]'
gone b.pem
expect 0 minica sign b.csr --out b.pem
