/*
 * list.c - minica list: the inventory.
 */
#include "account.h"
#include "fail.h"
#include "json.h"

#include <stdio.h>
#include <string.h>

struct args {
	const char *name, *covers, *label, *status, *issuer, *policy, *key;
	const char *sort;
	struct number within;
	bool csv;
};

static const struct opt opts[] = {
	{ OPT_TEXT, 0, "name", "GLOB", FIELD(name),
	    "a name or subject, with * and ?" },
	{ OPT_TEXT, 0, "covers", "HOST", FIELD(covers),
	    "good for this host, by wildcard too" },
	{ OPT_TEXT, 0, "label", "LABEL", FIELD(label), "with this label" },
	{ OPT_WORD, 0, "status", "valid|expired|revoked", FIELD(status),
	    "only these" },
	{ OPT_TEXT, 0, "issuer", "LABEL", FIELD(issuer),
	    "issued by this authority" },
	{ OPT_TEXT, 'p', "policy", "NAME", FIELD(policy),
	    "issued under this policy" },
	{ OPT_TEXT, 0, "key", "ALG", FIELD(key), "with such a key" },
	{ OPT_LIFE, 0, "expires-within", "DURATION", FIELD(within),
	    "whose end is no further away" },
	{ OPT_WORD, 0, "sort", "recorded|name|expiry|serial", FIELD(sort),
	    "in this order (recorded)" },
	{ OPT_FLAG, 0, "csv", NULL, FIELD(csv),
	    "as comma-separated values (RFC 4180)" },
	{ 0 },
};

static enum mca_status
status(const char *word)
{
	if (word == NULL)
		return MCA_STATUS_ANY;
	if (strcmp(word, "expired") == 0)
		return MCA_STATUS_EXPIRED;
	return strcmp(word, "revoked") == 0 ? MCA_STATUS_REVOKED
					    : MCA_STATUS_VALID;
}

/* "dNSName:example.org iPAddress:10.0.0.1" without the forms. */
static void
add_names(mca_text *out, const struct mca_record *record, const char *between)
{
	const char *at = record->names;

	if (*at == '\0')
		mca_text_addf(out, "%s", record->subject);
	while (*at != '\0') {
		size_t length = strcspn(at, " ");
		const char *colon = memchr(at, ':', length);
		const char *name = colon == NULL ? at : colon + 1;

		if (out->length > 0)
			mca_text_addf(out, "%s", between);
		mca_text_add(out, name, length - (size_t)(name - at));
		at += length + (at[length] == ' ');
	}
}

/* ---- comma-separated values ---- */

static void
print_field(const char *text, bool last)
{
	bool quoted = strpbrk(text, "\",\r\n") != NULL;

	if (quoted)
		(void)putchar('"');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			(void)putchar('"');
		(void)putchar(*text);
	}
	if (quoted)
		(void)putchar('"');
	(void)fputs(last ? "\r\n" : ",", stdout);
}

enum { COLUMNS = 14 };

static void
print_row(const char *const fields[COLUMNS])
{
	for (size_t i = 0; i < COLUMNS; i++)
		print_field(fields[i], i == COLUMNS - 1);
}

static const char *const columns[COLUMNS] = { "status", "not_before",
	"not_after", "serial", "names", "subject", "issuer", "authority",
	"policy", "labels", "key_algorithm", "sha256", "revoked", "reason" };

static void
print_record(const struct mca_record *record, mca_time now)
{
	scoped(mca_text) names = { 0 };

	add_names(&names, record, " ");
	if (names.failed)
		fail_memory();
	print_row((const char *const[COLUMNS]){ record_status(record, now),
	    MCA_TIME(record->not_before), MCA_TIME(record->not_after),
	    record->serial, mca_text_get(&names), record->subject,
	    record->issuer, record->authority, record->policy, record->labels,
	    record->key_algorithm, record->sha256,
	    record->revoked == 0 ? "" : MCA_TIME(record->revoked),
	    record->reason });
}

/* ---- */

struct listing {
	struct session *s;
	bool csv;
};

static void
print_line(const struct session *s, const struct mca_record *record)
{
	scoped(mca_text) names = { 0 };

	add_names(&names, record, ", ");
	print(s, "%-8s  %-20s  %-40s  %s%s%s%s\n",
	    record_status(record, s->now), MCA_TIME(record->not_after),
	    record->serial, mca_text_get(&names),
	    *record->labels == '\0' ? "" : "  [", record->labels,
	    *record->labels == '\0' ? "" : "]");
}

/* A row is out before the next is read: a million take no memory. */
static mca_code
tell(void *context, const struct mca_record *record, struct mca_error *err)
{
	const struct listing *listing = context;
	struct session *s = listing->s;

	(void)err;
	if (s->doc != NULL)
		stream_row(s, json_record(record, s->now));
	else if (listing->csv)
		print_record(record, s->now);
	else
		print_line(s, record);
	return MCA_OK;
}

static void
print_heading(struct session *s, bool csv)
{
	stream_begin(s, "certificates");
	if (csv)
		print_row(columns);
	else
		print(s, "%-8s  %-20s  %-40s  %s\n", "STATUS", "NOT AFTER",
		    "SERIAL", "NAMES");
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	const struct args *args = opaque;
	struct listing listing = { s, args->csv };
	struct mca_filter filter = {
		.name = args->name,
		.covers = args->covers,
		.label = args->label,
		.authority = args->issuer,
		.policy = args->policy,
		.key_algorithm = args->key,
		.status = status(args->status),
		.now = s->now,
		.expires_until =
		    args->within.given ? s->now + args->within.value : 0,
		.sort = args->sort,
	};

	if (args->csv && s->doc != NULL)
		return fail(err, MCA_EUSAGE, "one of --csv and --json");
	if (session_open(s, MCA_STORE_READ, NULL, err) != MCA_OK)
		return err->code;
	print_heading(s, args->csv);
	return mca_store_list(mca_ca_store(s->ca), &filter, tell, &listing,
	    err);
}

const struct command list_command = {
	"list",
	"List the certificates in the store",
	opts,
	sizeof(struct args),
	run,
	"  minica list --name '*.example.org' --expires-within 30d\n"
	"  minica list --covers www.example.org --status valid\n"
	"  minica list --label team=web --csv >web.csv\n"
	"  minica list --json --sort expiry\n",
};
