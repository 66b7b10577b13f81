# shellcheck shell=sh disable=SC2154 # run.sh sets out
# status: is everything in order, and until when?

# settled: a root and an intermediate of 2030, and a leaf of 90 days
settled() {
	quietly minica --now 2030-01-01 init-root --out root.pem
	quietly minica --now 2030-01-01 init-intermediate --out int.pem
	quietly minica --now 2030-01-01 issue www.example.org --fullchain
}

# status DAY ARGUMENTS...
status() {
	day=$1
	shift
	minica --now "$day" status "$@"
}

begin 'status: fine, due and ended, by the clock of who asks'
settled
expect 0 status 2030-02-01
stdout_has 'verdict: fine'
stdout_has '1 valid'
expect 1 status 2030-03-10
stdout_has 'www.example.org: ends in'
stdout_has MC-S-EXPIRING
expect 1 status 2030-04-05
stdout_has MC-S-EXPIRED
expect 0 status 2030-06-01
stdout_has '1 expired'
expect 1 status 2030-02-01 --fail-within 60d
expect 0 status 2030-02-01 --fail-within 50d
expect 1 status 2030-02-01 --fail-within 5y
stdout_has 'intermediate: ends in'
expect 0 minica --now 2030-03-10 renew --due
expect 0 status 2030-03-10

begin 'status: a CRL that is missing, behind, due or stale'
settled
quietly minica --now 2030-01-02 revoke www.example.org
expect 1 status 2030-01-02
stdout_has MC-S-CRL-NONE
quietly minica --now 2030-01-02 crl --days 30 --out ca.crl
expect 0 status 2030-01-03
quietly minica --now 2030-01-03 issue b.example.org
quietly minica --now 2030-01-03 revoke b.example.org
expect 1 status 2030-01-03
stdout_has MC-S-CRL-BEHIND
quietly minica --now 2030-01-03 crl --days 30 --out ca.crl
expect 0 status 2030-01-29
expect 1 status 2030-01-31
stdout_has MC-S-CRL-EXPIRING
expect 1 status 2030-03-01
stdout_has MC-S-CRL-STALE

begin 'status: as JSON, with every row and its rule'
settled
expect 1 status 2030-03-10 --json
json_has verdict due
json_has items.2.kind leaf
json_has items.2.rule MC-S-EXPIRING
json_has leaves.valid 1
expect 0 status 2030-02-01 --format json
json_has verdict ok
expect 2 status 2030-02-01 --json --format prom
expect 2 status 2030-02-01 --format xml
expect 3 minica --home nosuch status

begin 'status --paths: the files as they are'
settled
mkdir etc etc/deep
cp www.example.org.pem etc/deep/old.pem
cp www.example.org.key etc/deep/www.key
echo 'no certificate' >etc/readme.txt
ln -s deep/old.pem etc/link.pem
ln -s .. etc/loop
quietly minica csr a.example.org --out etc/a.csr --key-out etc/a.key
mkfifo etc/pipe.pem
expect 0 status 2030-02-01 --paths etc
stdout_has 'etc/deep/old.pem'
stdout_has 'etc/link.pem'
stdout_lacks loop
stdout_lacks readme
stdout_lacks a.csr
stdout_lacks pipe
expect 8 status 2030-02-01 --paths etc/pipe.pem
stdout_has 'is not a regular file'
deep=etc
for step in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do
	deep=$deep/$step
done
mkdir -p "$deep"
expect 8 status 2030-02-01 --paths etc
stdout_has 'is too deep to be entered'
rm -r etc/1
quietly minica --now 2030-02-02 renew www.example.org
expect 1 status 2030-02-03 --paths etc
stdout_has MC-S-FILE-OLD
stderr_is_empty
expect 0 status 2030-02-03 --paths www.example.org.pem
echo broken >etc/broken.pem
expect 1 status 2030-02-03 --paths etc
stdout_has MC-S-FILE-UNREADABLE
rm etc/link.pem etc/deep/old.pem
expect 8 status 2030-02-03 --paths etc
stdout_has 'could not be told'
expect 8 status 2030-02-03 --paths nosuch

# serve PORT FILES...: a TLS server, until the next one
serve() {
	port=$1
	shift
	openssl s_server -quiet -accept "127.0.0.1:$port" "$@" \
	    >server.log 2>&1 </dev/null &
	server=$!
	tries=0
	until minica verify 127.0.0.1.pem --connect "127.0.0.1:$port" \
	    >"$out" 2>&1 || [ $? -eq 1 ] || [ $tries -gt 50 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
}

begin 'status --live: what servers really serve'
quietly minica init-root --out root.pem
quietly minica init-intermediate --out int.pem
quietly minica issue 127.0.0.1
base=$((20000 + $$ % 20000))
serve $base -cert 127.0.0.1.pem -key 127.0.0.1.key -cert_chain int.pem
expect 0 minica status --live 127.0.0.1:$base
stdout_has "server     127.0.0.1:$base"
quietly minica renew 127.0.0.1
expect 1 minica status --live 127.0.0.1:$base
stdout_has 'renewed but never reloaded'
kill $server
serve $((base + 1)) -cert 127.0.0.1.pem -key 127.0.0.1.key
expect 1 minica status --live 127.0.0.1:$((base + 1))
stdout_has 'chain without its intermediate'
kill $server
cat int.pem root.pem >chain.pem
serve $((base + 2)) -cert 127.0.0.1.pem -key 127.0.0.1.key -cert_chain chain.pem
expect 0 minica status --live 127.0.0.1:$((base + 2))
stdout_has 'root sent'
kill $server
expect 8 minica status --live 127.0.0.1:$((base + 3))
stdout_has MC-S-LIVE-UNREACHED
expect 2 minica status --live nonsense

begin 'status --out: a report replaces an earlier one, and nothing else'
settled
for format in junit prom ics html; do
	expect 1 status 2030-03-10 --format $format --out report.$format
	expect 0 status 2030-02-01 --format $format --out report.$format
	expect 0 status 2030-02-01 --format $format
	cmp -s report.$format "$out" || wrong "$format: not the new one"
	echo mine >mine
	expect 2 status 2030-02-01 --format $format --out mine
	[ "$(cat mine)" = mine ] || wrong 'replaced'
	ln -s report.$format link
	expect 2 status 2030-02-01 --format $format --out link
	rm link
done
expect 2 status 2030-02-01 --format prom --out report.ics
expect 0 status 2030-02-01 --format prom --out report.ics --force

begin 'status: junit, prom and ics have the form of their standards'
settled
expect 1 status 2030-03-10 --format junit --out junit.xml
expect 1 status 2030-03-10 --format prom --out ca.prom
expect 1 status 2030-03-10 --format ics --out ca.ics
echo mine >mine.ics
expect 2 status 2030-03-10 --format ics --out mine.ics
if command -v python3 >/dev/null; then
	expect 0 python3 - <<'PYTHON'
import re, xml.etree.ElementTree as tree
root = tree.parse("junit.xml").getroot()
assert root.tag == "testsuites"
suites = root.findall("testsuite")
assert sum(int(s.get("tests")) for s in suites) == len(root.findall(".//testcase")) == 4
assert [f.get("type") for f in root.findall(".//failure")] == ["MC-S-EXPIRING"]

sample = re.compile(r'([a-z_]+)(\{(?:[a-z]+="(?:[^"\\]|\\.)*",?)*\})? (\S+)')
seen, typed = set(), set()
for line in open("ca.prom"):
    if line.startswith("# TYPE"):
        typed.add(line.split()[2])
    elif not line.startswith("#"):
        name, labels, value = sample.fullmatch(line.strip()).groups()
        float(value)
        assert name in typed and (name, labels) not in seen, line
        seen.add((name, labels))
assert 'minica_leaves{status="valid"} 1\n' in open("ca.prom").read()

raw = open("ca.ics", "rb").read()
assert raw.count(b"\n") == raw.count(b"\r\n")
assert all(len(l) <= 75 for l in raw.split(b"\r\n"))
lines = raw.decode("ascii").replace("\r\n ", "").split("\r\n")
stack = []
for line in filter(None, lines):
    key, value = line.split(":", 1)
    if key == "BEGIN":
        stack.append(value)
    elif key == "END":
        assert stack.pop() == value
assert not stack
uids = [l for l in lines if l.startswith("UID:")]
assert len(uids) == len(set(uids)) == 4, uids
assert "DTSTART;VALUE=DATE:20300401" in lines
PYTHON
else
	skip 'no python3'
fi

begin 'status --format html: a page that holds all and needs nothing else'
quietly minica --now 2030-01-01 init-root --name '<script>document.title="hacked"</script>'
quietly minica --now 2030-01-01 init-intermediate
quietly minica --now 2030-01-01 issue www.example.org
quietly minica --now 2030-01-01 issue "$(printf 'a%.0s' $(seq 60)).$(printf 'b%.0s' $(seq 60)).example.org"
expect 1 status 2030-03-10 --format html --out page.html
grep -q '<script' page.html && wrong 'not escaped'
grep -qE '(src|href)=|url\(|@import|https?://' page.html && wrong 'needs something else'
grep -q '<title>minica status: due</title>' page.html || wrong 'no title'
grep -qF '&lt;script' page.html || wrong 'the name is not there'
[ "$(grep -c '<li class="[a-z]*"><div class="what">' page.html)" = 4 ] ||
    wrong 'not a bar for each'
