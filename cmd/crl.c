/*
 * crl.c - minica crl: the list of what is revoked, made or looked at.
 */
#include "account.h"
#include "fail.h"
#include "json.h"
#include "output.h"
#include "pass.h"

#include <stdio.h>
#include <string.h>

struct args {
	const char *issuer, *out, *out_dir, *check;
	struct number life, ahead;
	bool der, force;
	struct pass pass;
};

static const struct opt opts[] = {
	{ OPT_TEXT, 0, "issuer", "LABEL", FIELD(issuer),
	    "authority whose list it is (the one that signs leaves)" },
	{ OPT_LIFE, 'd', "days", "N", FIELD(life),
	    "until the next list: days, or a duration such as 12h (30)" },
	{ OPT_TEXT, 'o', "out", "FILE", FIELD(out), "write the list to FILE" },
	{ OPT_FLAG, 0, "der", NULL, FIELD(der), "DER instead of PEM" },
	{ OPT_NUMBER, 0, "ahead", "N", FIELD(ahead),
	    "make N lists, each for when the one before ends" },
	{ OPT_TEXT, 0, "out-dir", "DIR", FIELD(out_dir),
	    "where the lists of --ahead go" },
	{ OPT_TEXT, 0, "check", "FILE", FIELD(check),
	    "look at a published list: exit 1 if it is stale or lacks "
	    "revocations" },
	{ OPT_FLAG, 0, "force", NULL, FIELD(force),
	    "replace files that minica did not write" },
	PASS_OPTS,
	{ 0 },
};

#define MOST_AHEAD 400

static mca_code
check(const struct args *args, struct mca_error *err)
{
	if (args->ahead.given != (args->out_dir != NULL))
		return fail(err, MCA_EUSAGE,
		    "--ahead N and --out-dir DIR go together");
	if (args->ahead.given && args->out != NULL)
		return fail(err, MCA_EUSAGE, "one of --out and --out-dir");
	if (args->ahead.given &&
	    (args->ahead.value < 1 || args->ahead.value > MOST_AHEAD))
		return fail(err, MCA_EUSAGE, "--ahead: from 1 to %d lists",
		    MOST_AHEAD);
	if (args->check != NULL &&
	    (args->out != NULL || args->ahead.given || args->life.given ||
		args->der))
		return fail(err, MCA_EUSAGE,
		    "--check only looks; nothing else but --issuer goes with "
		    "it");
	return MCA_OK;
}

/* ---- making ---- */

/* Bytes on their way to a file, or to stdout, or into the document. */
struct target {
	struct session *s;
	mca_file *file;
	mca_text text; /* for --json without a file */
};

static mca_code
put(void *context, const void *bytes, size_t length, struct mca_error *err)
{
	struct target *target = context;

	if (target->file != NULL)
		return mca_file_write(target->file, bytes, length, err);
	print_bytes(target->s, bytes, length);
	if (target->s->doc != NULL)
		mca_text_add(&target->text, bytes, length);
	return MCA_OK;
}

static void
tell(struct session *s, json_t *row, const struct mca_crl_record *record,
    const char *label, const output *out)
{
	json_put(row, "issuer", json_text(label));
	json_put(row, "number", json_integer(record->number));
	json_put(row, "entries", json_integer(record->entries));
	json_put(row, "thisUpdate", json_time(record->this_update));
	json_put(row, "nextUpdate", json_time(record->next_update));
	json_put(row, "sha256", json_hex(record->sha256, 32));
	if (out->path != NULL)
		json_put(row, "out", json_text(out->path));
	talk(s, "CRL %lld of \"%s\": %lld entries, from %s until %s%s%s",
	    (long long)record->number, label, (long long)record->entries,
	    MCA_TIME(record->this_update), MCA_TIME(record->next_update),
	    out->path == NULL ? "" : ", in ",
	    out->path == NULL ? "" : MCA_SHOW_TEXT(out->path));
}

/* A list replaces an earlier one of its issuer, and nothing else. */
static mca_code
open_list(output *out, struct session *s, const struct args *args,
    const char *path, struct mca_error *err)
{
	bool earlier = false;

	if (!args->force && !output_is_stdout(path) &&
	    mca_ca_owns_crl(s->ca, &earlier, path, args->issuer, err) != MCA_OK)
		return err->code;
	return output_open(out, s, path, MODE_PUBLIC, args->force || earlier,
	    err);
}

static mca_code
make_one(struct session *s, const struct args *args, mca_time from,
    mca_time until, output *out, struct mca_error *err)
{
	const struct mca_crl_request what = { .authority = args->issuer,
		.this_update = from,
		.next_update = until,
		.pem = !args->der };
	struct target target = { .s = s, .file = out->file };
	json_t *row = json_row(s->doc, "crls");
	struct mca_crl_record record;
	const char *label;

	if (mca_ca_crl(s->ca, &record, &label, &what, put, &target, err) !=
		MCA_OK ||
	    (out->file != NULL && mca_file_commit(out->file, err) != MCA_OK)) {
		mca_text_clear(&target.text);
		return err->code;
	}
	if (s->doc != NULL && out->file == NULL && !args->der)
		json_put(row, "crl", json_text(mca_text_get(&target.text)));
	mca_text_clear(&target.text);
	tell(s, row, &record, label, out);
	return MCA_OK;
}

/* The name says when the list is to be put in place of the one before. */
static mca_code
open_ahead(output *out, struct session *s, const struct args *args,
    mca_time from, struct mca_error *err)
{
	owned(char) *path = NULL;
	char when[MCA_TIME_TEXT];
	size_t n = 0;

	for (const char *c = mca_time_format(when, from); *c != '\0'; c++)
		if (*c != '-' && *c != ':')
			when[n++] = *c;
	when[n] = '\0';
	if (asprintf(&path, "%s/%s.crl", args->out_dir, when) < 0)
		fail_memory();
	return open_list(out, s, args, path, err);
}

/*
 * A calendar.  Each list outlives its turn by a tenth, so that one that is put
 * in place late leaves no gap.
 */
static mca_code
make_ahead(struct session *s, const struct args *args, int64_t life,
    struct mca_error *err)
{
	for (int64_t i = 0; i < args->ahead.value; i++) {
		mca_time from = s->now + i * life;
		scoped(output) out = { 0 };

		if (open_ahead(&out, s, args, from, err) != MCA_OK ||
		    make_one(s, args, from, from + life + life / 10, &out,
			err) != MCA_OK)
			return err->code;
	}
	return MCA_OK;
}

static mca_code
make(struct session *s, const struct args *args, struct mca_error *err)
{
	int64_t life = args->life.given ? args->life.value : 30 * MCA_DAY;
	scoped(output) out = { 0 };

	if (args->der && args->out == NULL && s->doc != NULL)
		return fail(err, MCA_EUSAGE,
		    "--der with --json needs --out FILE");
	if (args->ahead.given)
		return make_ahead(s, args, life, err);
	if (open_list(&out, s, args, args->out, err) != MCA_OK)
		return err->code;
	return make_one(s, args, s->now, s->now + life, &out, err);
}

/* ---- looking ---- */

static mca_code say_no(struct session *s, const char *path, const char *fmt,
    ...) MCA_PRINTF(3, 4);

static mca_code
say_no(struct session *s, const char *path, const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	json_push(s->doc, "problems", json_text(text));
	print(s, "%s: no: %s\n", MCA_SHOW_TEXT(path), text);
	return MCA_EPOLICY;
}

static mca_code
judge(struct session *s, const char *path, const mca_crl *crl,
    const struct mca_crl_record *last, struct mca_error *err)
{
	uint8_t sha256[MCA_SHA256_SIZE];
	size_t length;
	const uint8_t *der = mca_crl_der(crl, &length);
	mca_code code = MCA_OK;

	if (mca_sha256(sha256, der, length, err) != MCA_OK)
		return err->code;
	if (mca_crl_next_update(crl) < s->now)
		code = say_no(s, path, "stale since %s",
		    MCA_TIME(mca_crl_next_update(crl)));
	if (mca_crl_this_update(crl) > s->now)
		code = say_no(s, path, "valid only from %s",
		    MCA_TIME(mca_crl_this_update(crl)));
	if (memcmp(sha256, last->sha256, sizeof(sha256)) != 0)
		code = say_no(s, path,
		    "not the newest list of this home, which is number %lld",
		    (long long)last->number);
	if (code == MCA_OK)
		print(s, "%s: OK: number %lld, until %s\n", MCA_SHOW_TEXT(path),
		    (long long)last->number,
		    MCA_TIME(mca_crl_next_update(crl)));
	return code;
}

static mca_code
look(struct session *s, const struct args *args, struct mca_error *err)
{
	scoped(mca_crls) crls = { 0 };
	struct mca_crl_record last;
	int64_t missing;
	const char *label;
	mca_code code;

	if (mca_crls_read(&crls, args->check, err) != MCA_OK ||
	    mca_ca_crl_state(s->ca, &label, &last, &missing, args->issuer,
		err) != MCA_OK)
		return err->code;
	json_put(s->doc, "problems", json_array());
	code = judge(s, args->check, crls.rows[0], &last, err);
	if (code != MCA_OK && err->text[0] != '\0')
		return code;
	if (missing > 0)
		code = say_no(s, args->check,
		    "%lld revocations came after the newest list; next: "
		    "minica crl --issuer %s --out %s",
		    (long long)missing, label, MCA_SHOW_TEXT(args->check));
	return code;
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	struct args *args = opaque;
	const struct mca_passphrase *passphrase;

	if (check(args, err) != MCA_OK ||
	    pass_source(&passphrase, &args->pass, false, err) != MCA_OK ||
	    session_open(s,
		args->check != NULL ? MCA_STORE_READ : MCA_STORE_WRITE,
		passphrase, err) != MCA_OK)
		return err->code;
	return args->check != NULL ? look(s, args, err) : make(s, args, err);
}

const struct command crl_command = {
	"crl",
	"Publish the list of revoked certificates",
	opts,
	sizeof(struct args),
	run,
	"With --ahead the key can go back to its safe: each list is named "
	"after\n"
	"the time from which it is to be published.\n"
	"\n"
	"  minica crl --out ca.crl\n"
	"  minica crl --issuer root --days 30 --ahead 12 --out-dir lists\n"
	"  minica crl --check ca.crl\n",
};
