# shellcheck shell=sh
# policy: what may be asked, as data.

begin 'policy list: those built in, without any home'
expect 0 minica policy list
for name in server client peer intermediate ci; do
	stdout_has "$name "
done
expect 0 minica policy list --json
json_has policies.0.name ci
json_has policies.0.for leaf
gone home

begin 'policy list: the home comes first, and a bad one is told of'
mkdir -p home/policies
printf 'policy: server\nextends: server\nsummary: our own\n' \
    >home/policies/server.yaml
printf 'policy: bad\nnonsense: 1\n' >home/policies/bad.yaml
expect 3 minica policy list
stdout_has 'our own'
stdout_has client
stderr_has bad.yaml

begin 'policy show: the text as it was written'
expect 0 minica policy show server
stdout_has 'policy: server'
stdout_has '#'
keep copy.yaml
expect 0 minica policy check copy.yaml
expect 0 minica policy show ./copy.yaml
expect 0 minica policy show server --json
json_has policy.name server
json_has text
expect 3 minica policy show sever
stderr_has '"server"'

begin 'policy check: every mistake has its line'
printf 'policy: odd\nextends: server\nalow:\n  dns: []\n' >a.yaml
printf 'policy: odd\npolicy: odd\n' >b.yaml
printf 'policy: [\n' >c.yaml
: >d.yaml
expect 3 minica policy check a.yaml
stderr_has 'a.yaml:3'
stderr_has '"allow"'
expect 3 minica policy check b.yaml
stderr_has 'b.yaml:2'
expect 3 minica policy check a.yaml b.yaml c.yaml d.yaml missing.yaml
for file in a b c d missing; do
	stderr_has "$file.yaml"
done
expect 3 minica policy check a.yaml --json
json_has results.0.error.code EFORMAT

begin 'policy check: one that is right'
printf 'policy: web\nextends: server\nallow:\n  dns: [.example.org]\n' >web.yaml
expect 0 minica policy check web.yaml
stdout_has 'web.yaml: OK: policy web'
