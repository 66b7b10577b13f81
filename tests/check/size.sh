#!/bin/sh
#
# size.sh [TREE] - no file is longer than 600 lines.
#
# Most are a few hundred; one that grows past this has two reasons to change.
set -eu
cd "${1:-$(dirname "$0")/../..}"

long=$(find . \( -name .git -o -name build -o -name chains \) -prune -o \
    -type f \( -name '*.[ch]' -o -name '*.sh' -o -name '*.sql' -o \
    -name '*.yaml' -o -name '*.py' -o -name '*.go' -o -name '*.java' -o \
    -name '*.cmake' -o -name CMakeLists.txt -o -name run \) \
    -exec wc -l {} + | awk '$2 != "total" && $1 > 600')
[ -z "$long" ] || {
	printf 'longer than 600 lines:\n%s\n' "$long" >&2
	exit 1
}
