/*
 * store_rollover.c - how far each replacement of a root has come.
 */
#include "store.h"

#include <assert.h>
#include <stdio.h>

static void
read_rollover(struct mca_rollover_row *out, mca_query *query)
{
	*out = (struct mca_rollover_row){
		.id = mca_query_int(query, "id"),
		.old_certificate = mca_query_int(query, "old_certificate"),
		.new_certificate = mca_query_int(query, "new_certificate"),
		.old_by_new = mca_query_int(query, "old_by_new"),
		.new_by_old = mca_query_int(query, "new_by_old"),
		.started = mca_query_int(query, "started"),
		.crossed = mca_query_int(query, "crossed"),
		.switched = mca_query_int(query, "switched"),
		.finished = mca_query_int(query, "finished"),
	};
	(void)snprintf(out->old_label, sizeof(out->old_label), "%s",
	    mca_query_shown(query, "old"));
	(void)snprintf(out->new_label, sizeof(out->new_label), "%s",
	    mca_query_shown(query, "new"));
}

mca_code
mca_store_rollovers(mca_store *store, mca_store_each_rollover *each,
    void *context, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row = true;
	mca_code code = mca_sql_query(&query, store->sql, "rollovers", err);

	while (code == MCA_OK &&
	    (code = mca_query_step(query, &row, err)) == MCA_OK && row) {
		struct mca_rollover_row rollover;

		read_rollover(&rollover, query);
		code = mca_query_check(query, err);
		if (code == MCA_OK)
			code = each(context, &rollover, err);
	}
	return code;
}

static mca_code
seal(mca_store *store, int64_t id, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code = mca_sql_query(&query, store->sql,
	    "seal_rollover+only_rollover", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_int(query, ":id", id);
	return mca_store_seal(store, query, err);
}

mca_code
mca_store_put_rollover(mca_store *store, struct mca_rollover_row *row,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code;

	assert(mca_sql_in_transaction(store->sql));
	if ((code = seal(store, row->id, err)) != MCA_OK ||
	    (code = mca_sql_query(&query, store->sql, "rollover_put", err)) !=
		MCA_OK)
		return code;
	mca_query_bind_id(query, ":id", row->id);
	mca_query_bind_text(query, ":old", row->old_label);
	mca_query_bind_text(query, ":new", row->new_label);
	mca_query_bind_int(query, ":old_certificate", row->old_certificate);
	mca_query_bind_int(query, ":new_certificate", row->new_certificate);
	mca_query_bind_id(query, ":old_by_new", row->old_by_new);
	mca_query_bind_id(query, ":new_by_old", row->new_by_old);
	mca_query_bind_int(query, ":started", row->started);
	mca_query_bind_id(query, ":crossed", row->crossed);
	mca_query_bind_id(query, ":switched", row->switched);
	mca_query_bind_id(query, ":finished", row->finished);
	code = mca_query_run(query, err);
	if (code != MCA_OK)
		return code;
	if (row->id == 0)
		row->id = mca_sql_inserted(store->sql);
	return seal(store, row->id, err);
}

mca_code
mca_store_certificate(mca_store *store, mca_cert **out, int64_t id,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	const uint8_t *der;
	size_t length;
	bool row;
	mca_code code = mca_sql_query(&query, store->sql, "der_get", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_int(query, ":id", id);
	code = mca_query_step(query, &row, err);
	if (code != MCA_OK)
		return code;
	if (!row)
		return mca_fail(err, MCA_ESYSTEM,
		    "certificate row %lld is not there: minica doctor tells "
		    "what is wrong with the store",
		    (long long)id);
	der = mca_query_blob(query, "der", &length);
	return mca_cert_parse(out, der, length, err);
}

mca_code
mca_store_dependents(mca_store *store, const struct mca_rollover_row *row,
    mca_time now, size_t *count, mca_store_each *each, void *context,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code = mca_sql_query(&query, store->sql,
	    "record+with_authority+with_dependents+when_valid+by_recorded",
	    err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":authority", row->old_label);
	mca_query_bind_int(query, ":rollover", row->id);
	mca_query_bind_int(query, ":now", now);
	return mca_store_walk(query, count, each, context, err);
}
