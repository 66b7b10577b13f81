# shellcheck shell=sh
# A store that somebody else holds.  Slow: minica waits a minute for its turn.

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
	expect 5 minica sign web.csr --out web.pem
	stderr_has 'minica sign: '
	gone web.pem
	: >release
	wait $holder
	expect 0 minica sign web.csr --out web.pem
fi
