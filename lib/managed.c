/*
 * managed.c - certificates by the manifests that want them (managed.h).
 */
#include "managed.h"

#include "store.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Copies a digest; false when the column holds none. */
static bool
take_digest(uint8_t out[MCA_SHA256_SIZE], mca_query *query, const char *column)
{
	size_t length;
	const uint8_t *bytes = mca_query_blob(query, column, &length);

	if (bytes == NULL || length != MCA_SHA256_SIZE)
		return false;
	memcpy(out, bytes, MCA_SHA256_SIZE);
	return true;
}

static mca_code
see(mca_query *query, mca_managed_each *each, void *context,
    struct mca_error *err)
{
	struct mca_managed row = {
		.name = mca_query_shown(query, "name"),
		.certificate = mca_query_int(query, "certificate"),
		.life = mca_query_int(query, "life"),
		.serial = mca_query_text(query, "serial"),
		.policy = mca_query_shown(query, "policy"),
		.authority = mca_query_shown(query, "authority"),
		.key_algorithm = mca_query_shown(query, "key_algorithm"),
		.names = mca_query_shown(query, "names"),
		.not_before = mca_query_int(query, "not_before"),
		.not_after = mca_query_int(query, "not_after"),
		.revoked = mca_query_int(query, "revoked"),
		.reason = mca_query_shown(query, "reason"),
	};
	mca_code code;

	row.has_request = take_digest(row.request, query, "request");
	(void)take_digest(row.key_sha256, query, "key_sha256");
	code = mca_query_check(query, err);
	return code == MCA_OK ? each(context, &row, err) : code;
}

mca_code
mca_managed_list(mca_store *store, const char *manifest, mca_managed_each *each,
    void *context, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row = true;
	mca_code code = mca_sql_query(&query, store->sql, "managed", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":manifest", manifest);
	while ((code = mca_query_step(query, &row, err)) == MCA_OK && row)
		if ((code = see(query, each, context, err)) != MCA_OK)
			return code;
	return code;
}

/* Runs a change that is told the manifest's name alone. */
static mca_code
remember_manifest(mca_store *store, const char *manifest, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code = mca_sql_query(&query, store->sql, "manifest_add", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":manifest", manifest);
	return mca_query_run(query, err);
}

mca_code
mca_managed_put(mca_store *store, const char *manifest,
    const struct mca_managed *managed, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code;

	/* Before all else: SQLite itself ends it when memory runs out. */
	assert(mca_sql_in_transaction(store->sql));
	code = remember_manifest(store, manifest, err);
	if (code != MCA_OK)
		return code;
	code = mca_sql_query(&query, store->sql, "managed_add", err);
	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":manifest", manifest);
	mca_query_bind_text(query, ":name", managed->name);
	mca_query_bind_int(query, ":certificate", managed->certificate);
	mca_query_bind_int(query, ":life", managed->life);
	mca_query_bind_blob(query, ":request",
	    managed->has_request ? managed->request : NULL, MCA_SHA256_SIZE);
	return mca_query_run(query, err);
}

mca_code
mca_managed_remove(mca_store *store, const char *manifest, const char *name,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code =
	    mca_sql_query(&query, store->sql, "managed_remove", err);

	assert(mca_sql_in_transaction(store->sql));
	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":manifest", manifest);
	mca_query_bind_text(query, ":name", name);
	return mca_query_run(query, err);
}

mca_code
mca_managed_certificate(mca_store *store, mca_cert **out, int64_t row,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	const uint8_t *der;
	size_t length;
	bool found;
	mca_code code =
	    mca_sql_query(&query, store->sql, "certificate_der", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_int(query, ":certificate", row);
	code = mca_query_step(query, &found, err);
	if (code != MCA_OK)
		return code;
	if (!found)
		return mca_fail(err, MCA_ESYSTEM,
		    "the store holds no certificate in row %lld",
		    (long long)row);
	der = mca_query_blob(query, "der", &length);
	if ((code = mca_query_check(query, err)) != MCA_OK)
		return code;
	return mca_cert_parse(out, der, length, err);
}

/* ---- files ---- */

static mca_code
see_file(mca_query *query, mca_managed_each_file *each, void *context,
    struct mca_error *err)
{
	struct mca_managed_file row = {
		.path = mca_query_text(query, "path"),
		.name = mca_query_text(query, "name"),
		.role = mca_query_text(query, "role"),
		.certificate = mca_query_int(query, "certificate"),
		.mode = (mode_t)mca_query_int(query, "mode"),
		.uid = (uid_t)mca_query_int(query, "uid"),
		.gid = (gid_t)mca_query_int(query, "gid"),
		.settled = mca_query_int(query, "settled") != 0,
	};
	mca_code code;

	(void)take_digest(row.sha256, query, "sha256");
	code = mca_query_check(query, err);
	return code == MCA_OK ? each(context, &row, err) : code;
}

mca_code
mca_managed_files(mca_store *store, const char *manifest,
    mca_managed_each_file *each, void *context, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row = true;
	mca_code code = mca_sql_query(&query, store->sql, "managed_files", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":manifest", manifest);
	while ((code = mca_query_step(query, &row, err)) == MCA_OK && row)
		if ((code = see_file(query, each, context, err)) != MCA_OK)
			return code;
	return code;
}

mca_code
mca_managed_paths(mca_store *store, const char *manifest,
    mca_store_each_file *each, void *context, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row = true;
	mca_code code = mca_sql_query(&query, store->sql, "managed_paths", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":manifest", manifest);
	while ((code = mca_query_step(query, &row, err)) == MCA_OK && row) {
		const char *path = mca_query_text(query, "path");

		if ((code = mca_query_check(query, err)) != MCA_OK ||
		    (code = each(context, path, err)) != MCA_OK)
			return code;
	}
	return code;
}

mca_code
mca_managed_put_file(mca_store *store, const char *manifest,
    const struct mca_managed_file *file, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code =
	    mca_sql_query(&query, store->sql, "managed_file_add", err);

	assert(mca_sql_in_transaction(store->sql));
	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":manifest", manifest);
	mca_query_bind_text(query, ":name", file->name);
	mca_query_bind_text(query, ":path", file->path);
	mca_query_bind_text(query, ":role", file->role);
	mca_query_bind_int(query, ":certificate", file->certificate);
	mca_query_bind_blob(query, ":sha256", file->sha256, MCA_SHA256_SIZE);
	mca_query_bind_int(query, ":mode", (int64_t)file->mode);
	mca_query_bind_int(query, ":uid", (int64_t)file->uid);
	mca_query_bind_int(query, ":gid", (int64_t)file->gid);
	mca_query_bind_int(query, ":settled", file->settled);
	return mca_query_run(query, err);
}

/* Runs a change that is told a path alone. */
static mca_code
change_file(mca_store *store, const char *name, const char *path,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code = mca_sql_query(&query, store->sql, name, err);

	assert(mca_sql_in_transaction(store->sql));
	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":path", path);
	return mca_query_run(query, err);
}

mca_code
mca_managed_settle_file(mca_store *store, const char *path,
    struct mca_error *err)
{
	return change_file(store, "managed_file_settle", path, err);
}

mca_code
mca_managed_remove_file(mca_store *store, const char *path,
    struct mca_error *err)
{
	return change_file(store, "managed_file_remove", path, err);
}

mca_code
mca_managed_owner(mca_store *store, char **owner, const char *path,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool found;
	mca_code code =
	    mca_sql_query(&query, store->sql, "managed_file_owner", err);

	*owner = NULL;
	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":path", path);
	code = mca_query_step(query, &found, err);
	if (code != MCA_OK || !found)
		return code;
	if (asprintf(owner, "%s/%s", mca_query_text(query, "manifest"),
		mca_query_text(query, "name")) < 0) {
		*owner = NULL;
		return mca_fail_memory(err);
	}
	return mca_query_check(query, err);
}

/* ---- authorities ---- */

mca_code
mca_managed_authority(mca_store *store, char **asked, const char *label,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool found;
	mca_code code =
	    mca_sql_query(&query, store->sql, "managed_authority", err);

	*asked = NULL;
	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":label", label);
	code = mca_query_step(query, &found, err);
	if (code != MCA_OK || !found)
		return code;
	*asked = strdup(mca_query_text(query, "asked"));
	if (*asked == NULL)
		return mca_fail_memory(err);
	return mca_query_check(query, err);
}

mca_code
mca_managed_put_authority(mca_store *store, const char *label,
    const char *asked, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code =
	    mca_sql_query(&query, store->sql, "managed_authority_add", err);

	assert(mca_sql_in_transaction(store->sql));
	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":label", label);
	mca_query_bind_text(query, ":asked", asked);
	return mca_query_run(query, err);
}
