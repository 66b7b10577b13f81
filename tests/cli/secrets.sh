# shellcheck shell=sh disable=SC2016,SC2154,SC3045
# What may hold a key: its memory, its children, its files.

# The sanitizers would forbid cores on their own.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}disable_coredump=0
export ASAN_OPTIONS

# ended COMMAND...: how it ends when SIGQUIT comes while it waits for a line on
# its standard input; "dumped" if there was a core
ended() {
	python3 - "$@" <<'END'
import os, resource, signal, subprocess, sys, time
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
for _ in range(500):
    # In a read of a pipe, or of what the kernel calls it.
    try:
        with open(f"/proc/{child.pid}/wchan") as f:
            if "pipe" in f.read():
                break
    except OSError:
        pass
    time.sleep(0.01)
else:
    time.sleep(1)
os.kill(child.pid, signal.SIGQUIT)
_, status = os.waitpid(child.pid, 0)
print("dumped" if os.WCOREDUMP(status) else "signal %d" % os.WTERMSIG(status))
END
}

begin 'secrets: no command that may hold a key dumps a core'
echo passphrase >pass
quietly minica init-root --pass-file pass
if [ "$(ended cat)" != dumped ]; then
	skip 'no process dumps a core here'
else
	rm -f core*
	for words in 'keygen --pass-fd 0' 'issue a.example.org --pass-fd 0' \
	    'inspect -' 'init-root --id b --pass-fd 0'; do
		# shellcheck disable=SC2086
		expect 0 ended minica $words
		stdout_has 'signal 3'
	done
	gone core
fi

begin 'secrets: no process of the same user looks into its memory'
if ! can_be_unprivileged; then
	skip 'an unprivileged user cannot run minica here'
else
	chmod 777 .
	mkfifo pipe
	unprivileged sh -c 'echo $$ >pid; exec minica keygen --pass-fd 0' \
	    <pipe >"$out" 2>"$err" &
	exec 9>pipe
	wait_for pid '[0-9]'
	pid=$(cat pid)
	tries=0
	until unprivileged cat "/proc/$pid/maps" 2>&1 |
	    grep -q 'Permission denied' || [ $tries -gt 100 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
	for part in maps environ mem; do
		expect 1 unprivileged dd if="/proc/$pid/$part" of=copy count=1
		stderr_has 'Permission denied'
	done
	expect 0 grep 'Max core file size' "/proc/$pid/limits"
	stdout_has 'Max core file size        0 '
	echo secret >&9
	exec 9>&-
	wait
fi

begin 'secrets: what others start from us has its limits back'
manifest <<'END'
    outputs:
      - directory: tls
        layout: nginx
        reload: [sh, -c, "ulimit -S -c >hook"]
END
ulimit -S -c 7 2>/dev/null || skip 'no core may be had here'
[ -z "$sentence" ] || {
	quietly minica apply m.yaml
	quietly minica --home other init-root
	quietly minica --home other issue www.example.org
	quietly minica --home other renew www.example.org --exec -- \
	    sh -c 'ulimit -S -c >renewed'
	quietly minica --home other exec -- sh -c 'ulimit -S -c >run'
	for of in hook renewed run; do
		[ "$(cat $of)" = 7 ] || wrong "$of: the limit is $(cat $of)"
	done
}

begin 'secrets: who else can change a home or read a key is told'
authority
quietly minica list
stderr_is_empty
key=$(basename home/keys/*)
chmod 770 home/keys
chmod 755 home
expect 0 minica list
stderr_has 'keys has mode 0770, and others can exchange keys'
stderr_lacks 'home has'
chmod 777 home
chmod 644 "home/keys/$key"
expect 0 minica --json list
json_has warnings.0
json_has warnings.1
json_has warnings.2 "keys/$key has mode 0644, and others can read a key: take it for known to them; minica doctor --repair sets it right"
expect 1 minica doctor
stdout_has MC-D-MODE
quietly minica doctor --repair
expect 0 minica list
stderr_is_empty
if [ "$(id -u)" = 0 ]; then
	chown 65534 home
	expect 0 minica list
	stderr_has 'belongs to uid 65534, who can exchange keys'
fi

begin 'secrets: exec leaves its children the roots to read'
if ! can_be_unprivileged; then
	skip 'an unprivileged user cannot run minica here'
else
	chmod 777 .
	quietly unprivileged minica init-root
	expect 0 unprivileged minica exec -- sh -c 'cat "$SSL_CERT_FILE"'
	stdout_has 'BEGIN CERTIFICATE'
fi
