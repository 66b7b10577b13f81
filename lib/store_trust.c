/*
 * store_trust.c - the trust anchors, and where each came from.
 */
#include "store.h"

#include "minica/digest.h"
#include "minica/text.h"

#include <assert.h>

static mca_code
seal(mca_store *store, const uint8_t sha256[MCA_SHA256_SIZE],
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code = mca_sql_query(&query, store->sql,
	    "seal_trust_anchor+only_trust_anchor", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_blob(query, ":sha256", sha256, MCA_SHA256_SIZE);
	return mca_store_seal(store, query, err);
}

mca_code
mca_store_add_anchor(mca_store *store, bool *added, const mca_cert *cert,
    const char *origin, mca_time now, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	const uint8_t *der;
	size_t length;
	mca_code code;

	assert(mca_sql_in_transaction(store->sql));
	code = mca_sql_query(&query, store->sql, "anchor_add", err);
	if (code != MCA_OK)
		return code;
	der = mca_cert_der(cert, &length);
	mca_query_bind_blob(query, ":sha256", mca_cert_sha256(cert),
	    MCA_SHA256_SIZE);
	mca_query_bind_text(query, ":subject",
	    mca_name_text(mca_cert_subject(cert)));
	mca_query_bind_text(query, ":origin", origin);
	mca_query_bind_int(query, ":not_after", mca_cert_not_after(cert));
	mca_query_bind_int(query, ":now", now);
	mca_query_bind_blob(query, ":der", der, length);
	code = mca_query_run(query, err);
	if (code != MCA_OK)
		return code;
	*added = mca_sql_changed(store->sql) != 0;
	return *added ? seal(store, mca_cert_sha256(cert), err) : MCA_OK;
}

mca_code
mca_store_remove_anchor(mca_store *store, bool *removed, const char *sha256,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	uint8_t digest[MCA_SHA256_SIZE];
	mca_code code;

	assert(mca_sql_in_transaction(store->sql));
	if (!mca_text_unhex(digest, sizeof(digest), sha256))
		return mca_fail(err, MCA_EUSAGE,
		    "\"%s\" is no SHA-256 fingerprint: wanted 64 hexadecimal "
		    "digits (`minica trust list` shows them)",
		    MCA_SHOW_TEXT(sha256));
	if ((code = seal(store, digest, err)) != MCA_OK ||
	    (code = mca_sql_query(&query, store->sql, "anchor_remove", err)) !=
		MCA_OK)
		return code;
	mca_query_bind_blob(query, ":sha256", digest, sizeof(digest));
	code = mca_query_run(query, err);
	if (code != MCA_OK)
		return code;
	*removed = mca_sql_changed(store->sql) != 0;
	return MCA_OK;
}

static void
read_anchor(struct mca_anchor *anchor, mca_query *query)
{
	*anchor = (struct mca_anchor){
		.sha256 = mca_query_text(query, "sha256"),
		.subject = mca_query_shown(query, "subject"),
		.origin = mca_query_text(query, "origin"),
		.not_after = mca_query_int(query, "not_after"),
		.added = mca_query_int(query, "added"),
	};
	anchor->der = mca_query_blob(query, "der", &anchor->der_length);
}

mca_code
mca_store_anchors(mca_store *store, mca_store_each_anchor *each, void *context,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code;

	code = mca_sql_query(&query, store->sql, "anchors", err);
	while (code == MCA_OK) {
		struct mca_anchor anchor;
		bool row;

		code = mca_query_step(query, &row, err);
		if (code != MCA_OK || !row)
			return code;
		read_anchor(&anchor, query);
		code = mca_query_check(query, err);
		if (code == MCA_OK)
			code = each(context, &anchor, err);
	}
	return code;
}
