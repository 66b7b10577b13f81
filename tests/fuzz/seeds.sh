#!/bin/bash
#
# seeds.sh DIRECTORY - makes the seeds of tests/fuzz/seeds anew, in DIRECTORY.
#
# They are kept in the tree, so that everybody begins with the same; this says
# where they come from.  MINICA_BUILD is where minica and fuzz-seeds are.  What
# people write by hand (names, policies, manifests, command lines, dialogues)
# is in the tree alone.
set -euo pipefail
[ $# -eq 1 ] || {
	echo "usage: seeds.sh DIRECTORY" >&2
	exit 2
}
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${MINICA_BUILD:-$here/../../build}" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/minica-seeds.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
minica=$build/minica
export MINICA_HOME=$work/home
now=2026-01-01

# into NAME: a directory of seeds, empty
into() {
	dir=$out/$1
	rm -rf "$dir"
	mkdir -p "$dir"
}

# pem_to_der FILE: every certificate of it, one after the other
pem_to_der() {
	awk -v RS='-----END CERTIFICATE-----' '/BEGIN/ {
		sub(/.*-----BEGIN CERTIFICATE-----/, ""); print | "base64 -d"
		close("base64 -d") }' "$1"
}

# ---- requests ----
cat >request.cnf <<'CNF'
[req]
prompt = no
distinguished_name = dn
req_extensions = many
attributes = extra
[dn]
C = DE
O = Seeds
CN = www.example.org
[extra]
challengePassword = a password
unstructuredName = a name
[many]
subjectAltName = DNS:www.example.org, DNS:*.example.org, DNS:xn--bcher-kva.example, IP:192.0.2.1, IP:2001:db8::1, email:a@example.org, URI:https://example.org/x, otherName:1.2.3;UTF8:other, RID:1.2.3
basicConstraints = critical, CA:TRUE, pathlen:3
keyUsage = critical, digitalSignature, keyEncipherment, keyCertSign
extendedKeyUsage = serverAuth, clientAuth, 1.2.3.4
nameConstraints = permitted;DNS:example.org, excluded;IP:192.0.2.0/255.255.255.0
certificatePolicies = 1.2.3.4, 2.5.29.32.0
tlsfeature = status_request
nsComment = a comment
1.2.3.4.5 = ASN1:UTF8String:unknown
CNF
into csr
openssl genpkey -algorithm ed25519 -out ed.pem
openssl genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-256 -out ec.pem
openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 -out rsa.pem \
    2>/dev/null
openssl req -new -key ed.pem -config request.cnf -outform DER -out "$dir/many"
openssl req -new -key rsa.pem -subj /CN=www.example.org -outform DER \
    -out "$dir/rsa" -addext subjectAltName=DNS:www.example.org
openssl req -new -key ec.pem -subj / -outform DER -out "$dir/ec" \
    -addext subjectAltName=DNS:xn--e1awd7f.com,IP:192.0.2.1
openssl req -new -key ec.pem -subj / -out "$dir/pem" \
    -addext 'subjectAltName=DNS:*.example.org'

# ---- certificates and chains ----
"$minica" fixtures fixtures --now $now --seed seeds >/dev/null
into cert
for name in good good-rsa good-p384 good-ed25519 good-name-constraints \
    good-unknown-extension broken-extension version-1 nul-in-name; do
	pem_to_der "fixtures/$name/chain.pem" >all.der
	# The first of them: an outer SEQUENCE of fewer than 65536 octets.
	read -r high low < <(od -An -tu1 -j2 -N2 all.der)
	head -c $((high * 256 + low + 4)) all.der >"$dir/$name"
done
cat >cert.cnf <<'CNF'
[many]
subjectAltName = @names
basicConstraints = critical, CA:TRUE, pathlen:3
keyUsage = critical, digitalSignature, keyCertSign, cRLSign
extendedKeyUsage = serverAuth, OCSPSigning, anyExtendedKeyUsage
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always, issuer:always
nameConstraints = critical, @constraints
certificatePolicies = 1.2.3.4, @policy
policyConstraints = requireExplicitPolicy:1, inhibitPolicyMapping:0
policyMappings = 1.2.3.4:1.2.3.5
inhibitAnyPolicy = 2
authorityInfoAccess = OCSP;URI:http://ocsp.example.org/, caIssuers;URI:http://example.org/ca.der
crlDistributionPoints = point
tlsfeature = status_request
noCheck = ignored
nsCertType = server
[names]
DNS.1 = www.example.org
DNS.2 = *.example.org
IP.1 = 192.0.2.1
IP.2 = 2001:db8::1
email.1 = a@example.org
URI.1 = https://example.org/
RID.1 = 1.2.3
dirName.1 = person
otherName.1 = 1.2.3;UTF8:other
[person]
CN = somebody
[constraints]
permitted;DNS.1 = example.org
permitted;IP.1 = 192.0.2.0/255.255.255.0
permitted;email.1 = .example.org
excluded;URI.1 = .example.net
excluded;dirName.1 = person
[policy]
policyIdentifier = 1.2.3.5
CPS.1 = http://example.org/cps
userNotice.1 = @notice
[notice]
explicitText = UTF8:a notice
organization = Seeds
noticeNumbers = 1, 2
[point]
fullname = URI:http://example.org/crl
CRLissuer = dirName:person
reasons = keyCompromise, CACompromise
CNF
openssl req -new -x509 -key ed.pem -subj '/C=DE/O=Seeds/CN=www.example.org' \
    -days 30 -outform DER -out "$dir/many" -config <(
	printf '[req]\ndistinguished_name=dn\n[dn]\n'
	cat cert.cnf
) -extensions many

into chain
chain() { # chain CHOICE NAME: two octets, the chain, the roots, the CRL
	{
		# shellcheck disable=SC2059
		printf "$1"
		pem_to_der "fixtures/$2/chain.pem"
		pem_to_der "fixtures/$2/roots.pem"
		[ ! -e "fixtures/$2/crl.pem" ] ||
		    openssl crl -in "fixtures/$2/crl.pem" -outform DER
	} >"$dir/$2"
}
ls fixtures/good-crl fixtures/revoked >ls.out
for name in good good-name-constraints good-path-length good-cross-signed \
    excluded not-permitted path-length unknown-root; do
	chain '\001\200' "$name"
done
for name in good-crl revoked stale-crl missing-crl; do
	chain '\241\200' "$name"
done
chain '\011\200' good-ip
chain '\101\377' good-wildcard
chain '\001\017' good-two-intermediates
{
	printf '\001\017'
	cat "$out/cert/many"
} >"$dir/many"

# ---- lists of what is revoked ----
into crl
"$minica" --now $now init-root --name Seeds --quiet
for host in a b c; do
	"$minica" --now $now issue "$host.example.org" --quiet --out-dir . \
	    2>/dev/null || "$minica" --now $now issue "$host.example.org" --quiet
done
"$minica" --now $now crl --der --out "$dir/empty" --quiet
"$minica" --now $now revoke a.example.org --quiet --reason keyCompromise \
    --invalid-since 2025-12-31
"$minica" --now $now revoke b.example.org --quiet --reason certificateHold
"$minica" --now $now crl --der --out "$dir/revoked" --quiet
cat >crl.cnf <<'CNF'
[ca]
default_ca = seeds
[seeds]
database = index.txt
crlnumber = number
default_md = sha256
default_crl_days = 30
crl_extensions = many
[many]
authorityKeyIdentifier = keyid:always
issuingDistributionPoint = critical, @point
issuerAltName = URI:http://example.org/
freshestCRL = URI:http://example.org/delta
[point]
fullname = URI:http://example.org/crl
onlyuser = TRUE
onlysomereasons = keyCompromise, superseded
indirectCRL = TRUE
CNF
echo 01 >number
printf 'R\t270101000000Z\t260101000000Z,keyTime,20251231000000Z\t0A\tunknown\t/CN=a\nR\t270101000000Z\t260101000000Z,holdInstruction,holdInstructionReject\t0B\tunknown\t/CN=b\n' \
    >index.txt
openssl ca -config crl.cnf -gencrl -keyfile ec.pem -cert <(
	openssl req -new -x509 -key ec.pem -subj /CN=Seeds -days 30
) -out crl.pem -notext >/dev/null 2>&1
openssl crl -in crl.pem -outform DER -out "$dir/indirect"

openssl crl -in "$dir/revoked" -inform DER -out "$dir/pem"

# ---- files of many certificates ----
into bundle
pem_to_der fixtures/good/chain.pem >all.der
cp fixtures/good/chain.pem "$dir/pem"
openssl crl2pkcs7 -nocrl -certfile fixtures/good/chain.pem -out "$dir/pkcs7.pem"
openssl crl2pkcs7 -in crl.pem -certfile fixtures/good/chain.pem -outform DER \
    -out "$dir/pkcs7"
openssl x509 -in fixtures/good/chain.pem -outform DER -out "$dir/der"
openssl x509 -in fixtures/good/chain.pem -trustout -out "$dir/trusted"
cp "$out/crl/pem" "$dir/no-certificate"
p12() { # p12 NAME OPTION...
	local name=$1
	shift
	openssl pkcs12 -export -in fixtures/good/chain.pem -passout pass: \
	    -inkey fixtures/good/key.pem -iter 1 -maciter -out "$dir/$name" \
	    -name seed "$@"
}
p12 pkcs12
p12 pkcs12-open -keypbe NONE -certpbe NONE
p12 pkcs12-old -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1
p12 pkcs12-nomac -nomac

# ---- keys ----
into key
openssl pkey -in ed.pem -outform DER -out "$dir/ed25519"
openssl pkey -in ec.pem -outform DER -out "$dir/ec"
cp ec.pem "$dir/ec.pem"
openssl ec -in ec.pem -out "$dir/ec-traditional.pem" 2>/dev/null
openssl ecparam -name prime256v1 -genkey -out "$dir/ec-parameters.pem"
openssl ecparam -name prime256v1 -param_enc explicit -genkey \
    -out "$dir/ec-explicit.pem"
openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:1024 -outform DER \
    -out "$dir/rsa" 2>/dev/null
openssl rsa -in "$dir/rsa" -inform DER -traditional -aes128 \
    -passout pass:secret -out "$dir/rsa-encrypted.pem" 2>/dev/null
openssl pkcs8 -topk8 -in ec.pem -iter 1 -passout pass:secret \
    -out "$dir/pbes2.pem"
openssl pkcs8 -topk8 -in ec.pem -scrypt -scrypt_N 2 -scrypt_r 1 -scrypt_p 1 \
    -passout pass:secret -outform DER -out "$dir/scrypt"
openssl pkey -in ec.pem -pubout -outform DER -out "$dir/ec-public"
openssl pkey -in rsa.pem -pubout -outform DER -out "$dir/rsa-public"
openssl pkey -in ed.pem -pubout -out "$dir/ed25519-public.pem"

into der
cp "$out/key/ec-public" "$out/key/rsa-public" "$dir/"
openssl pkey -pubin -in "$out/key/ed25519-public.pem" -outform DER \
    -out "$dir/ed25519-public"
openssl ec -in "$out/key/ec-explicit.pem" -pubout -outform DER \
    -out "$dir/ec-explicit" 2>/dev/null

# ---- OCSP ----
into ocsp
"$build/tests/fuzz/fuzz-seeds" "$dir"
