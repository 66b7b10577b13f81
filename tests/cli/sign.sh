# shellcheck shell=sh
# sign: requests examined, signed, recorded, delivered.

begin 'sign: works in the words of the README'
authority
request csr example.com www.example.com
mv csr.csr csr.pem
expect 0 minica sign csr.pem
stdout_has 'BEGIN CERTIFICATE'
keep cert.pem
expect 0 minica verify cert.pem --host example.com
expect 0 openssl verify -x509_strict -purpose sslserver -CAfile root.pem \
    -verify_hostname example.com cert.pem
expect 0 minica list --json --name example.com
json_has certificates.0.policy server

begin 'sign: --out writes the file, and again what minica wrote'
authority
request web web.example.org
expect 0 minica sign web.csr --out web.pem
stdout_is_empty
stderr_has 'web.csr: signed: serial'
file_is_mode web.pem 644
expect 0 minica sign web.csr --out web.pem
expect 0 minica sign web.csr --out ./web.pem
echo mine >>web.pem
expect 2 minica sign web.csr --out web.pem
stderr_has --force
grep -q mine web.pem || wrong 'the file was replaced'
expect 0 minica sign web.csr --out web.pem --force

begin 'sign: an output that cannot be stops it before anything is signed'
authority
request web web.example.org
mkdir directory
ln -s nowhere link
expect 2 minica sign web.csr --out directory
stderr_has directory
expect 2 minica sign web.csr --out link
stderr_has link
expect 2 minica sign web.csr --out link --force
expect 3 minica sign web.csr --out no/such/web.pem
expect 2 minica sign web.csr --out /dev/null --force
expect 0 minica list --json --name web.example.org
json_has certificates '[]'
gone nowhere

begin 'sign: a full standard output is told with the way to the certificate'
if [ ! -w /dev/full ]; then
	skip 'there is no /dev/full'
else
	authority
	request web web.example.org
	expect 7 sh -c 'minica sign web.csr >/dev/full'
	stderr_has 'is recorded'
	stderr_has 'minica show'
	expect 0 minica show web.example.org --pem
	stdout_has 'BEGIN CERTIFICATE'
	expect 7 sh -c 'minica sign web.csr --json >/dev/full'
	stderr_has 'minica show'
fi

begin 'sign: of a request that was told nothing stays in memory'
# Sanitizers keep what was freed, unless they are told not to.
held() {
	{
		ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=1 \
		    within minica sign "$@" 3>held >/dev/null 2>&1
	}
	read -r status _ kilobytes <held
	[ "$status" = 3 ] || wrong "exit status $status, not 3: sign $*"
}
authority
yes missing.csr | head -n 1000 >few
yes missing.csr | head -n 15000 >many
for how in --quiet --json; do
	held "$how" --from few
	before=$kilobytes
	held "$how" --from many
	[ $((kilobytes - before)) -lt 7000 ] ||
	    wrong "$how: 14000 more requests hold $((kilobytes - before)) KB"
done

begin 'sign: an output that takes no more ends it with the group'
if [ ! -w /dev/full ]; then
	skip 'there is no /dev/full'
else
	authority
	request web web.example.org
	yes web.csr | head -n 501 >list
	expect 7 sh -c 'minica sign --from list >/dev/full'
	stderr_has 'No space left on device'
	stderr_has 'minica show'
	found=$(minica list --json --name web.example.org |
	    grep -c '"serial":')
	[ "$found" = 500 ] || wrong "$found certificates are recorded, not 500"
fi

begin 'sign: what helps with one certificate is not told of another request'
authority
request web web.example.org
yes web.csr | head -n 500 >list
echo missing.csr >>list
expect 3 minica sign --from list
stderr_has 'missing.csr'
stderr_lacks 'minica show'

begin 'sign: --json is one document with certificate, review and record'
authority
request web web.example.org
expect 0 minica sign web.csr --json
json_has results.0.file web.csr
json_has results.0.certificate
json_has results.0.review.accepted true
json_has results.0.info.names.0.name web.example.org
stderr_is_empty
expect 0 minica sign web.csr --json --out web.pem
json_has results.0.out "$PWD/web.pem"
json_has results.0.certificate
count web.pem 1

begin 'sign: what is no request is said, file by file'
authority
: >empty.csr
head -c 300 /dev/urandom >binary.csr
request web web.example.org
head -n 3 web.csr >cut.csr
openssl req -in web.csr -outform DER -out der.csr
{
	cat der.csr
	echo trailing
} >garbage.csr
cat web.csr web.csr >two.csr
mkdir folder.csr
expect 3 minica sign empty.csr binary.csr cut.csr garbage.csr two.csr \
    folder.csr missing.csr root.pem web.csr.key
for file in empty.csr binary.csr cut.csr garbage.csr two.csr folder.csr \
    missing.csr root.pem web.csr.key; do
	stderr_has "minica sign: $file: "
done
stdout_is_empty
expect 0 minica sign der.csr

begin 'sign: a request of 100 MB is refused by its limit'
authority
dd if=/dev/zero of=huge.csr bs=1 count=1 seek=104857599 2>/dev/null
expect 3 minica sign huge.csr
stderr_has 65536
expect 3 minica inspect huge.csr
expect 3 minica verify huge.csr

begin 'sign: a request that cannot be read is said'
if ! can_be_unprivileged; then
	skip 'there is no user without privileges to try it as'
else
	authority
	request web web.example.org
	chmod 600 web.csr
	[ "$(id -u)" = 0 ] || chmod 0 web.csr
	chmod -R a+rwX home
	expect 3 unprivileged minica sign web.csr
	stderr_has web.csr
fi

begin "sign: a request must be signed by its own key"
authority
request web web.example.org
openssl req -in web.csr -outform DER -out web.der
flip web.der 4
expect 3 minica sign web.der
stderr_has 'own key'

begin 'sign: a request without names is refused'
authority
quietly openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout a.key -out a.csr -subj /
expect 1 minica sign a.csr --out a.pem
stderr_has 'minica sign: a.csr: no: '
gone a.pem

begin 'sign: a request that wants to be a CA gets no CA certificate'
authority
quietly openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout ca.key -out ca.csr -subj /CN=ca.example.org \
    -addext subjectAltName=DNS:ca.example.org \
    -addext basicConstraints=critical,CA:TRUE
expect 1 minica sign ca.csr --out ca.pem
stderr_has basicConstraints
gone ca.pem

begin 'sign: names that the policy forbids are all told of'
authority
cat >narrow.yaml <<'END'
policy: narrow
extends: server
allow:
  dns: [example.org, .example.org]
  ip: []
END
quietly minica csr one.example.com two.example.com 192.0.2.1 --out bad.csr
expect 1 minica sign --policy ./narrow.yaml bad.csr
stderr_has one.example.com
stderr_has two.example.com
stderr_has 192.0.2.1
stderr_has narrow
request good www.example.org
expect 0 minica sign --policy ./narrow.yaml good.csr

begin 'sign: one refusal does not stop the others'
authority
request a a.example.org
request b b.example.org
quietly openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout none.key -out none.csr -subj /
mkdir certs
expect 1 minica sign a.csr none.csr b.csr --out-dir certs
count certs/a.pem 1
count certs/b.pem 1
gone certs/none.pem
expect 3 minica sign a.csr none.csr missing.csr b.csr --out-dir certs --json
json_has results.0.certificate
json_has results.1.review.accepted false
json_has results.2.error.code ENOTFOUND
json_has results.3.certificate

begin 'sign: many certificates go to standard output in their order'
authority
request a a.example.org
request b b.example.org
expect 0 minica sign a.csr b.csr
keep both.pem
count both.pem 2
expect 0 minica inspect both.pem --json
json_has files.0.objects.0.names.0.name a.example.org
json_has files.0.objects.1.names.0.name b.example.org

begin 'sign: --from reads a list of lines or of NULs, also from a pipe'
authority
request a a.example.org
request 'b c' b.example.org
mkdir certs
printf 'a.csr\n\nb c.csr\n' >list
expect 0 minica sign --from list --out-dir certs
count certs/a.pem 1
count 'certs/b c.pem' 1
rm certs/*
printf 'a.csr\r\n\r\nb c.csr\r\n' >list
expect 0 minica sign --from list --out-dir certs
count certs/a.pem 1
count 'certs/b c.pem' 1
rm certs/*
expect 0 sh -c 'printf "a.csr\0b c.csr\0" |
    minica sign --from - --out-dir certs'
count 'certs/b c.pem' 1
: >empty
expect 3 minica sign --from empty
expect 3 minica sign --from missing

begin 'sign: two requests for one file are refused before anything'
authority
mkdir certs other
request a a.example.org
cp a.csr other/a.csr
expect 2 minica sign a.csr other/a.csr --out-dir certs
stderr_has other/a.csr
gone certs/a.pem
expect 2 minica sign a.csr a.csr --out both.pem
stderr_has --out-dir
expect 2 minica sign a.csr --out a.pem --out-dir certs

begin 'sign: a request comes through a pipe too'
authority
request web web.example.org
expect 0 sh -c 'minica sign - --out web.pem <web.csr'
count web.pem 1

begin 'sign: standard input is read once, whatever names it'
authority
request web web.example.org
for words in '- -' '--from - -' '- --pass-file -' 'web.csr - -'; do
	# shellcheck disable=SC2086 # words
	expect 2 minica sign $words --out-dir . <web.csr
	stderr_has 'standard input can be read once, and is named 2 times'
done
expect 2 minica lint - - <root.pem
expect 0 minica list --name web.example.org
stdout_lacks web.example.org

begin 'sign: --dry-run shows everything and does nothing'
authority
request web web.example.org
before=$(cksum <home/minica.db)
expect 0 minica sign --dry-run web.csr --out web.pem
stdout_has 'web.csr: accepted by policy server'
stdout_has 'certificate, version 3'
gone web.pem
[ "$before" = "$(cksum <home/minica.db)" ] || wrong 'the store was changed'
expect 0 minica list --json --name web.example.org
json_has certificates '[]'

begin 'sign: --days is days or a duration, and never past the policy'
authority
request web web.example.org
expect 0 minica sign web.csr --days 10 --json --now 2030-01-01T00:00:00Z
json_has results.0.info.not_after 2030-01-11T00:00:00Z
expect 0 minica sign web.csr --days 36h --json --now 2030-01-01T00:00:00Z
json_has results.0.info.not_after 2030-01-02T12:00:00Z
expect 1 minica sign web.csr --days 4000
stderr_has 397

begin 'sign: the life is cut to that of the issuer, and it is said'
quietly minica --now 2030-01-01T00:00:00Z init-root --days 60
request web web.example.org
expect 0 minica --now 2030-01-01T00:00:00Z sign web.csr --out web.pem
stderr_has '2030-03-02'
expect 0 minica inspect web.pem --json
json_has files.0.objects.0.not_after 2030-03-02T00:00:00Z

begin 'sign: an unknown policy or authority is answered with the nearest'
authority
request web web.example.org
expect 3 minica sign --policy sever web.csr
stderr_has '"server"'
expect 3 minica sign --issuer rot web.csr
stderr_has rot
expect 3 minica sign --policy ./missing.yaml web.csr
stderr_has missing.yaml

begin 'sign: a policy with an unknown key is refused with its line'
authority
request web web.example.org
printf 'policy: odd\nextends: server\nalow:\n  dns: []\n' >odd.yaml
expect 3 minica sign --policy ./odd.yaml web.csr
stderr_has 'odd.yaml:3'
stderr_has 'allow'
