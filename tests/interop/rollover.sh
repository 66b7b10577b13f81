# rollover.sh - a root is replaced, and at every stage clients that know the old
# root, the new one, or both verify every live certificate; read by run.
# shellcheck shell=sh disable=SC2154

# full_chains: every live leaf with the chain as it is now, in chains/
full_chains() {
	rm -rf chains && mkdir chains
	for leaf in $leaves; do
		needs minica show "$leaf.example.com" --fullchain
		cp output "chains/$leaf.pem"
	done
}

openssl_accepts() {
	openssl verify -x509_strict -purpose sslserver -CAfile "$1" \
	    -untrusted "$2" -verify_hostname "$3" "$2"
}

certtool_accepts() {
	certtool --verify --verify-profile medium --load-ca-certificate "$1" \
	    --infile "$2" --verify-purpose 1.3.6.1.5.5.7.3.1 \
	    --verify-hostname "$3"
}

minica_accepts() {
	minica --home nowhere verify "$2" --host "$3" --roots "$1"
}

# all_accept STAGE ROOTS...: each of the clients, with each file of roots
all_accept() {
	stage=$1
	shift
	full_chains
	for roots in "$@"; do
		for leaf in $leaves; do
			host=$leaf.example.com
			accepts "$stage, $roots: openssl: $leaf" \
			    openssl_accepts "$roots" "chains/$leaf.pem" "$host"
			accepts "$stage, $roots: minica: $leaf" \
			    minica_accepts "$roots" "chains/$leaf.pem" "$host"
			there certtool || continue
			accepts "$stage, $roots: certtool: $leaf" \
			    certtool_accepts "$roots" "chains/$leaf.pem" "$host"
		done
	done
}

# export_root LABEL FILE
export_root() {
	needs minica show "$1" --pem
	cp output "$2"
}

there certtool || skip 'certtool: not here'
kept_home=$MINICA_HOME

# By an intermediate, and by the root itself.
for shape in intermediate root-alone; do
	MINICA_HOME=$work/rollover-$shape
	leaves='before'
	needs minica init-root --name "Old Root" --out old.pem --force
	[ "$shape" = root-alone ] || needs minica init-intermediate
	needs minica issue before.example.com --out before.pem \
	    --key-out before.key --force
	all_accept "$shape, before" old.pem

	needs minica rollover start --name "New Root" --out new.pem --force
	cat old.pem new.pem >both.pem
	all_accept "$shape, started" old.pem both.pem
	refuses "$shape, started: the new root alone" \
	    openssl_accepts new.pem chains/before.pem before.example.com

	needs minica rollover cross
	needs minica issue crossed.example.com --out crossed.pem \
	    --key-out crossed.key --force
	leaves='before crossed'
	all_accept "$shape, crossed" old.pem new.pem both.pem

	needs minica rollover switch
	needs minica issue switched.example.com --out switched.pem \
	    --key-out switched.key --force
	leaves='before crossed switched'
	all_accept "$shape, switched" old.pem new.pem both.pem
	needs minica verify switched.pem --host switched.example.com

	if [ "$shape" = root-alone ]; then
		refuses "$shape: finish is too early" minica rollover finish
		needs minica revoke before.example.com
		needs minica revoke crossed.example.com
		leaves='switched'
	fi
	needs minica rollover finish
	all_accept "$shape, finished" new.pem both.pem
	needs minica trust export
	cp output trusted.pem
	accepts "$shape, finished: the new root alone is trusted" \
	    cmp trusted.pem new.pem
	refuses "$shape, finished: the old root alone" \
	    openssl_accepts old.pem chains/switched.pem switched.example.com
	accepts "$shape, finished: doctor" sh -c \
	    'minica crl --out 1.crl --force >/dev/null 2>&1
	    minica crl --issuer root --out 2.crl --force >/dev/null 2>&1
	    minica doctor'
done

# The same key: every chain serves both, and nothing is crossed.
MINICA_HOME=$work/rollover-same-key
leaves='before'
needs minica init-root --name "Same Root" --days 3y --out old.pem --force
needs minica init-intermediate
needs minica issue before.example.com --out before.pem --key-out before.key \
    --force
needs minica rollover start --same-key --out new.pem --force
cat old.pem new.pem >both.pem
all_accept 'same key, started' old.pem new.pem both.pem
needs minica rollover cross
needs minica rollover switch
needs minica issue after.example.com --out after.pem --key-out after.key --force
leaves='before after'
all_accept 'same key, switched' old.pem new.pem both.pem
needs minica rollover finish
all_accept 'same key, finished' old.pem new.pem
accepts 'same key, finished: doctor' minica doctor
MINICA_HOME=$kept_home
