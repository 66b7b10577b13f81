/*
 * pick.c - see pick.h.
 */
#include "pick.h"

#include "account.h"
#include "fail.h"
#include "json.h"

#include <string.h>
#include <sys/stat.h>

/* All that were found; the first is kept. */
struct search {
	struct session *s;
	picked *first;
	bool current; /* only these are asked for */
	size_t passed_over;
	json_t *candidates; /* NULL without --json */
	mca_text lines;
};

void
picked_clear(picked *found)
{
	mca_cert_free(found->cert);
	free(found->serial);
	free(found->authority);
	free(found->policy);
	mca_text_clear(&found->account);
	json_decref(found->record);
	*found = (struct picked){ 0 };
}

static char *
copy(const char *text)
{
	char *same = strdup(text);

	if (same == NULL)
		fail_memory();
	return same;
}

static mca_code
keep(picked *out, const struct session *s, const struct mca_record *record,
    struct mca_error *err)
{
	out->id = record->id;
	out->serial = copy(record->serial);
	out->authority = copy(record->authority);
	out->policy = copy(record->policy);
	out->revoked = record->revoked != 0;
	account_record(&out->account, record, s->now);
	if (s->doc != NULL)
		out->record = json_record(record, s->now);
	return mca_cert_parse(&out->cert, record->der, record->der_length, err);
}

static mca_code
note(void *context, const struct mca_record *record, struct mca_error *err)
{
	struct search *search = context;
	const struct session *s = search->s;

	if (search->current && (record->revoked != 0 || record->renewed)) {
		search->passed_over++;
		return MCA_OK;
	}
	mca_text_addf(&search->lines, "%s  %s  until %s  %s\n", record->serial,
	    record_status(record, s->now), MCA_TIME(record->not_after),
	    *record->names == '\0' ? record->subject : record->names);
	if (s->doc != NULL)
		json_append(search->candidates, json_record(record, s->now));
	if (search->first->cert != NULL)
		return MCA_OK;
	return keep(search->first, s, record, err);
}

/* Which of several was meant is not known, so none is taken. */
static mca_code
refuse_many(struct search *search, const char *id, size_t count,
    struct mca_error *err)
{
	const char *at = mca_text_get(&search->lines);

	json_put(search->s->doc, "candidates", give(&search->candidates));
	for (; *at != '\0'; at += strcspn(at, "\n") + 1)
		hint(search->s, "%.*s", (int)strcspn(at, "\n"), at);
	return fail(err, MCA_ENOTFOUND,
	    "\"%s\" may mean %zu certificates: give a serial number",
	    MCA_SHOW_TEXT(id), count);
}

static bool
is_file(const char *id)
{
	struct stat there;

	return strcmp(id, "-") == 0 ||
	    (stat(id, &there) == 0 && !S_ISDIR(there.st_mode));
}

/* The fingerprint of the certificate in a file, or the ID as it is. */
static mca_code
look_into(char **out, const char *id, struct mca_error *err)
{
	scoped(mca_certs) certs = { 0 };
	scoped(mca_text) sha256 = { 0 };

	if (!is_file(id)) {
		*out = copy(id);
		return MCA_OK;
	}
	if (mca_certs_read(&certs, id, err) != MCA_OK)
		return err->code;
	mca_text_hex(&sha256, mca_cert_sha256(certs.rows[0]), MCA_SHA256_SIZE);
	return mca_text_take(out, &sha256, err);
}

static mca_code
find(struct search *search, const char *id, struct mca_error *err)
{
	owned(char) *meant = NULL;
	size_t count = 0;

	if (look_into(&meant, id, err) != MCA_OK ||
	    mca_store_find(mca_ca_store(search->s->ca), meant, note, search,
		&count, err) != MCA_OK)
		return err->code;
	if (count > 0 && count == search->passed_over)
		return fail(err, MCA_ENOTFOUND,
		    "\"%s\" is revoked, or was renewed already: minica list "
		    "shows what took its place",
		    MCA_SHOW_TEXT(id));
	count -= search->passed_over;
	if (count == 0)
		return fail(err, MCA_ENOTFOUND,
		    "no certificate of this store is \"%s\": minica list "
		    "shows them all",
		    MCA_SHOW_TEXT(id));
	if (count > 1)
		return refuse_many(search, id, count, err);
	return MCA_OK;
}

static mca_code
pick(struct search *search, const char *id, struct mca_error *err)
{
	mca_code code;

	if (search->s->doc != NULL)
		search->candidates = json_array();
	code = find(search, id, err);
	mca_text_clear(&search->lines);
	json_decref(search->candidates);
	return code;
}

mca_code
pick_one(picked *out, struct session *s, const char *id, struct mca_error *err)
{
	struct search search = { .s = s, .first = out };

	return pick(&search, id, err);
}

mca_code
pick_current(picked *out, struct session *s, const char *id,
    struct mca_error *err)
{
	struct search search = { .s = s, .first = out, .current = true };

	return pick(&search, id, err);
}
