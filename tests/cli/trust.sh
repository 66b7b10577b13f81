# shellcheck shell=sh
# trust: the anchors that verify believes in.

begin 'trust add: tells the fingerprint, and believes from then on'
quietly minica --home ca init-root --out root.pem
quietly minica --home ca issue www.example.org --out web.pem
expect 8 minica verify web.pem
expect 0 minica trust add root.pem
stdout_has 'trusted: CN='
stdout_has SHA-256
expect 0 minica verify web.pem --host www.example.org
expect 0 minica trust add root.pem
stdout_has 'trusted already'
expect 0 minica trust list --json
json_has anchors.0.origin root.pem

begin 'trust add: --sha256 must be the fingerprint'
quietly minica --home ca init-root --out root.pem
sha256=$(openssl x509 -in root.pem -noout -fingerprint -sha256 | sed 's/.*=//')
expect 1 minica trust add root.pem --sha256 \
    0000000000000000000000000000000000000000000000000000000000000000
stderr_has "$sha256"
gone home
expect 2 minica trust add root.pem --sha256 1234
expect 0 minica trust add root.pem --sha256 "$sha256"
cat root.pem root.pem >two.pem
expect 2 minica trust add two.pem --sha256 "$sha256"

begin 'trust add: what is no certificate is not added'
echo junk >junk.pem
expect 3 minica trust add junk.pem
expect 3 minica trust add missing.pem
gone home

begin 'trust add: what is hardly meant as an anchor is added with a warning'
quietly minica --home ca init-root --name Root --days 3650 --out root.pem
quietly minica --home ca init-intermediate --name Below --out int.pem
quietly minica --home ca issue www.example.org --fullchain --out web.pem
expect 0 minica trust add root.pem
stderr_lacks warning
expect 0 minica trust add web.pem
stderr_has 'warning: CN=www.example.org is no CA'
stderr_has 'warning: CN=Below is an intermediate: many clients want the root, CN=Root'
expect 0 minica trust add int.pem --json
json_has warnings.0
expect 0 minica --now 2050-01-01 trust add root.pem
stderr_has 'warning: CN=Root expired on'

begin 'trust remove: it is believed no more'
authority
quietly minica issue www.example.org --out web.pem
sha256=$(openssl x509 -in root.pem -noout -fingerprint -sha256 | sed 's/.*=//')
expect 0 minica trust remove "$sha256"
expect 8 minica verify web.pem
expect 3 minica trust remove "$sha256"
expect 2 minica trust remove nothing

begin 'trust export: PEM that other programs can use'
authority
quietly minica issue www.example.org --out web.pem
expect 0 minica trust export
keep roots.pem
expect 0 openssl verify -CAfile roots.pem web.pem
expect 0 minica trust export --out file.pem
cmp -s roots.pem file.pem || wrong 'not the same'
expect 2 minica trust export --out file.pem
expect 0 minica trust export --json
json_has count 1
json_has certificates
