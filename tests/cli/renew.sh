# shellcheck shell=sh disable=SC2154
# renew: certificates in place of those that end.

begin 'renew: same names, policy, labels, life and key, where the old one was'
quietly minica --now 2030-01-01 init-root --out root.pem
quietly minica --now 2030-01-01 issue www.example.org example.org --days 30 --label team=web
cp www.example.org.pem old.pem
expect 0 minica --now 2030-01-20 renew www.example.org
stderr_has www.example.org.pem
expect 0 openssl x509 -in old.pem -noout -pubkey
keep old.pub
expect 0 openssl x509 -in www.example.org.pem -noout -pubkey
keep new.pub
cmp -s old.pub new.pub || wrong 'another key'
expect 0 openssl x509 -in www.example.org.pem -noout -enddate
stdout_has 'Feb 19 00:00:00 2030'
expect 0 minica --now 2030-01-21 list --json --label team=web --policy server
json_has certificates.1.names.1.name example.org
json_has certificates.0.status valid
json_has certificates.1.status valid
cmp -s old.pem www.example.org.pem && wrong 'the file is the old one'
expect 0 minica audit list --action renew --json
json_has entries.0.action renew

begin 'renew: a name goes on to mean the newest'
quietly minica --now 2030-01-01 init-root
quietly minica --now 2030-01-01 issue www.example.org
expect 0 minica --now 2030-02-01 renew www.example.org
expect 0 minica --now 2030-03-01 renew www.example.org
expect 0 minica --now 2030-03-01 list --name www.example.org --json
json_has certificates.2.serial
quietly minica --now 2030-03-01 show www.example.org.pem --json
newest=$(value serial)
quietly minica --now 2030-03-01 revoke "$newest"
expect 3 minica --now 2030-03-01 renew www.example.org
stderr_has 'revoked, or was renewed'
expect 3 minica --now 2030-03-01 renew "$newest"

begin 'renew: a chain stays a chain, in every file that has it'
quietly minica --now 2030-01-01 init-root --out root.pem
quietly minica --now 2030-01-01 init-intermediate
request web web.example.org
quietly minica --now 2030-01-01 sign web.csr --fullchain --out web.pem
expect 0 minica --now 2030-03-20 renew --due --json
json_has results.0.renews
json_has results.0.out
count web.pem 2
expect 0 openssl verify -attime 1900400000 -CAfile root.pem -untrusted web.pem web.pem

begin 'renew: what is due, by part and by time'
quietly minica --now 2030-01-01 init-root
quietly minica --now 2030-01-01 issue a.example.org --days 90
quietly minica --now 2030-01-01 issue b.example.org --days 60
expect 0 minica --now 2030-02-01 renew --due --check
expect 0 minica --now 2030-02-01 renew --due
stderr_has 'nothing is due'
expect 1 minica --now 2030-02-01 renew --due --check --before 30d
stdout_has b.example.org
stdout_lacks a.example.org
expect 1 minica --now 2030-02-15 renew --due --check
stdout_has b.example.org
stdout_lacks a.example.org
expect 1 minica --now 2030-02-15 renew b.example.org --check
expect 0 minica --now 2030-02-15 renew a.example.org --check
expect 0 minica --now 2030-02-15 renew a.example.org --before 10%
stderr_has 'not due'
expect 0 minica --now 2030-02-15 renew --due --before 90%
expect 0 minica --now 2030-02-15 renew --due --check
expect 0 minica --now 2030-02-15 renew --due --check --json
json_has due '[]'
expect 0 minica --now 2030-02-15 renew --due --json
json_has results '[]'
expect 1 minica --now 2031-02-15 renew --due --check --json
json_has due.1.name
for bad in 0% 101% 5 soon ''; do
	expect 2 minica renew --due --before "$bad"
done

begin 'renew: with a new key, which is in its file first'
authority
quietly minica issue www.example.org
cp www.example.org.key old.key
expect 2 minica renew www.example.org --rekey
stderr_has 'go together'
expect 2 minica renew www.example.org --rekey --key-out www.example.org.key
expect 2 minica renew --due --rekey --key-out new.key
expect 0 minica renew www.example.org --rekey --key-out www.example.org.key --force
cmp -s old.key www.example.org.key && wrong 'the same key'
file_is_mode www.example.org.key 600
expect 0 openssl pkey -in www.example.org.key -pubout
keep key.pub
expect 0 openssl x509 -in www.example.org.pem -noout -pubkey
keep cert.pub
cmp -s key.pub cert.pub || wrong 'the certificate has another key'
expect 0 minica renew www.example.org --rekey --key ed25519 --key-out ed.key --out ed.pem
expect 0 openssl x509 -in ed.pem -noout -text
stdout_has ED25519

begin 'renew: what was killed between new key and certificate is taken up again'
authority
quietly minica issue www.example.org
quietly minica keygen --out new.key
cp new.key before.key
expect 0 minica renew www.example.org --rekey --key-out new.key --out new.pem
stderr_has 'new.key: a key without a certificate'
cmp -s new.key before.key || wrong 'the key was replaced'
openssl x509 -in new.pem -noout -pubkey >a
openssl pkey -in new.key -pubout >b
cmp -s a b || wrong 'the certificate is for another key'
rm new.pem
expect 2 minica renew www.example.org --rekey --key-out new.key --out new.pem
stderr_has 'minica export '
expect 2 minica renew www.example.org --rekey --key-out www.example.org.key \
    --out new.pem
gone new.pem

begin 'renew: a passphrase that fails leaves no new key behind'
echo word >secret
quietly minica init-root --pass-file secret --out root.pem
quietly minica issue www.example.org --pass-file secret
expect 6 minica renew www.example.org --rekey --key-out new.key
gone new.key
expect 0 minica renew www.example.org --rekey --key-out new.key --pass-file secret

begin 'renew: the policy of today decides'
authority
mkdir -p home/policies
printf 'policy: web\nextends: server\nallow:\n  dns: [.example.org]\n' >home/policies/web.yaml
quietly minica issue www.example.org -p web
printf 'policy: web\nextends: server\nallow:\n  dns: [.example.net]\n' >home/policies/web.yaml
cp www.example.org.pem before.pem
expect 1 minica renew www.example.org
stderr_has 'www.example.org'
cmp -s before.pem www.example.org.pem || wrong 'the file was touched'
expect 1 minica renew www.example.org --rekey --key-out new.key
gone new.key
rm home/policies/web.yaml
expect 3 minica renew www.example.org
stderr_has "serial $(openssl x509 -in www.example.org.pem -noout -serial |
    cut -d= -f2 | tr A-F a-f), which a policy"
stderr_has 'put its file into HOME/policies, or give it with --policy: no policy "web"'
expect 0 minica renew www.example.org --policy server

begin 'renew: a file that holds something else is not touched'
authority
quietly minica issue www.example.org
echo mine >www.example.org.pem
expect 2 minica renew --due --before 100%
stderr_has '--out-dir'
mkdir out
expect 0 minica renew --due --before 100% --out-dir out
expect 0 openssl x509 -in out/www.example.org.pem -noout
grep -q mine www.example.org.pem || wrong 'replaced'

begin 'renew: what is recorded but not written is finished'
quietly minica --now 2030-01-01 init-root
quietly minica --now 2030-01-01 issue www.example.org
cp www.example.org.pem old.pem
quietly minica --now 2030-03-20 renew www.example.org
cp www.example.org.pem new.pem
cp old.pem www.example.org.pem
expect 1 minica --now 2030-03-21 renew --due --check
stdout_has 'still holds the old one'
expect 1 minica --now 2030-03-21 renew --due --check --json
json_has due.0.name www.example.org
json_has due.0.file "$(pwd -P)/www.example.org.pem"
expect 0 minica --now 2030-03-21 renew --due --exec -- touch ran
stderr_has 'still held'
cmp -s new.pem www.example.org.pem || wrong 'not the recorded one'
[ -e ran ] || wrong 'the command did not run'

begin 'renew --exec: only after a change, without a shell'
quietly minica --now 2030-01-01 init-root
quietly minica --now 2030-01-01 issue www.example.org
expect 0 minica --now 2030-01-02 renew --due --exec -- touch ran
gone ran
expect 0 minica --now 2030-03-20 renew --due --exec -- touch 'ran; touch too'
[ -e 'ran; touch too' ] || wrong 'not run, or by a shell'
gone ran too
expect 7 minica --now 2030-03-21 renew www.example.org --exec -- false
stderr_has 'exit status 1'
expect 7 careless minica --now 2030-03-21 renew www.example.org --exec -- false
expect 3 minica --now 2030-03-21 renew www.example.org --exec -- ./nosuch
stderr_has 'cannot be run'
SECRET=x expect 0 minica --now 2030-03-21 renew www.example.org --pass-env SECRET --exec -- sh -c 'env; ls -l /proc/self/fd; cat'
stderr_lacks SECRET
stderr_lacks minica.db
# What a program finds is what every program needs, and nothing else.
AWS_SECRET_KEY=x LC_TIME=C PATHS=x SECRET=x expect 0 minica --now 2030-03-21 \
    renew www.example.org --pass-env SECRET --exec -- env
sed -n 's/^\([A-Z_]*\)=.*/\1/p' "$err" |
    grep -vxE 'PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TZ|TERM|TMPDIR|XDG_RUNTIME_DIR|DBUS_SESSION_BUS_ADDRESS|MINICA_HOME' >others
[ ! -s others ] || wrong "its environment has $(cat others)"
for name in PATH HOME LC_TIME MINICA_HOME; do
	grep -q "^$name=" "$err" || wrong "its environment has no $name"
done
expect 2 minica renew www.example.org --exec
expect 2 minica renew www.example.org touch ran
expect 2 minica renew --due www.example.org

begin 'renew: not a CA, not revoked, not from elsewhere'
authority
quietly minica issue www.example.org
expect 2 minica renew root
stderr_has rollover
quietly minica revoke www.example.org
expect 3 minica renew www.example.org
expect 3 minica renew nosuch.example.org
expect 2 minica renew

begin 'renew: what was signed again by hand is not due'
quietly minica --now 2030-01-01 init-root
request web web.example.org
quietly minica --now 2030-01-01 sign web.csr --out web.pem
quietly minica --now 2030-03-20 sign web.csr --out web.pem
expect 0 minica --now 2030-03-25 renew --due --check
request other web.example.org
quietly minica --now 2030-01-01 sign other.csr --out other.pem
expect 1 minica --now 2030-03-25 renew --due --check

begin 'renew --due: what a manifest wants is for apply to renew'
simple
quietly minica apply m.yaml
expect 0 minica renew --due --check --before 100%
quietly minica issue other.example.org
expect 1 minica renew --due --check --before 100%
stdout_has other.example.org
stdout_lacks www.example.org

# Root writes everywhere, unless it gives that up.
mortal() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --bounding-set=-dac_override "$@"
	else
		"$@"
	fi
}

begin 'renew --due: a file that cannot be written keeps no other from being renewed'
if [ "$(id -u)" = 0 ] && ! command -v setpriv >/dev/null; then
	skip 'there is no setpriv'
else
	authority
	mkdir shut open
	quietly minica issue a.example.org --out shut/a.pem
	quietly minica issue b.example.org --days 100 --out open/b.pem
	cp shut/a.pem old.pem
	cp open/b.pem before.pem
	in_65_days=$(date -u -d '+65 days' +%Y-%m-%d)
	quietly minica --now "$in_65_days" renew a.example.org
	cp old.pem shut/a.pem
	chmod 555 shut
	in_80_days=$(date -u -d '+80 days' +%Y-%m-%d)
	expect 7 mortal minica --now "$in_80_days" renew --due
	stderr_has 'shut/a.pem: '
	cmp -s before.pem open/b.pem && wrong 'b.example.org was not renewed'
	chmod 755 shut
	expect 0 mortal minica --now "$in_80_days" renew --due
	cmp -s old.pem shut/a.pem && wrong 'a.example.org still has the old one'
	chmod 755 shut
fi
