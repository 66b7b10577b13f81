# shellcheck shell=sh disable=SC2016,SC2154
# rollover: a root replaced in stages; tests/interop/rollover.sh asks clients.

begin 'rollover: stages come in their order, and each only once'
authority
expect 0 minica rollover status
stdout_has 'rollover: none'
for stage in cross switch finish; do
	expect 1 minica rollover $stage
	stderr_has 'minica rollover start'
done
expect 0 minica rollover start --out new.pem
stdout_has 'rollover: started'
stdout_has 'root-2'
stderr_has 'next: minica rollover cross'
stderr_has 'warning: '
stderr_has 'home/keys/root-2-'
stderr_has '.key is not encrypted; its file mode alone protects it'
count new.pem 1
expect 2 minica rollover start
expect 1 minica rollover switch
stderr_has 'first `minica rollover cross`'
expect 0 minica rollover cross --out cross.pem
count cross.pem 2
expect 2 minica rollover cross
expect 1 minica rollover finish
stderr_has 'first `minica rollover switch`'
expect 0 minica rollover switch
expect 2 minica rollover switch
expect 0 minica rollover status --json
json_has stage switched
json_has old.label root
json_has new.label root-2
json_has dependents '[]'
expect 0 minica rollover finish
expect 0 minica rollover status
stdout_has 'rollover: finished'
expect 1 minica rollover finish
expect 0 minica doctor
expect 0 minica audit list
for stage in start cross switch finish; do stdout_has "rollover-$stage"; done
expect 0 minica rollover start
stdout_has 'root-3'

begin 'rollover: the root that may sign is the old one, then the new one'
authority
quietly minica rollover start
expect 1 minica issue a.example.org --issuer root-2
stderr_has 'not in use before'
expect 0 minica issue a.example.org
expect 0 minica list --issuer root
stdout_has a.example.org
quietly minica rollover cross
quietly minica rollover switch
expect 1 minica issue b.example.org --issuer root
stderr_has 'a rollover put "root-2" in its place'
expect 0 minica issue b.example.org
expect 0 minica list --issuer root-2
stdout_has b.example.org

begin 'rollover finish: too early while the old root alone vouches for anything'
authority
quietly minica issue a.example.org
quietly minica rollover start
quietly minica rollover cross
quietly minica rollover switch
expect 0 minica rollover status
stdout_has 'depends on the old root'
stdout_has a.example.org
expect 1 minica rollover finish
stderr_has 'too early: 1 certificates'
expect 0 minica trust list
stdout_has init-root
expect 0 minica rollover finish --now 2031-01-01

begin 'rollover finish: too early while a file carries the chain of the old root'
echo swordfish >pass
at() {
	day=2030-01-$1
	shift
	minica --now "$day" "$@"
}
store() {
	at "$1" export a.example.org --format pkcs12 --key a.example.org.key \
	    --out a.p12 --out-pass-file pass
}
quietly at 01 init-root --out root.pem
quietly at 01 init-intermediate --out int.pem
quietly at 01 issue old.example.org --days 1 --fullchain
quietly at 01 issue a.example.org --fullchain
quietly at 01 issue b.example.org
quietly at 01 issue c.example.org --fullchain
quietly store 01
quietly at 03 rollover start
expect 0 at 04 rollover status
stdout_lacks chain
quietly at 04 rollover cross
expect 0 at 05 rollover status
stdout_has "carries the old chain: $PWD/a.example.org.pem"
stdout_has "$PWD/a.p12  was written before the roots were crossed"
quietly at 06 rollover switch
expect 0 at 07 rollover status
stdout_has "carries the old chain: $PWD/a.example.org.pem"
stdout_has "carries the old chain: $PWD/c.example.org.pem"
for file in b.example.org int.pem root.pem old.example.org; do
	stdout_lacks "$file"
done
expect 1 at 07 rollover finish
stderr_has "too early: 3 files on this machine, such as $PWD/a.example.org.pem"
quietly at 07 export a.example.org --format fullchain --out a.example.org.pem
quietly at 07 revoke c.example.org
expect 0 at 07 rollover status --json
json_has files.0.path "$PWD/a.p12"
json_has files.0.state due
quietly store 07
expect 0 at 07 rollover status --json
json_has files '[]'
rm a.example.org.pem
mkdir a.example.org.pem
expect 0 at 07 rollover status --json
json_has files.0.state unknown
expect 8 at 07 rollover finish
stderr_has 'could not be told'
rmdir a.example.org.pem
expect 0 at 07 rollover finish
expect 0 at 07 rollover status --json
json_has files '[]'

begin 'rollover: an intermediate keeps name and key, and its leaves stay good'
authority
quietly minica init-intermediate --out int.pem
quietly minica issue a.example.org
quietly minica rollover start --out new.pem
quietly minica rollover cross
expect 0 minica rollover status
stdout_has 'a CA, and what it issued'
quietly minica rollover switch
expect 0 minica show intermediate --pem
keep moved.pem
quietly openssl x509 -in int.pem -noout -pubkey -subject -ext subjectKeyIdentifier
keep before
quietly openssl x509 -in moved.pem -noout -pubkey -subject -ext subjectKeyIdentifier
cmp -s "$out" before || wrong 'the intermediate is another one'
expect 0 openssl verify -x509_strict -CAfile new.pem -untrusted moved.pem \
    a.example.org.pem
expect 0 minica rollover finish
expect 0 minica verify a.example.org.pem --host a.example.org
expect 0 minica doctor

begin 'rollover: a key that cannot be opened changes nothing'
echo 'correct horse' >secret
quietly minica init-root --pass-file secret
expect 0 minica rollover start --pass-file secret
stderr_lacks 'not encrypted'
expect 6 minica rollover cross
expect 0 minica rollover status
stdout_has 'rollover: started'
expect 0 minica rollover cross --pass-file secret
expect 0 minica audit verify

begin 'rollover: what cannot be is said'
authority
quietly minica init-root --id other
expect 2 minica rollover start
stderr_has --root
expect 3 minica rollover start --root nosuch
expect 2 minica rollover start --root root --id other
expect 1 minica rollover start --root root --same-key --days 10
stderr_has 'no later than the old one'
expect 2 minica rollover start --root root --same-key --name x
expect 0 minica rollover status
stdout_has 'rollover: none'
expect 0 minica doctor

begin 'rollover cross: a root that may have no CA below it cannot be crossed'
quietly openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout old.key -out old.pem -days 3650 -subj '/CN=Old Root' \
    -addext 'keyUsage=critical,keyCertSign,cRLSign' \
    -addext 'basicConstraints=critical,CA:TRUE,pathlen:0'
quietly minica init-root --import old.pem old.key
quietly minica rollover start
expect 1 minica rollover cross
stderr_has pathLenConstraint
expect 0 minica list
stdout_lacks cross
expect 0 minica doctor
