#!/bin/sh
#
# layers.sh [TREE] - arrows only point down.
#
# Reads the #include lines of lib/ and cmd/.  A module (x.c, x_part.c, x.h,
# minica/x.h) may use those of its own layer and of the layers below; within a
# layer no two use each other's private headers (a public one is a contract that
# all who keep it may read).  A module in no row fails: give it a place first.
set -eu
cd "${1:-$(dirname "$0")/../..}"

# layer, its name, its modules
layers() {
	cat <<'ROWS'
0 base api blob cores error finding heap interrupt limits owned parallel text time
1 format cleanse command digest embedded file ossl pem sql yaml yamldoc
1 format der directory swap
1 format ciphers random tlv
2 object algorithm bare cert certs crl csr curve dns extension key name object privkey pubkey
2 object rawkey san spki weak x509
2 object pkcs12 work
2 object idna
3 rule client lint pattern policy profile review subtree suffix
3 rule constraints crlfacts crlscope explain facts host judge nametree path
3 rule policies revocation rules
3 rule ocsp session sigalg trust verifier verify
3 rule memory standing trials
4 act bundle crlbuild fixture inner live modulus ocspmake sign tbs
5 record audit managed store
6 authority authority ca
6 upkeep backup doctor import rollover
7 provision apply keyring manifest password plan
8 umbrella minica
ROWS
}

# header (or a folder of headers), and who in lib/ may include it: modules, or
# <N for all below layer N.  cmd/ is a name too.
others() {
	cat <<'ROWS'
openssl/ <5
openssl/ssl.h live
sqlite3.h sql cleanse
idn2.h idna
yaml.h yaml
jansson.h cmd/
getopt.h cmd/
ROWS
}

work=$(mktemp -d "${TMPDIR:-/tmp}/minica-layers.XXXXXX")
trap 'rm -rf "$work"' EXIT
layers >"$work/layers"
others >"$work/others"

find lib cmd -name '*.[ch]' -exec grep -HE '^#[[:space:]]*include' {} + \
    2>/dev/null | sort >"$work/includes"
[ -s "$work/includes" ] || {
	echo "no #include line in lib/ or cmd/" >&2
	exit 1
}

awk -v layers="$work/layers" -v others="$work/others" -v edges="$work/edges" '
function module(path)
{
	sub(/.*\//, "", path)
	sub(/\.[ch]$/, "", path)
	sub(/_.*/, "", path)
	return path
}

function bad(text)
{
	print file ": " text
	failed = 1
}

# May `who` (a module of lib/, or "cmd/") include the outside header `name`?
function outside(who, name,    row, rule, words, count, i)
{
	rule = ""
	for (row in allowed)
		if (index(name, row) == 1 && length(row) > length(rule))
			rule = row
	if (rule == "")
		return
	count = split(allowed[rule], words)
	for (i = 1; i <= count; i++) {
		if (words[i] == who)
			return
		if (words[i] ~ /^</ && (who in layer) &&
		    layer[who] < substr(words[i], 2) + 0)
			return
	}
	bad("<" name "> is for " allowed[rule] " alone")
}

function inside(who, name,    target)
{
	target = module(name)
	if (!(target in layer)) {
		bad("\"" name "\" is of no module in the table")
		return
	}
	if (layer[target] > layer[who])
		bad("\"" name "\" points up, from layer " layer[who] " to " \
		    layer[target])
	if (target == "x509" || target == "ossl")
		outside(who, "openssl/x509.h")
	if (target != who && (who in coded) && name !~ /^minica\//)
		print who, target >edges
}

function of_cmd(name,    own)
{
	own = file
	sub(/[^\/]*$/, name, own)
	if (name !~ /^minica(|\/owned)\.h$/ && !(own in files))
		bad("\"" name "\": cmd/ sees <minica.h> alone")
}

BEGIN {
	while ((getline line <layers) > 0) {
		count = split(line, words)
		for (i = 3; i <= count; i++)
			layer[words[i]] = words[1]
	}
	while ((getline line <others) > 0) {
		split(line, words)
		allowed[words[1]] = substr(line, length(words[1]) + 2)
	}
	while (("find cmd -name \"*.h\" 2>/dev/null" | getline line) > 0)
		files[line] = 1

	# A header without code of its own may gather those that include it.
	while (("find lib -name \"*.c\"" | getline line) > 0)
		coded[module(line)] = 1
}

{
	colon = index($0, ":")
	file = substr($0, 1, colon - 1)
	name = substr($0, colon + 1)
	quoted = name ~ /"/
	gsub(/^[^"<]*["<]|[">].*$/, "", name)
	own = quoted || name ~ /^minica(\/|\.h)/
	who = file ~ /^cmd\// ? "cmd/" : module(file)

	if (who == "cmd/") {
		if (own)
			of_cmd(name)
		else
			outside(who, name)
		next
	}
	if (!(who in layer)) {
		if (!(who in told))
			bad("module " who " is in no row of the table")
		told[who] = 1
		next
	}
	if (own)
		inside(who, name)
	else
		outside(who, name)
}

END { exit failed }
' "$work/includes" >&2

# tsort names the modules of a cycle on its standard error.
if ! sort -u "$work/edges" 2>/dev/null | tsort >/dev/null 2>"$work/cycle"; then
	echo "these modules use each other:" >&2
	sed -n 's/^tsort: \([a-z0-9]*\)$/	\1/p' "$work/cycle" >&2
	exit 1
fi

# What comes in through a header of a lower layer is not to be called either.
calls='(^|[^A-Za-z_])(ASN1|BIO|EVP|NID|OBJ|OCSP|OSSL|PEM|RAND|SSL|X509|X509V3|sqlite3)_'
for module in $(layers | awk '$1 >= 5 { $1 = $2 = ""; print }') cmd; do
	for file in "lib/$module".[ch] "lib/$module"_*.[ch] "$module"/*.[ch]; do
		[ -e "$file" ] || continue
		# A variable of the environment is called like one of libssl.
		if grep -nE "$calls" "$file" /dev/null |
		    grep -vE 'SSL_CERT_(FILE|DIR)' >&2; then
			echo "$file: calls what only the layers below may" >&2
			exit 1
		fi
	done
done
