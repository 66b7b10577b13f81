#!/bin/sh
#
# planted.sh - the checks find what they look for.
#
# A check that cannot fail counts for nothing: each fault here is planted in a
# copy of the tree, and its check must name it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
library=${MINICA_BUILD:-$top/build}/libminica.so

work=$(mktemp -d "${TMPDIR:-/tmp}/minica-planted.XXXXXX")
trap 'rm -rf "$work"' EXIT
failed=0

fresh() {
	rm -rf "$work/tree"
	mkdir "$work/tree"
	for part in lib cmd docs README.md; do
		[ ! -e "$top/$part" ] || cp -R "$top/$part" "$work/tree/"
	done
}

# plant CHECK FILE TEXT WORD: with TEXT added to FILE, CHECK fails, saying WORD
plant() {
	fresh
	mkdir -p "$(dirname "$work/tree/$2")"
	printf '%b\n' "$3" >>"$work/tree/$2"
	if sh "$here/$1.sh" "$work/tree" "$library" >"$work/out" 2>&1; then
		echo "$1.sh does not see this in $2: $3" >&2
		failed=1
	elif ! grep -q -e "$4" "$work/out"; then
		echo "$1.sh fails without saying \"$4\": $3" >&2
		sed 's/^/	/' "$work/out" >&2
		failed=1
	fi
}

plant security docs/security.md '| 9.9 | a | b | none |' 'threat 9.9 has no test'
# shellcheck disable=SC2016 # backquotes of Markdown
plant security docs/security.md '| 9.9 | a | b | `tests/none.sh` |' \
    'there is no tests/none.sh'
plant confined cmd/another.c \
    'const struct command another_command = {\n\t"another",' 'no row for another'
plant layers lib/text.c '#include "minica/cert.h"' 'points up'
plant layers lib/cert.c '#include "tbs.h"' 'points up'
plant layers lib/cert.c '#include <sqlite3.h>' 'for sql cleanse alone'
plant layers lib/policy.c '#include <yaml.h>' 'for yaml alone'
plant layers lib/ca.c '#include <openssl/evp.h>' 'for <5 alone'
plant layers lib/ca.c '#include "minica/x509.h"' 'for <5 alone'
plant layers lib/ca.c '#include <jansson.h>' 'for cmd/ alone'
plant layers lib/helper.c '#include <stdio.h>' 'in no row'
plant layers lib/cert.c '#include "helper.h"' 'of no module'
plant layers lib/facts.c '#include "rules.h"' 'use each other'
plant layers lib/ca.c 'int f(void) { return X509_verify(0, 0); }' 'below may'
plant layers cmd/sign.c '#include <openssl/evp.h>' 'alone'
plant layers cmd/sign.c '#include "error.h"' 'minica.h. alone'
plant layers cmd/sign.c '#include <minica/cert.h>' 'minica.h. alone'
plant headers lib/minica/lonely.h 'mca_code mca_lonely(void);' 'lonely.h'
plant documented lib/minica/bare.h 'MCA_API int mca_bare(void);' 'no comment'
plant documented lib/minica/bare.h \
    '/* mca_bare is declared alone. */\nMCA_API int mca_bare(void);' \
    'not exported'
plant size lib/long.c "$(yes '' | head -n 601 | tr '\n' ' ' | sed 's/ /\\n/g')" \
    'lib/long.c'

# What is exported and declared nowhere: the header is taken away.
fresh
rm "$work/tree/lib/minica/time.h"
if sh "$here/documented.sh" "$work/tree" "$library" >"$work/out" 2>&1 ||
    ! grep -q 'MCA_API in no public header' "$work/out"; then
	echo "documented.sh does not see an undeclared symbol" >&2
	failed=1
fi

# A small program with all that hardening.sh looks for.
{
	echo '#include <string.h>'
	seq 30 | sed 's/.*/int f&(const char *t);\
int f&(const char *t) { char c[9999]; strcpy(c, t); return c[strlen(t)]; }/'
	echo 'int main(int n, char **a) { (void)n; return 0'
	seq 30 | sed 's/.*/ + f&(a[0])/'
	echo '; }'
} >"$work/small.c"

# soft FLAGS WORD: built with these, hardening.sh fails, saying WORD; without
# a WORD it finds nothing
soft() {
	# shellcheck disable=SC2086
	"${CC:-cc}" -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fPIE -pie \
	    -fstack-protector-strong -fstack-clash-protection $protected \
	    -Wl,-z,relro,-z,now,-z,noexecstack $1 -o "$work/small" \
	    "$work/small.c" 2>"$work/out" || {
		cat "$work/out" >&2
		failed=1
		return
	}
	got=0
	MINICA_BUILD=$work sh "$here/hardening.sh" "$top" "$work/small" \
	    >"$work/out" 2>&1 || got=$?
	if [ "$got" = 0 ] && [ -n "$2" ]; then
		echo "hardening.sh does not see this: $1" >&2
		failed=1
	elif ! grep -q -e "$2" "$work/out" && [ -n "$2" ]; then
		echo "hardening.sh fails without saying \"$2\": $1" >&2
		failed=1
	elif [ "$got" != 0 ] && [ -z "$2" ]; then
		cat "$work/out" >&2
		failed=1
	fi
}

case $(uname -m) in
x86_64) protected=-fcf-protection=full open=-fcf-protection=none ;;
aarch64) protected=-mbranch-protection=standard open=-mbranch-protection=none ;;
*) protected='' open='' ;;
esac
soft '' ''
soft '-fno-pie -no-pie' '(-pie)'
soft -Wl,-z,norelro '(-z relro)'
soft -Wl,-z,lazy '(-z now)'
soft -Wl,-z,execstack '(-z noexecstack)'
soft -Wl,-rpath,/nowhere 'a path to libraries'
soft -fno-stack-protector '(-fstack-protector-strong)'
[ "$(uname -m)" != x86_64 ] ||
    soft -fno-stack-clash-protection '(-fstack-clash-protection)'
soft -U_FORTIFY_SOURCE '(_FORTIFY_SOURCE)'
soft -rdynamic 'exports these'
[ -z "$open" ] || soft "$open" '(-fcf-protection)'

# readme LANGUAGE TEXT WORD: a README with this block fails, saying WORD
readme() {
	rm -rf "$work/tree"
	mkdir "$work/tree"
	# shellcheck disable=SC2016
	printf '```%s\n%b\n```\n' "$1" "$2" >"$work/tree/README.md"
	if MINICA_BUILD=$(dirname "$library") sh "$here/readme.sh" \
	    "$work/tree" >"$work/out" 2>&1; then
		echo "readme.sh does not see this: $2" >&2
		failed=1
	elif ! grep -q -e "$3" "$work/out"; then
		echo "readme.sh fails without saying \"$3\": $2" >&2
		failed=1
	fi
}

readme sh 'true\nfalse\ntrue' 'exit status 1, not 0: false'
readme sh 'true   # exit 1' 'exit status 0, not 1: true'
readme sh 'true &&\\\n false' 'exit status 1, not 0: true'
readme '' 'minica list' 'not in a block that is run'
mkdir -p "$work/tree/docs/man"
rm "$work/tree/README.md"
printf '.SH EXAMPLES\n.EX\n$ ls \\-\\-no\\-such\n.EE\n' \
    >"$work/tree/docs/man/minica.1"
if MINICA_BUILD=$(dirname "$library") sh "$here/readme.sh" "$work/tree" \
    >"$work/out" 2>&1 || ! grep -q 'ls --no-such' "$work/out"; then
	echo 'readme.sh does not run the examples of a manual page' >&2
	failed=1
fi
exit "$failed"
