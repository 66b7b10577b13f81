#!/bin/sh
#
# rules.sh [TREE] - docs/verification.md and the verifier know the same codes.
set -eu
cd "${1:-$(dirname "$0")/../..}"

work=$(mktemp -d "${TMPDIR:-/tmp}/minica-rules.XXXXXX")
trap 'rm -rf "$work"' EXIT
grep -oh '"MC-V-[A-Z-]*"' lib/*.c | tr -d '"' | sort -u >"$work/code"
grep -oh 'MC-V-[A-Z-]*' docs/verification.md | sort -u >"$work/docs"
if ! diff "$work/code" "$work/docs" >"$work/diff"; then
	echo "in the code (<) or in docs/verification.md (>) alone:" >&2
	cat "$work/diff" >&2
	exit 1
fi
