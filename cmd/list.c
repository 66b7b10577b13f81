/*
 * list.c - minica list: the inventory.
 */
#include "account.h"
#include "fail.h"
#include "json.h"

#include <string.h>

struct args {
	const char *name, *status, *issuer, *policy, *key, *sort;
	struct number within;
};

static const struct opt opts[] = {
	{ OPT_TEXT, 0, "name", "GLOB", FIELD(name),
	    "a name or subject, with * and ?" },
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
add_names(mca_text *out, const struct mca_record *record)
{
	const char *at = record->names;

	if (*at == '\0')
		mca_text_addf(out, "%s", record->subject);
	while (*at != '\0') {
		size_t length = strcspn(at, " ");
		const char *colon = memchr(at, ':', length);
		const char *name = colon == NULL ? at : colon + 1;

		if (out->length > 0)
			mca_text_addf(out, ", ");
		mca_text_add(out, name, length - (size_t)(name - at));
		at += length + (at[length] == ' ');
	}
}

/* A row is out before the next is read: a million take no memory. */
static mca_code
tell(void *context, const struct mca_record *record, struct mca_error *err)
{
	struct session *s = context;
	scoped(mca_text) names = { 0 };

	(void)err;
	if (s->doc != NULL) {
		stream_row(s, json_record(record, s->now));
		return MCA_OK;
	}
	add_names(&names, record);
	print(s, "%-8s  %-20s  %-40s  %s\n", record_status(record, s->now),
	    MCA_TIME(record->not_after), record->serial, mca_text_get(&names));
	return MCA_OK;
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	const struct args *args = opaque;
	struct mca_filter filter = {
		.name = args->name,
		.authority = args->issuer,
		.policy = args->policy,
		.key_algorithm = args->key,
		.status = status(args->status),
		.now = s->now,
		.expires_until =
		    args->within.given ? s->now + args->within.value : 0,
		.sort = args->sort,
	};

	if (session_open(s, MCA_STORE_READ, NULL, err) != MCA_OK)
		return err->code;
	stream_begin(s, "certificates");
	print(s, "%-8s  %-20s  %-40s  %s\n", "STATUS", "NOT AFTER", "SERIAL",
	    "NAMES");
	return mca_store_list(mca_ca_store(s->ca), &filter, tell, s, err);
}

const struct command list_command = {
	"list",
	"List the certificates in the store",
	opts,
	sizeof(struct args),
	run,
	"  minica list --name '*.example.org' --expires-within 30d\n"
	"  minica list --json --sort expiry\n",
};
