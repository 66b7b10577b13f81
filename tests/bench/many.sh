# shellcheck shell=sh
#
# many.sh - much work in one process (tests/bench/run reads this).

many=1000
if "${full:?}"; then
	many=10000
fi

# make_requests NAME KIND COUNT: NAME/*.csr, and their list
make_requests() {
	mkdir "$1"
	./raw "$2" "$1" "$3"
	find "$1" -name '*.csr' | sort >"$1.list"
}

# outputs NAME RUNS: a new directory for each run.  Where a file is replaced
# there is more to do, and ext4 looks for the next inode among all that were
# deleted half a minute before: that took longer than the signatures.
outputs() {
	seq 0 "$2" | sed "s|^|$1-|" | xargs mkdir
}

# homes NAME RUNS: and a new store
homes() {
	outputs "$1-out" "$2"
	seq 0 "$2" | while read -r run; do
		cp -R "$1" "$1-$run"
	done
}

# Signed, recorded, made durable and written, beside one check and one signature
# for each by libcrypto alone.
prepare make_requests ec requests "$many"
prepare minica --home bulk --quiet init-root --key ec-p256
homes bulk "${few:?}"
compare "sign $many requests" "$few" <<'END'
minica | minica --home bulk-{} sign --quiet --from ec.list --out-dir bulk-out-{}
END
alone "sign $many requests" "$(./raw sign ec "$many")"

if "$full"; then
	prepare make_requests rsa requests-rsa 300
	prepare minica --home rsa-home --quiet init-root --key rsa-3072
	homes rsa-home "$few"
	compare 'sign 300 requests, RSA' "$few" <<-'END'
		minica | minica --home rsa-home-{} sign --quiet --from rsa.list --out-dir rsa-home-out-{}
	END
	alone 'sign 300 requests, RSA' "$(./raw sign-rsa rsa 300)"
fi

# Leaves of one issuer in one call, from a folder.
head -n 1000 ec.list >leaves.list
mkdir leaves
prepare minica --home leaf-home --quiet init-root --key ec-p256 --out leaf-root.pem
prepare minica --home leaf-home sign --quiet --from leaves.list --out-dir leaves
compare 'verify 1,000 leaves' "$few" <<'END'
minica | minica verify --quiet leaves --roots leaf-root.pem
END
alone 'verify 1,000 leaves' "$(./raw check ec 1000)"

# Many chains in one process (tests/bench/bulk.c), in microseconds for each.
if [ -x "${build:?}/tests/bulk" ]; then
	"$build/tests/bulk" 1000 >bulk.tsv
	awk -F '\t' -v OFS='\t' \
	    '{ print "verify 1,000 chains, each", $1, $2, $3, 0 }' \
	    bulk.tsv >>rows.tsv
else
	echo 'bench: this build has no tests (MINICA_TESTS), so no bulk row' >&2
fi
