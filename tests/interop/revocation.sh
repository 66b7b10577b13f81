# revocation.sh - what is revoked, as GnuTLS and OpenSSL read it; read by run.
# shellcheck shell=sh disable=SC2034,SC2154

(
	MINICA_HOME=$work/revocation
	export MINICA_HOME
	minica -q init-root --out rv-root.pem
	minica -q init-intermediate --out rv-int.pem >/dev/null
	for name in good bad; do
		minica -q issue $name.example.com --out rv-$name.pem \
		    --key-out rv-$name.key
	done
	minica -q revoke rv-bad.pem --reason keyCompromise
	minica -q crl --out rv-int.crl
	minica -q crl --issuer root --out rv-root.crl
	cat rv-int.crl rv-root.crl >rv-all.crl
	mkdir rv-ocsp
	minica -q ocsp --all --out-dir rv-ocsp
	for name in good bad; do
		serial=$(openssl x509 -in rv-$name.pem -noout -serial |
		    sed 's/.*=//' | tr 'A-F' 'a-f' | sed 's/^0*//')
		cp rv-ocsp/*"$serial".ocsp rv-$name.ocsp
		cat rv-$name.pem rv-int.pem >rv-$name.chain
	done
) >output 2>&1 || fail 'revocation: a home with one revoked'

crl_check() {
	openssl verify -crl_check_all -CAfile rv-root.pem -untrusted rv-int.pem \
	    -CRLfile rv-all.crl "rv-$1.pem"
}

crl_gnutls() {
	certtool --verify --load-ca-certificate rv-root.pem \
	    --load-crl rv-all.crl --infile "rv-$1.chain"
}

# certtool reads and checks the signature of a list as well
crl_read() {
	certtool --crl-info --infile "rv-$1.crl" &&
	    certtool --verify-crl --load-ca-certificate "rv-$1.pem" \
	        --infile "rv-$1.crl"
}

# ocsp_is NAME ANSWER: what openssl says of a response, believed
ocsp_is() {
	openssl ocsp -issuer rv-int.pem -cert "rv-$1.pem" -no_nonce \
	    -respin "rv-$1.ocsp" -CAfile rv-root.pem -verify_other rv-int.pem |
	    grep -q "rv-$1.pem: $2"
}

# ocsp_gnutls NAME STATUS: the same of GnuTLS
ocsp_gnutls() {
	ocsptool --verify-response --load-issuer rv-int.pem \
	    --load-trust rv-int.pem --infile "rv-$1.ocsp" &&
	    ocsptool --response-info --infile "rv-$1.ocsp" |
	    grep -q "Certificate Status: $2"
}

accepts 'openssl verify -crl_check_all: good' crl_check good
refuses 'openssl verify -crl_check_all: revoked' crl_check bad
accepts 'openssl ocsp: good' ocsp_is good good
accepts 'openssl ocsp: revoked' ocsp_is bad revoked
if there certtool; then
	accepts 'certtool: a CRL of a root' crl_read root
	accepts 'certtool: a CRL of an intermediate' crl_read int
	accepts 'certtool --verify with CRLs: good' crl_gnutls good
	refuses 'certtool --verify with CRLs: revoked' crl_gnutls bad
else
	skip 'certtool: not here'
fi
if there ocsptool; then
	accepts 'ocsptool: good' ocsp_gnutls good good
	accepts 'ocsptool: revoked' ocsp_gnutls bad revoked
else
	skip 'ocsptool: not here'
fi
