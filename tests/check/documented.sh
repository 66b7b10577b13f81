#!/bin/sh
#
# documented.sh [TREE [LIBRARY]] - what is exported is said.
#
# In the public headers every block of MCA_API declarations stands under a
# comment (a lone _free or _clear needs none: they all mean the same); and what
# the shared library exports is what those headers declare.
set -eu
tree=${1:-$(dirname "$0")/../..}
library=${2:-${MINICA_BUILD:-$tree/build}/libminica.so}
failed=0

# Blocks end at an empty line, so a comment and its declarations are one.
awk '
BEGIN { RS = "" }
{
	comment = index($0, "/*")
	declared = match($0, /(^|\n)MCA_API /)
	if (declared && (comment == 0 || comment > declared)) {
		text = substr($0, RSTART)
		sub(/^\n/, "", text)
		sub(/[(;].*/, "", text)
		if (text ~ /_(free|clear)$/)
			next
		print FILENAME ": no comment above \"" text "\""
		failed = 1
	}
}
END { exit failed }
' "$tree"/lib/minica/*.h >&2 || failed=1

work=$(mktemp -d "${TMPDIR:-/tmp}/minica-documented.XXXXXX")
trap 'rm -rf "$work"' EXIT

# One statement a line, then the name before the first bracket.
sed -e '/^[[:space:]]*#/d' "$tree"/lib/minica/*.h | tr '\n' ' ' |
    tr ';' '\n' | sed -n 's/.*MCA_API \([^([]*\).*/\1/p' |
    sed -e 's/[[:space:]]*$//' -e 's/.*[ *]//' | sort -u >"$work/declared"
nm -D --defined-only "$library" | awk '{ print $3 }' |
    sort -u >"$work/exported"
[ -s "$work/exported" ] || {
	echo "$library exports nothing" >&2
	exit 1
}

comm -13 "$work/declared" "$work/exported" >"$work/undeclared"
comm -23 "$work/declared" "$work/exported" >"$work/missing"
if [ -s "$work/undeclared" ]; then
	echo "exported, but MCA_API in no public header:" >&2
	cat "$work/undeclared" >&2
	failed=1
fi
if [ -s "$work/missing" ]; then
	echo "declared in a public header, but not exported:" >&2
	cat "$work/missing" >&2
	failed=1
fi
if grep -v '^mca_' "$work/exported" >&2; then
	echo "these names do not begin with mca_" >&2
	failed=1
fi
exit "$failed"
