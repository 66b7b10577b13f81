/*
 * store_keys.c - who had a key, a name, or a prime of a modulus before.
 *
 * The moduli of all RSA keys are kept in products: of one, and when there are
 * STEP of a level, of all these one level up.  So a new modulus is compared
 * with few products, however many keys there are, and adding one costs little
 * on average.
 */
#include "store.h"

#include "modulus.h"

#include <assert.h>

/* 8^3 = 512 moduli in the largest: 128 KB for RSA of 2048 bits. */
enum { STEP = 8, TOP = 3 };

/* Products that are in memory at a time: 4 MB of the largest. */
enum { BATCH = 32 };

mca_code
mca_store_of_key(mca_store *store, const mca_spki *spki, mca_store_each *each,
    void *context, size_t *count, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code =
	    mca_sql_query(&query, store->sql, "record+with_key+by_newest", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_blob(query, ":head", mca_spki_sha256(spki), 4);
	mca_query_bind_blob(query, ":key", mca_spki_sha256(spki),
	    MCA_SHA256_SIZE);
	return mca_store_walk(query, count, each, context, err);
}

mca_code
mca_store_of_name(mca_store *store, const char *text, mca_time now,
    mca_store_each *each, void *context, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	size_t count;
	mca_code code = mca_sql_query(&query, store->sql,
	    "record+with_text+when_valid+by_newest", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":text", text);
	mca_query_bind_int(query, ":now", now);
	return mca_store_walk(query, &count, each, context, err);
}

mca_code
mca_store_newest_row(mca_store *store, int64_t *id, struct mca_error *err)
{
	return mca_sql_number(store->sql, id, "certificate_newest", err);
}

/* ---- adding ---- */

static mca_code
insert(mca_store *store, int level, int64_t first, int64_t last,
    const mca_blob *product, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code = mca_sql_query(&query, store->sql, "product_add", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_int(query, ":level", level);
	mca_query_bind_int(query, ":first", first);
	mca_query_bind_int(query, ":last", last);
	mca_query_bind_blob(query, ":product", product->bytes, product->length);
	return mca_query_run(query, err);
}

/* All products of a level in one, and from which certificate to which. */
struct gathered {
	mca_blob product;
	int64_t first, last;
	int count;
};

static mca_code
gather(mca_store *store, struct gathered *out, int level, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code =
	    mca_sql_query(&query, store->sql, "products_of_level", err);
	bool row = true;

	if (code != MCA_OK)
		return code;
	mca_query_bind_int(query, ":level", level);
	while ((code = mca_query_step(query, &row, err)) == MCA_OK && row) {
		size_t length;
		const uint8_t *bytes =
		    mca_query_blob(query, "product", &length);

		if (out->count++ == 0)
			out->first = mca_query_int(query, "first");
		out->last = mca_query_int(query, "last");
		code = mca_modulus_multiply(&out->product, bytes, length, err);
		if (code != MCA_OK)
			return code;
	}
	return code;
}

static mca_code
drop_level(mca_store *store, int level, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code = mca_sql_query(&query, store->sql, "products_drop", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_int(query, ":level", level);
	return mca_query_run(query, err);
}

static mca_code
count_level(mca_store *store, int64_t *count, int level, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row;
	mca_code code =
	    mca_sql_query(&query, store->sql, "products_count", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_int(query, ":level", level);
	code = mca_query_step(query, &row, err);
	*count = code == MCA_OK ? mca_query_int(query, "count") : 0;
	return code;
}

static mca_code
move_up(mca_store *store, int level, struct mca_error *err)
{
	struct gathered all = { 0 };
	mca_code code;

	if ((code = gather(store, &all, level, err)) == MCA_OK &&
	    (code = drop_level(store, level, err)) == MCA_OK)
		code = insert(store, level + 1, all.first, all.last,
		    &all.product, err);
	mca_blob_clear(&all.product);
	return code;
}

mca_code
mca_store_add_modulus(mca_store *store, int64_t certificate,
    const mca_spki *spki, struct mca_error *err)
{
	scoped(mca_blob) modulus = { 0 };
	mca_code code = mca_modulus_bytes(&modulus, spki, err);

	if (code != MCA_OK || modulus.length == 0)
		return code;
	code = insert(store, 0, certificate, certificate, &modulus, err);
	for (int level = 0; code == MCA_OK && level < TOP; level++) {
		int64_t count;

		code = count_level(store, &count, level, err);
		if (code != MCA_OK || count < STEP)
			return code;
		code = move_up(store, level, err);
	}
	return code;
}

/* ---- comparing ---- */

/* Which of the certificates behind a product has the prime. */
struct suspects {
	const mca_spki *spki;
	mca_store_each *each;
	void *context;
};

static mca_code
suspect(void *context, const struct mca_record *record, struct mca_error *err)
{
	const struct suspects *suspects = context;
	scoped(mca_blob) modulus = { 0 };
	owned(mca_sharing) *sharing = NULL;
	owned(mca_cert) *cert = NULL;
	bool found = false;
	mca_code code;

	if ((code = mca_cert_parse(&cert, record->der, record->der_length,
		 err)) != MCA_OK ||
	    mca_cert_spki(cert) == NULL)
		return code;
	if ((code = mca_modulus_bytes(&modulus, mca_cert_spki(cert), err)) !=
		MCA_OK ||
	    modulus.length == 0 ||
	    (code = mca_sharing_new(&sharing, suspects->spki, err)) != MCA_OK ||
	    (code = mca_sharing_add(sharing, &modulus, 1, err)) != MCA_OK ||
	    (code = mca_sharing_found(sharing, &found, err)) != MCA_OK ||
	    !found)
		return code;
	return suspects->each(suspects->context, record, err);
}

static mca_code
look_closer(mca_store *store, struct suspects *suspects, int64_t first,
    int64_t last, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	size_t count;
	mca_code code =
	    mca_sql_query(&query, store->sql, "record+with_rsa_rows", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_int(query, ":first", first);
	mca_query_bind_int(query, ":last", last);
	return mca_store_walk(query, &count, suspect, suspects, err);
}

/* Some of the products, and from which certificate to which each is. */
struct batch {
	mca_blob products[BATCH];
	int64_t first[BATCH], last[BATCH];
	size_t count;
};

static void
batch_clear(struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		mca_blob_clear(&batch->products[i]);
	batch->count = 0;
}

static mca_code
read_batch(struct batch *batch, mca_query *query, bool *more,
    struct mca_error *err)
{
	mca_code code = MCA_OK;

	batch_clear(batch);
	while (code == MCA_OK && batch->count < BATCH) {
		size_t length, i = batch->count;
		const uint8_t *bytes;

		code = mca_query_step(query, more, err);
		if (code != MCA_OK || !*more)
			return code;
		bytes = mca_query_blob(query, "product", &length);
		batch->first[i] = mca_query_int(query, "first");
		batch->last[i] = mca_query_int(query, "last");
		batch->products[i] = (mca_blob){ 0 };
		batch->count++;
		code = mca_blob_copy(&batch->products[i], bytes, length, err);
	}
	return code;
}

/* All at once; only when there is something, each alone. */
static mca_code
ask_batch(mca_store *store, const struct batch *batch, mca_sharing *sharing,
    struct suspects *suspects, struct mca_error *err)
{
	bool found = false;
	mca_code code =
	    mca_sharing_add(sharing, batch->products, batch->count, err);

	if (code == MCA_OK)
		code = mca_sharing_found(sharing, &found, err);
	if (code != MCA_OK || !found)
		return code;
	for (size_t i = 0; code == MCA_OK && i < batch->count; i++) {
		code = mca_sharing_add(sharing, &batch->products[i], 1, err);
		if (code == MCA_OK)
			code = mca_sharing_found(sharing, &found, err);
		if (code == MCA_OK && found)
			code = look_closer(store, suspects, batch->first[i],
			    batch->last[i], err);
	}
	return code;
}

static mca_code
ask_products(mca_store *store, mca_sharing *sharing, int64_t since,
    struct suspects *suspects, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	struct batch *batch = calloc(1, sizeof(*batch));
	bool more = true;
	mca_code code;

	if (batch == NULL)
		return mca_fail_memory(err);
	code = mca_sql_query(&query, store->sql, "products", err);
	if (code == MCA_OK)
		mca_query_bind_int(query, ":since", since);
	while (code == MCA_OK && more) {
		code = read_batch(batch, query, &more, err);
		if (code == MCA_OK && batch->count > 0)
			code = ask_batch(store, batch, sharing, suspects, err);
	}
	batch_clear(batch);
	free(batch);
	return code;
}

mca_code
mca_store_sharing(mca_store *store, const mca_spki *spki, int64_t since,
    mca_store_each *each, void *context, struct mca_error *err)
{
	struct suspects suspects = { spki, each, context };
	owned(mca_sharing) *sharing = NULL;
	mca_code code = mca_sharing_new(&sharing, spki, err);

	if (code != MCA_OK || sharing == NULL)
		return code;
	return ask_products(store, sharing, since, &suspects, err);
}
