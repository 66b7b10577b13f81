#!/bin/sh
#
# rules.sh [TREE [MINICA]] - the pages and the code know the same codes.
set -eu
tree=${1:-$(dirname "$0")/../..}
minica=${2:-${MINICA_BUILD:-$tree/build}/minica}
minica=$(cd "$(dirname "$minica")" && pwd)/minica
cd "$tree"

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

# Who refuses what is a table in the one and a list in the other.
# shellcheck disable=SC2016 # backquotes of Markdown
"$minica" lint --list |
    sed -n 's/^\(MC-V-[A-Z0-9-]*\): [A-Za-z]*: \([a-z ]*\): refused by \([a-z0-9, ]*\) (.*/| `\1` | \2 | \3 |/p' \
    >"$work/code"
[ -s "$work/code" ] || {
	echo "no rule of a client found in minica lint --list" >&2
	exit 1
}
# shellcheck disable=SC2016
grep '^| `MC-V-[A-Z0-9-]*` | [a-z ]* | [a-z0-9, ]* |$' docs/verification.md \
    >"$work/docs"
diff "$work/code" "$work/docs" >"$work/diff" || {
	echo "in the code (<) or in docs/verification.md (>) alone:" >&2
	cat "$work/diff" >&2
	exit 1
}
