# shellcheck shell=sh
# verify --connect: OCSP responses that a server staples (openssl s_server).

# stapled STATUS DATE EXIT [OPTION...]: what minica says of s_server, with a
# response of the issuer's own
stapled() {
	serial=$(openssl x509 -in web.pem -noout -serial | cut -d= -f2)
	printf '%s\t400101000000Z\t%s\t%s\tunknown\t/CN=x\n' "$1" "$2" \
	    "$serial" >index.txt
	quietly openssl ocsp -issuer ca.pem -cert web.pem -reqout web.req
	quietly openssl ocsp -index index.txt -rsigner ca.pem -rkey ca.key \
	    -CA ca.pem -reqin web.req -respout web.ocsp -ndays 7
	rm -f s_server.out
	openssl s_server -accept 127.0.0.1:0 -cert web.pem -key web.key \
	    -status_file web.ocsp >s_server.out 2>s_server.err \
	    <stdin &
	served=$!
	wait_for s_server.out 'ACCEPT .*:[0-9]' ||
	    wrong "s_server: $(cat s_server.err)"
	sleep 0.1
	port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' s_server.out)
	wanted=$3
	shift 3
	expect "$wanted" minica verify --connect "127.0.0.1:$port" \
	    --host www.example.org --roots ca.pem "$@"
	kill "$served" 2>/dev/null || :
}

begin 'stapled: an OCSP response is heeded'
quietly openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout ca.key -out ca.pem -subj /CN=Peer -days 30 \
    -addext keyUsage=critical,keyCertSign,cRLSign
request web www.example.org
quietly openssl x509 -req -in web.csr -CA ca.pem -CAkey ca.key -days 30 \
    -copy_extensions copy -out web.pem
# s_server hangs up when its standard input ends.
mkfifo stdin
exec 9<>stdin
later=$(date -u -d '+9 days' +%Y-%m-%dT%H:%M:%SZ)
stapled V '' 0 --require-crl
stdout_has 'stapled OCSP  good'
stdout_lacks MC-V-OCSP
stapled R 260101000000Z,keyCompromise 1
stdout_has 'stapled OCSP  revoked'
stdout_has MC-V-OCSP-REVOKED
stapled R 260101000000Z,keyCompromise 1 --json
json_has results.0.connection.ocsp.answer revoked
stapled V '' 8 --require-crl --at "$later"
stdout_has MC-V-OCSP-UNUSABLE
stapled V '' 0 --at "$later"
stdout_has warning
exec 9>&-
