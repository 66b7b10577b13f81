# export.sh - the files that `minica export` writes, opened by those they are
# for; read by run.
# shellcheck shell=sh disable=SC2154

# says WORD COMMAND...: it succeeds and names the word
says() {
	word=$1
	shift
	"$@" >said 2>&1 && cat said && grep -q -e "$word" said
}

echo 'correct horse' >pass
echo battery >wrong
needs minica issue --issuer web export.example.com --out export.pem \
    --key-out export.key
for layout in pkcs12 pkcs12-legacy; do
	needs minica export export.example.com --format $layout \
	    --key export.key --out $layout.p12 --out-pass-file pass
done
needs minica export export.example.com --format java-truststore \
    --out trust-open.p12
needs minica trust export --format java-truststore --out trust.p12 \
    --out-pass-file pass
needs minica export export.example.com --format haproxy --key export.key \
    --out haproxy.pem
needs minica export export.example.com --format kubernetes \
    --key export.key --out secret.yaml

for layout in pkcs12 pkcs12-legacy; do
	accepts "openssl opens $layout" openssl pkcs12 -in $layout.p12 \
	    -passin file:pass -nodes
	refuses "openssl does not open $layout with another passphrase" \
	    openssl pkcs12 -in $layout.p12 -passin file:wrong -nodes
done

if there certtool; then
	for layout in pkcs12 pkcs12-legacy; do
		accepts "certtool opens $layout" says 'BEGIN CERTIFICATE' \
		    certtool --p12-info --inder --infile $layout.p12 \
		    --password "$(cat pass)"
		refuses "certtool does not open $layout with another passphrase" \
		    certtool --p12-info --inder --infile $layout.p12 \
		    --password "$(cat wrong)"
	done
else
	skip 'certtool is not here (gnutls-bin)'
fi

if there keytool; then
	for layout in pkcs12 pkcs12-legacy; do
		accepts "keytool lists $layout as a private key" \
		    says 'PrivateKeyEntry' keytool -list -keystore $layout.p12 \
		    -storepass:file pass
		refuses "keytool does not open $layout with another passphrase" \
		    keytool -list -keystore $layout.p12 -storepass:file wrong
	done
	accepts 'keytool lists the trust store as trusted' \
	    says 'trustedCertEntry' keytool -list -keystore trust.p12 \
	    -storepass:file pass
	accepts 'keytool opens a trust store without passphrase, given none' \
	    says 'trustedCertEntry' keytool -list -keystore trust-open.p12 \
	    -storepass ''
	accepts 'keytool opens a trust store without passphrase, given any' \
	    says 'trustedCertEntry' keytool -list -keystore trust-open.p12 \
	    -storepass changeit
	refuses 'keytool does not open a trust store with another passphrase' \
	    keytool -list -keystore trust.p12 -storepass:file wrong
else
	skip 'keytool is not here (openjdk)'
fi

if there haproxy; then
	printf '%s\n' 'defaults' ' mode http' ' timeout connect 1s' \
	    ' timeout client 1s' ' timeout server 1s' 'frontend web' \
	    " bind 127.0.0.1:8443 ssl crt $work/haproxy.pem" \
	    ' http-request return status 200' >haproxy.cfg
	accepts 'haproxy takes its file' haproxy -c -f haproxy.cfg
	needs cp export.pem haproxy.pem
	refuses 'haproxy does not take one without a key' \
	    haproxy -c -f haproxy.cfg
else
	skip 'haproxy is not here (haproxy)'
fi

cat >secret.py <<'PY'
import base64, ssl, yaml
secret = yaml.safe_load(open("secret.yaml"))
assert secret["apiVersion"] == "v1" and secret["kind"] == "Secret"
assert secret["type"] == "kubernetes.io/tls"
assert secret["metadata"] == {"name": "export.example.com"}
assert sorted(secret["data"]) == ["ca.crt", "tls.crt", "tls.key"]
for name, value in secret["data"].items():
    open(name, "wb").write(base64.b64decode(value, validate=True))
ssl.create_default_context(cafile="ca.crt")
ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain("tls.crt", "tls.key")
PY
if there python3 && python3 -c 'import yaml' 2>/dev/null; then
	accepts 'Python loads the Secret, and TLS its contents' \
	    python3 secret.py
else
	skip 'python3 with yaml is not here (python3-yaml)'
fi
