# issue.sh - the certificates that the others will judge; read by run.
#
# Leaves "cases" behind, a line for each: its name, its host, its policy and
# the file with the root it stands under.  NAME.key, NAME.pem and NAME.chain
# (with its intermediate) belong to it.
# shellcheck shell=sh disable=SC2034,SC2154

algorithms='rsa-2048 rsa-3072 rsa-4096 ec-p256 ec-p384 ec-p521 ed25519'
policies='server client peer ci'

# new_key ALGORITHM FILE: made by openssl, not by us
new_key() {
	case $1 in
	rsa-*) needs openssl genpkey -algorithm RSA -out "$2" \
	    -pkeyopt "rsa_keygen_bits:${1#rsa-}" ;;
	ec-p*) needs openssl genpkey -algorithm EC -out "$2" \
	    -pkeyopt "ec_paramgen_curve:P-${1#ec-p}" ;;
	ed25519) needs openssl genpkey -algorithm ED25519 -out "$2" ;;
	esac
}

# certify NAME ISSUER POLICY: for a new key of $algorithm
certify() {
	new_key "$algorithm" "$1.key"
	needs openssl req -new -key "$1.key" -out "$1.csr" \
	    -subj "/CN=$1.example.com" \
	    -addext "subjectAltName=DNS:$1.example.com"
	needs minica sign "$1.csr" --issuer "$2" --policy "$3" \
	    --fullchain --out "$1.chain"
	needs openssl x509 -in "$1.chain" -out "$1.pem"
}

needs minica init-root --id root --out root.pem
needs minica init-intermediate --issuer root --id web --out web-ca.pem
: >cases
for algorithm in $algorithms; do
	for policy in $policies; do
		name=$algorithm-$policy
		certify "$name" web "$policy"
		echo "$name $name.example.com $policy root.pem" >>cases
	done
done
pass "issued one certificate for each of: $algorithms, and of: $policies"

# Authorities with other keys, and no intermediate between.
for authority in rsa-3072 ec-p256 ec-p521 ed25519; do
	algorithm=ec-p256
	needs minica --home "home-$authority" init-root --key "$authority" \
	    --id root --out "root-$authority.pem"
	name=under-$authority
	MINICA_HOME=$work/home-$authority
	certify "$name" root server
	MINICA_HOME=$work/home
	echo "$name $name.example.com server root-$authority.pem" >>cases
done
pass 'issued under roots of rsa-3072, ec-p256, ec-p521 and ed25519'

# For another host than it says, and by a root that nobody knows.
MINICA_HOME=$work/home-foreign
needs minica init-root --id root --out root-foreign.pem
algorithm=ec-p256
certify foreign root server
MINICA_HOME=$work/home
cat root.pem root-rsa-3072.pem root-ec-p256.pem root-ec-p521.pem \
    root-ed25519.pem >roots.pem
