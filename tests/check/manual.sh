#!/bin/sh
#
# manual.sh [TREE [MINICA]] - the manual has what the help has.
#
# Every command has a section in docs/man/minica.1, and every option that its
# help lists is in that section; the section lists no option that is not there.
set -eu
tree=${1:-$(dirname "$0")/../..}
minica=${2:-${MINICA_BUILD:-$tree/build}/minica}
manual=$tree/docs/man/minica.1
failed=0
work=$(mktemp -d "${TMPDIR:-/tmp}/minica-manual.XXXXXX")
trap 'rm -rf "$work"' EXIT

"$minica" help |
    sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\( [a-z]\{1,\}\)\{0,1\}\)  .*/\1/p' \
    >"$work/commands"
[ -s "$work/commands" ] || {
	echo "no command found in minica help" >&2
	exit 1
}

while read -r command; do
	# shellcheck disable=SC2086 # two words are two arguments
	"$minica" help $command |
	    sed -e '/^Options of every/,$d' |
	    sed -n 's/^ *\(-., \)\{0,1\}--\([a-z0-9-]*\).*/\2/p' |
	    sort -u >"$work/help"
	awk -v title=".Ss minica $command" '
	/^\.S[sh]/ { inside = $0 == title; found = found || inside }
	inside && /^\.It|^Fl Fl/ { print }
	END { if (!found) print "MISSING" }' "$manual" >"$work/section"
	if grep -q MISSING "$work/section"; then
		echo "$manual: no section \"minica $command\"" >&2
		failed=1
		continue
	fi
	grep -o 'Fl Fl [a-z0-9-]*' "$work/section" | sed 's/Fl Fl //' |
	    sort -u >"$work/manual" || true
	diff "$work/help" "$work/manual" >"$work/diff" || {
		echo "minica $command: < in the help alone, > in the manual" >&2
		grep '^[<>]' "$work/diff" >&2
		failed=1
	}
done <"$work/commands"
exit $failed
