# shellcheck shell=sh
# verify: yes, no, and could not tell.

# A certificate for www.example.org, 192.0.2.1 and ops@example.org.
setup() {
	authority
	quietly minica issue www.example.org 192.0.2.1 --out web.pem
}

begin 'verify: yes for its host, in one line'
setup
expect 0 minica verify web.pem --host www.example.org
stdout_has 'web.pem: OK: www.example.org, issued by CN='
stdout_has 'valid until'
stderr_is_empty
expect 0 minica verify web.pem --ip 192.0.2.1
expect 0 minica verify web.pem

begin 'verify: no for another host, with rule and source'
setup
expect 1 minica verify web.pem --host other.example.org
stdout_has 'web.pem: no: dNSName: '
stdout_has 'RFC 9525'
stdout_has '[MC-V-HOST]'
expect 1 minica verify web.pem --ip 192.0.2.2
expect 1 minica verify web.pem --email ops@example.org
expect 1 minica verify web.pem --host other.example.org --json
json_has results.0.answer no
json_has results.0.findings.0.rule MC-V-HOST
json_has results.0.findings.0.source

begin 'verify: a host that nobody could connect to is asked wrongly'
setup
expect 2 minica verify web.pem --host '*.com'
expect 2 minica verify web.pem --host 'exa mple'
expect 2 minica verify web.pem --host 192.0.2.1
stderr_has --ip
expect 2 minica verify web.pem --ip www.example.org
expect 2 minica verify web.pem --host www.example.org --ip 192.0.2.1
expect 2 minica verify web.pem --host ''
for form in --host --ip; do
	expect 2 minica verify web.pem $form '[::1]'
	stderr_has '"[::1]" holds a bracket, which addresses have in URLs alone'
done

begin 'verify: standard input is one file, and is asked for once'
setup
cat web.pem root.pem >chain.pem
expect 0 sh -c 'minica verify - --host www.example.org <chain.pem'
expect 2 sh -c 'minica verify - --roots - <chain.pem'
stderr_has 'standard input can be read once, and is named 2 times'
expect 2 sh -c 'minica verify web.pem --roots - --crl - <chain.pem'
expect 0 sh -c 'minica verify web.pem --roots - <root.pem'

begin 'verify: without anchors it could not tell, which is never yes'
setup
expect 8 minica --home elsewhere verify web.pem
stderr_has --roots
expect 8 minica --home elsewhere verify web.pem --json
json_has error.code EUNDECIDED
quietly minica trust list --json
quietly minica trust remove "$(value sha256)"
expect 8 minica verify web.pem
stderr_has 'trusts nobody'

begin 'verify: --roots are trusted instead of the store'
setup
quietly minica --home other init-root --out other.pem
expect 0 minica --home elsewhere verify web.pem --roots root.pem
expect 1 minica verify web.pem --roots other.pem
expect 0 minica verify web.pem --roots other.pem --roots root.pem
mkdir roots
cp root.pem other.pem roots
expect 0 minica verify web.pem --roots roots
gone elsewhere

begin 'verify: roots that cannot be read never pass as none'
setup
echo junk >junk.pem
: >empty.pem
expect 3 minica verify web.pem --roots junk.pem
stderr_has --roots
expect 3 minica verify web.pem --roots empty.pem
expect 3 minica verify web.pem --roots missing.pem
cat root.pem junk.pem >both.pem
mkdir roots
cp root.pem junk.pem roots
expect 3 minica verify web.pem --roots roots

begin "verify: the store's intermediates help, and those of --intermediates"
authority
quietly minica init-intermediate --issuer root --out int.pem
quietly minica issue www.example.org --out web.pem
expect 0 minica verify web.pem
expect 1 minica verify web.pem --roots root.pem
expect 0 minica verify web.pem --roots root.pem --intermediates int.pem
cat web.pem int.pem >chain.pem
expect 0 minica verify chain.pem --roots root.pem --explain
stdout_has 'trust anchor'
stdout_has '`- CN=minica intermediate'
expect 1 minica verify chain.pem --roots root.pem --max-depth 0
expect 3 minica verify web.pem --intermediates missing.pem

begin 'verify: time decides, at --at or --now'
quietly minica --now 2030-01-01T00:00:00Z init-root --out root.pem
quietly minica --now 2030-01-01T00:00:00Z issue www.example.org --out web.pem
expect 0 minica verify web.pem --at 2030-02-01T00:00:00Z
expect 1 minica verify web.pem --at 2031-01-01T00:00:00Z
stdout_has notAfter
expect 1 minica verify web.pem --at 2029-01-01
expect 0 minica verify web.pem --now 2030-02-01T00:00:00Z
expect 2 minica verify web.pem --at tomorrow

begin 'verify: a file that is no certificate is not a no'
setup
: >empty.pem
head -c 400 /dev/urandom >binary.pem
head -n 4 web.pem >cut.pem
openssl x509 -in web.pem -outform DER -out der.pem
{
	cat der.pem
	echo trailing
} >garbage.pem
for file in empty.pem binary.pem cut.pem garbage.pem missing.pem home \
    www.example.org.key; do
	expect 3 minica verify $file
	stderr_has "minica verify: $file: "
	stdout_is_empty
done
expect 0 minica verify der.pem

begin 'verify: the worst of many certificates is the exit status'
setup
quietly minica issue other.example.org
expect 1 minica verify web.pem other.example.org.pem --host www.example.org
stdout_has 'web.pem: OK'
stdout_has 'other.example.org.pem: no'
expect 3 minica verify web.pem missing.pem
expect 3 minica verify web.pem missing.pem --json
json_has results.0.answer yes
json_has results.1.error.code ENOTFOUND

begin 'verify: a certificate changed by one bit is not believed'
setup
openssl x509 -in web.pem -outform DER -out bad.der
flip bad.der 8
expect 1 minica verify bad.der

begin 'verify: certificate policies are read from OIDs'
setup
expect 1 minica verify web.pem --require-explicit-policy --policy-oid 1.2.3.4
expect 0 minica verify web.pem --policy-oid 1.2.3.4
expect 2 minica verify web.pem --policy-oid one.two
expect 0 minica verify web.pem --inhibit-any-policy --inhibit-policy-mapping

begin 'verify: PKCS #7 in either form is a file like others'
setup
quietly openssl crl2pkcs7 -nocrl -certfile web.pem -out web.p7
quietly openssl crl2pkcs7 -nocrl -certfile web.pem -outform DER -out web.der
expect 0 minica verify web.p7 web.der
stdout_has 'web.p7: OK'
stdout_has 'web.der: OK'
stderr_is_empty

begin 'verify: --as tells what each client would say, and by which rule'
authority
long_lived
expect 1 minica verify long.pem --host www.example.org --as apple,go
stdout_has 'long.pem, as apple: no: validity: lasts 900d'
stdout_has '[MC-V-LIFE-825]'
stdout_has 'long.pem, as go: OK: www.example.org'
expect 0 minica verify long.pem --host www.example.org --as go,java
expect 1 minica verify long.pem --host other.example.org --as go
stdout_has '[MC-V-HOST]'
expect 1 minica verify long.pem --host www.example.org --as all --json
json_has results.0.clients.0.client apple
json_has results.0.clients.0.answer no
json_has results.0.clients.0.findings.0.clients.0 apple
json_has results.0.clients.3.client go
json_has results.0.clients.3.answer yes
expect 0 minica verify long.pem --host www.example.org
stdout_has 'refused by apple, webpki'
expect 2 minica verify long.pem --as go,gopher
expect 2 minica verify long.pem --as go --rules webpki
expect 2 minica verify long.pem --as go --purpose client

begin 'verify: all clients take what we issue'
authority
quietly minica init-intermediate --issuer root
quietly minica issue www.example.org --fullchain --out web.pem
expect 0 minica verify web.pem --roots root.pem --host www.example.org --as all

# A root that was made anew in March, and a chain of either.
renewed() {
	for month in 01 03; do
		quietly minica --home $month --now 2026-$month-01T00:00:00Z \
		    init-root --name 'Example Root' --out root-$month.pem
		quietly minica --home $month --now 2026-$month-02T00:00:00Z \
		    issue www.example.org --out web-$month.pem --days 300 --force
	done
}

begin 'verify: a root that was made anew is recognised, and what to do told'
renewed
expect 1 minica verify web-01.pem --roots root-03.pem --at 2026-04-01
stdout_has 'was made anew on 2026-02-28T23:55:00Z'
stdout_has 'issued again'
expect 1 minica verify web-03.pem --roots root-01.pem --at 2026-04-01
stdout_has 'made anew since'
stdout_has 'minica trust add'

begin 'verify: --explain draws the path, the anchors tried, and every finding'
renewed
quietly minica --home other init-root --name 'Other Root' --out other.pem
expect 1 minica verify web-01.pem --roots root-03.pem --roots other.pem \
    --at 2026-04-01 --host other.example.org --explain
stdout_has 'trust anchors: 2'
stdout_has 'has the name, but its key is'
stdout_has 'CN=Other Root'
stdout_has 'another name'
stdout_has 'no path leads to any'
stdout_has 'MC-V-HOST'
stdout_has 'found: www.example.org'
stdout_has 'wanted: other.example.org'
stdout_has 'next: '
expect 1 minica verify web-01.pem --roots root-03.pem --at 2026-04-01 --json
json_has results.0.anchors 1
json_has results.0.tried.0.rule MC-V-SIGNATURE
json_has results.0.tried.0.why
json_has results.0.findings.0.found
json_has results.0.findings.0.wanted
json_has results.0.findings.0.hint
expect 1 minica verify web-01.pem --roots root-01.pem --at 2027-04-01 --explain
stdout_has 'the path ends here'
stdout_has '`- CN=www.example.org'
stdout_has '     found: 2026-'

begin 'verify: a line for a yes, and one for each failure of a no'
renewed
expect 0 minica verify web-01.pem --roots root-01.pem --at 2026-04-01
keep answer
[ "$(wc -l <answer)" -eq 1 ] || wrong 'a yes of many lines'
expect 1 minica verify web-01.pem --roots root-01.pem --at 2027-04-01 \
    --host other.example.org
keep answer
[ "$(wc -l <answer)" -eq 2 ] || wrong 'not two lines for two failures'
stdout_has MC-V-EXPIRED
stdout_has MC-V-HOST
