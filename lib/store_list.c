/*
 * store_list.c - the certificates that a filter lets through.
 */
#include "store.h"

#include "idna.h"
#include "minica/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* A pattern for names, and where in an index its matches can lie. */
typedef struct name_pattern {
	const char *piece; /* of queries.sql; NULL: no pattern */
	mca_text glob;	   /* lower case, as SQLite's GLOB */
	char *low, *high;  /* ends of the range; NULL: no index */
} name_pattern;

static void
name_pattern_clear(name_pattern *pattern)
{
	mca_text_clear(&pattern->glob);
	free(pattern->low);
	free(pattern->high);
}
MCA_SCOPED(name_pattern, name_pattern_clear)

/* Only * and ? mean something: brackets are those of an address in a URI. */
static void
make_glob(mca_text *glob, const char *text)
{
	for (; *text != '\0'; text++) {
		char c = (char)tolower((unsigned char)*text);

		mca_text_add(glob, c == '[' ? "[[]" : &c, c == '[' ? 3 : 1);
	}
}

/*
 * make_range makes the range of the texts that begin with the `length` bytes
 * at `from`, read forward or, for the reversed column, backward.  Names are
 * printable ASCII (the rest is escaped): none reaches the byte 0x7f.
 */
static mca_code
make_range(name_pattern *pattern, const char *from, size_t length, int step,
    struct mca_error *err)
{
	pattern->low = calloc(1, length + 1);
	pattern->high = calloc(1, length + 2);
	if (pattern->low == NULL || pattern->high == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < length; i++)
		pattern->low[i] = from[(ptrdiff_t)i * step];
	memcpy(pattern->high, pattern->low, length);
	pattern->high[length] = 0x7f;
	return MCA_OK;
}

static mca_code
add_label(mca_text *out, const char *label, size_t length,
    struct mca_error *err)
{
	owned(char) *ascii = NULL;
	mca_code code = MCA_OK;

	if (mca_idna_is_ascii(label, length)) {
		mca_text_add(out, label, length);
		return MCA_OK;
	}
	for (size_t i = 0; i < length && code == MCA_OK; i++)
		if (label[i] == '*' || label[i] == '?')
			code = mca_fail(err, MCA_EUSAGE,
			    "a label with letters outside ASCII is kept in "
			    "another form, and found as a whole only: no * "
			    "and ? beside them");
	if (code == MCA_OK)
		code = mca_idna_to_ascii(&ascii, label, length, err);
	if (code == MCA_OK)
		mca_text_addf(out, "%s", ascii);
	return code;
}

/* Names are kept with A-labels; of an address, what follows the "@" is one. */
static mca_code
convert(mca_text *out, const char *asked, struct mca_error *err)
{
	const char *text = asked, *at = strrchr(asked, '@');
	mca_code code = MCA_OK;

	if (at != NULL) {
		mca_text_add(out, text, (size_t)(at + 1 - text));
		text = at + 1;
	}
	for (bool more = true; more && code == MCA_OK;) {
		size_t length = strcspn(text, ".");

		code = add_label(out, text, length, err);
		text += length;
		more = *text == '.';
		if (more)
			mca_text_add(out, text++, 1);
	}
	if (code == MCA_OK && out->failed)
		return mca_fail_memory(err);
	return code == MCA_OK
	    ? MCA_OK
	    : mca_within(err, "name \"%s\"", MCA_SHOW_TEXT(asked));
}

static size_t
fixed_end(const char *text, size_t length)
{
	size_t fixed = 0;

	while (fixed < length && strchr("*?", text[length - 1 - fixed]) == NULL)
		fixed++;
	return fixed;
}

/*
 * What is fixed at the beginning or at the end of the pattern, whichever is
 * longer, is looked up; the rest is compared.  A subject, which is known by
 * its '=', has no index: it is asked for seldom, and would cost every insert.
 */
static mca_code
make_pattern(name_pattern *pattern, const char *asked, struct mca_error *err)
{
	scoped(mca_text) converted = { 0 };
	bool subject = strchr(asked, '=') != NULL;
	mca_code code = subject ? MCA_OK : convert(&converted, asked, err);
	const char *text = subject ? asked : mca_text_get(&converted);
	size_t length = strlen(text);
	size_t prefix = strcspn(text, "*?");
	size_t suffix = fixed_end(text, length);

	if (code != MCA_OK)
		return code;
	make_glob(&pattern->glob, text);
	if (pattern->glob.failed)
		return mca_fail_memory(err);
	if (subject) {
		pattern->piece = "with_subject";
		return MCA_OK;
	}
	if (suffix > prefix) {
		pattern->piece = "with_reversed";
		return make_range(pattern, text + length - 1, suffix, -1, err);
	}
	pattern->piece = "with_name";
	return make_range(pattern, text, prefix, 1, err);
}

/* The names by which a certificate can cover a host: its own, and the one
 * with a wildcard for its first label. */
typedef struct host {
	mca_san *san; /* NULL: no host is asked for */
	char *wildcard;
} host;

static void
host_clear(host *covered)
{
	mca_san_free(covered->san);
	free(covered->wildcard);
}
MCA_SCOPED(host, host_clear)

static const char *
host_text(const host *covered)
{
	return covered->san == NULL ? NULL : mca_san_at(covered->san, 0)->text;
}

static mca_code
make_host(host *covered, const char *text, struct mca_error *err)
{
	mca_code code = mca_san_new(&covered->san, &text, 1, err);
	const struct mca_san_name *name;
	const char *dot;

	if (code != MCA_OK)
		return code;
	name = mca_san_at(covered->san, 0);
	if ((name->form != MCA_SAN_DNS && name->form != MCA_SAN_IP) ||
	    *name->text == '*')
		return mca_fail(err, MCA_EUSAGE,
		    "\"%s\" is no host: wanted a DNS name or an address",
		    MCA_SHOW_TEXT(text));
	dot = name->form == MCA_SAN_DNS ? strchr(name->text, '.') : NULL;
	if (dot != NULL && asprintf(&covered->wildcard, "*%s", dot) < 0) {
		covered->wildcard = NULL;
		return mca_fail_memory(err);
	}
	return MCA_OK;
}

static const struct {
	const char *word, *piece;
} sorts[] = {
	{ "recorded", "by_recorded" },
	{ "name", "by_name" },
	{ "expiry", "by_expiry" },
	{ "serial", "by_serial" },
};

/* find_sort returns NULL for a word that is none of them. */
static const char *
find_sort(const char *word)
{
	for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++) {
		if (word == NULL || strcmp(sorts[i].word, word) == 0)
			return sorts[i].piece;
	}
	return NULL;
}

static const char *const by_status[] = {
	[MCA_STATUS_VALID] = "when_valid",
	[MCA_STATUS_EXPIRED] = "when_expired",
	[MCA_STATUS_REVOKED] = "when_revoked",
};

static void
add_piece(mca_text *name, const char *piece, bool wanted)
{
	if (wanted)
		mca_text_addf(name, "+%s", piece);
}

/* compose names the statement that asks for what `filter` wants, no more. */
static void
compose(mca_text *name, const struct mca_filter *filter,
    const name_pattern *pattern, const char *sort)
{
	mca_text_addf(name, "record");
	add_piece(name, pattern->piece, pattern->piece != NULL);
	add_piece(name, "with_host", filter->covers != NULL);
	add_piece(name, "with_label", filter->label != NULL);
	add_piece(name, "with_authority", filter->authority != NULL);
	add_piece(name, "with_policy", filter->policy != NULL);
	add_piece(name, "with_key_algorithm", filter->key_algorithm != NULL);
	add_piece(name, by_status[filter->status],
	    filter->status != MCA_STATUS_ANY);
	add_piece(name, "when_latest", filter->latest);
	add_piece(name, "when_unmanaged", filter->unmanaged);
	add_piece(name, "when_renewing", filter->renewing);
	add_piece(name, "when_leaf", filter->leaf);
	add_piece(name, "when_expiring", filter->expires_until != 0);
	add_piece(name, sort, true);
}

static void
bind_text(mca_query *query, const char *name, const char *value)
{
	if (value != NULL)
		mca_query_bind_text(query, name, value);
}

static void
bind_filter(mca_query *query, const struct mca_filter *filter,
    const name_pattern *pattern, const host *covered)
{
	bind_text(query, ":host", host_text(covered));
	bind_text(query, ":wildcard", covered->wildcard);
	bind_text(query, ":label", filter->label);
	if (pattern->piece != NULL)
		bind_text(query, ":glob", mca_text_get(&pattern->glob));
	bind_text(query, ":low", pattern->low);
	bind_text(query, ":high", pattern->high);
	bind_text(query, ":authority", filter->authority);
	bind_text(query, ":policy", filter->policy);
	bind_text(query, ":key_algorithm", filter->key_algorithm);
	if (filter->status == MCA_STATUS_VALID ||
	    filter->status == MCA_STATUS_EXPIRED)
		mca_query_bind_int(query, ":now", filter->now);
	if (filter->expires_until == 0)
		return;
	mca_query_bind_int(query, ":from",
	    filter->expires_from != 0		     ? filter->expires_from
		: filter->status == MCA_STATUS_VALID ? filter->now
						     : INT64_MIN);
	mca_query_bind_int(query, ":until", filter->expires_until);
}

mca_code
mca_store_list(mca_store *store, const struct mca_filter *filter,
    mca_store_each *each, void *context, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	scoped(name_pattern) pattern = { 0 };
	scoped(host) covered = { 0 };
	scoped(mca_text) name = { 0 };
	const char *sort = find_sort(filter->sort);
	size_t count;
	mca_code code = MCA_OK;

	if (sort == NULL)
		return mca_fail(err, MCA_EUSAGE,
		    "cannot sort by \"%s\": wanted recorded, name, expiry or "
		    "serial",
		    MCA_SHOW_TEXT(filter->sort));
	if (filter->name != NULL)
		code = make_pattern(&pattern, filter->name, err);
	if (code == MCA_OK && filter->covers != NULL)
		code = make_host(&covered, filter->covers, err);
	if (code != MCA_OK)
		return code;
	compose(&name, filter, &pattern, sort);
	if (name.failed)
		return mca_fail_memory(err);

	code = mca_sql_query(&query, store->sql, mca_text_get(&name), err);
	if (code != MCA_OK)
		return code;
	bind_filter(query, filter, &pattern, &covered);
	return mca_store_walk(query, &count, each, context, err);
}

mca_code
mca_store_count_leaves(mca_store *store, int64_t *valid, int64_t *expired,
    int64_t *revoked, mca_time now, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row;
	mca_code code = mca_sql_query(&query, store->sql, "leaf_count", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_int(query, ":now", now);
	code = mca_query_step(query, &row, err);
	if (code != MCA_OK)
		return code;
	*valid = mca_query_int(query, "valid");
	*expired = mca_query_int(query, "expired");
	*revoked = mca_query_int(query, "revoked");
	return mca_query_check(query, err);
}
