# shellcheck shell=sh
#
# processes.sh - one piece of work, one process (tests/bench/run reads this).

# The files that all of them work on: a root, a request, a certificate, all on
# P-256, and the same for the peers.
make_files() {
	minica init-root --key ec-p256 --out root.pem
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc \
	    -keyout web.key -out web.csr -subj /CN=web.example.com \
	    -addext subjectAltName=DNS:web.example.com
	minica sign web.csr --out web.pem
	minica --home chain init-root --key ec-p256 --out chain-root.pem
	minica --home chain init-intermediate --issuer root --key ec-p256 \
	    --out chain-int.pem
	minica --home chain issue web.example.com --out chain.pem --fullchain
	cat chain.pem chain-root.pem >chain-whole.pem
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc \
	    -keyout peer.key -out peer.pem -subj '/CN=Peer CA' -days 3650
	printf 'subjectAltName=DNS:web.example.com\n' >peer.ext
	printf '%s\n' 'expiration_days = 90' 'dns_name = web.example.com' \
	    tls_www_server >peer.template
	: >index.txt
	cat >peer.cnf <<-'END'
		[ca]
		default_ca = peer
		[peer]
		database = index.txt
		new_certs_dir = .
		rand_serial = yes
		unique_subject = no
		certificate = peer.pem
		private_key = peer.key
		default_md = sha256
		default_days = 90
		policy = any
		x509_extensions = leaf
		default_crl_days = 7
		[any]
		commonName = optional
		[leaf]
		subjectAltName = DNS:web.example.com
		basicConstraints = critical, CA:FALSE
		extendedKeyUsage = serverAuth
	END
}
prepare make_files

compare 'start' <<'END'
minica | minica --version
libcrypto alone | ./raw init
openssl | openssl version
END

compare 'sign one request' <<'END'
minica | minica sign web.csr --out out-{}.pem
openssl ca | openssl ca -batch -config peer.cnf -in web.csr -out ca-{}.pem -notext
openssl x509 -req | openssl x509 -req -in web.csr -CA peer.pem -CAkey peer.key -extfile peer.ext -days 90 -out peer-{}.pem
certtool | certtool --generate-certificate --load-request web.csr --load-ca-certificate peer.pem --load-ca-privkey peer.key --template peer.template --outfile gnutls-{}.pem
END

compare 'verify in the store' <<'END'
minica | minica verify web.pem --host web.example.com
openssl verify | openssl verify -CAfile root.pem -verify_hostname web.example.com web.pem
certtool | certtool --verify --load-ca-certificate root.pem --verify-hostname web.example.com --infile web.pem
END

compare 'verify a chain of three' <<'END'
minica | minica verify chain.pem --roots chain-root.pem --host web.example.com
openssl verify | openssl verify -CAfile chain-root.pem -untrusted chain.pem -verify_hostname web.example.com chain.pem
certtool | certtool --verify --load-ca-certificate chain-root.pem --verify-hostname web.example.com --infile chain.pem
END
