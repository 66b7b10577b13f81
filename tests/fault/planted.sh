#!/bin/sh
#
# planted.sh BUILD - each harness finds what it looks for.
#
# A check that cannot fail counts for nothing: minica is made a worse program
# (planted.c), and the harness that looks for it must name what is wrong.  The
# same selection without that finds nothing.
set -u
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
minica=$build/minica
shim=$build/tests/libfaultshim.so
work=$(mktemp -d "${TMPDIR:-/tmp}/minica-planted.XXXXXX")
trap 'rm -rf "$work"' EXIT
failed=0

# plant NAME SENTENCE HARNESS ARGUMENTS...: it is found, and so described
plant() {
	name=$1
	wanted=$2
	harness=$3
	shift 3
	python3 "$here/$harness.py" "$minica" "$shim" "$@" >"$work/out" 2>&1 || {
		echo "$harness.py $*: wrong without anything planted" >&2
		grep WRONG "$work/out" >&2
		failed=1
	}
	if PLANT=$name PLANTED=$build/tests/libfaultplanted.so \
	    python3 "$here/$harness.py" "$minica" "$shim" "$@" \
	    >"$work/out" 2>&1; then
		echo "$harness.py does not see $name" >&2
		failed=1
	elif ! grep -q "WRONG.*$wanted" "$work/out"; then
		echo "$harness.py fails on $name without saying \"$wanted\"" >&2
		sed 's/^/	/' "$work/out" >&2
		failed=1
	else
		echo "$harness.py sees $name: $(grep -c WRONG "$work/out") times"
	fi
}

plant ignore-sync 'fsync failed, and it says 0' faults --only sign --kinds sync
plant ignore-write 'is cut\|something else\|is empty' faults \
    --only trust-export --kinds write
plant no-retry 'exit status' faults --only sign --kinds read
plant no-unlink 'was left' faults --only sign-replace --kinds name
plant no-null 'killed by SIGSEGV' faults --only trust-add --kinds alloc \
    --every 40
plant lent-null 'killed by SIGSEGV' faults --only trust-add --kinds alloc \
    --every 40
plant patience 'did not end' faults --only trust-add --kinds alloc \
    --every 700 --limit 8
plant in-place 'roots.pem: holds something else\|roots.pem: is empty' crash \
    --only trust-export
plant in-place 'roots.pem' powercut --only trust-export
plant no-sync 'not on record\|is empty' powercut --only sign --every 5
exit "$failed"
