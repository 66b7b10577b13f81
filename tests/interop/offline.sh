# offline.sh - chains judged from files; read by run.
# shellcheck shell=sh disable=SC2034,SC2154

# openssl_verify ROOT NAME PURPOSE HOST
openssl_verify() {
	openssl verify -x509_strict -purpose "$3" -CAfile "$1" \
	    -untrusted "$2.chain" -verify_hostname "$4" "$2.pem"
}

# certtool_verify ROOT NAME PURPOSE HOST
certtool_verify() {
	certtool --verify --verify-profile medium \
	    --load-ca-certificate "$1" --infile "$2.chain" \
	    --verify-purpose "$3" --verify-hostname "$4"
}

server_auth=1.3.6.1.5.5.7.3.1
client_auth=1.3.6.1.5.5.7.3.2

while read -r name host policy root; do
	purpose=sslserver
	oid=$server_auth
	if [ "$policy" = client ]; then
		purpose=sslclient
		oid=$client_auth
	fi
	accepts "openssl verify -x509_strict: $name" \
	    openssl_verify "$root" "$name" "$purpose" "$host"
	there certtool || continue
	accepts "certtool --verify: $name" \
	    certtool_verify "$root" "$name" "$oid" "$host"
done <cases
there certtool || skip 'certtool --verify: not here'

name=ec-p256-server
host=$name.example.com
refuses 'openssl verify: another host' \
    openssl_verify root.pem "$name" sslserver other.example.com
refuses 'openssl verify: another root' \
    openssl_verify root-foreign.pem "$name" sslserver "$host"
refuses 'openssl verify: a client as a server' \
    openssl_verify root.pem ec-p256-client sslserver ec-p256-client.example.com
if there certtool; then
	refuses 'certtool: another host' \
	    certtool_verify root.pem "$name" "$server_auth" other.example.com
	refuses 'certtool: another root' \
	    certtool_verify root-foreign.pem "$name" "$server_auth" "$host"
fi
