#!/bin/sh
#
# test.sh - build with warnings as errors and sanitizers, and pass every test.
#
# Installs what is missing (.ci/packages), builds in build/test and ends with
# "N passed, N failed".  Arguments go to ctest: ./test.sh -R cli
# Without any, what takes minutes is left out: ./test.sh -R slow/
set -eu
cd "$(dirname "$0")"

.ci/packages build test

build=build/test
[ $# -gt 0 ] || set -- -E '^slow/'
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
if [ ! -f "$build/CMakeCache.txt" ] && command -v ninja >/dev/null; then
	CMAKE_GENERATOR=Ninja
	export CMAKE_GENERATOR
fi

cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=Debug -DMINICA_TESTS=ON \
    -DMINICA_SANITIZE=ON
cmake --build "$build" --parallel "$jobs"

report=$PWD/$build/report.xml
rm -f "$report"
status=0
(cd "$build" && ctest --output-on-failure --no-tests=error \
    --parallel "$jobs" --output-junit "$report" "$@") || status=$?

# count WORD: a number from the report's first element
count() {
	sed -n "s/.*[[:space:]]$1=\"\([0-9]*\)\".*/\1/p" "$report" 2>/dev/null |
	    head -n 1
}

total=$(count tests)
failed=$(count failures)
skipped=$(count skipped)
if [ -z "$total" ] || [ -z "$failed" ] || [ -z "$skipped" ]; then
	echo "test.sh: ctest left no report" >&2
	exit 1
fi
line="$((total - failed - skipped)) passed, $failed failed"
[ "$skipped" -eq 0 ] || line="$line, $skipped skipped"
echo "$line"
exit "$status"
