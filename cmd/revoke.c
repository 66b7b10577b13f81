/*
 * revoke.c - minica revoke: certificates that are good no longer.
 */
#include "fail.h"
#include "json.h"
#include "pick.h"

#include <string.h>

struct args {
	struct words ids;
	const char *reason, *superseded_by, *issuer;
	struct number invalid_since;
	bool release, allow_unknown;
};

static const struct opt opts[] = {
	{ OPT_ARGS, 0, "ID", NULL, FIELD(ids),
	    "serial number, SHA-256 fingerprint, label, name or file" },
	{ OPT_TEXT, 0, "reason", "REASON", FIELD(reason),
	    "why, by its name in RFC 5280 (unspecified)" },
	{ OPT_TIME, 0, "invalid-since", "TIME", FIELD(invalid_since),
	    "since when the key is known or suspected to be bad" },
	{ OPT_TEXT, 0, "superseded-by", "ID", FIELD(superseded_by),
	    "what replaces it; the reason is then superseded" },
	{ OPT_FLAG, 0, "release", NULL, FIELD(release),
	    "end a certificateHold" },
	{ OPT_FLAG, 0, "allow-unknown", NULL, FIELD(allow_unknown),
	    "take ID for a serial number that need not be in the store" },
	{ OPT_TEXT, 0, "issuer", "LABEL", FIELD(issuer),
	    "whose serial number it is, with --allow-unknown" },
	{ 0 },
};

static mca_code
check(const struct args *args, struct mca_error *err)
{
	if (args->release &&
	    (args->reason != NULL || args->superseded_by != NULL ||
		args->invalid_since.given))
		return fail(err, MCA_EUSAGE,
		    "--release takes no reason: it ends a certificateHold");
	if (args->allow_unknown != (args->issuer != NULL))
		return fail(err, MCA_EUSAGE,
		    "--allow-unknown and --issuer LABEL go together: a serial "
		    "number is its issuer's");
	if (args->superseded_by != NULL && args->reason != NULL &&
	    strcasecmp(args->reason, "superseded") != 0)
		return fail(err, MCA_EUSAGE,
		    "--superseded-by means the reason superseded, not %s",
		    MCA_SHOW_TEXT(args->reason));
	return MCA_OK;
}

/* What is meant by an ID; its strings are those of `args` and `found`. */
static mca_code
describe(struct mca_revoking *out, picked *found, struct session *s,
    const struct args *args, const char *id, struct mca_error *err)
{
	if (args->allow_unknown) {
		out->authority = args->issuer;
		out->serial = id;
		return MCA_OK;
	}
	if (pick_one(found, s, id, err) != MCA_OK)
		return err->code;
	if (*found->authority == '\0')
		return fail(err, MCA_EPOLICY,
		    "serial %s was not issued by an authority of this home, "
		    "so no CRL of this home can say that it is revoked; ask "
		    "its issuer",
		    found->serial);
	out->authority = found->authority;
	out->serial = found->serial;
	return MCA_OK;
}

/* Until the list says so, no client knows. */
static mca_code
warn_of_list(struct session *s, const char *authority, struct mca_error *err)
{
	struct mca_crl_record last;

	if (mca_store_last_crl(mca_ca_store(s->ca), &last, authority, err) !=
	    MCA_OK)
		return err->code;
	if (last.number == 0)
		warn(s,
		    "no CRL of \"%s\" was ever published, so no client knows; "
		    "next: minica crl --issuer %s --out FILE",
		    authority, authority);
	else
		warn(s,
		    "the published CRL of \"%s\" (number %lld) does not say so "
		    "yet; next: minica crl --issuer %s --out FILE",
		    authority, (long long)last.number, authority);
	return MCA_OK;
}

/* An authority of this home that is revoked, and what it issued. */
struct fallen {
	int64_t certificate;
	char *label;
	size_t valid;
};

static mca_code
find_label(void *context, const struct mca_authority *authority,
    struct mca_error *err)
{
	struct fallen *fallen = context;

	(void)err;
	if (authority->certificate != fallen->certificate)
		return MCA_OK;
	free(fallen->label);
	fallen->label = strdup(authority->label);
	if (fallen->label == NULL)
		fail_memory();
	return MCA_OK;
}

static mca_code
count_one(void *context, const struct mca_record *record, struct mca_error *err)
{
	struct fallen *fallen = context;

	(void)err;
	(void)record;
	fallen->valid++;
	return MCA_OK;
}

/* A CA takes what it issued with it, which may be more than was meant. */
static mca_code
warn_of_fall(struct session *s, json_t *row, int64_t certificate,
    struct mca_error *err)
{
	struct fallen fallen = { .certificate = certificate };
	mca_store *store = mca_ca_store(s->ca);
	struct mca_filter filter = { .status = MCA_STATUS_VALID,
		.now = s->now };
	mca_code code = mca_store_authorities(store, find_label, &fallen, err);

	filter.authority = fallen.label;
	if (code == MCA_OK && fallen.label != NULL)
		code = mca_store_list(store, &filter, count_one, &fallen, err);
	if (code == MCA_OK && fallen.label != NULL) {
		json_put(row, "refused_with_it",
		    json_integer((json_int_t)fallen.valid));
		warn(s,
		    "\"%s\" is an authority: it signs nothing any more, and "
		    "clients who learn of this refuse all it ever issued, %zu "
		    "valid certificates; next: issue these again from another "
		    "authority",
		    fallen.label, fallen.valid);
	}
	free(fallen.label);
	return code;
}

static mca_code
change(struct session *s, json_t *row, const struct args *args,
    const struct mca_revoking *what, struct mca_error *err)
{
	bool changed = true;
	mca_code code = args->release
	    ? mca_ca_release(s->ca, what, err)
	    : mca_ca_revoke(s->ca, &changed, what, err);

	if (code != MCA_OK)
		return code;
	json_put(row, "serial", json_text(what->serial));
	json_put(row, "issuer", json_text(what->authority));
	json_put(row, "changed", json_boolean(changed));
	if (!changed) {
		talk(s, "serial %s was revoked for that already", what->serial);
		return MCA_OK;
	}
	talk(s, "serial %s %s", what->serial,
	    args->release ? "is released" : "is revoked");
	return warn_of_list(s, what->authority, err);
}

static mca_code
revoke_one(struct session *s, json_t *row, const struct args *args,
    const char *replacement, const char *id, struct mca_error *err)
{
	scoped(picked) found = { 0 };
	struct mca_revoking what = {
		.reason = replacement != NULL ? "superseded" : args->reason,
		.invalid_since = args->invalid_since.value,
		.superseded_by = replacement,
	};

	json_put(row, "id", json_text(id));
	if (describe(&what, &found, s, args, id, err) != MCA_OK)
		return err->code;
	if (change(s, row, args, &what, err) != MCA_OK)
		return err->code;
	if (args->release || found.cert == NULL || !mca_cert_is_ca(found.cert))
		return MCA_OK;
	return warn_of_fall(s, row, found.id, err);
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	const struct args *args = opaque;
	scoped(picked) replacement = { 0 };
	mca_code worst = MCA_OK;

	if (check(args, err) != MCA_OK ||
	    session_open(s, MCA_STORE_WRITE, NULL, err) != MCA_OK)
		return err->code;
	if (args->superseded_by != NULL &&
	    pick_one(&replacement, s, args->superseded_by, err) != MCA_OK)
		return within(err, "--superseded-by");
	for (size_t i = 0; i < args->ids.count; i++) {
		json_t *row = json_row(s->doc, "results");
		struct mca_error bad = { 0 };

		if (revoke_one(s, row, args, replacement.serial,
			args->ids.rows[i], &bad) != MCA_OK)
			worst = worse(worst, complain(s, row, &bad));
	}
	return worst;
}

const struct command revoke_command = {
	"revoke",
	"Revoke certificates, or release them from a hold",
	opts,
	sizeof(struct args),
	run,
	"Reasons: unspecified, keyCompromise, cACompromise,\n"
	"affiliationChanged, superseded, cessationOfOperation,\n"
	"certificateHold, privilegeWithdrawn, aACompromise.  Clients learn of "
	"it\n"
	"from the next CRL (minica crl).\n"
	"\n"
	"  minica revoke www.example.org --reason keyCompromise\n"
	"  minica revoke old.pem --superseded-by new.pem\n",
};
