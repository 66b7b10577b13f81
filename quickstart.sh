#!/bin/sh
#
# quickstart.sh [FOLDER] - build minica and walk through what it does.
#
# Installs what is missing (.ci/packages), builds in build/, and then issues,
# checks and uses a certificate in FOLDER, or a new folder for temporary files.
# Everything it makes is in there; each command is shown as you would type it.
set -eu
cd "$(dirname "$0")"
top=$PWD

host=web.example.com
other=mail.example.com
doing='the start'
server=

die() {
	printf '\nquickstart.sh: %s\n' "$*" >&2
	exit 1
}

finish() {
	status=$?
	trap - EXIT
	[ -z "$server" ] || kill "$server" 2>/dev/null || true
	[ "$status" -eq 0 ] ||
	    printf '\nquickstart.sh: stopped at: %s\n' "$doing" >&2
	exit "$status"
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

step() {
	doing=$1
	printf '\n--- %s\n' "$1"
}

# run COMMAND: shown, then run; it must succeed
run() {
	printf '$ %s\n' "$1"
	eval "$1" || die "this should have succeeded: $1"
}

# refused STATUS COMMAND: shown, then run; it must end with STATUS
refused() {
	printf '$ %s\n' "$2"
	got=0
	eval "$2" || got=$?
	printf '(exit status %s)\n' "$got"
	[ "$got" -eq "$1" ] ||
	    die "this should have ended with exit status $1: $2"
}

step 'what is needed'
.ci/packages build tour
echo 'A compiler, cmake, libcrypto, SQLite, libyaml, jansson: all there.'

step 'build'
if [ ! -f build/CMakeCache.txt ] && command -v ninja >/dev/null; then
	CMAKE_GENERATOR=Ninja
	export CMAKE_GENERATOR
fi
run 'cmake -S . -B build'
run "cmake --build build --parallel $(getconf _NPROCESSORS_ONLN || echo 2)"

step 'a folder of its own'
if [ $# -gt 0 ]; then
	mkdir -p "$1"
	cd "$1"
else
	cd "$(mktemp -d "${TMPDIR:-/tmp}/minica-quickstart.XXXXXX")"
fi
folder=$PWD
[ -z "$(ls -A)" ] || die "$folder is not empty: give a folder that is new"
PATH=$top/build:$PATH
MINICA_HOME=$folder/home
export PATH MINICA_HOME
here="    cd \"$folder\"
    export PATH=\"$top/build:\$PATH\" MINICA_HOME=\"$MINICA_HOME\""
echo "$here"

step '1. The server makes a key pair; 2. its public key goes into a request'
echo 'OpenSSL does it here: a request may come from any program.'
run "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc \\
      -keyout web.key -out web.csr \\
      -subj /CN=$host -addext subjectAltName=DNS:$host"

step 'Meanwhile, a certificate authority: its root, made once'
run 'minica init-root --out root.pem'

step '3. The CA examines the request'
run 'minica review web.csr'

step '4. The CA signs it with its own key, after recording it'
run 'minica sign web.csr --out web.pem'
run 'minica list'

step '8. and 9. A client checks the signature and the host'
run "minica verify web.pem --host $host"

step '11. A certificate with a problem stops the connection'
echo "This one is not for $other, and the check must say so."
refused 1 "minica verify web.pem --host $other"

step '10. The root must reach the clients safely'
run 'minica trust export > roots.pem'

step '5. The certificate is deployed on a web server'
mkdir site
echo "Hello from $host, over TLS." >site/hello.txt
: >server.log
command='openssl s_server -accept 127.0.0.1:0 -WWW \
      -cert ../web.pem -key ../web.key'
printf '$ (cd site && %s) &\n' "$command"
(
	cd site
	eval "exec $command" >../server.log 2>&1 </dev/null
) &
server=$!

# Port 0 is any free port; the server says which one it was given.
port=
tries=0
while [ -z "$port" ]; do
	if ! kill -0 "$server" 2>/dev/null || [ "$tries" -ge 20 ]; then
		cat server.log >&2
		die 'the TLS server did not start'
	fi
	sleep 1
	tries=$((tries + 1))
	port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' server.log)
done
echo "It listens on 127.0.0.1, port $port."

step '6. and 7. A client asks for it, and finds its issuer in the roots it has'
run "curl --silent --show-error --fail --noproxy '*' --cacert roots.pem \\
      --resolve $host:$port:127.0.0.1 https://$host:$port/hello.txt | tee page"
grep -q "^Hello from $host" page || die 'curl fetched something else'
echo "Asked for $other, the same server is not believed:"
refused 60 "curl --silent --show-error --noproxy '*' --cacert roots.pem \\
      --resolve $other:$port:127.0.0.1 https://$other:$port/hello.txt"

kill "$server"
wait "$server" 2>/dev/null || true
server=

step 'done'
cat <<END
The whole story ran, in $folder (remove it when you like).
To go on from there:

$here
    minica issue api.example.com     key, request and certificate in one step
    minica list                      what was issued
    minica inspect web.pem           what is in a certificate
    minica policy show server        what a request may ask for
    minica help                      everything else

README.md is the tour, docs/ the rest; ./test.sh runs the tests.
END
