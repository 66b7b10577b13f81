/*
 * weak_debian.c - keys that Debian's OpenSSL made from 2006 to 2008
 * (CVE-2008-0166), by a table of their fingerprints.
 *
 * keys/debian.c makes the table and says what is in it: words of 32 bits, first
 * where each of 4096 buckets begins and ends, then the fingerprints.  Of the
 * SHA-256 of a modulus, or of x of a point, 12 bits choose the bucket and the
 * next 32 are looked for: a key that is none of these has a chance of one in
 * thirty million to be taken for one.
 */
#include "weak_parts.h"

#include "embedded.h"
#include "minica/digest.h"

#include <stdlib.h>

enum { BUCKETS = 4096 };

static bool
in_bucket(uint32_t wanted, uint32_t first, uint32_t end)
{
	const uint32_t *rows = mca_embedded_debian + BUCKETS + 1;

	while (first < end) {
		uint32_t middle = first + (end - first) / 2;

		if (rows[middle] == wanted)
			return true;
		if (rows[middle] < wanted)
			first = middle + 1;
		else
			end = middle;
	}
	return false;
}

static bool
is_listed(const uint8_t *bytes, size_t length)
{
	uint8_t h[MCA_SHA256_SIZE];
	struct mca_error ignored;
	size_t bucket;
	uint32_t wanted;

	if (mca_sha256(h, bytes, length, &ignored) != MCA_OK)
		return false;
	bucket = (size_t)h[0] << 4 | h[1] >> 4;
	wanted = (uint32_t)(h[1] & 15) << 28 | (uint32_t)h[2] << 20 |
	    (uint32_t)h[3] << 12 | (uint32_t)h[4] << 4 | h[5] >> 4;
	return in_bucket(wanted, mca_embedded_debian[bucket],
	    mca_embedded_debian[bucket + 1]);
}

static bool
is_listed_modulus(const BIGNUM *n)
{
	unsigned char *bytes = malloc((size_t)BN_num_bytes(n));
	bool listed;

	if (bytes == NULL)
		return true;
	listed = is_listed(bytes, (size_t)BN_bn2bin(n, bytes));
	free(bytes);
	return listed;
}

bool
mca_weak_debian(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL])
{
	bool listed = false;

	if (mca_weak_computable(raw))
		listed = is_listed_modulus(raw->n);
	else if (raw->kind == MCA_RAW_EC && raw->bits != NULL &&
	    raw->length > 1)
		listed = is_listed(raw->bits + 1, (raw->length - 1) / 2);
	return listed &&
	    mca_weak_say(detail,
		"it was made by Debian's OpenSSL of 2006 to 2008, whose keys "
		"are all known");
}
