# shellcheck shell=sh
# verify: what was revoked, and what nobody can tell.

# A certificate for www.example.org and 192.0.2.1.
setup() {
	authority
	quietly minica issue www.example.org 192.0.2.1 --out web.pem
}

begin 'verify: revocation is heeded when asked for'
setup
expect 8 minica verify web.pem --require-crl
stdout_has 'could not tell'
stdout_has MC-V-CRL-MISSING
expect 3 minica verify web.pem --crl missing.crl
expect 3 minica verify web.pem --crl web.pem
expect 3 minica verify web.pem --ocsp missing.ocsp
expect 3 minica verify web.pem --ocsp web.pem

begin 'verify: what is found of an issuer is not said of the certificate'
authority
quietly minica init-intermediate --name 'Day to day' --out int.pem
quietly minica issue www.example.org --fullchain --out web.pem
of='web.pem: could not tell: serialNumber'
expect 8 minica verify web.pem --require-crl
stdout_has "$of: may have been revoked"
stdout_has "$of of CN=Day to day: may have been revoked"
quietly minica crl --out int.crl
expect 8 minica verify web.pem --require-crl --crl int.crl
stdout_has "$of of CN=Day to day: may have been revoked"
stdout_lacks "$of: may have been revoked"

begin 'verify: what the store revoked is a no before any list tells of it'
setup
expect 0 minica verify web.pem
quietly minica revoke www.example.org --reason keyCompromise
expect 1 minica verify web.pem
stdout_has MC-V-REVOKED
stdout_has 'keyCompromise'
stdout_has "$(date -u +%Y-)"
expect 1 minica verify web.pem --json
json_has results.0.findings.0.rule MC-V-REVOKED
expect 0 minica verify web.pem --roots root.pem

begin 'verify: a hold counts while it lasts'
setup
quietly minica revoke www.example.org --reason certificateHold
expect 1 minica verify web.pem
stdout_has 'minica revoke --release'
quietly minica revoke www.example.org --release
expect 0 minica verify web.pem

begin 'verify: a revoked intermediate is no issuer'
authority
quietly minica init-intermediate --issuer root --out int.pem
quietly minica issue www.example.org --issuer intermediate --out web.pem
expect 0 minica verify web.pem
quietly minica revoke intermediate --reason cACompromise
expect 1 minica verify web.pem --explain
stdout_has cACompromise

begin "verify: a list that the store published covers what it issued"
setup
quietly minica crl --out ca.crl
expect 0 minica verify web.pem --require-crl
expect 8 minica verify web.pem --require-crl --at "$(date -u -d '+60 days' \
    +%Y-%m-%dT%H:%M:%SZ)"
stdout_has MC-V-CRL-UNUSABLE
stdout_has 'minica crl'
expect 0 minica verify web.pem --at "$(date -u -d '+60 days' \
    +%Y-%m-%dT%H:%M:%SZ)"

begin 'verify: lists are read from files and directories'
setup
quietly minica crl --out ca.crl
expect 8 minica verify web.pem --roots root.pem --require-crl
expect 0 minica verify web.pem --roots root.pem --require-crl --crl ca.crl
mkdir lists none
cp ca.crl lists
expect 0 minica verify web.pem --roots root.pem --require-crl --crl lists
quietly minica revoke www.example.org --reason superseded
quietly minica crl --out lists/new.crl
expect 1 minica verify web.pem --roots root.pem --crl lists
stdout_has superseded
echo junk >lists/junk.crl
expect 3 minica verify web.pem --roots root.pem --crl lists
stderr_has lists/junk.crl
expect 3 minica verify web.pem --roots root.pem --crl none

begin 'verify: a certificate that no given list covers is a warning'
setup
quietly minica --home other init-root --out other.pem
quietly minica --home other crl --out other.crl
expect 0 minica verify web.pem --roots root.pem --crl other.crl
stdout_has 'warning'
stdout_has MC-V-CRL-MISSING

begin 'verify --strict: what could not be told is no yes, and no no either'
setup
quietly minica crl --days 5 --out ca.crl
quietly minica --home other init-root --out other.pem
quietly minica --home other crl --out other.crl
expect 0 minica verify web.pem --roots root.pem --strict --crl ca.crl
expect 8 minica verify web.pem --roots root.pem --strict --crl other.crl
stdout_has MC-V-CRL-MISSING
expect 8 minica verify web.pem --roots root.pem --strict --crl ca.crl \
    --at "$(date -u -d '+6 days' +%Y-%m-%dT%H:%M:%SZ)"
stdout_has MC-V-CRL-UNUSABLE
# A no beside it is a no.
expect 1 minica verify web.pem --roots root.pem --strict --crl other.crl \
    --host mail.example.org

# responder ID STATUS: the issuer's own answer about web.pem
responder() {
	serial=$(openssl x509 -in web.pem -noout -serial | cut -d= -f2)
	printf '%s\t%s\t%s\t%s\tunknown\t/CN=x\n' "$1" 400101000000Z "$2" \
	    "$serial" >index.txt
	quietly openssl ocsp -issuer ca.pem -cert web.pem -reqout web.req
	quietly openssl ocsp -index index.txt -rsigner ca.pem -rkey ca.key \
	    -CA ca.pem -reqin web.req -respout "$3" -ndays 7
}

begin 'verify: an OCSP response speaks for its certificate'
quietly openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout ca.key -out ca.pem -subj /CN=Peer -days 30 \
    -addext keyUsage=critical,keyCertSign,cRLSign
request web www.example.org
quietly openssl x509 -req -in web.csr -CA ca.pem -CAkey ca.key -days 9 \
    -copy_extensions copy -out web.pem
expect 0 minica verify web.pem --roots ca.pem
expect 8 minica verify web.pem --roots ca.pem --require-crl
responder V '' good.ocsp
expect 0 minica verify web.pem --roots ca.pem --require-crl --ocsp good.ocsp
stdout_lacks warning
responder R 260101000000Z,keyCompromise bad.ocsp
expect 1 minica verify web.pem --roots ca.pem --ocsp bad.ocsp
stdout_has MC-V-OCSP-REVOKED
stdout_has keyCompromise
expect 1 minica verify web.pem --roots ca.pem --ocsp good.ocsp --ocsp bad.ocsp
expect 8 minica verify web.pem --roots ca.pem --require-crl --ocsp good.ocsp \
    --at "$(date -u -d '+8 days' +%Y-%m-%dT%H:%M:%SZ)"
stdout_has MC-V-OCSP-UNUSABLE
expect 8 minica verify web.pem --roots ca.pem --strict --ocsp good.ocsp \
    --at "$(date -u -d '+8 days' +%Y-%m-%dT%H:%M:%SZ)"
expect 0 minica verify ca.pem --roots ca.pem --ocsp good.ocsp
