#!/bin/sh
#
# run.sh [--whole] HARNESS - what fails, and what is left when it has.
#
#	calls	each open, read, write, fsync, rename, ... fails (faults.py)
#	memory	each allocation fails (faults.py)
#	crash	killed before each change of the disk (crash.py)
#	powercut	what may be on the disk when the power goes (powercut.py)
#
# Without --whole a selection is tried, with the minica of MINICA_BUILD, whose
# sanitizers then see leaks and stray pointers on the ways out; that takes
# half a minute each.  With --whole all is tried, with a minica without
# sanitizers that is built in MINICA_BUILD/fault first: several minutes each.
# The numbers printed are kept in docs/reliability.md.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
build=$(cd "${MINICA_BUILD:-$top/build}" && pwd)
shim=$build/tests/libfaultshim.so
minica=$build/minica
whole=
if [ "${1:-}" = --whole ]; then
	whole=yes
	shift
	minica=$build/fault/minica
	# Others may be told to at the same time.
	{
		flock 9
		cmake -S "$top" -B "$build/fault" -DCMAKE_BUILD_TYPE=Debug
		cmake --build "$build/fault" --target minica --parallel 2
	} 9>"$build/fault.lock" >/dev/null
fi

# every N: takes every N-th, unless all are wanted
every() {
	[ -n "$whole" ] || echo "--every $1"
}

# shellcheck disable=SC2046 # two words, or none
case ${1:-} in
calls)
	python3 "$here/faults.py" "$minica" "$shim" $(every 80) \
	    --kinds open,read,write,sync,name,size,flush,random
	;;
memory)
	python3 "$here/faults.py" "$minica" "$shim" $(every 60) \
	    --kinds alloc
	;;
crash)
	python3 "$here/crash.py" "$minica" "$shim" $(every 60)
	;;
powercut)
	python3 "$here/powercut.py" "$minica" "$shim" $(every 80)
	;;
*)
	echo 'usage: run.sh [--whole] calls|memory|crash|powercut' >&2
	exit 2
	;;
esac
