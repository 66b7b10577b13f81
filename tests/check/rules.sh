#!/bin/sh
#
# rules.sh [TREE] - the pages and the code know the same codes.
set -eu
cd "${1:-$(dirname "$0")/../..}"

work=$(mktemp -d "${TMPDIR:-/tmp}/minica-rules.XXXXXX")
trap 'rm -rf "$work"' EXIT

# same PREFIX PAGE FILE...: the codes of the files are those of the page
same() {
	prefix=$1
	page=$2
	shift 2
	grep -oh "\"$prefix-[A-Z0-9-]*\"" "$@" | tr -d '"' | sort -u >"$work/code"
	grep -oh "$prefix-[A-Z0-9-]*" "$page" | sort -u >"$work/docs"
	diff "$work/code" "$work/docs" >"$work/diff" && return
	echo "in the code (<) or in $page (>) alone:" >&2
	cat "$work/diff" >&2
	exit 1
}

same MC-V docs/verification.md lib/*.c
same MC-L docs/lint.md lib/*.c
same MC-D docs/upkeep.md lib/doctor.c
same MC-K docs/keys.md lib/*.c
