#!/bin/sh
#
# confined.sh [TREE] - every command has a row in the table of cmd/need.c.
#
# One without is confined to its home and what it is given, which may be less
# than it needs, and nobody has thought about it.
set -eu
cd "${1:-$(dirname "$0")/../..}"

commands=$(grep -hA 1 '^const struct command [a-z_]* = {$' cmd/*.c |
    sed -n 's/^	"\([a-z -]*\)",$/\1/p')
[ -n "$commands" ] || {
	echo 'no command found in cmd/' >&2
	exit 1
}
printf '%s\n' "$commands" | {
	failed=0
	while read -r name; do
		grep -q "^	{ \"$name\", NULL, " cmd/need.c || {
			echo "cmd/need.c: no row for $name" >&2
			failed=1
		}
	done
	exit "$failed"
}
