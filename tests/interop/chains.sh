# chains.sh - chains that break one rule each; read by clients.sh.
#
# Leaves "chains" behind, a line for each: its name, its host and the key of
# its leaf.  NAME.root and NAME.chain belong to it.
# shellcheck shell=sh disable=SC2016,SC2034,SC2154

# The parts of a good chain, of which each case changes one.
plain() {
	root_ext='basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash'
	ca_ext='basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid:always'
	leaf_ext='basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid:always
subjectAltName=DNS:www.example.org'
	serial=0x1234567890abcdef1234567890abcdef
	days=90
	root_days=3650
	subject=/CN=www.example.org
	leaf_key=leaf.key
	ca_key=ca.key
	digest=sha256
	host=www.example.org
}

# leaf, ca, root SED: the extensions changed
leaf() { leaf_ext=$(printf '%s\n' "$leaf_ext" | sed "$1"); }
ca() { ca_ext=$(printf '%s\n' "$ca_ext" | sed "$1"); }
root() { root_ext=$(printf '%s\n' "$root_ext" | sed "$1"); }

# certify REQUEST OUT ISSUER KEY EXTENSIONS SERIAL DAYS
certify() {
	printf '%s\n' "$5" >extensions
	needs openssl x509 -req -in "$1" -out "$2" -CA "$3" -CAkey "$4" \
	    -set_serial "$6" -days "$7" "-$digest" -extfile extensions
}

# chain NAME: makes NAME.root, NAME.chain and a line of "chains"
chain() {
	name=$1
	printf '%s\n' "$root_ext" >extensions
	needs openssl req -new -key root.key -subj '/CN=Clients Root' \
	    -out root.csr
	needs openssl x509 -req -in root.csr -signkey root.key -days $root_days \
	    -sha256 -extfile extensions -out "$name.root"
	needs openssl req -new -key "$ca_key" -subj '/CN=Clients CA' -out ca.csr
	certify ca.csr "$name.ca" "$name.root" root.key "$ca_ext" 0x2000 \
	    1825
	needs openssl req -new -key "$leaf_key" -subj "$subject" -out leaf.csr
	certify leaf.csr "$name.leaf" "$name.ca" "$ca_key" "$leaf_ext" \
	    "$serial" "$days"
	cat "$name.leaf" "$name.ca" >"$name.chain"
	echo "$name $host $leaf_key" >>chains
	plain
}

new_ec() {
	needs openssl ecparam -name "$1" -genkey -noout -out "$2"
}

new_rsa() {
	needs openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:$1" \
	    -pkeyopt "rsa_keygen_pubexp:$2" -out "$3"
}

for key in root ca leaf; do
	new_ec prime256v1 $key.key
done
new_ec secp521r1 p521.key
new_ec secp256k1 k1.key
needs openssl ecparam -name prime256v1 -param_enc explicit -genkey -noout \
    -out explicit.key
needs openssl genpkey -algorithm ED25519 -out ed25519.key
for bits in 1024 2048 2052; do
	new_rsa $bits 65537 rsa$bits.key
done
new_rsa 2048 3 rsae3.key
: >chains
plain

chain good
host=other.example.org
chain other-host
leaf '/authorityKey/s/=.*/=none/'
chain leaf-no-aki
ca '/authorityKey/s/=.*/=none/'
chain ca-no-aki
leaf '/authorityKey/s/keyid:always/keyid,issuer:always/'
chain leaf-aki-issuer
ca '/subjectKey/s/=.*/=none/'
leaf '/authorityKey/s/.*/authorityKeyIdentifier=none\n2.5.29.35=DER:3006800401020304/'
chain ca-no-ski
leaf '/subjectKey/s/=.*/=none/'
chain leaf-no-ski
root '/subjectKey/s/=.*/=none/'
ca '/authorityKey/s/.*/authorityKeyIdentifier=none\n2.5.29.35=DER:3006800401020304/'
chain root-no-ski
root '$aauthorityKeyIdentifier=none'
chain root-no-aki
root '$a2.5.29.35=DER:3006800401020304\nauthorityKeyIdentifier=none'
chain root-aki-other
leaf '/authorityKey/s/.*/authorityKeyIdentifier=none\n2.5.29.35=DER:3006800401020304/'
chain leaf-aki-wrong
leaf '/authorityKey/s/.*/authorityKeyIdentifier=none\n2.5.29.35=DER:3000/'
chain leaf-aki-empty
leaf '/authorityKey/s/=/=critical,/'
chain leaf-aki-critical
leaf '/subjectKey/s/.*/subjectKeyIdentifier=critical,hash/'
chain leaf-ski-critical
ca 's/critical,CA:TRUE,pathlen:0/CA:TRUE,pathlen:0/'
chain ca-not-critical
root 's/critical,CA:TRUE/CA:TRUE/'
chain root-not-critical
ca '/keyUsage/d'
chain ca-no-usage
root '/keyUsage/d'
chain root-no-usage
ca 's/keyCertSign,//'
chain ca-no-certsign
ca '/basicCon/d'
chain ca-no-basic
ca 's/CA:TRUE,pathlen:0/CA:FALSE/'
chain ca-not-ca
ca 's/keyUsage=critical,/keyUsage=/'
chain ca-usage-not-critical
leaf '/keyUsage/d'
chain leaf-no-usage
leaf 's/critical,digitalSignature/critical,keyAgreement/'
chain leaf-usage-agreement
leaf 's/critical,digitalSignature/critical,cRLSign/'
chain leaf-usage-crlsign
leaf 's/critical,digitalSignature/critical,digitalSignature,keyCertSign/'
chain leaf-certsign
leaf '/^keyUsage/s/.*/keyUsage=critical,DER:030100/'
chain leaf-usage-empty
leaf '/extendedKey/d'
chain leaf-no-purpose
leaf 's/serverAuth/clientAuth/'
chain leaf-client
leaf 's/serverAuth/anyExtendedKeyUsage/'
chain leaf-any-purpose
leaf 's/=serverAuth/=critical,serverAuth/'
chain leaf-purpose-critical
ca '$aextendedKeyUsage=clientAuth'
chain ca-client
ca '$aextendedKeyUsage=serverAuth'
chain ca-server
ca '$aextendedKeyUsage=anyExtendedKeyUsage'
chain ca-any
root '$aextendedKeyUsage=clientAuth'
chain root-client
leaf 's/critical,CA:FALSE/critical,CA:TRUE/;s/digitalSignature/digitalSignature,keyCertSign/'
ca s/pathlen:0/pathlen:1/
chain leaf-ca
leaf 's/critical,CA:FALSE/critical,CA:FALSE,pathlen:0/'
chain leaf-pathlen
leaf /basicCon/d
chain leaf-no-basic
leaf /subjectAlt/d
chain leaf-no-san
leaf '/subjectAlt/s/.*/subjectAltName=IP:192.0.2.1/'
chain leaf-san-only-ip
leaf '/subjectAlt/s/.*/subjectAltName=IP:192.0.2.1/'
host=192.0.2.1
chain ip-host
leaf '/subjectAlt/s/.*/subjectAltName=DNS:192.0.2.1/'
host=192.0.2.1
chain ip-as-dns
leaf '/subjectAlt/s/.*/subjectAltName=email:a@example.org/'
chain leaf-san-email
leaf '/subjectAlt/s/.*/subjectAltName=DER:3000/'
chain leaf-san-empty
subject=/
chain empty-subject-san-not-critical
subject=/
leaf '/subjectAlt/s/=/=critical,/'
chain empty-subject-san-critical
subject=/
leaf /subjectAlt/d
chain empty-subject-no-san
leaf '/subjectAlt/s/=/=critical,/'
chain leaf-san-critical
leaf '/subjectAlt/s/$/,DNS:a_b.example.org/'
chain leaf-underscore
leaf '/subjectAlt/s/.*/subjectAltName=DNS:*.example.org/'
chain wildcard
leaf '/subjectAlt/s/.*/subjectAltName=DNS:*.org/'
host=example.org
chain wildcard-registry
leaf '/subjectAlt/s/.*/subjectAltName=DNS:w*.example.org/'
chain wildcard-partial
leaf '/subjectAlt/s/.*/subjectAltName=DNS:www.example.org./'
chain trailing-dot
leaf '/subjectAlt/s/$/,DNS:bad name.example.org/'
chain leaf-space
leaf '/subjectAlt/s/$/,email:not-an-address/'
chain leaf-bad-email
leaf '/subjectAlt/s/$/,URI:no uri/'
chain leaf-bad-uri
subject=/CN=other.example.org
chain cn-not-san
serial=0
chain serial-0
serial=-0x1234567890
chain serial-negative
serial=0x8234567890abcdef1234567890abcdef12345678
chain serial-21
serial=0x12345678901234567890abcdef1234567890abcdef12345678
chain serial-24
days=400
chain days-400
days=830
chain days-830
days=-1
chain expired
leaf_key=ed25519.key
chain key-ed25519
leaf_key=p521.key
chain key-p521
leaf_key=k1.key
chain key-secp256k1
leaf_key=explicit.key
chain key-explicit
leaf_key=rsa1024.key
chain key-rsa1024
leaf_key=rsa2048.key
chain key-rsa2048
leaf_key=rsa2052.key
chain key-rsa2052
leaf_key=rsae3.key
chain key-rsa-e3
ca_key=rsa1024.key
chain ca-rsa1024
ca_key=ed25519.key
chain ca-ed25519
ca_key=p521.key
chain ca-p521
digest=sha1
chain sha1
leaf '$a1.3.6.1.4.1.99999.1=critical,DER:0500'
chain unknown-critical
leaf '$a1.3.6.1.4.1.99999.1=DER:0500'
chain unknown
ca '$anameConstraints=critical,permitted;DNS:example.org'
chain nc-good
ca '$anameConstraints=permitted;DNS:example.org'
chain nc-not-critical
ca '$anameConstraints=critical,permitted;DNS:example.com'
chain nc-bad
ca '$anameConstraints=critical,excluded;DNS:example.org'
chain nc-excluded
ca '$anameConstraints=critical,permitted;email:example.org'
chain nc-email
ca '$anameConstraints=critical,permitted;IP:10.0.0.0/255.0.0.0'
chain nc-ip-only
leaf '$anameConstraints=critical,permitted;DNS:example.org'
chain nc-leaf
ca '$anameConstraints=critical,DER:3000'
chain nc-empty
root '$anameConstraints=critical,permitted;DNS:example.com'
chain nc-root-bad
root 's/CA:TRUE/CA:TRUE,pathlen:0/'
chain root-pathlen
leaf '$apolicyConstraints=critical,requireExplicitPolicy:0'
chain policy-required
ca '$apolicyConstraints=critical,requireExplicitPolicy:0'
chain ca-policy-required
ca '$apolicyConstraints=requireExplicitPolicy:0'
chain ca-policy-required-not-critical
leaf '$acrlDistributionPoints=critical,URI:http://a.example/a.crl'
chain cdp-critical
leaf '$aauthorityInfoAccess=critical,OCSP;URI:http://a.example/'
chain aia-critical
leaf '$acertificatePolicies=DER:0500'
chain malformed-policies
leaf '$asubjectInfoAccess=DER:3000'
chain sia-empty
leaf '/extendedKey/s/.*/extendedKeyUsage=DER:3000/'
chain purpose-empty
root_days=-1
chain root-expired
root 's/keyCertSign,//'
chain root-no-certsign
root '/basicCon/d'
chain root-no-basic
root 's/CA:TRUE/CA:FALSE/'
chain root-not-ca
leaf '/basicCon/s/.*/2.5.29.19=DER:0500/'
chain basic-malformed
leaf '/subjectAlt/s/.*/2.5.29.17=DER:0500/'
chain san-malformed
leaf '/extendedKey/s/.*/2.5.29.37=DER:0500/'
chain purpose-malformed
leaf '$a2.5.29.31=DER:0500'
chain cdp-malformed
leaf '/subjectAlt/s/.*/2.5.29.17=DER:300787050a00000001/'
chain san-bad-ip
leaf '$apolicyMappings=critical,1.2.3:1.2.4'
chain policy-mappings-critical
leaf '$ainhibitAnyPolicy=critical,0'
chain inhibit-critical
ca_key=rsa2048.key
chain ca-rsa2048
