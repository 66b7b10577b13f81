#!/bin/sh
#
# planted.sh FUZZ-PLANTED - a replay fails for every fault that planted.c has,
# says which, and passes what is harmless.
#
# Without sanitizers (MINICA_SANITIZED is 0) only what the harness sees by
# itself can be asked for.
set -eu
program=$1
work=$(mktemp -d "${TMPDIR:-/tmp}/minica-planted.XXXXXX")
trap 'rm -rf "$work"' EXIT
export TMPDIR="$work"
failed=0

# plant TEXT WORD: an input of TEXT ends the run, and WORD is said
plant() {
	printf '%s' "$1" >"$work/input"
	if "$program" "$work/input" >"$work/said" 2>&1; then
		echo "a replay passes over this: $1" >&2
		failed=1
	elif ! grep -q -e "$2" "$work/said"; then
		echo "a replay of $1 does not say \"$2\":" >&2
		sed 's/^/	/' "$work/said" >&2
		failed=1
	fi
}

plant slow 'of processor time'
plant shown 'does not hold'
if [ "${MINICA_SANITIZED:-1}" = 1 ]; then
	plant crash heap-buffer-overflow
	plant leak 'detected memory leaks'
	plant undefined 'runtime error'
fi
printf harmless >"$work/input"
"$program" "$work/input" >"$work/said" 2>&1 || {
	cat "$work/said" >&2
	failed=1
}
# Nothing to read is no success.
mkdir "$work/empty"
if "$program" "$work/empty" >"$work/said" 2>&1; then
	echo 'a replay of nothing passes' >&2
	failed=1
fi
exit "$failed"
