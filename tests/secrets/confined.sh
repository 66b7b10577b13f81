#!/bin/sh
#
# confined.sh - a command that is taken over has nothing else to open.
#
# probe.so is preloaded and tries, as the process ends, what whoever took it
# over would try: to read and write a file outside, to run a program, to make a
# connection.  What SQLite needs for a large transaction it must still have.
# Then the same without Landlock: everything goes, and the results
# are the same.  Exit status 77: this kernel has none.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${MINICA_BUILD:-$here/../../build}" && pwd)
# The file outside is not where temporary files are.
work=$(mktemp -d "${TMPDIR:-/tmp}/minica-confined.XXXXXX")
outside=$(mktemp -d "$build/confined.XXXXXX")
server=
trap '[ -z "$server" ] || kill $server; rm -rf "$work" "$outside"' EXIT
mkdir "$work/in"
cd "$work/in"
MINICA_HOME=$work/in/home
export MINICA_HOME
minica=$build/minica
failed=0

wrong() {
	echo "FAILED  $*"
	failed=1
}

echo secret >"$outside/file"
python3 -c '
import socket
s = socket.create_server(("127.0.0.1", 0))
open("port", "w").write(str(s.getsockname()[1]))
s.settimeout(600)
while True:
    s.accept()
' &
server=$!
until [ -s port ]; do
	sleep 0.1
done

# probed [NAME=VALUE]... WORDS...: what the command says, then the probe
probed() {
	env ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 \
	    PROBE_FILE="$outside/file" PROBE_PORT="$(cat port)" \
	    LD_PRELOAD="$build/tests/probe.so" "$@" >out 2>err </dev/null || :
	grep '^probe: ' err | tail -n 1
}

# is CAN WORDS...: CAN is what the command can do outside of what it is given
is() {
	can=$1
	shift
	got=$(probed "$minica" --now 2030-01-01 "$@")
	if [ "$got" = "probe: $can, spill done" ]; then
		echo "ok      minica $*: $can"
	else
		wrong "minica $*: $got, not $can"
		cat err
	fi
}

[ "$(probed PROBE_OLD=1 "$minica" version)" = \
    'probe: read done, write done, run done, connect done, spill done' ] || {
	wrong 'the probe cannot do what it should not be able to do'
	exit 1
}
case $(probed "$minica" keygen) in
*'read done'*)
	echo 'this kernel has no Landlock'
	exit 77
	;;
esac

nothing='read EACCES, write EACCES, run EACCES, connect EACCES'
all='read done, write done, run done, connect done'
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc \
    -keyout web.key -out web.csr -subj /CN=www.example.org \
    -addext subjectAltName=DNS:www.example.org 2>openssl.err
mkdir tls certs
cp "$here/m.yaml" .

asking='read EACCES, write EACCES, run EACCES, connect done'
# TCP came later than files.
"$minica" --home early init-root >out 2>&1
case $("$minica" --home early doctor --json) in
*'"landlock": '[123],*) nothing='read EACCES, write EACCES, run EACCES, connect done' ;;
esac

is "$nothing" init-root --out root.pem
is "$nothing" keygen --out k.key
is "$nothing" csr a.example.org
is "$nothing" init-intermediate --id web --out web-ca.pem
is "$nothing" sign web.csr --out web.pem
is "$nothing" sign a.example.org.csr --out-dir certs
is "$nothing" issue api.example.org
is "$nothing" verify web.pem --host www.example.org
is "$nothing" inspect web.pem
is "$nothing" lint web.pem
is "$nothing" list
is "$nothing" show www.example.org
is "$nothing" export api.example.org --key api.example.org.key \
    --format haproxy --out api.haproxy
is "$nothing" revoke api.example.org --reason superseded
is "$nothing" crl --out list.pem
is "$nothing" trust list
is "$nothing" trust add root.pem --sha256 00
is "$nothing" policy show server
is "$nothing" audit verify
is "$nothing" backup --out backup
is "$nothing" restore backup --home again
chmod 500 home
case $(probed "$minica" list) in
*'spill done'*) ;;
*) wrong 'a home that cannot be written leaves SQLite no room' ;;
esac
chmod 700 home
is "$nothing" doctor
is "$nothing" fixtures chains
is 'read done, write EACCES, run EACCES, connect EACCES' review web.csr
is 'read done, write EACCES, run EACCES, connect EACCES' status
is 'read done, write EACCES, run EACCES, connect EACCES' import web.pem
is 'read done, write EACCES, run EACCES, connect EACCES' plan m.yaml
is "$nothing" renew www.example.org
is "$nothing" renew --due --before 100%
is "$nothing" renew --due --before 100% --check
is "$asking" \
    verify --connect 127.0.0.1:1
is 'read done, write EACCES, run EACCES, connect done' status --live 127.0.0.1:1
is "$nothing" apply m.yaml
# What is listed no longer, and where nothing is put any more.
mkdir moved
sed 's/directory: tls/directory: moved/' m.yaml >moved.yaml
is "$nothing" apply moved.yaml
[ -s moved/web.key ] || wrong 'apply does not write to another directory'
is "$nothing" apply --prune moved.yaml
[ ! -e tls/web.key ] || wrong 'apply --prune leaves what is listed no longer'
sed 's/layout: nginx/&\n        probe: 127.0.0.1:1/' m.yaml >probe.yaml
is "$asking" apply probe.yaml
sed 's/layout: nginx/&\n        check: [true]/' m.yaml >check.yaml
is "$all" apply check.yaml
is "$all" renew www.example.org --exec -- true
is "$all" exec -- true

# doctor says what is in force, and for whom it is not.
"$minica" doctor >out 2>&1 || :
grep -q 'confined by Landlock' out || wrong 'doctor does not say that it is'
grep -q 'but for what runs others: apply of a manifest with hooks, renew --exec' \
    out || wrong 'doctor does not say what is not confined'
MINICA_LANDLOCK=off "$minica" doctor >out 2>&1 || :
grep -q 'files:  not confined: switched off' out ||
    wrong 'doctor does not say that it is not'
probed PROBE_OLD=1 "$minica" doctor >/dev/null
grep -q 'files:  not confined: this kernel has no Landlock' out ||
    wrong 'doctor does not say that this kernel has none'
grep -q 'memory: closed' out || wrong 'doctor says that memory is open'

# story HOW...: a home, and what every command answers
story() {
	rm -rf home again certs chains k.key due.example.org.key "$outside/a" "$outside/b"
	mkdir certs "$outside/a" "$outside/b"
	for words in 'init-root --id r' 'keygen --out k.key' \
	    'sign web.csr --out-dir certs' 'sign none.csr' \
	    'sign /nowhere/none.csr' 'sign web.csr --out certs' 'verify certs/web.pem' \
	    'verify certs --roots home' 'verify certs/web.pem --roots system' \
	    'inspect /etc/hostname' 'inspect k.key' 'list --json' \
	    'policy list' 'review web.csr --policy none' 'show certs/web.pem' \
	    'crl --out /nowhere/list.pem' 'keygen --out /nowhere/k.key' \
	    'backup --out home/b.minica-backup' 'audit list' \
	    'restore home/b.minica-backup --home again' \
	    'csr x.example.org --key link.key --out certs/x.csr' \
	    'sign certs/x.csr --out certs/x.pem' 'fixtures chains' \
	    'plan all.yaml' 'apply all.yaml' 'apply all.yaml' \
	    'apply some.yaml' 'apply --prune some.yaml' 'apply gone.yaml' \
	    'issue due.example.org --out certs/due.pem' \
	    'renew due.example.org' 'renew --due --before 100%' \
	    'renew due.example.org --out certs/y.pem' \
	    'renew --due --before 100% --check'; do
		echo "--- $words"
		# shellcheck disable=SC2086
		env "$@" "$minica" --now 2030-01-01 $words </dev/null 2>&1 &&
		    echo "status 0" || echo "status $?"
	done | sed '/-----BEGIN/,/-----END/d; s/[0-9a-f]\{8,64\}/HEX/g; s/\([0-9A-F][0-9A-F]:\)\{7,\}[0-9A-F]*/HEX/g; s/ [0-9a-f]\{8\}\>/ HEX/g; s/-HEX\.key/-KEY/g'
}
cp web.key "$outside/key"
cp web.csr "$outside/csr"
"$minica" keygen --out "$outside/own.key" 2>err
ln -s "$outside/own.key" own.key
echo password >"$outside/password"
printf 'policy: own\nallow:\n  keys: [ec-p256]\n  dns: ["*.example.net"]\nprofile:\n  extended_key_usage: [serverAuth]\n' >"$outside/own.yaml"
cat >all.yaml <<END
manifest: all
authorities:
  - name: all
certificates:
  - name: one
    hosts: [one.example.net]
    key_file: own.key
    policy: $outside/own.yaml
    outputs: [{ directory: $outside/a, layout: nginx }]
  - name: two
    csr: $outside/csr
    outputs: [{ directory: $outside/a}]
  - name: three
    hosts: [three.example.net]
    rekey: false
    outputs:
      - { directory: $outside/b, layout: nginx }
      - directory: $outside/a
        layout: pkcs12
        password_file: $outside/password
END
sed "s,$outside/b,$outside/a,; /name: one/,/nginx/d" all.yaml >some.yaml
sed "s,$outside/a,$outside/none," all.yaml >gone.yaml
ln -s "$outside/key" link.key
story MINICA_LANDLOCK=on >with
story MINICA_LANDLOCK=off >without
if diff with without; then
	echo "ok      $(grep -c ^--- with) commands answer the same without"
else
	wrong 'results differ'
fi
exit "$failed"
