# shellcheck shell=sh
# review: the examination alone.

begin 'review: every field has a row and the line that decided'
authority
quietly openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout web.key -out web.csr -subj '/CN=web.example.org/O=Example' \
    -addext subjectAltName=DNS:web.example.org \
    -addext keyUsage=dataEncipherment
expect 0 minica review web.csr
stdout_has 'web.csr: accepted by policy server'
stdout_has 'kept '
stdout_has 'dropped '
stdout_has 'added '
stdout_has dataEncipherment
stdout_has 'line '
expect 0 minica review web.csr --json
json_has authority true
json_has results.0.review.accepted true
json_has results.0.review.fields.0.decision
expect 0 minica list --json --name web.example.org
json_has certificates '[]'

begin 'review: a refusal is exit status 1 with every reason'
authority
printf 'policy: narrow\nextends: server\nallow:\n  dns: [.example.org]\n' \
    >narrow.yaml
quietly minica csr a.example.com b.example.com --out bad.csr
expect 1 minica review --policy ./narrow.yaml bad.csr
stdout_has 'bad.csr: refused by policy'
stdout_has a.example.com
stdout_has b.example.com
expect 1 minica review --policy ./narrow.yaml bad.csr --json
json_has results.0.review.accepted false
json_has results.0.review.findings.0.rule

begin 'review: needs no authority'
quietly minica csr web.example.org --out web.csr
expect 0 minica review web.csr
stderr_has 'no authority'
expect 0 minica review web.csr --json
json_has authority false
gone home

begin 'review: the worst of many is the exit status'
authority
quietly minica csr web.example.org --out web.csr
expect 3 minica review web.csr missing.csr
stdout_has 'web.csr: accepted'
stderr_has missing.csr

begin 'review: shows the certificate that sign would make'
authority
quietly minica csr web.example.org --out web.csr
expect 0 minica review web.csr
stdout_has 'certificate, version 3'
stdout_has 'CA:FALSE'
expect 0 minica review web.csr --json
json_has results.0.info.names.0.name web.example.org
expect 0 minica sign --dry-run web.csr
stdout_has 'certificate, version 3'

begin 'review --diff: what changes for the names'
authority
quietly minica csr web.example.org --out one.csr --key-out web.key
expect 0 minica review one.csr --diff
stdout_has 'no valid certificate holds these names'
quietly minica sign one.csr --out one.pem
quietly minica csr --key web.key web.example.org www.example.org --out two.csr
printf 'policy: web\nextends: server\nallow: { key_reuse: allow }\n' >web.yaml
expect 0 minica review two.csr --policy ./web.yaml --days 30 --diff
stdout_has 'compared with serial'
stdout_has '+ dNSName                 www.example.org'
stdout_has '- notAfter'
stdout_lacks '- dNSName'
stdout_lacks '+ publicKey'
expect 0 minica review two.csr --policy ./web.yaml --diff --json
json_has results.0.difference.new.0.field dNSName
json_has results.0.difference.new.0.value www.example.org

begin 'review --diff: needs the store'
quietly minica csr web.example.org --out web.csr
expect 3 minica review web.csr --diff
stderr_has 'no certificate to compare with'

begin 'review: a name that is not one is escaped, and once'
quietly openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout a.key -out a.csr -subj /CN=a \
    -addext "subjectAltName=DNS:a$(printf '\033')b.example.org"
for command in review lint inspect; do
	# shellcheck disable=SC2154 # run.sh sets it
	minica $command a.csr >"$out" 2>&1
	stdout_has 'a\x1Bb.example.org'
	stdout_lacks x5C
	stdout_lacks "$(printf '\033')"
done
