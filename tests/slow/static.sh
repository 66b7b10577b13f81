#!/bin/sh
#
# static.sh - a program without shared libraries does what the other one does.
#
# MINICA_STATIC is built beside MINICA_BUILD, and what the linker made of it is
# read: that an option was given proves nothing.  Then commands that need each
# of the libraries.  Exit status 77: there are no archives here.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${MINICA_BUILD:-$here/../../build}" && pwd)

work=$(mktemp -d "${TMPDIR:-/tmp}/minica-static.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

if ! cmake -S "$here/../.." -B "$work/build" -DMINICA_STATIC=ON \
    -DCMAKE_BUILD_TYPE=Release >"$work/said" 2>&1; then
	grep -q 'MINICA_STATIC: there is no lib' "$work/said" && exit 77
	cat "$work/said"
	exit 1
fi
cmake --build "$work/build" --target minica --parallel 2 >"$work/said" ||
    { cat "$work/said"; exit 1; }
mkdir "$work/build/tests"
ln -s "$build/tests/json_has" "$work/build/tests/json_has"

needed=$(readelf -d "$work/build/minica" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p')
for library in $needed; do
	case $library in
	libc.* | libm.* | libdl.* | libpthread.* | ld-*) ;;
	*)
		echo "$library is still a shared library"
		exit 1
		;;
	esac
done
[ -n "$needed" ] || {
	echo 'the C library is no shared one: modules could not be loaded'
	exit 1
}
MINICA_BUILD=$work/build "$here/../check/hardening.sh" "$here/../.." \
    "$work/build/minica"
MINICA_BUILD=$work/build "$here/../cli/run.sh" main issue verify export live \
    store
