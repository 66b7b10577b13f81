# shellcheck shell=sh disable=SC2154
# fixtures: chains for the tests of other programs.

begin 'fixtures: files and one list, outside of any store'
expect 0 minica fixtures certs
stdout_has certs/fixtures.json
gone home
file_is_mode certs/good/key.pem 600
file_is_mode certs/good/chain.pem 644
count certs/good/chain.pem 2
count certs/good/roots.pem 1
count certs/missing-intermediate/chain.pem 1
[ "$(find certs -name chain.pem | wc -l)" -ge 60 ] || wrong 'too few'
cp certs/fixtures.json list
expect 0 cat list
json_has fixtures.0.name good
json_has fixtures.0.verdict accept
json_has fixtures.0.host www.example.test
json_has fixtures.0.host_form dNSName
json_has fixtures.0.files.roots good/roots.pem
expect 0 minica verify certs/good/chain.pem --host www.example.test \
    --roots certs/good/roots.pem --rules webpki
expect 1 minica verify certs/expired/chain.pem --host www.example.test \
    --roots certs/expired/roots.pem
stdout_has MC-V-EXPIRED
expect 1 minica verify certs/revoked/chain.pem --host www.example.test \
    --roots certs/revoked/roots.pem --crl certs/revoked/crls.pem --require-crl
stdout_has MC-V-REVOKED
expect 8 minica verify certs/stale-crl/chain.pem --host www.example.test \
    --roots certs/stale-crl/roots.pem --crl certs/stale-crl/crls.pem \
    --require-crl

begin 'fixtures: a directory of an unsafe name is told escaped'
expect 0 minica fixtures "$(printf 'a\\b\nc')"
stdout_has 'a\b\x0Ac/fixtures.json'

begin 'fixtures: seed and SOURCE_DATE_EPOCH make every byte repeat'
expect 0 env SOURCE_DATE_EPOCH=1767225600 minica fixtures one
cp one/fixtures.json list
expect 0 cat list
json_has time 2026-01-01T00:00:00Z
expect 0 minica fixtures two --seed "$(value seed)" --now 2026-01-01T00:00:00Z
diff -r one two >/dev/null || wrong 'not the same'
for text in '' yesterday -1 99999999999999999999 12x; do
	expect 2 env SOURCE_DATE_EPOCH="$text" minica fixtures four
	stderr_has SOURCE_DATE_EPOCH
	gone four
done

begin 'fixtures: what is there is not replaced'
mkdir -p certs/good
echo mine >certs/good/chain.pem
expect 2 minica fixtures certs
stderr_has --force
[ "$(cat certs/good/chain.pem)" = mine ] || wrong 'replaced'
gone certs/fixtures.json
expect 0 minica fixtures certs --force --json
json_has fixtures.0.name good
echo file >file
expect 2 minica fixtures file
expect 2 minica fixtures
