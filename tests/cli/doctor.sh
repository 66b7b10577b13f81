# shellcheck shell=sh
# doctor: what is out of order is told with what to do, and safe repairs done.

begin 'doctor: a home in order exits 0, and says what it could not compare'
authority
quietly minica issue a.example.org
expect 0 minica doctor
stdout_has 'OK: nothing needs to be done'
echo 'correct horse' >secret
quietly minica init-intermediate --pass-file secret --id locked
expect 0 minica doctor --json
json_has healthy true
stdout_has MC-D-KEY-LOCKED
expect 0 minica doctor --pass-file secret
stdout_lacks MC-D-KEY-LOCKED

begin 'doctor: modes are repaired when asked, told and in the log'
authority
chmod 755 home
chmod 644 home/minica.db
expect 1 minica doctor
stdout_has 'has mode 0644'
stdout_has 'minica doctor --repair'
file_is_mode home/minica.db 644
expect 0 minica doctor --repair
stdout_has 'mode set to 0600'
file_is_mode home 700
file_is_mode home/minica.db 600
expect 0 minica audit list --action repair
stdout_has 'minica.db  mode set to 0600'
expect 0 minica doctor

begin 'doctor: each finding has a code, a sentence and a next command'
authority
rm home/keys/root-*
expect 1 minica doctor --json
json_has healthy false
json_has findings.0.rule MC-D-KEY-MISSING
json_has findings.0.severity error
stdout_has 'backup with keys'

begin 'doctor: revocations that no list tells of, and a list that is stale'
authority
quietly minica issue a.example.org
quietly minica revoke a.example.org
expect 1 minica doctor
stdout_has MC-D-CRL-BEHIND
stdout_has 'minica crl'
quietly minica crl --days 1 --out root.crl
expect 0 minica doctor
expect 1 minica doctor --now 2030-01-01
stdout_has MC-D-CRL-STALE

begin 'doctor: a row slipped in with sqlite3 is found'
if ! command -v sqlite3 >/dev/null; then
	skip 'there is no sqlite3'
else
	authority
	quietly minica issue a.example.org
	quietly sqlite3 home/minica.db "UPDATE certificate SET policy = 'x'
	    WHERE policy = 'server'"
	expect 1 minica doctor
	stdout_has MC-D-SEAL
	stdout_has 'changed or slipped in'
	stdout_has 'audit entry 2 (issue)'
fi

begin 'doctor: what was removed from the schema is named'
if ! command -v sqlite3 >/dev/null; then
	skip 'there is no sqlite3'
else
	authority
	quietly sqlite3 home/minica.db 'DROP TRIGGER audit_is_not_cut;
	    DROP INDEX certificate_serial'
	expect 1 minica doctor
	stdout_has MC-D-SCHEMA
	stdout_has 'the trigger "audit_is_not_cut" is not there'
	stdout_has 'the index "certificate_serial" is not there'
	expect 1 minica doctor --repair
	quietly sqlite3 home/minica.db 'DROP TABLE certificate'
	expect 1 minica doctor
	stdout_has 'the table "certificate" is not there'
fi

begin 'doctor: what is damaged is no yes'
authority
dd if=/dev/zero of=home/minica.db bs=4096 seek=3 count=2 conv=notrunc \
    2>/dev/null
rm -f home/minica.db-wal home/minica.db-shm
rc=0
minica doctor >stdout 2>&1 || rc=$?
case $rc in
1 | 7) ;;
*) wrong "exit status $rc" ;;
esac
