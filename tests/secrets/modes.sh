#!/bin/sh
#
# modes.sh - what is made is for its owner alone from the first byte.
#
# With a umask of 000 and modes.so, which notes with which mode each file and
# directory is made, every command that makes keys or a home is run: what is
# made for others and narrowed later could be opened in between.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${MINICA_BUILD:-$here/../../build}" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/minica-modes.XXXXXX")
trap 'rm -rf "$work"' EXIT
umask 077
cd "$work"
MINICA_HOME=$work/home
export MINICA_HOME
failed=0

run() {
	(umask 000 && exec env MODES_LOG="$work/log" \
	    ASAN_OPTIONS=verify_asan_link_order=0 \
	    LD_PRELOAD="$build/tests/modes.so" "$build/minica" "$@") \
	    >out 2>err </dev/null || {
		echo "failed: minica $*" >&2
		cat err >&2
		exit 1
	}
}

# It notes what others make.
MODES_LOG=$work/log LD_PRELOAD=$build/tests/modes.so \
    sh -c 'umask 022; : >seen; mkdir seen.d'
grep -q '^0644 seen$' log || {
	echo 'modes.so does not see a file that is for all' >&2
	exit 1
}
rm log

mkdir tls certs
cp "$here/m.yaml" .
echo passphrase >pass
run keygen --out k.key
run csr a.example.org --key-out a.key --out a.csr
run init-root --out root.pem
run init-intermediate --id web
run sign a.csr --issuer root --out-dir certs
run issue b.example.org --issuer root
run export b.example.org --key b.example.org.key --format pkcs12 \
    --out-pass-file pass --out b.p12
run export b.example.org --key b.example.org.key --format haproxy \
    --out b.haproxy
run renew b.example.org --rekey --key-out new.key --force
run crl --issuer root --out list.pem
run rollover start --root root --out next.pem
run --home third apply m.yaml
run backup --with-keys --out backup
run restore backup --home again
run --home old import root.pem

# Certificates get 0644 by fchmod, once they are whole.
grep -vE '^0[0-7]00 ' log >others || :
[ ! -s others ] || {
	echo 'made for others, and not for the owner alone:'
	cat others
	failed=1
}
find home again old third -perm /077 >open
[ ! -s open ] || {
	echo 'open to others in the end:'
	cat open
	failed=1
}
for key in k.key a.key b.example.org.key new.key b.p12 b.haproxy backup \
    tls/web.key; do
	[ "$(stat -c %a $key)" = 600 ] || {
		echo "$key has mode $(stat -c %a $key)"
		failed=1
	}
done
echo "$(wc -l <log) files and directories made, for others: $(wc -l <others)"
exit "$failed"
