# shellcheck shell=sh disable=SC2016,SC2154
# exec: a command whose clients trust our roots.

unset SSL_CERT_FILE CURL_CA_BUNDLE REQUESTS_CA_BUNDLE PIP_CERT \
    HTTPLIB2_CA_CERTS AWS_CA_BUNDLE CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE \
    NODE_EXTRA_CA_CERTS DENO_CERT GIT_SSL_CAINFO CARGO_HTTP_CAINFO \
    BUNDLE_SSL_CA_CERT PERL_LWP_SSL_CA_FILE GRPC_DEFAULT_SSL_ROOTS_FILE_PATH \
    NIX_SSL_CERT_FILE JAVA_TOOL_OPTIONS

begin 'exec: every variable names one file with our roots in it'
authority
expect 0 minica exec --env MY_ROOTS -- sh -c '
	for name in SSL_CERT_FILE CURL_CA_BUNDLE REQUESTS_CA_BUNDLE PIP_CERT \
	    NODE_EXTRA_CA_CERTS GIT_SSL_CAINFO AWS_CA_BUNDLE DENO_CERT \
	    CARGO_HTTP_CAINFO NIX_SSL_CERT_FILE MY_ROOTS; do
		eval "[ \"\$$name\" = \"\$SSL_CERT_FILE\" ]" || echo "$name"
	done
	cat "$SSL_CERT_FILE" >bundle.pem
	java=${JAVA_TOOL_OPTIONS#*trustStore=}
	cat "${java%% *}" >roots.p12'
stdout_is_empty
quietly minica issue www.example.org
expect 0 openssl verify -CAfile bundle.pem www.example.org.pem
expect 0 openssl pkcs12 -in roots.p12 -passin pass: -nokeys
# The attribute of a trusted certificate has a name in newer openssl.
grep -q -e '2.16.840.1.113894.746875.1.1' -e Oracle "$work/$number.out" ||
    wrong 'not marked as trusted'

begin 'exec: what was trusted before still is, and once'
authority
quietly minica --home other init-root --out other.pem
quietly minica --home third init-root --out third.pem
expect 0 minica exec -- sh -c 'grep -c BEGIN "$SSL_CERT_FILE"'
keep plain
expect 0 env SSL_CERT_FILE="$PWD/other.pem" CURL_CA_BUNDLE="$PWD/root.pem" \
    JAVA_TOOL_OPTIONS=-Da=b \
    minica exec -- sh -c 'grep -c BEGIN "$SSL_CERT_FILE"
	echo "$JAVA_TOOL_OPTIONS"'
[ "$(head -n 1 "$work/$number.out")" = "$(($(cat plain) + 1))" ] ||
	wrong 'not one more'
stdout_has '-Da=b -Djavax.net.ssl.trustStore=/'
expect 0 minica exec --roots other.pem --roots third.pem -- \
    sh -c 'grep -c BEGIN "$SSL_CERT_FILE"'
stdout_has $(($(cat plain) + 1))
expect 3 env SSL_CERT_FILE=missing.pem minica exec -- true
stderr_has 'SSL_CERT_FILE, which is set already'

begin 'exec: the exit status is the command'\''s'
authority
expect 0 minica exec -- true
expect 1 minica exec -- false
expect 42 minica exec -- sh -c 'exit 42'
expect 143 minica exec -- sh -c 'kill -TERM $$'
expect 137 minica exec -- sh -c 'kill -KILL $$'
expect 127 minica exec -- no-such-command-here
stderr_has 'no-such-command-here: No such file'
echo data >data
expect 126 minica exec -- ./data
stderr_has './data cannot be run: Permission denied'
expect 126 minica exec -- .
expect 42 careless minica exec -- sh -c 'exit 42'
only root.pem data

begin 'exec: words after -- are the command'\''s own'
authority
# There may be no roots of the machine, which is told.
expect 0 minica --quiet exec -- printf '%s,' --json -h '' 'a b'
stdout_has '--json,-h,,a b,'
stderr_is_empty
expect 0 minica --json exec -- echo mine
[ "$(cat "$work/$number.out")" = mine ] || wrong 'standard output is shared'
expect 127 minica --json exec -- no-such-command-here
json_has error.code ENOTFOUND
expect 2 minica exec
stderr_has 'COMMAND is missing'

begin 'exec: standard input and output are the command'\''s'
authority
printf 'one\ntwo\n' >lines
expect 0 sh -c 'minica exec -- cat <lines'
cmp -s lines "$work/$number.out" || wrong 'not passed through'

begin 'exec: without roots of ours it says so'
expect 3 minica exec -- true
stderr_has 'minica init-root'
expect 3 minica exec --roots missing.pem -- true
expect 2 minica exec --env A=B --roots missing.pem -- true

# waits FILE: until it is there
waits() {
	tries=0
	while [ ! -e "$1" ] && [ $tries -lt 100 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
}

begin 'exec: signals are passed on'
authority
for signal in TERM HUP USR1; do
	rm -f ready got
		minica exec -- sh -c '
		trap "echo caught >got; exit 7" TERM HUP USR1
		: >ready
		while :; do sleep 0.1; done' &
	waits ready
	kill -$signal $!
	wait $!
	status=$?
	[ "$status" = 7 ] || wrong "$signal: exit status $status"
	[ -s got ] || wrong "$signal did not arrive"
done

begin 'exec: killed itself, it leaves neither files nor the command'
authority
mkdir tmp
TMPDIR=$PWD/tmp XDG_RUNTIME_DIR=$PWD/tmp minica exec -- sh -c '
	echo "$$" >pid
	while :; do sleep 0.1; done' &
waits pid
kill -KILL $!
wait $! 2>/dev/null
tries=0
while kill -0 "$(cat pid)" 2>/dev/null && [ $tries -lt 50 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
kill -0 "$(cat pid)" 2>/dev/null && wrong 'the command goes on without roots'
[ -z "$(ls -A tmp)" ] || wrong 'files were left'

begin 'exec: it stops with its command, and goes on with it'
authority
minica exec -- sh -c ': >ready; kill -STOP $$; exit 3' &
waits ready
tries=0
while ! grep -q '^State:.T' "/proc/$!/status" && [ $tries -lt 50 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
grep -q '^State:.T' "/proc/$!/status" || wrong 'not stopped'
kill -CONT $!
wait $!
status=$?
[ "$status" = 3 ] || wrong "exit status $status"

begin 'exec: Ctrl-C reaches the command once'
authority
if can_have_terminal; then
	cat >count.sh <<'SH'
n=0
trap 'n=$((n + 1))' INT
: >ready
for i in 1 2 3 4 5 6 7 8; do sleep 0.1; done
echo "interrupted $n"
: >over
SH
	# exec: script runs a shell, and one that waits is itself interrupted.
	expect 0 sh -c '(i=0; while [ ! -e ready ] && [ $i -lt 100 ]; do
		sleep 0.1; i=$((i + 1)); done; printf "\003"
		while [ ! -e over ] && [ $i -lt 200 ]; do
			sleep 0.1; i=$((i + 1)); done) |
	    script -qec "exec minica exec -- sh count.sh" /dev/null'
	stdout_has 'interrupted 1'
else
	skip 'no terminal can be had here'
fi
