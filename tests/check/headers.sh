#!/bin/sh
#
# headers.sh [TREE] - each header compiles alone, and twice.
set -eu
cd "${1:-$(dirname "$0")/../..}"

work=$(mktemp -d "${TMPDIR:-/tmp}/minica-headers.XXXXXX")
trap 'rm -rf "$work"' EXIT

# A public header is included as its users do, by its name below lib/.
find lib -name '*.h' | sort | sed 's|^lib/||' >"$work/headers"
failed=0
while read -r header; do
	printf '#include "%s"\n#include "%s"\nextern int alone;\n' \
	    "$header" "$header" >"$work/alone.c"
	"${CC:-cc}" -std=c2x -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Werror \
	    -fsyntax-only -Ilib "$work/alone.c" || {
		echo "lib/$header does not compile alone" >&2
		failed=1
	}
done <"$work/headers"
exit "$failed"
