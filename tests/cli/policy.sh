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

begin 'policy list: a summary that turns the direction of text is escaped'
mkdir -p home/policies
turn=$(printf '\342\200\256')
printf 'policy: turned\nextends: server\nsummary: "of %sours"\n' "$turn" \
    >home/policies/turned.yaml
expect 0 minica policy list
stdout_has 'of \xE2\x80\xAEours'
stdout_lacks "$turn"

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

begin 'policy test: those built in answer as they say'
expect 0 minica policy test
for name in server client peer intermediate root ci; do
	stdout_has "$name: "
done
stdout_has ' 0 failed'
stdout_lacks 'no tests'
gone home

begin 'policy test: a failure says what was wanted, what was found, and why'
cat >web.yaml <<'END'
policy: web
extends: server
allow:
  dns: [.example.org]
tests:
  - { names: [www.example.org], expect: accept }
  - { names: [www.example.com], expect: accept }
  - { names: [www.example.com], expect: refuse, rule: MC-P-WILDCARD }
  - { names: [www.example.org], expect: refuse }
  - { names: ["a b.example.org"], expect: refuse, rule: MC-R-NAME }
  - { csr: theirs.csr, expect: accept }
END
request theirs theirs.example.org
expect 1 minica policy test web.yaml
stdout_has 'web: 3 passed, 3 failed'
stdout_has 'web.yaml:7: www.example.com: wanted accept; found refuse by MC-P-NAME'
stdout_has 'web.yaml:8: www.example.com: wanted refuse by MC-P-WILDCARD; found'
stdout_has 'web.yaml:9: www.example.org: wanted refuse; found accept'
stdout_has 'the policy allows .example.org'
expect 1 minica policy test web.yaml --json
json_has results.0.passed false
json_has results.0.tests.1.found 'refuse by MC-P-NAME'
json_has results.0.tests.5.passed true
printf 'policy: bare\nextends: server\n' >bare.yaml
expect 0 minica policy test bare.yaml
stdout_has 'bare: 0 passed, 0 failed: it carries no tests'
mkdir deep
cp web.yaml deep
expect 3 minica policy test deep/web.yaml
stderr_has 'deep/theirs.csr'

begin 'policy test: mistakes in a test have their line'
printf 'policy: a\nextends: server\ntests:\n  - { nmaes: [a.b] }\n' >a.yaml
printf 'policy: b\nextends: server\ntests:\n  - { names: [a.b] }\n' >b.yaml
printf 'policy: c\nextends: server\ntests: [{ expect: accept }]\n' >c.yaml
expect 3 minica policy check a.yaml
stderr_has 'a.yaml:4'
stderr_has '"names"'
expect 3 minica policy check b.yaml
stderr_has 'expect: accept'
expect 3 minica policy check c.yaml
stderr_has 'either names'
