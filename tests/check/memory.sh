#!/bin/sh
#
# memory.sh - valgrind over whole commands.
#
# The sanitizers see what the tests do; valgrind sees the program as it is
# shipped, and what libcrypto, SQLite and libyaml do with what we hand them.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
minica=$(cd "${MINICA_BUILD:-$top/build}" && pwd)/minica

work=$(mktemp -d "${TMPDIR:-/tmp}/minica-memory.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
MINICA_HOME=$work/home
export MINICA_HOME

openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc \
    -keyout web.key -out web.csr -subj /CN=web.example.com \
    -addext subjectAltName=DNS:web.example.com 2>/dev/null
printf 'no certificate\n' >broken.pem

# expected exit status, command; in this order, in one store
commands() {
	cat <<'ROWS'
0 init-root --out root.pem
0 init-intermediate --id web --out web-ca.pem
0 review web.csr
0 sign web.csr --issuer web --out web.pem
0 issue api.example.com
0 --json list
0 show web.example.com
0 verify web.pem --host web.example.com
1 verify web.pem --host other.example.com
3 verify broken.pem
0 inspect web.pem
0 --json inspect web.csr
0 trust export
0 policy show server
2 sign --no-such-option
ROWS
}

commands | while read -r wanted words; do
	got=0
	# shellcheck disable=SC2086
	valgrind --quiet --error-exitcode=99 --leak-check=full \
	    --errors-for-leak-kinds=definite,indirect --log-file=found \
	    "$minica" $words >out 2>&1 </dev/null || got=$?
	if [ "$got" -ne "$wanted" ]; then
		echo "minica $words: exit status $got, wanted $wanted"
		cat out found
		exit 1
	fi
	echo "minica $words: clean"
done
