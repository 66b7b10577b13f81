#!/bin/sh
#
# run.sh - signs every hostile request, and some that are made here because they
# are large, and looks at what came of it.
#
# `cases` says what must happen.  Each request meets a home of its own, so that
# none is refused for what another did.  Whatever the answer, it takes less than
# a second of processor time and HOSTILE_MEGABYTES (64 if not set), and shows no
# control character.  A certificate must be, to the last extension, the one that
# an honest request gets.  MINICA_BUILD is where minica is.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${MINICA_BUILD:-$here/../../build}" && pwd)
memory=$((${HOSTILE_MEGABYTES:-64} * 1024))
work=$(mktemp -d "${TMPDIR:-/tmp}/minica-hostile.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
unset MINICA_HOME
export LC_ALL=C
passed=0
failed=0

wrong() {
	echo "FAILED  $file: $*"
	sed 's/^/        | /' said | cut -c1-300 | head -n 5
	good=no
}

# certificate FILE: all it says but what differs between any two
certificate() {
	openssl x509 -in "$1" -noout -text \
	    -certopt no_serial,no_validity,no_pubkey,no_sigdump |
	    sed '/Subject Key Identifier/{n;s/[0-9A-F]/x/g;}'
}

# skipped: says why what $file tries cannot be tried here
skipped() {
	case $file in
	alabel-ascii | alabel-empty) return 1 ;;
	alabel-* | homograph-*) need=libidn2 ;;
	wildcard*-suffix) need='a public suffix list' ;;
	*) return 1 ;;
	esac
	case " $lacking " in
	*" $need "*) echo "skipped $file: there is no $need" ;;
	*) return 1 ;;
	esac
}

# answer WANTED PATH: signs it in a fresh copy of the home
answer() {
	wanted=$1
	rm -rf now out.pem
	cp -R home now
	"$build/tests/within" "$build/minica" --home now sign --out out.pem \
	    "$2" 3>cost >said 2>&1 </dev/null
	read -r status milliseconds kilobytes <cost
	good=yes
	case ${wanted%% *}:$status in
	0:0 | 1:1 | 3:3) ;;
	*) wrong "exit status $status, not $wanted" ;;
	esac
	[ "$milliseconds" -lt 1000 ] || wrong "took $milliseconds ms"
	[ "$kilobytes" -lt "$memory" ] || wrong "held $kilobytes KB"
	tr -d '\n' <said | tr -c '\000-\037\177' ' ' | grep -q '[^ ]' &&
	    wrong 'shows control characters'
	case $wanted in
	0)
		certificate out.pem >issued
		cmp -s honest issued || wrong 'the certificate holds more'
		;;
	*)
		[ ! -e out.pem ] || wrong 'there is a certificate'
		[ -s said ] || wrong 'no reason is given'
		;;
	esac
	case $wanted in
	*' '*) grep -qF -e "${wanted#* }" said ||
	    wrong "not said: ${wanted#* }" ;;
	esac
	if [ "$good" = yes ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
}

"$build/minica" --home home init-root --quiet --out root.pem
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout key.pem -out honest.csr -subj / \
    -addext subjectAltName=DNS:www.example.org 2>/dev/null
cp -R home now
"$build/minica" --home now sign --quiet --out out.pem honest.csr
certificate out.pem >honest
grep -q 'DNS:www.example.org' honest

lacking=
"$build/minica" csr --out - --key-out - 'bücher.example' >said 2>&1 ||
    ! grep -q 'without libidn2' said || lacking=libidn2
[ -r /usr/share/publicsuffix/public_suffix_list.dat ] ||
    [ -r /usr/share/publicsuffix/effective_tld_names.dat ] ||
    lacking="$lacking a public suffix list"

while IFS='|' read -r file wanted _; do
	case $file in
	'#'* | '') continue ;;
	esac
	file=${file% }
	wanted=${wanted# }
	path=$here/requests/$file
	[ -e "$path" ] || path=$path.csr
	[ -e "$path" ] || {
		echo "no such request: $file" >&2
		exit 1
	}
	echo "$path" >>used
	skipped || answer "${wanted% }" "$path"
done <"$here/cases"

# Large ones.
names() {
	awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++)
	    printf "DNS.%d = h%d.example.org\n", i, i }'
}
{
	printf '[req]\nprompt = no\ndistinguished_name = dn\n'
	printf 'req_extensions = ext\n[dn]\nCN = www.example.org\n'
	printf '[ext]\nsubjectAltName = @san\n[san]\n'
	names 10000
} >many.cnf
openssl req -new -key key.pem -config many.cnf -out many.csr
file='a SAN of 10,000 names'
answer '3 limit' many.csr
{
	cat honest.csr
	head -c 10485760 /dev/zero
} >large.csr
file='a request of 10 MB'
answer '3 limit' large.csr
file='a file without end'
answer '3 limit' /dev/zero

find "$here/requests" -type f | sort >there
sort used | cmp -s - there || {
	echo "requests without a case, or the other way round:" >&2
	sort used | diff - there >&2 || true
	exit 1
}
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
