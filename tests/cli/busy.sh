# shellcheck shell=sh
# A store that somebody else holds.  Slow: minica waits a minute for its turn.

# Of what had to come before the wait, what was made keeps its way on.
begin 'store: a store that stays locked is told as busy, and can be read'
if ! command -v python3 >/dev/null; then
	skip 'there is no python3'
else
	authority
	request web web.example.org
	mkfifo release
	python3 -c 'import sqlite3
db = sqlite3.connect("home/minica.db", isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
open("held", "w").close()
open("release").read()' &
	holder=$!
	until [ -e held ]; do
		kill -0 $holder || break
		sleep 0.1
	done
	expect 0 minica list
	minica issue example.org >issued.out 2>issued.err &
	issuing=$!
	expect 5 minica sign web.csr --out web.pem
	stderr_has 'minica sign: '
	gone web.pem
	code=0
	wait $issuing || code=$?
	[ "$code" = 5 ] || wrong "issue ended with $code, not 5"
	grep -q 'minica csr --key example.org.key' issued.err ||
	    wrong 'nothing says what becomes of the key that was made'
	gone example.org.pem
	: >release
	wait $holder
	expect 0 minica sign web.csr --out web.pem
	expect 0 sh -c 'minica csr --key example.org.key --out - example.org |
	    minica sign - --out example.org.pem'
	expect 0 minica verify example.org.pem --host example.org
fi
