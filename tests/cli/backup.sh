# shellcheck shell=sh
# backup and restore: a home in one file, checked, and back.

begin 'backup: the store and its policies, without keys, in one file'
authority
quietly minica issue a.example.org
quietly minica revoke a.example.org
mkdir home/policies
printf 'policy: web\nextends: server\n' >home/policies/web.yaml
expect 0 minica backup --out ca.backup
stdout_has '2 certificates, 1 authorities, 1 revocations, 1 trust anchors, 1 policies, 0 keys'
stderr_has 'keys of 1 authorities are not in it'
file_is_mode ca.backup 600
grep -q 'PRIVATE KEY' ca.backup && wrong 'a key is in it'
expect 2 minica backup --out ca.backup
expect 0 minica backup --out ca.backup --force
expect 2 minica backup
stderr_has --out
expect 2 minica backup --out -
only a.example.org.key a.example.org.pem ca.backup root.pem

begin 'restore: into an empty home everything is as it was'
authority
quietly minica issue a.example.org
mkdir home/policies
printf 'policy: web\nextends: server\n' >home/policies/web.yaml
quietly minica audit head
keep head
quietly minica backup --out ca.backup --with-keys
expect 2 minica --home other restore - <ca.backup
stderr_has 'it comes from a file'
gone other
expect 0 minica --home other restore ca.backup --head "$(cat head)"
file_is_mode other 700
file_is_mode other/minica.db 600
for key in other/keys/*; do
	file_is_mode "$key" 600
	cmp -s "$key" "home/keys/$(basename "$key")" || wrong "$key differs"
done
grep -q 'PRIVATE KEY' other/minica.db && wrong 'a key stayed in the store'
expect 0 minica --home other doctor
expect 0 minica --home other audit verify --head "$(cat head)"
expect 0 minica --home other issue b.example.org --policy web
expect 0 openssl verify -x509_strict -CAfile root.pem b.example.org.pem
expect 0 minica --home other audit list --action restore
stdout_has 'head '

begin 'backup --with-keys: is in the log, and keys are as safe as before'
echo 'correct horse' >secret
quietly minica init-root --pass-file secret
quietly minica init-root --id open
expect 0 minica backup --out ca.backup --with-keys
stderr_has '1 of the keys in ca.backup are not encrypted'
expect 0 minica audit list --action backup
stdout_has 'with keys, begun'
expect 0 minica backup --out safe.backup --with-keys --pass-file secret
stderr_lacks 'not encrypted'
quietly minica --home other restore safe.backup
for key in other/keys/*; do
	grep -q 'BEGIN ENCRYPTED PRIVATE KEY' "$key" || wrong "$key is open"
done
expect 0 minica --home other doctor --pass-file secret
stdout_lacks MC-D-KEY
expect 2 minica backup --out x --pass-file secret
stderr_has --with-keys

begin 'restore: a live store is refused, and saved first with --force'
authority
quietly minica backup --out old.backup --with-keys
quietly minica issue a.example.org
quietly minica list --json
serial=$(value serial)
expect 2 minica restore old.backup
stderr_has --force
quietly minica show "$serial"
expect 0 minica restore old.backup --force
stdout_has 'what was there is in'
stderr_has 'the backup is older'
expect 3 minica show a.example.org
expect 0 minica doctor
saved=$(echo home/before-restore-*.minica-backup)
file_is_mode "$saved" 600
expect 0 minica restore "$saved" --force
expect 0 minica show a.example.org
expect 0 minica doctor

begin 'restore: what is no whole backup, or not the pinned one, changes nothing'
authority
quietly minica backup --out first.backup
quietly minica issue a.example.org
quietly minica audit head
keep head
expect 1 minica --home other restore first.backup --head "$(cat head)"
stderr_has 'it is older'
expect 3 minica --home other restore nosuch
echo 'my shopping list' >list
expect 3 minica --home other restore list
: >empty
expect 3 minica --home other restore empty
head -c 20000 first.backup >short
minica --home other restore short >stdout 2>&1 && wrong 'half a backup was restored'
cp first.backup bad
printf 'XXXXXXXX' | dd of=bad bs=1 seek=12300 conv=notrunc 2>/dev/null
printf 'XXXXXXXX' | dd of=bad bs=1 seek=8192 conv=notrunc 2>/dev/null
minica --home other restore bad >stdout 2>&1 && wrong 'damage was restored'
gone other
if command -v sqlite3 >/dev/null; then
	cp first.backup evil
	quietly sqlite3 evil "INSERT INTO backup_file
	    VALUES ('keys/../../evil.key', x'00')"
	expect 3 minica --home other restore evil
	stderr_has 'no place in a home'
	gone evil.key other/minica.db-wal
	cp first.backup altered
	quietly sqlite3 altered "DROP TRIGGER audit_is_not_changed;
	    UPDATE audit SET actor = 'x'"
	expect 3 minica --home other restore altered
	stderr_has 'does not fit from entry 1 on'
fi

begin 'backup: a store that lost a trigger is copied, and named for it after'
if ! command -v sqlite3 >/dev/null; then
	skip 'there is no sqlite3'
else
	authority
	quietly minica backup --out good.backup --with-keys
	quietly sqlite3 home/minica.db 'DROP TRIGGER audit_is_not_cut'
	expect 0 minica backup --out copy.backup
	expect 0 minica --home other restore copy.backup
	expect 1 minica --home other audit verify
	stdout_has 'the trigger "audit_is_not_cut" is not there'
	# The way out: the good one, and the bad one kept beside it.
	expect 0 minica restore good.backup --force
	file_is_mode "$(echo home/before-restore-*.minica-backup)" 600
	expect 0 minica audit verify
	expect 0 minica doctor
fi

begin 'restore: over a store that cannot be saved it says the way, which works'
authority
quietly minica issue a.example.org
quietly minica backup --out good.backup --with-keys
cp -R home kept
for harm in zeros log; do
	rm -rf home && cp -R kept home
	if [ $harm = zeros ]; then
		rm -f home/minica.db-*
		dd if=/dev/zero of=home/minica.db bs=4096 seek=3 count=2 \
		    conv=notrunc 2>/dev/null
	elif command -v sqlite3 >/dev/null; then
		quietly sqlite3 home/minica.db "DROP TRIGGER audit_is_not_changed;
		    UPDATE audit SET actor = 'x'"
	else
		skip 'there is no sqlite3'
		continue
	fi
	minica doctor >stdout 2>&1 && wrong "doctor passes over $harm"
	expect 7 minica restore good.backup --force
	stderr_has 'it was not replaced'
	stderr_has 'move minica.db'
	gone home/before-restore-*
	minica doctor >stdout 2>&1 && wrong "$harm is gone"
	mkdir aside.$harm
	mv home/minica.db* aside.$harm
	expect 0 minica restore good.backup
	expect 0 minica show a.example.org
	expect 0 minica doctor
	expect 0 minica audit verify
done

begin 'restore: a raw copy of minica.db will do'
authority
quietly minica issue a.example.org
cp home/minica.db copy.db
[ ! -e home/minica.db-wal ] || cp home/minica.db-wal copy.db-wal
expect 0 minica --home other restore copy.db
expect 0 minica --home other show a.example.org

begin 'backup: while others sign, each copy is of one moment'
authority
(for n in 1 2 3 4 5 6; do minica issue $n.example.org; done) >log 2>&1 &
for n in 1 2 3; do expect 0 minica backup --out $n.backup; done
wait
expect 0 minica --home other restore 3.backup
expect 0 minica --home other audit verify
expect 0 minica doctor

begin 'backup: a disk that is full leaves nothing and says so'
if [ "$(id -u)" != 0 ] || ! mkdir tiny ||
    ! mount -t tmpfs -o size=64k tmpfs tiny 2>/dev/null; then
	skip 'a small disk cannot be made here'
else
	authority
	expect 7 minica backup --out tiny/ca.backup
	stderr_has 'tiny/ca.backup'
	[ -z "$(ls -A tiny)" ] || wrong "left behind: $(ls -A tiny)"
	umount tiny
	expect 2 minica backup --out /dev/full
	expect 0 minica doctor
fi
