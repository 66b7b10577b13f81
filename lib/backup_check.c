/*
 * backup_check.c - is a copy of a store whole and sound?
 *
 * What was dropped of the schema is no reason to refuse: a trigger holds
 * nothing that could be lost, and the chain of the log is followed here.  A
 * refusal would end the nightly backups of an authority that goes on issuing,
 * and keep `restore --force` from saving the store that it is to replace.
 * `doctor` and `audit verify` name it, here as in the copy.
 */
#include "backup.h"

#include "minica/text.h"

#include <string.h>

/* The first fault ends it: a copy with one is no copy. */
static mca_code
refuse_fault(void *context, enum mca_store_fault fault, const char *object,
    const char *text, struct mca_error *err)
{
	(void)context;
	(void)fault;
	return mca_fail(err, MCA_EFORMAT, "the copy is damaged: %s%s%s",
	    MCA_SHOW_TEXT(object), *object == '\0' ? "" : ": ", text);
}

static mca_code
check_log(mca_store *store, struct mca_error *err)
{
	int64_t broken, count;
	mca_code code = mca_audit_verify(store, &broken, &count, err);

	if (code != MCA_OK || broken == 0)
		return code;
	return mca_fail(err, MCA_EFORMAT,
	    "the copy's audit log does not fit from entry %lld on",
	    (long long)broken);
}

static mca_code
count_rows(mca_store *store, struct mca_backup *out, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row;
	mca_code code = mca_sql_query(&query, store->sql, "backup_count", err);

	if (code != MCA_OK)
		return code;
	code = mca_query_step(query, &row, err);
	if (code != MCA_OK)
		return code;
	out->certificates = mca_query_int(query, "certificates");
	out->authorities = mca_query_int(query, "authorities");
	out->revocations = mca_query_int(query, "revocations");
	out->anchors = mca_query_int(query, "anchors");
	return mca_query_check(query, err);
}

mca_code
mca_backup_check(mca_store **out, struct mca_backup *backup, const char *path,
    struct mca_error *err)
{
	static const struct mca_store_check check = { refuse_fault, NULL };
	owned(mca_store) *store = NULL;
	mca_code code;

	if ((code = mca_store_open_copy(&store, path, err)) != MCA_OK ||
	    (code = mca_store_check(store, MCA_FAULT_PAGES, &check, err)) !=
		MCA_OK ||
	    (code = mca_store_check(store, MCA_FAULT_REFERENCE, &check, err)) !=
		MCA_OK ||
	    (code = check_log(store, err)) != MCA_OK ||
	    (code = count_rows(store, backup, err)) != MCA_OK ||
	    (code = mca_audit_head(store, &backup->head, err)) != MCA_OK)
		return code;
	*out = give(&store);
	return MCA_OK;
}
