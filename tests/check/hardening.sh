#!/bin/sh
#
# hardening.sh [TREE [FILE]] - the built program has what cmake/hardening.cmake
# asks for.
#
# Read in the program itself: that a flag was given proves nothing.  What the
# kind of build leaves out (CMakeCache.txt beside it tells) is not looked for.
# FILE, or minica and libminica.so of MINICA_BUILD.
set -eu
tree=${1:-$(dirname "$0")/../..}
build=${MINICA_BUILD:-$tree/build}
cache=$build/CMakeCache.txt
work=$(mktemp -d "${TMPDIR:-/tmp}/minica-hardening.XXXXXX")
trap 'rm -rf "$work"' EXIT
failed=0

# option NAME: whether the build has it on
option() {
	grep -q "^$1:[A-Z]*=\(ON\|1\|TRUE\)$" "$cache" 2>/dev/null
}

instrumented() {
	option MINICA_SANITIZE || option MINICA_THREADS
}

optimized() {
	! grep -q '^CMAKE_BUILD_TYPE:[A-Z]*=Debug$' "$cache" 2>/dev/null
}

missing() {
	echo "$file: $*" >&2
	failed=1
}

# look FILE: everything about one
look() {
	file=$1
	readelf -W -h -l -d -n "$file" >"$work/parts" 2>/dev/null
	readelf -W --dyn-syms "$file" >"$work/symbols" 2>/dev/null

	grep -q '^ *Type: *DYN' "$work/parts" ||
	    missing 'is loaded at the same address in every run (-pie)'
	grep -q GNU_RELRO "$work/parts" ||
	    missing 'the tables of the linker stay writable (-z relro)'
	grep -qE 'BIND_NOW|Flags:.* NOW' "$work/parts" ||
	    missing 'functions are looked up when called (-z now)'
	grep -q 'GNU_STACK.* RW ' "$work/parts" ||
	    missing 'its stack can be run (-z noexecstack)'
	! grep -qE '(LOAD|GNU_STACK|TLS).* (RWE|WE) ' "$work/parts" ||
	    missing 'has memory that can be written and run'
	! grep -qE 'TEXTREL|RPATH|RUNPATH' "$work/parts" ||
	    missing 'has text relocations, or a path to libraries of its own'
	grep -qE '__stack_chk_(fail|guard)' "$work/symbols" ||
	    missing 'has no stack protector (-fstack-protector-strong)'

	# A mark in the file would need one in every part that is linked, and
	# Debian's start-up code has none: the code itself is what tells.
	objdump -d --no-show-raw-insn "$file" >"$work/code"
	case $(uname -m) in
	x86_64) landing=endbr64 ;;
	aarch64) landing='bti\|paciasp' ;;
	*) landing= ;;
	esac
	[ "$(grep -c "$landing" "$work/code")" -gt 20 ] ||
	    missing 'branches may land anywhere (-fcf-protection)'

	# Each page of a large frame is touched as soon as the stack has it.
	# shellcheck disable=SC2016 # not variables: what objdump writes
	[ "$(uname -m)" != x86_64 ] || awk '
	large && /\$0x0,(0x[0-9a-f]+)?\(%rsp/ { found = 1 }
	{ large = /sub +\$0x1000,%rsp/ }
	END { exit !found }' "$work/code" ||
	    missing 'frames may pass a guard page (-fstack-clash-protection)'
	instrumented || ! optimized ||
	    grep -qE ' __(mem|str|st[pr]|v?s?n?f?printf|read|fd|poll|real)[a-z]*_chk' \
	        "$work/symbols" ||
	    missing 'copies are not checked for their size (_FORTIFY_SOURCE)'

	# Ours that are seen from outside: the library's interface, no more.
	awk '$5 == "GLOBAL" && $7 != "UND" && $4 == "FUNC" { print $8 }' \
	    "$work/symbols" | sed 's/@.*//' >"$work/exported"
	case $file in
	*.so*)
		! grep -vE '^mca_|^_init$|^_fini$' "$work/exported" >&2 ||
		    missing 'exports these (-fvisibility=hidden)'
		;;
	*)
		instrumented ||
		    ! grep -vE '^_init$|^_fini$|^_start$' "$work/exported" >&2 ||
		    missing 'exports these (a program has no need to)'
		;;
	esac
}

for tool in readelf objdump; do
	command -v $tool >/dev/null || {
		echo "hardening.sh: no $tool (binutils)" >&2
		exit 2
	}
done
if [ $# -gt 1 ]; then
	look "$2"
else
	look "$build/minica"
	look "$build/libminica.so"
fi
exit "$failed"
