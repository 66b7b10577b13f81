/*
 * store_revocation.c - what is revoked, and which lists have said so.
 */
#include "store.h"

#include "minica/blob.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

/* The names in RFC 5280, 5.3.1; 7 is not used, 8 is for delta CRLs. */
static const struct {
	const char *name;
	int code;
} reasons[] = {
	{ "unspecified", 0 },
	{ "keyCompromise", 1 },
	{ "cACompromise", 2 },
	{ "affiliationChanged", 3 },
	{ "superseded", 4 },
	{ "cessationOfOperation", 5 },
	{ "certificateHold", 6 },
	{ "privilegeWithdrawn", 9 },
	{ "aACompromise", 10 },
};
enum { REASONS = sizeof(reasons) / sizeof(reasons[0]) };

const char *const *
mca_revocation_reasons(void)
{
	static const char *const names[] = { "unspecified", "keyCompromise",
		"cACompromise", "affiliationChanged", "superseded",
		"cessationOfOperation", "certificateHold", "privilegeWithdrawn",
		"aACompromise", NULL };

	return names;
}

/* The row of a name, in whatever case; REASONS if there is none. */
static size_t
row_of(const char *reason)
{
	size_t i = 0;

	while (i < REASONS && strcasecmp(reasons[i].name, reason) != 0)
		i++;
	return i;
}

int
mca_revocation_code(const char *reason)
{
	size_t i = row_of(reason);

	return i < REASONS ? reasons[i].code : -1;
}

const char *
mca_revocation_name(int code)
{
	for (size_t i = 0; i < REASONS; i++)
		if (reasons[i].code == code)
			return reasons[i].name;
	return NULL;
}

/* Binds issuer and serial; the bytes of the serial must outlive the query. */
static mca_code
query_for(mca_query **out, mca_store *store, const char *name,
    const char *issuer, const char *serial, mca_blob *bytes,
    struct mca_error *err)
{
	mca_code code = mca_serial_parse(bytes, serial, err);

	if (code != MCA_OK)
		return code;
	if (bytes->length == 0)
		return mca_fail(err, MCA_EUSAGE,
		    "\"%s\" is no serial number: wanted hexadecimal digits",
		    MCA_SHOW_TEXT(serial));
	code = mca_sql_query(out, store->sql, name, err);
	if (code != MCA_OK)
		return code;
	mca_query_bind_text(*out, ":issuer", issuer);
	mca_query_bind_blob(*out, ":serial", bytes->bytes, bytes->length);
	return MCA_OK;
}

static mca_code
remember_issuer(mca_store *store, const char *issuer, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code = mca_sql_query(&query, store->sql, "issuer_add", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":issuer", issuer);
	return mca_query_run(query, err);
}

static mca_code
seal(mca_store *store, const char *issuer, const char *serial,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	scoped(mca_blob) bytes = { 0 };
	mca_code code = query_for(&query, store,
	    "seal_revocation+only_revocation", issuer, serial, &bytes, err);

	return code == MCA_OK ? mca_store_seal(store, query, err) : code;
}

mca_code
mca_store_revoke(mca_store *store, const char *issuer, const char *serial,
    const struct mca_revocation *revocation, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	scoped(mca_blob) bytes = { 0 };
	size_t reason = row_of(revocation->reason);
	mca_code code;

	assert(mca_sql_in_transaction(store->sql));
	assert(reason < REASONS);
	if ((code = remember_issuer(store, issuer, err)) != MCA_OK ||
	    (code = query_for(&query, store, "revocation_add", issuer, serial,
		 &bytes, err)) != MCA_OK)
		return code;
	mca_query_bind_int(query, ":revoked", revocation->revoked);
	mca_query_bind_text(query, ":reason", reasons[reason].name);
	mca_query_bind_id(query, ":invalid_since", revocation->invalid_since);
	code = mca_query_run(query, err);
	return code == MCA_OK ? seal(store, issuer, serial, err) : code;
}

/* Reads the row; the reason becomes a string of ours. */
static void
read_revocation(struct mca_revocation *out, mca_query *query)
{
	size_t reason = row_of(mca_query_text(query, "reason"));

	out->reason = reasons[reason < REASONS ? reason : 0].name;
	out->revoked = mca_query_int(query, "revoked");
	out->invalid_since = mca_query_int(query, "invalid_since");
}

mca_code
mca_store_revoked(mca_store *store, bool *found, struct mca_revocation *out,
    const char *issuer, const char *serial, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	scoped(mca_blob) bytes = { 0 };
	mca_code code = query_for(&query, store, "revocation_get", issuer,
	    serial, &bytes, err);

	if (code != MCA_OK)
		return code;
	code = mca_query_step(query, found, err);
	if (code != MCA_OK || !*found)
		return code;
	read_revocation(out, query);
	return mca_query_check(query, err);
}

mca_code
mca_store_issued(mca_store *store, bool *found, const char *issuer,
    const char *serial, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	scoped(mca_blob) bytes = { 0 };
	mca_code code = query_for(&query, store, "certificate_of", issuer,
	    serial, &bytes, err);

	return code == MCA_OK ? mca_query_step(query, found, err) : code;
}

mca_code
mca_store_release(mca_store *store, const char *issuer, const char *serial,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	scoped(mca_blob) bytes = { 0 };
	struct mca_revocation was;
	bool found;
	mca_code code;

	assert(mca_sql_in_transaction(store->sql));
	code = mca_store_revoked(store, &found, &was, issuer, serial, err);
	if (code != MCA_OK)
		return code;
	if (!found)
		return mca_fail(err, MCA_ENOTFOUND,
		    "serial %s is not revoked, so there is nothing to release",
		    serial);
	if (mca_revocation_code(was.reason) != 6)
		return mca_fail(err, MCA_EPOLICY,
		    "serial %s is revoked for %s, and that is final: only "
		    "certificateHold can be released (RFC 5280, 5.3.1)",
		    serial, was.reason);
	if ((code = seal(store, issuer, serial, err)) != MCA_OK ||
	    (code = query_for(&query, store, "revocation_remove", issuer,
		 serial, &bytes, err)) != MCA_OK)
		return code;
	return mca_query_run(query, err);
}

mca_code
mca_store_revocations(mca_store *store, const char *issuer,
    mca_store_each_revocation *each, void *context, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row = false;
	mca_code code = mca_sql_query(&query, store->sql, "revocations", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":issuer", issuer);
	while ((code = mca_query_step(query, &row, err)) == MCA_OK && row) {
		struct mca_revocation revocation;
		size_t length;
		const uint8_t *serial =
		    mca_query_blob(query, "serial", &length);

		read_revocation(&revocation, query);
		if ((code = mca_query_check(query, err)) != MCA_OK ||
		    (code = each(context, serial, length, &revocation, err)) !=
			MCA_OK)
			return code;
	}
	return code;
}

mca_code
mca_store_count_revocations(mca_store *store, int64_t *until, int64_t *after,
    const char *issuer, mca_time since, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row;
	mca_code code =
	    mca_sql_query(&query, store->sql, "revocation_count", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":issuer", issuer);
	mca_query_bind_int(query, ":since", since);
	code = mca_query_step(query, &row, err);
	if (code != MCA_OK)
		return code;
	*until = mca_query_int(query, "until");
	*after = mca_query_int(query, "after");
	return mca_query_check(query, err);
}

/* ---- lists ---- */

static mca_code
read_crl(mca_query *query, struct mca_crl_record *out, struct mca_error *err)
{
	const uint8_t *digest;
	size_t length;
	bool row = false;
	mca_code code = mca_query_step(query, &row, err);

	memset(out, 0, sizeof(*out));
	if (code != MCA_OK || !row)
		return code;
	out->number = mca_query_int(query, "number");
	out->this_update = mca_query_int(query, "this_update");
	out->next_update = mca_query_int(query, "next_update");
	out->entries = mca_query_int(query, "entries");
	out->recorded = mca_query_int(query, "recorded");
	digest = mca_query_blob(query, "sha256", &length);
	if (length == sizeof(out->sha256))
		memcpy(out->sha256, digest, length);
	return mca_query_check(query, err);
}

static mca_code
seal_crl(mca_store *store, const char *authority, int64_t number,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code =
	    mca_sql_query(&query, store->sql, "seal_crl+only_crl", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":authority", authority);
	mca_query_bind_int(query, ":number", number);
	return mca_store_seal(store, query, err);
}

mca_code
mca_store_last_crl(mca_store *store, struct mca_crl_record *out,
    const char *authority, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code = mca_sql_query(&query, store->sql, "crl_last", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":authority", authority);
	return read_crl(query, out, err);
}

mca_code
mca_store_crl_at(mca_store *store, struct mca_crl_record *out,
    const char *authority, mca_time at, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code = mca_sql_query(&query, store->sql, "crl_at", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":authority", authority);
	mca_query_bind_int(query, ":at", at);
	return read_crl(query, out, err);
}

mca_code
mca_store_add_crl(mca_store *store, const char *authority,
    const struct mca_crl_record *crl, mca_time now, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code;

	assert(mca_sql_in_transaction(store->sql));
	code = mca_sql_query(&query, store->sql, "crl_add", err);
	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":authority", authority);
	mca_query_bind_int(query, ":number", crl->number);
	mca_query_bind_int(query, ":this_update", crl->this_update);
	mca_query_bind_int(query, ":next_update", crl->next_update);
	mca_query_bind_int(query, ":entries", crl->entries);
	mca_query_bind_int(query, ":now", now);
	mca_query_bind_blob(query, ":sha256", crl->sha256, sizeof(crl->sha256));
	code = mca_query_run(query, err);
	return code == MCA_OK ? seal_crl(store, authority, crl->number, err)
			      : code;
}
