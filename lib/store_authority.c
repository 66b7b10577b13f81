/*
 * store_authority.c - the authorities whose keys are ours.
 */
#include "store.h"

#include "minica/text.h"

#include <assert.h>

static mca_code
fail_unknown(const char *label, struct mca_error *err)
{
	return mca_fail(err, MCA_ENOTFOUND,
	    "there is no authority \"%s\" in this store", MCA_SHOW_TEXT(label));
}

mca_code
mca_store_authority_id(mca_store *store, int64_t *id, const char *label,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row;
	mca_code code;

	*id = 0;
	if (label == NULL || *label == '\0')
		return MCA_OK;
	code = mca_sql_query(&query, store->sql, "authority_id", err);
	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":label", label);
	code = mca_query_step(query, &row, err);
	if (code != MCA_OK)
		return code;
	if (!row)
		return fail_unknown(label, err);
	*id = mca_query_int(query, "id");
	return MCA_OK;
}

static mca_code
seal(mca_store *store, const char *label, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code = mca_sql_query(&query, store->sql,
	    "seal_authority+only_authority", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":label", label);
	return mca_store_seal(store, query, err);
}

mca_code
mca_store_add_authority(mca_store *store, const struct mca_authority *authority,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	int64_t parent;
	mca_code code;

	assert(mca_sql_in_transaction(store->sql));
	code = mca_store_authority_id(store, &parent, authority->parent, err);
	if (code != MCA_OK)
		return code;
	code = mca_sql_query(&query, store->sql, "authority_add", err);
	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":label", authority->label);
	mca_query_bind_text(query, ":kind", authority->kind);
	mca_query_bind_id(query, ":parent", parent);
	mca_query_bind_text(query, ":key", authority->key);
	mca_query_bind_id(query, ":certificate", authority->certificate);
	mca_query_bind_int(query, ":created", authority->created);
	code = mca_query_run(query, err);
	if (code == MCA_OK)
		return seal(store, authority->label, err);
	if (code != MCA_EEXISTS)
		return code;
	return mca_fail(err, MCA_EEXISTS,
	    "there is an authority \"%s\" already, or one with this "
	    "certificate",
	    MCA_SHOW_TEXT(authority->label));
}

mca_code
mca_store_install(mca_store *store, const char *label, int64_t certificate,
    const char *parent, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	int64_t id, parent_id;
	mca_code code;

	assert(mca_sql_in_transaction(store->sql));
	code = mca_store_authority_id(store, &id, label, err);
	if (code != MCA_OK)
		return code;
	code = mca_store_authority_id(store, &parent_id, parent, err);
	if (code != MCA_OK)
		return code;
	code = seal(store, label, err);
	if (code != MCA_OK)
		return code;
	code = mca_sql_query(&query, store->sql, "authority_install", err);
	if (code != MCA_OK)
		return code;
	mca_query_bind_int(query, ":id", id);
	mca_query_bind_int(query, ":certificate", certificate);
	mca_query_bind_id(query, ":parent", parent_id);
	code = mca_query_run(query, err);
	if (code != MCA_OK)
		return code;
	if (mca_sql_changed(store->sql) == 0)
		return mca_fail(err, MCA_EEXISTS,
		    "authority \"%s\" has its certificate already",
		    MCA_SHOW_TEXT(label));
	return seal(store, label, err);
}

mca_code
mca_store_certificate_of(mca_store *store, int64_t *id, const char *label,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row;
	mca_code code =
	    mca_sql_query(&query, store->sql, "authority_certificate", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":label", label);
	code = mca_query_step(query, &row, err);
	if (code != MCA_OK)
		return code;
	if (!row)
		return fail_unknown(label, err);
	*id = mca_query_int(query, "certificate");
	return MCA_OK;
}

mca_code
mca_store_move(mca_store *store, const char *label, int64_t certificate,
    const char *parent, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	int64_t id, parent_id;
	mca_code code;

	assert(mca_sql_in_transaction(store->sql));
	if ((code = mca_store_authority_id(store, &id, label, err)) != MCA_OK ||
	    (code = mca_store_authority_id(store, &parent_id, parent, err)) !=
		MCA_OK ||
	    (code = seal(store, label, err)) != MCA_OK ||
	    (code = mca_sql_query(&query, store->sql, "authority_move", err)) !=
		MCA_OK)
		return code;
	mca_query_bind_int(query, ":id", id);
	mca_query_bind_int(query, ":certificate", certificate);
	mca_query_bind_id(query, ":parent", parent_id);
	code = mca_query_run(query, err);
	return code == MCA_OK ? seal(store, label, err) : code;
}

static void
read_authority(struct mca_authority *authority, mca_query *query)
{
	*authority = (struct mca_authority){
		.label = mca_query_shown(query, "label"),
		.kind = mca_query_text(query, "kind"),
		.parent = mca_query_shown(query, "parent"),
		.key = mca_query_text(query, "key"),
		.certificate = mca_query_int(query, "certificate"),
		.created = mca_query_int(query, "created"),
	};
	authority->der = mca_query_blob(query, "der", &authority->der_length);
}

mca_code
mca_store_authorities(mca_store *store, mca_store_each_authority *each,
    void *context, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code;

	code = mca_sql_query(&query, store->sql, "authorities", err);
	while (code == MCA_OK) {
		struct mca_authority authority;
		bool row;

		code = mca_query_step(query, &row, err);
		if (code != MCA_OK || !row)
			return code;
		read_authority(&authority, query);
		code = mca_query_check(query, err);
		if (code == MCA_OK)
			code = each(context, &authority, err);
	}
	return code;
}
