# requests.sh - requests that other programs made; read by run.
#
# openssl req made those of issue.sh.
# shellcheck shell=sh disable=SC2034,SC2154

# theirs LABEL NAME: NAME.csr asks for NAME.example.com and is signed
theirs() {
	accepts "$1: reviewed" minica review "$2.csr"
	accepts "$1: signed" minica sign "$2.csr" --issuer web --out "$2.pem"
	accepts "$1: believed" openssl verify -x509_strict \
	    -purpose sslserver -CAfile root.pem -untrusted web-ca.pem \
	    -verify_hostname "$2.example.com" "$2.pem"
}

if there certtool; then
	while read -r algorithm options; do
		name=gnutls-$algorithm
		printf 'cn = %s\ndns_name = %s\n' \
		    "$name.example.com" "$name.example.com" >template
		# shellcheck disable=SC2086
		needs certtool --generate-privkey $options --outfile "$name.key"
		needs certtool --generate-request --load-privkey "$name.key" \
		    --template template --outfile "$name.csr"
		theirs "certtool's request, $algorithm" "$name"
	done <<-END
		rsa-2048 --key-type rsa --bits 2048
		ec-p256 --key-type ecdsa --curve secp256r1
		ec-p384 --key-type ecdsa --curve secp384r1
		ed25519 --key-type ed25519
	END
else
	skip "certtool's requests: not here"
fi

if there go; then
	needs env GOCACHE="$work/go" GOTOOLCHAIN=local GO111MODULE=off \
	    go build -o go-request "$here/request.go"
	for algorithm in rsa-2048 ec-p256 ec-p384 ed25519; do
		name=go-$algorithm
		./go-request "$algorithm" "$name.example.com" >"$name.csr"
		theirs "Go's request, $algorithm" "$name"
	done
else
	skip "Go's requests: not here"
fi

if there keytool; then
	while read -r algorithm options; do
		name=java-$algorithm
		store="-keystore $name.p12 -storepass changeit -alias $name"
		# shellcheck disable=SC2086
		needs keytool -genkeypair $store $options -dname "CN=$name"
		# shellcheck disable=SC2086
		needs keytool -certreq $store -file "$name.csr" \
		    -ext "san=dns:$name.example.com"
		theirs "Java's request, $algorithm" "$name"
	done <<-END
		rsa-2048 -keyalg RSA -keysize 2048
		ec-p256 -keyalg EC -groupname secp256r1
		ec-p384 -keyalg EC -groupname secp384r1
		ed25519 -keyalg Ed25519
	END
else
	skip "Java's requests: not here"
fi
