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
#include <string.h>

/* 8^3 = 512 moduli in the largest: 128 KB for RSA of 2048 bits. */
enum { STEP = 8, TOP = 3 };

/* Products that are read at a time, 2 MB of the largest; two in memory. */
enum { BATCH = 16 };

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
mca_store_key_uses(mca_store *store, const mca_spki *spki,
    mca_store_each_use *each, void *context, size_t *count,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code = mca_sql_query(&query, store->sql, "key_uses", err);
	bool row;

	if (code != MCA_OK)
		return code;
	mca_query_bind_blob(query, ":head", mca_spki_sha256(spki), 4);
	mca_query_bind_blob(query, ":key", mca_spki_sha256(spki),
	    MCA_SHA256_SIZE);
	for (*count = 0;; ++*count) {
		struct mca_key_use use;

		code = mca_query_step(query, &row, err);
		if (code != MCA_OK || !row)
			return code;
		use = (struct mca_key_use){ mca_query_int(query, "id"),
			mca_query_int(query, "is_ca") != 0,
			mca_query_shown(query, "reason") };
		code = mca_query_check(query, err);
		if (code == MCA_OK && each != NULL)
			code = each(context, &use, err);
		if (code != MCA_OK)
			return code;
	}
}

mca_code
mca_store_use_names(mca_store *store, int64_t id, mca_store_take_names *take,
    void *context, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code = mca_sql_query(&query, store->sql, "key_use_names", err);
	const char *subject, *names;
	bool row;

	if (code != MCA_OK)
		return code;
	mca_query_bind_int(query, ":id", id);
	code = mca_query_step(query, &row, err);
	if (code != MCA_OK)
		return code;
	if (!row)
		return mca_fail(err, MCA_ENOTFOUND,
		    "the store has no certificate row %lld", (long long)id);
	subject = mca_query_shown(query, "subject");
	names = mca_query_shown(query, "names");
	code = mca_query_check(query, err);
	return code == MCA_OK ? take(context, subject, names, err) : code;
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

/* Most time goes into the largest: these have their pairs beside them. */
static mca_code
insert(mca_store *store, int level, int64_t first, int64_t last,
    const mca_blob *product, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	scoped(mca_blob) pairs = { 0 };
	mca_code code = mca_sql_query(&query, store->sql, "product_add", err);

	if (code == MCA_OK && level == TOP)
		code = mca_inner_pairs(&pairs, product, err);
	if (code != MCA_OK)
		return code;
	mca_query_bind_int(query, ":level", level);
	mca_query_bind_int(query, ":first", first);
	mca_query_bind_int(query, ":last", last);
	mca_query_bind_blob(query, ":product", product->bytes, product->length);
	if (level == TOP)
		mca_query_bind_blob(query, ":pairs", pairs.bytes, pairs.length);
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
	    (code = mca_sharing_add(sharing,
		 &(struct mca_product){ .bytes = modulus }, 1, NULL, NULL,
		 err)) != MCA_OK ||
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

/*
 * Some of the products, and from which certificate to which each is.  The
 * memory for them is used again and again: they are many and large.
 */
struct batch {
	struct mca_product products[BATCH];
	size_t room[BATCH]; /* of the products' octets */
	int64_t first[BATCH], last[BATCH];
	size_t count;
};

static void
batch_clear(struct batch *batch)
{
	for (size_t i = 0; i < BATCH; i++) {
		free(batch->products[i].bytes.bytes);
		mca_blob_clear(&batch->products[i].pairs);
	}
}

static mca_code
copy_product(mca_blob *out, size_t *room, mca_query *query,
    struct mca_error *err)
{
	const uint8_t *bytes = mca_query_blob(query, "product", &out->length);

	if (out->length > *room) {
		*room = (out->length | 4095) + 1;
		free(out->bytes);
		out->bytes = malloc(*room);
		if (out->bytes == NULL) {
			*room = 0;
			return mca_fail_memory(err);
		}
	}
	if (out->length > 0)
		memcpy(out->bytes, bytes, out->length);
	return MCA_OK;
}

static mca_code
copy_pairs(mca_blob *out, mca_query *query, struct mca_error *err)
{
	size_t length;
	const uint8_t *bytes = mca_query_blob(query, "pairs", &length);

	mca_blob_clear(out);
	return length == 0 ? MCA_OK : mca_blob_copy(out, bytes, length, err);
}

/* The products on their way out of the store: one batch, and the next. */
struct reading {
	mca_query *query;
	struct batch batches[2];
	size_t next; /* the one to be filled */
	bool more;
	struct mca_error err; /* whose code is MCA_OK while all is well */
};

static void
read_batch(struct reading *r)
{
	struct batch *batch = &r->batches[r->next];

	batch->count = 0;
	while (r->more && r->err.code == MCA_OK && batch->count < BATCH) {
		size_t i = batch->count;
		struct mca_product *product = &batch->products[i];

		if (mca_query_step(r->query, &r->more, &r->err) != MCA_OK ||
		    !r->more)
			return;
		batch->first[i] = mca_query_int(r->query, "first");
		batch->last[i] = mca_query_int(r->query, "last");
		batch->count++;
		if (copy_product(&product->bytes, &batch->room[i], r->query,
			&r->err) == MCA_OK)
			(void)copy_pairs(&product->pairs, r->query, &r->err);
	}
}

static void
read_beside(void *context, size_t index)
{
	(void)index;
	read_batch(context);
}

/* The batch that is filled; the other one will be. */
static const struct batch *
take_batch(struct reading *r)
{
	r->next = 1 - r->next;
	return &r->batches[1 - r->next];
}

typedef mca_code ask_batch(void *context, const struct batch *batch,
    struct reading *r, struct mca_error *err);

static mca_code
ask_products(mca_store *store, int64_t since, ask_batch *ask, void *context,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	struct reading *r = calloc(1, sizeof(*r));
	const struct batch *batch;
	mca_code code;

	if (r == NULL)
		return mca_fail_memory(err);
	*r = (struct reading){ .more = true };
	code = mca_sql_query(&query, store->sql, "products", err);
	if (code == MCA_OK) {
		mca_query_bind_int(query, ":since", since);
		r->query = query;
		read_batch(r);
	}
	while (code == MCA_OK && r->err.code == MCA_OK &&
	    (batch = take_batch(r))->count > 0)
		code = ask(context, batch, r, err);
	if (code == MCA_OK && r->err.code != MCA_OK) {
		*err = r->err;
		code = err->code;
	}
	batch_clear(&r->batches[0]);
	batch_clear(&r->batches[1]);
	free(r);
	return code;
}

/* All at once, while the next batch is read. */
static mca_code
ask_all(void *sharing, const struct batch *batch, struct reading *r,
    struct mca_error *err)
{
	return mca_sharing_add(sharing, batch->products, batch->count,
	    read_beside, r, err);
}

/* Only when there is something: each alone. */
struct search {
	mca_store *store;
	mca_sharing *sharing;
	struct suspects *suspects;
};

static mca_code
ask_each(void *context, const struct batch *batch, struct reading *r,
    struct mca_error *err)
{
	const struct search *search = context;
	mca_code code = MCA_OK;

	for (size_t i = 0; code == MCA_OK && i < batch->count; i++) {
		bool found = false;

		code = mca_sharing_add(search->sharing, &batch->products[i], 1,
		    NULL, NULL, err);
		if (code == MCA_OK)
			code = mca_sharing_found(search->sharing, &found, err);
		if (code == MCA_OK && found)
			code = look_closer(search->store, search->suspects,
			    batch->first[i], batch->last[i], err);
	}
	read_batch(r);
	return code;
}

mca_code
mca_store_sharing(mca_store *store, const mca_spki *spki, int64_t since,
    mca_store_each *each, void *context, struct mca_error *err)
{
	struct suspects suspects = { spki, each, context };
	owned(mca_sharing) *sharing = NULL;
	struct search search = { store, NULL, &suspects };
	bool found = false;
	mca_code code = mca_sharing_new(&sharing, spki, err);

	if (code != MCA_OK || sharing == NULL)
		return code;
	search.sharing = sharing;
	/* All are read for every RSA key, and a group has many. */
	code = mca_sql_run(store->sql, "room_for_products", err);
	if (code == MCA_OK)
		code = ask_products(store, since, ask_all, sharing, err);
	if (code == MCA_OK)
		code = mca_sharing_found(sharing, &found, err);
	if (code == MCA_OK && found)
		code = ask_products(store, since, ask_each, &search, err);
	return code;
}
