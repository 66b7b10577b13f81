/*
 * store_deployment.c - which files are ours to replace.
 */
#include "store.h"

#include "minica/digest.h"

#include <assert.h>

mca_code
mca_store_note_file(mca_store *store, const char *path,
    const uint8_t sha256[32], int64_t certificate, mca_time now,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code;

	assert(mca_sql_in_transaction(store->sql));
	assert(*path == '/');
	code = mca_sql_query(&query, store->sql, "file_note", err);
	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":path", path);
	mca_query_bind_blob(query, ":sha256", sha256, MCA_SHA256_SIZE);
	mca_query_bind_int(query, ":certificate", certificate);
	mca_query_bind_int(query, ":now", now);
	return mca_query_run(query, err);
}

mca_code
mca_store_wrote(mca_store *store, bool *ours, const char *path,
    const uint8_t sha256[32], struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code;

	code = mca_sql_query(&query, store->sql, "file_ours", err);
	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":path", path);
	mca_query_bind_blob(query, ":sha256", sha256, MCA_SHA256_SIZE);
	return mca_query_step(query, ours, err);
}

mca_code
mca_store_file_of(mca_store *store, int64_t *id, const char *path,
    const uint8_t sha256[32], struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row;
	mca_code code = mca_sql_query(&query, store->sql, "file_of", err);

	*id = 0;
	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":path", path);
	mca_query_bind_blob(query, ":sha256", sha256, MCA_SHA256_SIZE);
	code = mca_query_step(query, &row, err);
	if (code == MCA_OK && row)
		*id = mca_query_int(query, "certificate");
	return code;
}

mca_code
mca_store_files(mca_store *store, int64_t id, mca_store_each_file *each,
    void *context, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row;
	mca_code code = mca_sql_query(&query, store->sql, "files_of", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_int(query, ":certificate", id);
	while ((code = mca_query_step(query, &row, err)) == MCA_OK && row) {
		code = each(context, mca_query_text(query, "path"), err);
		if (code != MCA_OK)
			return code;
	}
	return code;
}

mca_code
mca_store_deployed(mca_store *store, mca_time now,
    mca_store_each_deployed *each, void *context, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row;
	mca_code code = mca_sql_query(&query, store->sql, "files_of_live", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_int(query, ":now", now);
	while ((code = mca_query_step(query, &row, err)) == MCA_OK && row) {
		const struct mca_deployed deployed = {
			.path = mca_query_text(query, "path"),
			.certificate = mca_query_int(query, "certificate"),
			.noted = mca_query_int(query, "noted"),
		};

		if ((code = mca_query_check(query, err)) != MCA_OK ||
		    (code = each(context, &deployed, err)) != MCA_OK)
			return code;
	}
	return code;
}
