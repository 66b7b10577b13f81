# shellcheck shell=sh disable=SC2154
# pq: keys that libcrypto knows by name alone; ML-DSA (FIPS 204) from 3.5 on.

# allows POLICY KEY...: the home's own of that name, which comes first
allows() {
	mkdir -p home/policies
	printf 'policy: %s\nextends: %s\nallow:\n  keys: [%s]\n' "$1" "$1" \
	    "$2" >"home/policies/$1.yaml"
}

# chain: a root, an intermediate, and a.example.org, all of ML-DSA
chain() {
	mkdir -m 700 home
	allows root ml-dsa-87
	allows intermediate ml-dsa-65
	allows server ml-dsa-44
	quietly minica init-root --key ml-dsa-87 --out root.pem
	quietly minica init-intermediate --key ml-dsa-65 --out int.pem
	quietly minica issue a.example.org --key ml-dsa-44
}

if ! minica keygen --key ml-dsa-44 --out "$work/pq.key" 2>/dev/null; then
	begin 'pq: an authority of ML-DSA'
	skip 'this libcrypto has no ML-DSA'
	begin 'pq: what this libcrypto lacks is told, and which one has it'
	expect 2 minica keygen --key ml-dsa-65 --out a.key
	stderr_has '"ml-dsa-65" is not a key algorithm here: OpenSSL has it from'
	stderr_has '3.5 on, and this is '
	expect 2 minica keygen --key ml-dsa-66 --out a.key
	stderr_lacks 'from 3.5 on'
	mkdir -m 700 home
	allows server 'ec-p256, slh-dsa-sha2-128s'
	expect 3 minica policy check home/policies/server.yaml
	stderr_has 'server.yaml:4:19: allow.keys: "slh-dsa-sha2-128s": OpenSSL has'
	stderr_has 'it from 3.5 on, and this is '
	simple
	edit 's/hosts:/key: ml-dsa-44\n    hosts:/'
	expect 3 minica plan m.yaml
	stderr_has 'certificates.key: "ml-dsa-44": OpenSSL has it from 3.5 on'
	return 0
fi

begin 'pq: the built-in policies take no key that clients do not read'
quietly minica keygen --key ml-dsa-44 --out a.key
quietly minica csr a.example.org --key a.key --out a.csr
expect 1 minica review a.csr
stdout_has 'the policy allows no ml-dsa-44 key'
stdout_has MC-P-KEY

begin 'pq: an authority of ML-DSA, by policies of the home'
chain
expect 0 minica verify a.example.org.pem --host a.example.org
stdout_has 'OK: a.example.org'
stdout_has '[MC-V-KEY-TYPE], refused by apple, chrome, firefox'
expect 1 minica verify a.example.org.pem --host a.example.org --rules webpki
expect 0 openssl verify -x509_strict -CAfile root.pem -untrusted int.pem \
    a.example.org.pem
expect 0 minica inspect a.example.org.pem --json
json_has files.0.objects.0.key.algorithm ml-dsa-44
expect 0 minica doctor

begin 'pq: its certificates are renewed, exported, revoked and kept'
chain
expect 0 minica renew a.example.org --rekey --key-out a.example.org.key --force
expect 0 minica verify a.example.org.pem --host a.example.org
quietly minica issue b.example.org --key ml-dsa-44
echo correct-horse >pass
expect 0 minica export b.example.org --key b.example.org.key \
    --format pkcs12 --out-pass-file pass --out b.p12
expect 0 openssl pkcs12 -in b.p12 -passin file:pass -noout
quietly minica revoke b.example.org --reason superseded
expect 0 minica crl --out ca.crl
expect 0 openssl crl -in ca.crl -noout -CAfile int.pem
expect 1 minica verify b.example.org.pem --host b.example.org --crl ca.crl
stdout_has MC-V-REVOKED
expect 0 minica backup --with-keys --out ca.backup
expect 0 minica --home other restore ca.backup
quietly minica --home other issue c.example.org --key ml-dsa-44
expect 0 minica verify c.example.org.pem --host c.example.org

begin 'pq: a key under a passphrase'
echo correct-horse >pass
quietly minica keygen --key ml-dsa-65 --out k.pem --pass-file pass
expect 0 minica inspect k.pem --pass-file pass
stdout_has ml-dsa-65
echo another >wrong
expect 6 minica inspect k.pem --pass-file wrong
