#!/bin/sh
#
# policies.sh [TREE] - minica-policy(5) tells of every key, and its examples
# are policies.
#
# Each key of lib/policy_keys.c has its entry in the page; each example of an
# entry, put in its place in a policy that extends a built-in one, and each
# whole policy of the page, passes `minica policy check`.
set -eu
tree=$(cd "${1:-$(dirname "$0")/../..}" && pwd)
build=$(cd "${MINICA_BUILD:-$tree/build}" && pwd)
page=$tree/docs/man/minica-policy.5
work=$(mktemp -d "${TMPDIR:-/tmp}/minica-policies.XXXXXX")
trap 'rm -rf "$work"' EXIT
failed=0

sed -n 's/^	\[MCA_PK_[A-Z_]*\] = { "\([a-z_.]*\)".*/\1/p' \
    "$tree/lib/policy_keys.c" | sort >"$work/keys"
[ "$(wc -l <"$work/keys")" -gt 30 ] || {
	echo "lib/policy_keys.c: where are the rows?" >&2
	exit 1
}

# Entries of the page: each key, and each of its examples, as "key<TAB>text".
awk -v examples="$work/examples" '
/^\.It Ic / {
	line = $0
	sub(/^\.It Ic /, "", line)
	sub(/ : .*/, "", line)
	keys = split(line, key, / , /)
	for (i = 1; i <= keys; i++)
		print key[i]
	wanted = 0
	n = 0
}
/^\.(El|Sh|Ss)/ { keys = 0 }
/^Examples?:$/ { wanted = keys > 0; next }
wanted && /^\.Ql / {
	text = substr($0, 5)
	gsub(/\\\(dq/, "\"", text)
	sub(/ ,$/, "", text)
	sub(/^[.]Ql /, "", text)
	print key[++n] "\t" text >examples
	if (n == keys)
		wanted = 0
}' "$page" | sort >"$work/entries"

diff "$work/keys" "$work/entries" >"$work/diff" || {
	echo "keys (<) and entries of minica-policy(5) (>) differ:" >&2
	cat "$work/diff" >&2
	failed=1
}

# base KEY: the built-in policy that the example of a key can change
base() {
	case $1 in
	*.common_name) echo server ;;
	for | profile.ca | profile.path_len | profile.subject.*) \
		echo intermediate ;;
	profile.*days) echo ci ;;
	*) echo server ;;
	esac
}

# policy KEY TEXT: a policy with the example in its place
policy() {
	case $1 in
	policy | extends) printf '%s\n' "$2" ;;
	*) printf 'policy: example\nextends: %s\n' "$(base "$1")" ;;
	esac
	case $1 in
	policy) printf 'extends: server\n' ;;
	extends) printf 'policy: example\n' ;;
	profile.subject.fixed)
		printf 'profile:\n  subject:\n    require: []\n    keep: []\n'
		printf '    %s\n' "$2" ;;
	profile.subject.*) printf 'profile:\n  subject:\n    %s\n' "$2" ;;
	*.*) printf '%s:\n  %s\n' "${1%%.*}" "$2" ;;
	*) printf '%s\n' "$2" ;;
	esac
}

check() {
	"$build/minica" policy check "$work/one.yaml" >"$work/said" 2>&1 || {
		echo "$1:" >&2
		cat "$work/one.yaml" "$work/said" >&2
		failed=1
	}
}

tab=$(printf '\t')
while IFS=$tab read -r key text; do
	policy "$key" "$text" >"$work/one.yaml"
	check "the example of $key"
done <"$work/examples"
cut -f1 "$work/examples" | sort | diff "$work/keys" - >&2 || {
	echo "keys (<) without an example in minica-policy(5)" >&2
	failed=1
}

# Whole policies: displays that begin with "policy:".
awk -v work="$work" '
/^\.Bd -literal/ { file = work "/block" ++n; next }
/^\.Ed/ { file = ""; next }
file != "" { print >file }' "$page"
for block in "$work"/block*; do
	cp "$block" "$work/one.yaml"
	check "a policy of the page"
done
exit $failed
