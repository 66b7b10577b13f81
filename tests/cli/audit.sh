# shellcheck shell=sh
# audit: what was done is listed, and whoever changed the account is found.

begin 'audit list: every change has an entry, and filters narrow it'
authority
quietly minica issue a.example.org
quietly minica revoke a.example.org --reason superseded
expect 0 minica audit list
stdout_has 'init-root'
stdout_has 'issue'
stdout_has 'reason superseded'
expect 0 minica audit list --action revoke --json
json_has entries.0.number 3
json_has entries.0.action revoke
expect 0 minica audit list --last 1
stdout_has revoke
stdout_lacks issue
expect 0 minica audit list --until 2001-01-01
stdout_is_empty
expect 0 minica audit list --object root
stdout_has init-root
stdout_lacks revoke
expect 2 minica audit list --last 0

begin 'audit verify: an untouched log is intact, and its head can be pinned'
authority
expect 0 minica audit head
keep pinned
quietly minica issue a.example.org
expect 0 minica audit verify --head "$(cat pinned)"
stdout_has 'OK: 2 entries'
expect 0 minica audit verify --json
json_has intact true
json_has entries 2
expect 2 minica audit verify --head 7
stderr_has 'minica audit head'
expect 2 minica audit verify --head 7:abc

begin 'audit verify: what sqlite3 changed is named by its number'
if ! command -v sqlite3 >/dev/null; then
	skip 'there is no sqlite3'
else
	authority
	for n in a b c d; do quietly minica issue $n.example.org; done
	cp -R home kept
	for row in \
	    "3: entry 3 (issue:UPDATE audit SET detail = 'x' WHERE number = 3" \
	    "4: entry 4 was removed:DELETE FROM audit WHERE number = 4" \
	    "1: entries 1 to 2 were removed:DELETE FROM audit WHERE number < 3" \
	    "2: entry 2 (:UPDATE audit SET number = 99 WHERE number = 2;
		UPDATE audit SET number = 2 WHERE number = 3;
		UPDATE audit SET number = 3 WHERE number = 99"; do
		rm -rf home && cp -R kept home
		words=${row#*: }
		quietly sqlite3 home/minica.db "DROP TRIGGER audit_is_not_changed;
		    DROP TRIGGER audit_is_not_cut; ${words#*:}"
		expect 1 minica audit verify
		stdout_has "no: ${words%%:*}"
		expect 1 minica audit verify --json
		json_has intact false
		json_has problems.0.first "${row%%:*}"
	done
fi

begin 'audit verify: an older copy put back, and a cut end, show at the pin'
if ! command -v sqlite3 >/dev/null; then
	skip 'there is no sqlite3'
else
	authority
	cp -R home older
	quietly minica issue a.example.org
	expect 0 minica audit head
	keep pinned
	cp -R home newer
	rm -rf home && mv older home
	expect 0 minica audit verify
	expect 1 minica audit verify --head "$(cat pinned)"
	stdout_has 'ends at entry 1, before the pinned 2'
	quietly minica issue b.example.org
	expect 1 minica audit verify --head "$(cat pinned)"
	stdout_has 'entry 2 is not the pinned one'
	rm -rf home && mv newer home
	expect 0 minica audit verify --head "$(cat pinned)"
	# Whoever cuts it leaves no other trace.
	sqlite3 home/minica.db "SELECT sql FROM sqlite_schema
	    WHERE name = 'audit_is_not_cut'" >trigger
	quietly sqlite3 home/minica.db "DROP TRIGGER audit_is_not_cut;
	    DELETE FROM audit WHERE number = 2; $(cat trigger)"
	expect 0 minica audit verify
	expect 1 minica audit verify --head "$(cat pinned)"
fi

begin 'audit verify: a log that lost what guards it is no longer in order'
if ! command -v sqlite3 >/dev/null; then
	skip 'there is no sqlite3'
else
	authority
	quietly minica issue a.example.org
	expect 0 minica audit head
	keep pinned
	cp -R home kept
	for row in \
	    'trigger audit_is_not_changed' \
	    'trigger audit_is_not_cut' \
	    'trigger audit_has_no_gaps' \
	    'index certificate_serial' \
	    'table crl'; do
		rm -rf home && cp -R kept home
		quietly sqlite3 home/minica.db "DROP $row"
		expect 1 minica audit verify --head "$(cat pinned)"
		stdout_has "no: the ${row% *} \"${row#* }\" is not there"
		stdout_lacks OK
		stdout_lacks 'no: entry'
		stderr_has 'minica doctor'
		expect 1 minica audit verify --json
		json_has intact false
		json_has entries 2
		json_has problems.0.type "${row% *}"
		json_has problems.0.name "${row#* }"
		json_has problems.0.message
	done
	# What cannot be read at all is no such answer.
	quietly sqlite3 home/minica.db 'DROP TABLE audit'
	expect 7 minica audit verify
	stdout_is_empty
fi
