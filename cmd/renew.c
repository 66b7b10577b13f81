/*
 * renew.c - minica renew: certificates in place of those that end soon.
 *
 * What was recorded but never reached its files, since the power went in
 * between, is finished first.
 */
#include "confine.h"
#include "fail.h"
#include "hook.h"
#include "json.h"
#include "need.h"
#include "pass.h"
#include "pick.h"
#include "renewal.h"

#include <string.h>

struct args {
	struct words words; /* the ID, unless --due; then a command */
	struct signing signing;
	struct renewal_args r;
	const char *before;
	bool exec;
	struct pass pass;
};

static const struct opt opts[] = {
	{ OPT_ARGS_MAYBE, 0, "ID", NULL, FIELD(words),
	    "serial number, fingerprint, name or file; with --exec also the "
	    "command" },
	{ OPT_FLAG, 0, "due", NULL, FIELD(r.due),
	    "all that are due, where they were written" },
	{ OPT_TEXT, 0, "before", "PART|DURATION", FIELD(before),
	    "due when so much of the life is left: 33% (default) or 30d" },
	{ OPT_FLAG, 0, "check", NULL, FIELD(r.check),
	    "renew nothing; exit 1 if something is due" },
	{ OPT_FLAG, 0, "rekey", NULL, FIELD(r.rekey),
	    "with a new key, in --key-out" },
	{ OPT_TEXT, 0, "key", "ALG", FIELD(r.key),
	    "algorithm of the new key (as before)" },
	{ OPT_TEXT, 0, "key-out", "FILE", FIELD(r.key_out),
	    "write the new key to FILE" },
	SIGNING_OPTS,
	{ OPT_TEXT, 'o', "out", "FILE", FIELD(r.out),
	    "write the certificate to FILE, not where the old one is" },
	{ OPT_TEXT, 0, "out-dir", "DIR", FIELD(r.out_dir),
	    "write what has no file yet to DIR/NAME.pem" },
	{ OPT_FLAG, 0, "fullchain", NULL, FIELD(r.fullchain),
	    "with its intermediates; a file keeps the form it has" },
	{ OPT_FLAG, 0, "exec", NULL, FIELD(exec),
	    "after a change run the command after --" },
	{ OPT_FLAG, 0, "force", NULL, FIELD(r.force),
	    "replace files that minica did not write" },
	PASS_OPTS,
	{ 0 },
};

/* ---- what was asked ---- */

static mca_code
read_before(struct due *out, const char *text, struct mca_error *err)
{
	size_t digits = text == NULL ? 0 : strspn(text, "0123456789");

	*out = (struct due){ .percent = 33 };
	if (text == NULL)
		return MCA_OK;
	if (digits > 0 && digits < 4 && strcmp(text + digits, "%") == 0) {
		out->percent = strtol(text, NULL, 10);
		if (out->percent >= 1 && out->percent <= 100)
			return MCA_OK;
		return fail(err, MCA_EUSAGE, "--before: 1%% to 100%%");
	}
	out->percent = 0;
	if (mca_duration_parse(&out->seconds, text, err) != MCA_OK)
		return within(err, "--before: a part such as 33%%, or");
	return MCA_OK;
}

static mca_code
check_places(const struct args *args, struct mca_error *err)
{
	if (args->r.due && args->r.out != NULL)
		return fail(err, MCA_EUSAGE,
		    "--out is for one certificate: use --out-dir DIR");
	if (args->r.out != NULL && args->r.out_dir != NULL)
		return fail(err, MCA_EUSAGE, "one of --out and --out-dir");
	if (args->r.rekey != (args->r.key_out != NULL))
		return fail(err, MCA_EUSAGE,
		    "--rekey and --key-out FILE go together");
	if (args->r.key != NULL && !args->r.rekey)
		return fail(err, MCA_EUSAGE, "--key goes with --rekey");
	if (args->r.rekey && args->r.due)
		return fail(err, MCA_EUSAGE,
		    "--rekey needs one ID: each new key has a file of its own");
	if (args->r.rekey && output_is_stdout(args->r.key_out))
		return fail(err, MCA_EUSAGE,
		    "--key-out -: the key must be safe in a file before its "
		    "certificate is signed");
	return MCA_OK;
}

static mca_code
check(const struct args *args, struct mca_error *err)
{
	size_t ids = args->r.due ? 0 : 1;
	size_t count = args->words.count;

	if (count < ids)
		return fail(err, MCA_EUSAGE,
		    "ID is missing: name a certificate, or --due");
	if (!args->exec && count > ids)
		return fail(err, MCA_EUSAGE,
		    args->r.due ? "one of ID and --due"
				: "one ID at a time; --due renews all that are "
				  "due");
	if (args->exec && count == ids)
		return fail(err, MCA_EUSAGE,
		    "--exec: the command is missing, after --");
	if (args->r.check &&
	    (args->exec || args->r.rekey || args->r.out != NULL))
		return fail(err, MCA_EUSAGE,
		    "--check renews nothing: no --exec, --rekey or --out");
	return check_places(args, err);
}

static bool
is_due(const struct due *due, mca_time begin, mca_time end, mca_time now)
{
	if (due->percent == 0)
		return end - now <= due->seconds;
	return (end - now) * 100 <= (end - begin) * due->percent;
}

/* ---- those that are due ---- */

struct ids {
	const struct renewal *r;
	int64_t *rows;
	size_t count;
	bool all;
};

static mca_code
add_due(void *context, const struct mca_record *record, struct mca_error *err)
{
	struct ids *ids = context;

	(void)err;
	if (record->revoked != 0 || *record->authority == '\0' ||
	    strcmp(record->policy, "ocsp") == 0 || /* made when needed */
	    (!ids->all &&
		!is_due(&ids->r->due, record->not_before, record->not_after,
		    ids->r->s->now)))
		return MCA_OK;
	ids->rows = reallocarray(ids->rows, ids->count + 1, sizeof(*ids->rows));
	if (ids->rows == NULL)
		fail_memory();
	ids->rows[ids->count++] = record->id;
	return MCA_OK;
}

static mca_code
find_due(struct ids *ids, const struct renewal *r, bool renewals,
    struct mca_error *err)
{
	const struct mca_filter filter = { .latest = true,
		.unmanaged = true,
		.leaf = true,
		.renewing = renewals,
		.sort = "expiry",
		.expires_until = renewals || r->due.percent != 0
		    ? 0
		    : r->s->now + r->due.seconds };

	*ids = (struct ids){ .r = r, .all = renewals };
	return mca_store_list(mca_ca_store(r->s->ca), &filter, add_due, ids,
	    err);
}

/* Writes what is recorded to the file that still holds what it replaces. */
static mca_code
finish_place(struct renewal *r, const target *t, const struct place *place,
    struct mca_error *err)
{
	struct mca_copy copy = { .path = place->path,
		.fullchain = place->fullchain };
	scoped(output) out = { 0 };
	mca_code code;

	talk(r->s, "%s: renewed before, but %s still held the old one",
	    MCA_SHOW_TEXT(target_name(t)), MCA_SHOW_TEXT(place->path));
	code = mca_ca_copy(r->s->ca, &copy, t->cert, t->authority, err);
	if (code == MCA_OK)
		code = output_open(&out, r->s, place->path, MODE_PUBLIC, false,
		    err);
	if (code == MCA_OK)
		code = output_write(&out, r->s, &copy.output, err);
	mca_blob_clear(&copy.output);
	r->changed += code == MCA_OK;
	return code;
}

static json_t *
due_row(const struct renewal *r, const target *t)
{
	json_t *row = json_row(r->s->doc, "due");

	json_put(row, "serial", json_text(mca_cert_serial(t->cert)));
	json_put(row, "name", json_text(target_name(t)));
	json_put(row, "not_after", json_time(mca_cert_not_after(t->cert)));
	return row;
}

static mca_code
finish_or_tell(struct renewal *r, const target *t, const struct place *place)
{
	struct mca_error bad = { 0 };
	json_t *row;

	if (r->args->check) {
		row = due_row(r, t);
		json_put(row, "file", json_text(place->path));
		print(r->s,
		    "%s: due: renewed, but %s still holds the old one\n",
		    MCA_SHOW_TEXT(target_name(t)), MCA_SHOW_TEXT(place->path));
		return MCA_OK;
	}
	if (finish_place(r, t, place, &bad) == MCA_OK)
		return MCA_OK;
	return complain(r->s, json_row(r->s->doc, "results"), &bad);
}

static mca_code
finish_one(struct renewal *r, size_t *open, int64_t id, mca_code *worst,
    struct mca_error *err)
{
	scoped(target) t = { 0 };

	if (target_get(&t, r, id, err) != MCA_OK ||
	    places_find(&t.places, r->s, t.id, t.renews, err) != MCA_OK)
		return err->code;
	*open += t.places.count;
	for (size_t i = 0; i < t.places.count; i++)
		*worst =
		    worse(*worst, finish_or_tell(r, &t, &t.places.rows[i]));
	return MCA_OK;
}

/* A file that cannot be written keeps no other from its certificate. */
static mca_code
finish_all(struct renewal *r, size_t *open, const struct ids *earlier,
    mca_code *worst, struct mca_error *err)
{
	*open = 0;
	for (size_t i = 0; i < earlier->count; i++)
		if (finish_one(r, open, earlier->rows[i], worst, err) != MCA_OK)
			return err->code;
	return MCA_OK;
}

/* ---- telling, without renewing ---- */

static mca_code
tell_due(const struct renewal *r, int64_t id, struct mca_error *err)
{
	scoped(target) t = { 0 };

	if (target_get(&t, r, id, err) != MCA_OK)
		return err->code;
	(void)due_row(r, &t);
	print(r->s, "%s: due: serial %s, until %s\n",
	    MCA_SHOW_TEXT(target_name(&t)), mca_cert_serial(t.cert),
	    MCA_TIME(mca_cert_not_after(t.cert)));
	return MCA_OK;
}

static mca_code
handle_all(struct renewal *r, const struct ids *ids, struct mca_error *err)
{
	mca_code worst = MCA_OK;

	for (size_t i = 0; i < ids->count; i++) {
		struct mca_error bad = { 0 };
		json_t *row;
		mca_code code;

		if (r->args->check) {
			if (tell_due(r, ids->rows[i], err) != MCA_OK)
				return err->code;
			worst = MCA_EPOLICY;
			continue;
		}
		row = json_row(r->s->doc, "results");
		code = renewal_make(r, row, ids->rows[i], &bad);
		if (code != MCA_OK && bad.text[0] != '\0')
			code = complain(r->s, row, &bad);
		worst = worse(worst, code);
	}
	return worst;
}

/* ---- what that needs ---- */

static mca_code
need_place(void *context, const char *path, struct mca_error *err)
{
	(void)err;
	need_beside(context, path, NEED_WRITE);
	return MCA_OK;
}

static mca_code
need_places(const struct renewal *r, const struct ids *ids,
    struct mca_error *err)
{
	mca_store *store = mca_ca_store(r->s->ca);

	for (size_t i = 0; i < ids->count; i++)
		if (mca_store_files(store, ids->rows[i], need_place, r->s,
			err) != MCA_OK)
			return err->code;
	return MCA_OK;
}

static mca_code
renew_all(struct renewal *r, const struct ids *earlier, const struct ids *due,
    struct mca_error *err)
{
	size_t open;
	mca_code finished = MCA_OK, code;

	if (need_places(r, earlier, err) != MCA_OK ||
	    need_places(r, due, err) != MCA_OK)
		return err->code;
	confine_further(r->s);
	if (finish_all(r, &open, earlier, &finished, err) != MCA_OK)
		return err->code;
	code = worse(handle_all(r, due, err), finished);
	if (code == MCA_OK && r->args->check && open > 0)
		code = MCA_EPOLICY;
	if (code == MCA_OK && due->count == 0 && r->changed == 0)
		talk(r->s, "nothing is due");
	return code;
}

static mca_code
renew_due(struct renewal *r, struct mca_error *err)
{
	struct ids earlier = { 0 }, due = { 0 };
	mca_code code = find_due(&earlier, r, true, err);

	if (code == MCA_OK)
		code = find_due(&due, r, false, err);
	if (code == MCA_OK)
		code = renew_all(r, &earlier, &due, err);
	free(earlier.rows);
	free(due.rows);
	return code;
}

static mca_code
renew_named(struct renewal *r, const char *id, struct mca_error *err)
{
	scoped(picked) found = { 0 };
	struct ids ids = { .r = r, .count = 1 };
	mca_time begin, end;

	if (pick_current(&found, r->s, id, err) != MCA_OK)
		return err->code;
	begin = mca_cert_not_before(found.cert);
	end = mca_cert_not_after(found.cert);
	ids.rows = &found.id;
	if (need_places(r, &ids, err) != MCA_OK)
		return err->code;
	confine_further(r->s);
	if (!r->conditional || is_due(&r->due, begin, end, r->s->now))
		return handle_all(r, &ids, err);
	talk(r->s, "serial %s is not due: it is valid until %s", found.serial,
	    MCA_TIME(end));
	return MCA_OK;
}

/* Only after a change, and also when some of several could not be changed. */
static mca_code
run_hook(const struct renewal *r, const struct args *args,
    struct mca_error *err)
{
	size_t ids = args->r.due ? 0 : 1;

	if (!args->exec || r->changed == 0)
		return MCA_OK;
	return hook_run(r->s, args->words.rows + ids, args->words.count - ids,
	    args->pass.env, err);
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	struct args *args = opaque;
	struct renewal r = { .s = s,
		.args = &args->r,
		.signing = &args->signing,
		.conditional = args->r.check || args->before != NULL };
	const struct mca_passphrase *passphrase;
	mca_code code;

	if (check(args, err) != MCA_OK ||
	    read_before(&r.due, args->before, err) != MCA_OK ||
	    pass_source(&passphrase, &args->pass, false, err) != MCA_OK ||
	    session_open(s, args->r.check ? MCA_STORE_READ : MCA_STORE_WRITE,
		passphrase, err) != MCA_OK)
		return err->code;
	json_put(s->doc, args->r.check ? "due" : "results", json_array());
	code = args->r.due ? renew_due(&r, err)
			   : renew_named(&r, args->words.rows[0], err);
	if (code != MCA_OK && err->text[0] != '\0')
		return code;
	return worse(code, run_hook(&r, args, err));
}

const struct command renew_command = {
	"renew",
	"Issue certificates in place of those that end",
	opts,
	sizeof(struct args),
	run,
	"Names, policy, labels, life and, without --rekey, the key are as "
	"before;\n"
	"the policy of today decides.  The old certificate stays valid until "
	"it\n"
	"ends or is revoked.\n"
	"\n"
	"  minica renew www.example.org\n"
	"  minica renew www.example.org --rekey --key-out www.key --force\n"
	"  minica renew --due --before 30d --exec -- systemctl reload nginx\n"
	"  minica renew --due --check\n",
};
