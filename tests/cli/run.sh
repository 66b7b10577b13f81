#!/bin/sh
#
# run.sh [COMMAND...] - tests of the program, one file for each command.
#
# tests/cli/COMMAND.sh is a list of tests: `begin` names one and gives it a
# fresh directory with a home of its own, `expect` runs something and says how
# it must exit, the words below look at what came of it.  MINICA_BUILD is where
# minica and json_has are (build/ if not set).
set -u
here=$(cd "$(dirname "$0")" && pwd)
build=${MINICA_BUILD:-$here/../../build}
PATH=$build:$build/tests:$PATH
LC_ALL=C
export PATH LC_ALL
unset MINICA_HOME XDG_DATA_HOME POSIXLY_CORRECT

for program in minica json_has openssl; do
	command -v $program >/dev/null || {
		echo "run.sh: no $program (is MINICA_BUILD right?)" >&2
		exit 2
	}
done

work=$(mktemp -d "${TMPDIR:-/tmp}/minica-cli.XXXXXX") || exit 1
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
chmod 755 "$work"
passed=0
failed=0
number=0
sentence=
good=

# finish: counts the test that is open
finish() {
	[ -n "$sentence" ] || return 0
	if [ "$good" = yes ]; then
		passed=$((passed + 1))
		echo "ok      $sentence"
	else
		failed=$((failed + 1))
		echo "FAILED  $sentence"
	fi
	sentence=
}

# begin SENTENCE: a new test, in a fresh directory
begin() {
	finish
	sentence=$1
	good=yes
	number=$((number + 1))
	out=$work/$number.out
	err=$work/$number.err
	mkdir "$work/$number" && cd "$work/$number" || exit 1
	MINICA_HOME=$PWD/home
	export MINICA_HOME
}

# skip WHY: the test that is open cannot be tried here
skip() {
	echo "skipped $sentence: $1"
	sentence=
}

wrong() {
	good=no
	echo "        $*"
}

# expect STATUS COMMAND...: runs it and keeps what it says
expect() {
	wanted=$1
	shift
	"$@" >"$out" 2>"$err"
	status=$?
	[ "$status" = "$wanted" ] && return 0
	wrong "exit status $status, not $wanted: $*"
	sed 's/^/        | /' "$err"
	return 0
}

# quietly COMMAND...: a step on the way that must succeed
quietly() {
	"$@" >"$out" 2>"$err" && return 0
	wrong "failed: $*"
	sed 's/^/        | /' "$err"
	return 0
}

# careless COMMAND...: as run by a program that ignores SIGCHLD
careless() {
	python3 -c 'import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execvp(sys.argv[1], sys.argv[1:])' "$@"
}

has() {
	grep -qF -e "$2" "$1" && return 0
	wrong "not said: $2"
	sed 's/^/        | /' "$1"
}

stdout_has() {
	has "$out" "$1"
}

stderr_has() {
	has "$err" "$1"
}

stdout_lacks() {
	grep -qF -e "$1" "$out" && wrong "said, and should not be: $1"
	return 0
}

stderr_lacks() {
	grep -qF -e "$1" "$err" && wrong "said, and should not be: $1"
	return 0
}

stdout_is_empty() {
	[ ! -s "$out" ] || wrong "standard output is not empty"
}

stderr_is_empty() {
	[ ! -s "$err" ] || wrong "standard error is not empty"
}

# keep FILE: what was on standard output becomes a file
keep() {
	cp "$out" "$1"
}

# value KEY: the first string of that key on standard output, which is JSON
value() {
	sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" "$out" | head -n 1
}

# json_has PATH [VALUE]: stdout is one document that holds it
json_has() {
	command json_has "$out" "$@" || {
		wrong "not in the document: $*"
		sed 's/^/        | /' "$out"
	}
}

# file_is_mode FILE MODE
file_is_mode() {
	mode=$(stat -c %a "$1" 2>/dev/null || stat -f %Lp "$1")
	[ "$mode" = "$2" ] || wrong "$1 has mode $mode, not $2"
}

# gone FILE...: nothing of the name is there
gone() {
	for path in "$@"; do
		[ ! -e "$path" ] || wrong "$path was left behind"
	done
}

# only FILE...: the directory holds these and the home, nothing half-written
only() {
	printf '%s\n' home "$@" | sort >"$work/wanted"
	# shellcheck disable=SC2012 # names here are our own
	{
		echo home
		ls -A
	} | sort -u >"$work/found"
	cmp -s "$work/wanted" "$work/found" ||
	    wrong "the directory holds $(tr '\n' ' ' <"$work/found")"
}

# count FILE NUMBER: it holds so many certificates
count() {
	found=$(grep -c 'BEGIN CERTIFICATE' "$1")
	[ "$found" = "$2" ] || wrong "$1 holds $found certificates, not $2"
}

# request FILE NAME...: a request made by somebody else's program
request() {
	file=$1
	names=
	shift
	for name in "$@"; do
		names=$names${names:+,}DNS:$name
	done
	quietly openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
	    -nodes -keyout "$file.key" -out "$file.csr" -subj "/CN=$1" \
	    -addext "subjectAltName=$names"
}

# authority: a root in the home
authority() {
	quietly minica init-root --out root.pem
}

# manifest: one root and one certificate, and what follows on standard input
manifest() {
	mkdir -p tls
	{
		cat <<'END'
manifest: shop
authorities:
  - name: root
    permit: [example.org, 10.0.0.0/8]
certificates:
  - name: web
    hosts: [www.example.org, 10.0.0.1]
END
		cat
	} >m.yaml
}

# simple: a manifest whose one output is nginx's in tls
simple() {
	manifest <<'END'
    outputs:
      - directory: tls
        layout: nginx
END
}

# edit EXPRESSION: changes m.yaml
edit() {
	sed "$1" m.yaml >m.new && mv m.new m.yaml
}

# flip FILE BYTES: changes one bit of the byte that so many stand after, so that
# it is another byte whatever it was
flip() {
	at=$(($(wc -c <"$1") - $2 - 1))
	byte=$(od -A n -t u1 -j "$at" -N 1 "$1")
	printf '%b' "\\0$(printf %o $((byte ^ 1)))" |
	    dd of="$1" bs=1 seek="$at" conv=notrunc 2>/dev/null
}

# issued NUMBER: so many certificates were ever issued to hosts
issued() {
	found=$(minica list --policy server | grep -c example.org)
	[ "$found" = "$1" ] || wrong "$found certificates were issued, not $1"
}

# long_lived: long.pem, for www.example.org and 900 days, which the root of the
# home signed without asking us
long_lived() {
	request web www.example.org
	cat >extensions <<'ROWS'
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=DNS:www.example.org
ROWS
	quietly openssl x509 -req -in web.csr -CA root.pem \
	    -CAkey home/keys/root-*.key -set_serial 0x1234567890abcdef12 \
	    -days 900 -extfile extensions -out long.pem
}

# wait_for FILE WORD: it is being written by somebody in the background
wait_for() {
	tries=0
	until grep -q "$2" "$1" 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] || return 1
		sleep 0.1
	done
}

# unprivileged COMMAND...: as a user whom file modes bind, with a copy of the
# program, which may have been built where that user cannot go
unprivileged() {
	if [ "$(id -u)" != 0 ]; then
		"$@"
		return
	fi
	if [ ! -x "$work/bin/minica" ]; then
		mkdir -p "$work/bin"
		cp "$build/minica" "$work/bin/"
	fi
	setpriv --reuid=65534 --regid=65534 --clear-groups \
	    env PATH="$work/bin:$PATH" "$@"
}

can_be_unprivileged() {
	unprivileged minica version >"$out" 2>&1
}

# terminal COMMAND: a command line that is run on a terminal of its own
terminal() {
	script -qec "$1" /dev/null
}

can_have_terminal() {
	terminal true >"$out" 2>&1 </dev/null
}

if [ $# -eq 0 ]; then
	for file in "$here"/*.sh; do
		name=$(basename "$file" .sh)
		[ "$name" = run ] || set -- "$@" "$name"
	done
fi
for command in "$@"; do
	# shellcheck source=/dev/null
	. "$here/$command.sh"
	finish
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
