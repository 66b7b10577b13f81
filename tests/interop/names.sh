# names.sh - every form of name, under every policy that takes it; read by run.
# shellcheck shell=sh disable=SC2154

# named FORM POLICY CHECK NAME...: issued, and nothing is found wrong with it
named() {
	form=$1
	policy=$2
	check=$3
	shift 3
	purpose=sslserver
	[ "$policy" != client ] || purpose=sslclient
	for key in ec-p256 rsa-2048; do
		needs minica issue --force --issuer web --policy "$policy" \
		    --key $key --key-out form.key --fullchain \
		    --out form.chain "$@"
		# shellcheck disable=SC2086 # options with their values
		accepts "openssl verify -x509_strict: $form, $policy, $key" \
		    openssl verify -x509_strict -purpose $purpose \
		    -CAfile root.pem -untrusted form.chain $check form.chain
		accepts "minica verify: $form, $policy, $key" \
		    minica verify form.chain --roots root.pem \
		    --purpose "${purpose#ssl}"
		accepts "minica lint: $form, $policy, $key" \
		    minica lint form.chain
		there certtool || continue
		accepts "certtool --verify: $form, $policy, $key" \
		    certtool --verify --verify-profile medium \
		    --load-ca-certificate root.pem --infile form.chain
	done
}

long=$(printf 'a%.0s' $(seq 60)).$(printf 'b%.0s' $(seq 60)).example.com
many=$(seq -f 'h%g.example.com' 100)
for policy in server peer ci; do
	named 'a host' "$policy" '-verify_hostname www.example.com' \
	    www.example.com
	named 'a wildcard' "$policy" '-verify_hostname a.example.com' \
	    '*.example.com'
	named 'IPv4 and IPv6' "$policy" '-verify_ip 2001:db8::1' \
	    192.0.2.1 2001:db8::1
	named 'an A-label' "$policy" '-verify_hostname xn--bcher-kva.example.com' \
	    xn--bcher-kva.example.com
	named 'too long for a CN' "$policy" "-verify_hostname $long" "$long"
	# shellcheck disable=SC2086 # a hundred names
	named 'a hundred hosts' "$policy" '-verify_hostname h100.example.com' \
	    $many
done
for policy in client peer; do
	named 'a mailbox' "$policy" '-verify_email a@example.com' a@example.com
	named 'a SPIFFE ID' "$policy" '' spiffe://example.com/ns/prod
	named 'a mailbox, a host and a URI' "$policy" \
	    '-verify_email a@example.com' a@example.com www.example.com \
	    https://example.com/a
done
