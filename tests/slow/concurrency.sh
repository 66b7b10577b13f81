#!/bin/bash
#
# concurrency.sh [PROCESSES [BULK [SINGLES]]] - many who write to one store.
#
# PROCESSES signers, each with BULK requests in one call, and as many that call
# the program anew for each of SINGLES requests, all at once; beside them, until
# the last of them is done, somebody revokes, publishes lists, lists the
# inventory and makes backups.  At the end there is a row for every certificate
# and a certificate for every row, no serial number twice, the audit log is
# whole, and nobody was told "busy" or had to wait longer than the limit.
#
# Figures go to standard output: for each kind of work how often, and the
# longest that one call took.  MINICA_BUILD is where minica is.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${MINICA_BUILD:-$here/../../build}" && pwd)
processes=${1:-8}
bulk=${2:-1000}
singles=${3:-100}

work=$(mktemp -d "${TMPDIR:-/tmp}/minica-concurrency.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
cd "$work"
PATH=$build:$PATH
export MINICA_HOME=$work/home
limit=$(minica version --limits | awk '$1 == "busy_seconds" { print $2 }')

wrong() {
	echo "concurrency: $*" >&2
	exit 1
}

# call KIND COMMAND...: runs it; a line for its status and microseconds
call() {
	local kind=$1 began=${EPOCHREALTIME/./} status=0
	shift
	"$@" >"said.$kind.$BASHPID" 2>&1 </dev/null || status=$?
	echo "$kind $status $((${EPOCHREALTIME/./} - began))" >>"log.$BASHPID"
	case $status in
	0) ;;
	*)
		echo "$kind: exit status $status: $*" >>failures
		head -n 3 "said.$kind.$BASHPID" >>failures
		;;
	esac
	return "$status"
}

minica init-root --quiet --out root.pem >/dev/null
mkdir requests out
for ((i = 1; i <= processes; i++)); do
	"$build/tests/many_requests" requests "$bulk" "bulk-$i" &
	"$build/tests/many_requests" requests "$singles" "single-$i" &
done
wait
: >failures

signers=()
began=${EPOCHREALTIME/./}
for ((i = 1; i <= processes; i++)); do
	for ((n = 1; n <= bulk; n++)); do
		echo "requests/bulk-$i-$n.csr"
	done >"list-$i"
	call bulk minica sign --quiet --from "list-$i" --out-dir out &
	signers+=($!)
	for ((n = 1; n <= singles; n++)); do
		call sign minica sign --quiet "requests/single-$i-$n.csr" \
		    --out "out/single-$i-$n.pem" || break
	done &
	signers+=($!)
done

# beside COMMAND...: over and over, until the signers are done
beside() {
	while [ ! -e ended ]; do
		"$@" || return 0
	done
}
revoke_one() {
	local file
	file=$(find out -name 'single-*.pem' -newer last-revoked | head -n 1)
	[ -n "$file" ] || {
		sleep 0.05
		return 0
	}
	touch last-revoked
	call revoke minica revoke --quiet "$file" --reason superseded
}
publish() {
	call crl minica crl --quiet --der --out ca.crl || return
	openssl crl -in ca.crl -inform DER -noout -crlnumber >>numbers
}
copies=0
copy() {
	copies=$((copies + 1))
	call backup minica backup --quiet --force --out "copy-$((copies % 2))"
}
touch -d @0 last-revoked
others=()
beside revoke_one &
others+=($!)
beside publish &
others+=($!)
beside call list minica list --json &
others+=($!)
beside copy &
others+=($!)

for pid in "${signers[@]}"; do
	wait "$pid" || true
done
took=$((${EPOCHREALTIME/./} - began))
touch ended
for pid in "${others[@]}"; do
	wait "$pid" || true
done

[ ! -s failures ] || {
	head -n 20 failures >&2
	wrong "$(grep -c 'exit status' failures) calls failed"
}

# Every certificate that left has its row, and every row its certificate.
want=$((processes * (bulk + singles)))
minica list --csv --policy server >rows.csv
awk -F, 'NR == 1 { at = $4 == "serial" ? 4 : 0 } NR > 1 { print $at }' \
    rows.csv | sort >rows
find out -name '*.pem' | sort >files
[ "$(wc -l <files)" = "$want" ] ||
    wrong "$(wc -l <files) certificates came out, not $want"
[ "$(wc -l <rows)" = "$want" ] || wrong "$(wc -l <rows) rows, not $want"
[ "$(sort -u rows | wc -l)" = "$want" ] || wrong 'a serial number twice'
# One openssl for all of them: a line of its own for each serial number.
xargs -n 500 cat <files >all.pem
openssl storeutl -noout -text -certs all.pem | awk '/Serial Number:$/ {
	getline
	gsub(/[ :]/, "")
	print
} /Serial Number: [0-9]/ { print "short" }' | sed 's/^0*//' | sort >serials
sed 's/^0*//' rows | sort | cmp -s - serials ||
    wrong 'rows and certificates differ'
sort -c -u numbers 2>/dev/null || {
	sed 's/.*=0x//' numbers | while read -r n; do
		printf '%08d\n' "$((16#$n))"
	done | sort -c -u || wrong 'CRL numbers did not rise'
}
minica crl --quiet --der --out ca.crl # the last revocations may be newer
minica audit verify >/dev/null || wrong 'the audit log is not whole'
minica doctor >doctor.out 2>&1 || wrong "doctor: $(cat doctor.out)"
for copy in copy-?; do
	minica --home "home-$copy" restore --quiet "$copy" >/dev/null 2>&1 ||
	    wrong "$copy cannot be restored"
	minica --home "home-$copy" audit verify >/dev/null ||
	    wrong "the audit log of $copy is not whole"
done

cat log.* | awk -v limit="$limit" '{
	count[$1]++
	if ($3 > longest[$1])
		longest[$1] = $3
} END {
	for (kind in count) {
		printf "%-8s %6d calls, the longest %.3f s\n", kind,
		    count[kind], longest[kind] / 1e6
		# A bulk call does its own work meanwhile.
		if (kind != "bulk" && longest[kind] / 1e6 > limit)
			late = 1
	}
	exit late
}' | sort || wrong "somebody waited longer than $limit s"
echo "$want certificates by $((2 * processes)) signers in $((took / 1000000)) s"
