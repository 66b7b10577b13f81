# shellcheck shell=sh
# list and show: the inventory.

begin 'list: everything recorded, oldest first'
authority
quietly minica issue www.example.org
quietly minica issue --policy client --key ed25519 alice@example.org
expect 0 minica list
stdout_has NAMES
stdout_has www.example.org
stdout_has alice@example.org
expect 0 minica list --json
json_has certificates.0.ca true
json_has certificates.1.names.0.name www.example.org
json_has certificates.1.status valid
json_has certificates.2.policy client

begin 'list: narrows by name, status, policy, key and authority'
authority
quietly minica issue www.example.org
quietly minica issue --policy client --key ed25519 alice@example.org
expect 0 minica list --name '*.example.org'
stdout_has www.example.org
stdout_lacks alice
expect 0 minica list --policy client
stdout_lacks www.example.org
stdout_has alice
expect 0 minica list --key ed25519 --json
json_has certificates.0.names.0.name alice@example.org
expect 0 minica list --issuer root --policy server --json
json_has certificates.0.names.0.name www.example.org
expect 0 minica list --status revoked --json
json_has certificates '[]'

begin 'list: what ends soon, and what has ended'
quietly minica --now 2030-01-01 init-root
quietly minica --now 2030-01-01 issue short.example.org --days 10
quietly minica --now 2030-01-01 issue long.example.org --days 90
expect 0 minica --now 2030-01-05 list --expires-within 7d
stdout_has short
stdout_lacks long
expect 0 minica --now 2030-02-01 list --status expired
stdout_has short
stdout_lacks long
expect 0 minica --now 2030-02-01 list --sort expiry --status valid --json
json_has certificates.0.names.0.name long.example.org

begin 'list: a name longer than the line is never cut'
authority
label=$(printf '%060d' 0 | tr 0 a)
long=$label.$label.$label.example.org
quietly minica issue "$long"
expect 0 minica list
stdout_has "$long"

begin 'list: a name outside ASCII is found as it was typed'
authority
minica issue 'bücher.example' --out b.pem --key-out b.key >said 2>&1 || true
if grep -q 'without libidn2' said; then
	skip 'this minica was built without libidn2'
else
	quietly minica issue www.example.org
	for name in bücher.example 'BÜCHER.example' 'bücher.*' '*.example' \
	    xn--bcher-kva.example; do
		expect 0 minica list --name "$name"
		stdout_has xn--bcher-kva.example
		stdout_lacks www.example.org
	done
	expect 0 minica list --name 'www.bücher.example'
	stdout_lacks xn--bcher-kva.example
	expect 2 minica list --name 'büch*.example'
	stderr_has 'found as a whole'
fi

begin 'show: by serial, fingerprint, label and name'
authority
quietly minica issue www.example.org --json
quietly minica list --json --name www.example.org
serial=$(value serial)
sha256=$(value sha256)
for id in "$serial" "$sha256" www.example.org; do
	expect 0 minica show "$id"
	stdout_has "$serial"
	stdout_has 'issued '
done
expect 0 minica show root
stdout_has CA:TRUE
expect 0 minica show www.example.org --json
json_has record.serial "$serial"
json_has info.serial "$serial"
json_has certificate

begin 'show: --pem and --fullchain give the file again'
authority
quietly minica init-intermediate --issuer root
quietly minica issue www.example.org --fullchain --out chain.pem
expect 0 minica show www.example.org --fullchain
keep again.pem
cmp -s chain.pem again.pem || wrong 'not the same file'
expect 0 minica show www.example.org --pem
keep one.pem
count one.pem 1

begin 'show: the file may come from standard input'
authority
quietly minica issue www.example.org
expect 0 sh -c 'minica show - <www.example.org.pem'
stdout_has www.example.org
expect 0 sh -c 'minica revoke - --reason superseded <www.example.org.pem'
expect 0 minica show www.example.org
stdout_has superseded
expect 3 sh -c 'minica show - </dev/null'
stderr_has 'is empty'

begin 'show: what may mean several is answered with all of them'
authority
quietly minica issue www.example.org
quietly minica issue www.example.org --force
expect 3 minica show www.example.org
stderr_has 'may mean 2'
stderr_has www.example.org
stdout_is_empty
expect 3 minica show www.example.org --json
json_has candidates.1.serial
json_has error.code ENOTFOUND

begin 'show: what is not there is said'
authority
expect 3 minica show nothing.example.org
stderr_has 'minica list'

begin 'list: by the host that is covered'
authority
quietly minica issue www.example.org
quietly minica issue '*.example.org' --out wild.pem --key-out wild.key
quietly minica issue 10.0.0.1
expect 0 minica list --covers api.example.org --csv
stdout_has '*.example.org'
stdout_lacks www
expect 0 minica list --covers www.example.org
stdout_has '*.example.org'
stdout_has www.example.org
expect 0 minica list --covers 10.0.0.1
stdout_has 10.0.0.1
stdout_lacks example
expect 2 minica list --covers '*.example.org'
stderr_has 'no host'

begin 'list: labels are given at birth and found again'
authority
quietly minica issue www.example.org --label team=web --label staging --label TEAM=web
request api api.example.org
quietly minica sign api.csr --label team=api --out api.pem
expect 0 minica list --label team=WEB
stdout_has www.example.org
stdout_has '[staging team=web]'
stdout_lacks api.example.org
expect 0 minica list --label team=api --json
json_has certificates.0.labels.0 team=api
expect 0 minica show www.example.org
stdout_has 'staging team=web'
expect 2 minica issue x.example.org --label 'two words'
stderr_has 'no label'
expect 2 minica issue x.example.org --label =1+1
gone x.example.org.key x.example.org.pem

begin 'list: --csv is read by others as it was meant'
authority
quietly minica init-intermediate --org 'Example, "Quoted"'
quietly minica issue www.example.org example.org
expect 2 minica list --csv --json
if command -v python3 >/dev/null; then
	expect 0 minica list --csv
	keep list.csv
	expect 0 python3 - <<'PYTHON'
import csv
rows = list(csv.DictReader(open("list.csv", newline=""), strict=True))
assert len(rows) == 3, rows
assert 'Example\\, \\"Quoted\\"' in rows[1]["subject"], rows[1]
assert rows[2]["names"] == "www.example.org example.org", rows[2]
assert all(None not in r and None not in r.values() for r in rows)
PYTHON
else
	skip 'no python3'
fi

begin 'show: a directory that is called like a certificate is not one'
authority
mkdir www.example.org
quietly minica issue www.example.org --out www.example.org/cert.pem --key-out www.example.org/key.pem
expect 0 minica show www.example.org
expect 0 minica show www.example.org/cert.pem
expect 0 minica renew www.example.org
expect 0 minica revoke www.example.org/cert.pem
