# shellcheck shell=sh
# Homes and stores that are not as they should be.

begin 'store: no store is said, with what makes one'
expect 3 minica list
stderr_has 'minica init-root'
expect 3 minica sign web.csr
expect 3 minica trust list
gone home

begin 'store: a file that is not SQLite is left as it is'
mkdir home
echo 'my shopping list' >home/minica.db
cp home/minica.db before
expect 3 minica list
expect 3 minica init-root
stderr_has minica.db
cmp -s before home/minica.db || wrong 'the file was changed'
gone home/keys

begin 'store: an empty file is not a store to be filled'
mkdir home
: >home/minica.db
expect 3 minica list

begin "store: another program's database is left alone"
if ! command -v python3 >/dev/null; then
	skip 'there is no python3'
else
	mkdir home
	python3 -c 'import sqlite3
db = sqlite3.connect("home/minica.db")
db.execute("PRAGMA application_id = 77")
db.execute("CREATE TABLE t (x)")
db.commit()'
	expect 3 minica list
	expect 3 minica init-root
	stderr_has minica.db
fi

begin 'store: what a newer minica wrote is not touched'
if ! command -v python3 >/dev/null; then
	skip 'there is no python3'
else
	authority
	python3 -c 'import sqlite3
db = sqlite3.connect("home/minica.db")
db.execute("PRAGMA user_version = 9999")
db.commit()'
	expect 3 minica list
	stderr_has newer
	expect 3 minica issue example.org
	stderr_has newer
	gone example.org.pem example.org.key
fi

begin 'store: a damaged store is said to be damaged'
authority
dd if=/dev/urandom of=home/minica.db bs=4096 seek=1 count=20 conv=notrunc \
    2>/dev/null
rm -f home/minica.db-wal home/minica.db-shm
expect 7 minica list

begin 'store: what somebody wrote into it reaches no terminal as it is'
if ! command -v sqlite3 >/dev/null; then
	skip 'there is no sqlite3'
else
	authority
	quietly minica issue a.example.org --label team=web
	quietly sqlite3 home/minica.db "CREATE TEMP TABLE wild AS
	    SELECT char(27) || '[2J' || char(10) || 'forged' ||
	    char(8238) AS text;
	    UPDATE authority SET label = label || (SELECT text FROM wild);
	    UPDATE trust_anchor SET subject = (SELECT text FROM wild);
	    UPDATE label SET text = (SELECT text FROM wild);
	    UPDATE name SET text = 'DNS:a' || (SELECT text FROM wild);
	    UPDATE issuer SET name = name || (SELECT text FROM wild);
	    UPDATE certificate SET policy = (SELECT text FROM wild),
	    subject = subject || (SELECT text FROM wild)"
	for command in list 'list --csv' status 'status --format prom' \
	    'trust list' 'audit verify' doctor 'rollover status' \
	    'show keys' "show $(openssl x509 -in a.example.org.pem -noout \
	    -serial | sed 's/serial=//')"; do
		# shellcheck disable=SC2086,SC2154 # words; run.sh sets them
		minica $command >"$out" 2>"$err"
		tr -d '\r' <"$out" | LC_ALL=C grep -q '[^ -~]' &&
		    wrong "raw on stdout: $command"
		LC_ALL=C grep -q '[^ -~]' "$err" &&
		    wrong "raw on stderr: $command"
		grep -q '^forged' "$out" "$err" &&
		    wrong "a line of its own: $command"
	done
	expect 0 minica list
	stdout_has 'DNS:a\x1B[2J\x0Aforged\xE2\x80\xAE'
fi

begin 'store: a store that may not be written signs nothing'
if ! can_be_unprivileged; then
	skip 'there is no user without privileges to try it as'
else
	authority
	request web web.example.org
	chmod -R a+rX,a-w home
	mkdir out && chmod 777 out
	expect 7 unprivileged minica sign web.csr --out out/web.pem
	gone out/web.pem
	chmod -R u+w home
fi

begin 'store: a home that is a file is said to be one'
echo x >home
expect 2 minica init-root
stderr_has home
expect 3 minica list
stderr_has 'no store in'

begin 'store: keys and store are for their owner alone'
authority
file_is_mode home 700
file_is_mode home/minica.db 600
for key in home/keys/*; do
	file_is_mode "$key" 600
done

begin 'store: no output replaces the store or a key of the home'
authority
request web web.example.org
cp -r home before
ln -s "$PWD/home" link
for file in home/minica.db link/minica.db ./home/keys/../minica.db \
    "$(ls home/keys/root-*)"; do
	expect 2 minica sign web.csr --out "$file" --force
	stderr_has 'never replaced'
	expect 2 minica keygen --out "$file" --force
	expect 2 minica issue www.example.org --key-out "$file" --force
	expect 2 minica crl --out "$file" --force
done
diff -r before/keys home/keys || wrong 'a key was replaced'
expect 0 minica list
stdout_lacks web.example.org
