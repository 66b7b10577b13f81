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
