# shellcheck shell=sh
#
# million.sh - stores of a million, lists of a million (tests/bench/run --full
# reads this).  What questions cost as a store grows is in growth.

# A store of a million beside an empty one: the same thousand requests.
prepare minica --home empty --quiet init-root --key ec-p256
prepare minica --home large --quiet init-root --key ec-p256
prepare minica --home large --quiet issue one.example.org --out one.pem \
    --key-out one.key
prepare ./fill large/minica.db 1000000 0 20
outputs large-out "${few:?}"
outputs empty-out "$few"
compare 'sign 1,000, store of 10^6' "$few" <<'END'
minica | minica --home large sign --quiet --from leaves.list --out-dir large-out-{}
minica, empty store | minica --home empty sign --quiet --from leaves.list --out-dir empty-out-{}
END
rm -rf large

# Memory: ten times as many requests.
prepare make_requests more requests 100000
prepare minica --home more-home --quiet init-root --key ec-p256
homes more-home 1
compare 'sign 100,000 requests' 1 <<'END'
minica | minica --home more-home-{} sign --quiet --from more.list --out-dir more-home-out-{}
END
rm -rf more more-home*

# A list of a million that are revoked, beside the peer's: serial numbers of 14
# octets, times and a reason in both.
prepare minica --home revoked --quiet init-root --key ec-p256
prepare minica --home revoked --quiet issue one.example.org --out two.pem \
    --key-out two.key
prepare ./fill revoked/minica.db 1000000 1000000 0
awk 'BEGIN {
	for (i = 1; i <= 1000000; i++)
		printf "R\t300101000000Z\t260101000000Z,keyCompromise\t4%027X\tunknown\t/CN=h%d\n", \
		    i, i
}' >index.txt
compare 'crl of 10^6' "$few" <<'END'
minica | minica --home revoked crl --quiet --der --out ours.crl --force
openssl ca | openssl ca -config peer.cnf -gencrl -out theirs.crl
END
rm -rf revoked ours.crl theirs.crl
