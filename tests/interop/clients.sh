# clients.sh - what real clients say of chains that break one rule each, beside
# what verify --as says they would; read by run.
#
# A disagreement is a failure unless `known` has it, with its reason.
# shellcheck shell=sh disable=SC2154

# shellcheck source=/dev/null
. "$here/chains.sh"

# Case, client, and why it is left so.
known() {
	cat <<'ROWS'
wildcard-partial java we match no partial wildcard (RFC 9525, 6.3)
wildcard-partial openssl we match no partial wildcard (RFC 9525, 6.3)
wildcard-registry go we match no wildcard over a registry
wildcard-registry java we match no wildcard over a registry
purpose-empty go an empty extKeyUsage is no serverAuth
purpose-empty gnutls an empty extKeyUsage is no serverAuth
purpose-malformed java an unreadable extKeyUsage is no serverAuth
ROWS
}

# Each reads "chains" and writes "NAME yes" or "NAME no WHY".
judge_go() {
	go run "$here/verify.go"
}

judge_java() {
	java "$here/Verify.java"
}

judge_python313() {
	python3 "$here/verify.py"
}

# verdict NAME COMMAND...
verdict() {
	case_name=$1
	shift
	if "$@" >said 2>&1 </dev/null; then
		echo "$case_name yes"
	else
		echo "$case_name no $(grep -i -e error -e output: said | tail -n 1)"
	fi
}

is_address() {
	case $1 in
	*[!0-9.]*) return 1 ;;
	esac
}

judge_openssl() {
	while read -r name host _; do
		option=-verify_hostname
		is_address "$host" && option=-verify_ip
		verdict "$name" openssl verify -purpose sslserver -auth_level 2 \
		    $option "$host" -CAfile "$name.root" \
		    -untrusted "$name.chain" "$name.chain"
	done
}

judge_gnutls() {
	while read -r name host _; do
		verdict "$name" certtool --verify --verify-profile low \
		    --load-ca-certificate "$name.root" --infile "$name.chain" \
		    --verify-purpose 1.3.6.1.5.5.7.3.1 --verify-hostname "$host"
	done
}

# ours CLIENTS: what minica says of each chain, as "NAME CLIENT yes|no WHY"
ours() {
	while read -r name host _; do
		option=--host
		is_address "$host" && option=--ip
		minica verify "$name.chain" --roots "$name.root" $option "$host" \
		    --as "$1" 2>&1 </dev/null |
		    sed -n -e 's/^\(.*\)\.chain, as \([a-z0-9]*\): OK.*/\1 \2 yes/p' \
		    -e 's/^\(.*\)\.chain, as \([a-z0-9]*\): no: \(.*\)/\1 \2 no \3/p'
	done
}

# agree CLIENT: compares the two
agree() {
	wrong=0
	while read -r name theirs why; do
		mine=$(grep -m 1 "^$name $1 " ours.txt | cut -d ' ' -f 3-)
		[ "${mine%% *}" = "$theirs" ] && continue
		known | grep -q "^$name $1 " && continue
		wrong=$((wrong + 1))
		printf '%s: %s says %s %s\n\twe say %s\n' "$name" "$1" \
		    "$theirs" "$why" "$mine"
	done <"$1.txt" >output
	# A client that judged nothing agrees with nothing.
	[ "$(wc -l <"$1.txt")" -eq "$(wc -l <chains)" ] || wrong=1
	if [ "$wrong" -eq 0 ]; then
		pass "verify --as $1 says what $1 says of $(wc -l <chains) chains"
	else
		fail "verify --as $1 says what $1 says"
	fi
}

ours go,java,python313,openssl,gnutls <chains >ours.txt
for client in go:go java:java python313:python3 openssl:openssl \
    gnutls:certtool; do
	program=${client#*:}
	client=${client%:*}
	if there "$program"; then
		"judge_$client" <chains >"$client.txt" 2>complaints
		agree "$client"
	else
		skip "verify --as $client: no $program here"
	fi
done
