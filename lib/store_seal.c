/*
 * store_seal.c - rows under the seal of the audit log.
 *
 * Each row of certificate, authority, revocation, crl, trust_anchor and
 * rollover is hashed as it is written, and the next audit entry carries the
 * hash.  When a row goes or changes, its old hash is carried once more: so a
 * row is as it should be when its hash is in the log an odd number of times.
 * Whoever writes a row need not think of it, only of the audit entry.
 *
 * What is not sealed: certificate_der and name are compared with the
 * certificate's own bytes, whose SHA-256 is; label, deployment and migration
 * change nothing that is signed.
 */
#include "store.h"

#include "minica/digest.h"

mca_code
mca_store_seal_hash(uint8_t out[MCA_SHA256_SIZE], mca_query *query,
    struct mca_error *err)
{
	scoped(mca_text) packed = { 0 };
	mca_code code;

	mca_query_pack(&packed, query);
	if (packed.failed)
		return mca_fail_memory(err);
	code = mca_query_check(query, err);
	if (code != MCA_OK)
		return code;
	return mca_sha256(out, packed.bytes, packed.length, err);
}

mca_code
mca_store_seal(mca_store *store, mca_query *query, struct mca_error *err)
{
	uint8_t hash[MCA_SHA256_SIZE];
	bool row;
	mca_code code = mca_query_step(query, &row, err);

	if (code != MCA_OK || !row)
		return code;
	code = mca_store_seal_hash(hash, query, err);
	if (code != MCA_OK)
		return code;
	mca_text_add(&store->sealed, (const char *)hash, sizeof(hash));
	return store->sealed.failed ? mca_fail_memory(err) : MCA_OK;
}
