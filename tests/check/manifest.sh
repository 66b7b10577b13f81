#!/bin/sh
#
# manifest.sh [TREE] - minica-manifest(5) tells of every key, and its examples
# are read.
#
# Each key of lib/manifest_keys.c has its entry in the page; each example of an
# entry, put in its place in a manifest, and the one of the synopsis, passes
# `minica plan`.
set -eu
tree=$(cd "${1:-$(dirname "$0")/../..}" && pwd)
build=$(cd "${MINICA_BUILD:-$tree/build}" && pwd)
page=$tree/docs/man/minica-manifest.5
work=$(mktemp -d "${TMPDIR:-/tmp}/minica-manifest.XXXXXX")
trap 'rm -rf "$work"' EXIT
failed=0

sed -n 's/^	{ "\([a-z_.]*\)",.*/\1/p' "$tree/lib/manifest_keys.c" |
    sort >"$work/known"
[ "$(wc -l <"$work/known")" -gt 30 ] || {
	echo "lib/manifest_keys.c: where are the rows?" >&2
	exit 1
}

# Entries of the page, and their examples as "key<TAB>text".
awk -v examples="$work/examples" '
/^\.It Ic [a-z_.]+ :/ { key = $3; print key; next }
/^Example:$/ { wanted = 1; next }
wanted && /^\.Ql / {
	text = substr($0, 5)
	gsub(/\\\(dq/, "\"", text)
	gsub(/\\&/, "", text)
	print key "\t" text >examples
	wanted = 0
}' "$page" | sort >"$work/entries"
diff "$work/known" "$work/entries" >&2 || {
	echo "keys (<) and entries of minica-manifest(5) (>) differ" >&2
	failed=1
}
cut -f1 "$work/examples" | sort | diff "$work/known" - >&2 || {
	echo "keys (<) without an example in minica-manifest(5)" >&2
	failed=1
}

cd "$work"
mkdir tls requests keys
echo word >word
export MINICA_HOME="$work/home"
"$build/minica" init-root --id above >log 2>&1
"$build/minica" keygen --out keys/web.key >log 2>&1
"$build/minica" csr --key keys/web.key --out requests/web.csr a.example \
    >log 2>&1
"$build/minica" init-root >log 2>&1

# extra KEY: what its example cannot stand without
extra() {
	case $1 in
	outputs.password_file) echo '        layout: pkcs12' ;;
	outputs.namespace) echo '        layout: kubernetes' ;;
	outputs.starttls | outputs.servername)
		echo '        probe: localhost:5432' ;;
	esac
}

# manifest KEY TEXT: a whole one with the example in its place
manifest() {
	[ "$1" = manifest ] || echo 'manifest: example'
	case $1 in
	authorities.name) printf 'authorities:\n  - %s\n' "$2" ;;
	authorities.*) printf 'authorities:\n  - name: new\n    %s\n' "$2" ;;
	certificates | certificates.* | outputs.*) ;;
	*) printf '%s\n' "$2" ;;
	esac
	[ "$1" != certificates ] || {
		printf '%s\n' "$2"
		return
	}
	echo 'certificates:'
	case $1 in
	certificates.name) printf '  - %s\n' "$2" ;;
	*) echo '  - name: web' ;;
	esac
	case $1 in
	certificates.csr | certificates.hosts) ;;
	*) echo '    hosts: [a.example.org]' ;;
	esac
	case $1 in
	certificates.name) ;;
	certificates.*) printf '    %s\n' "$2" ;;
	esac
	[ "$1" != certificates.outputs ] || return 0
	echo '    outputs:'
	case $1 in
	outputs.directory) printf '      - %s\n' "$2" ;;
	*) echo '      - directory: tls' ;;
	esac
	case $1 in
	outputs.directory) ;;
	outputs.*)
		printf '        %s\n' "$2"
		extra "$1" ;;
	esac
}

check() {
	"$build/minica" plan one.yaml >said 2>&1 || {
		echo "$1:" >&2
		cat one.yaml said >&2
		failed=1
	}
}

tab=$(printf '\t')
while IFS=$tab read -r key text; do
	manifest "$key" "$text" >one.yaml
	check "the example of $key"
done <examples

# Whole manifests: displays that begin with "manifest:".
awk '
/^\.Bd -literal/ { file = "block" ++n; next }
/^\.Ed/ { file = ""; next }
file != "" { print >file }' "$page"
for block in block*; do
	cp "$block" one.yaml
	MINICA_HOME=$work/none check "a manifest of the page"
done
exit $failed
