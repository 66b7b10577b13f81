/*
 * rollover.c - minica rollover: one root replaced by another, in stages.
 */
#include "account.h"
#include "authority.h"
#include "fail.h"
#include "json.h"
#include "keyfile.h"

#include <string.h>

/* ---- how things are ---- */

static void
put_root(json_t *doc, const char *key, const char *label, const mca_cert *cert)
{
	json_t *object;

	if (doc == NULL || cert == NULL)
		return;
	object = json_object();
	json_put(object, "label", json_text(label));
	json_put(object, "info", json_cert(cert));
	json_put(doc, key, object);
}

static void
put_time(json_t *doc, const char *key, mca_time time)
{
	if (time != 0)
		json_put(doc, key, json_time(time));
}

static void
tell_root(const struct session *s, const char *which, const char *label,
    const mca_cert *cert)
{
	scoped(mca_text) hex = { 0 };

	account_fingerprint(&hex, mca_cert_sha256(cert), MCA_SHA256_SIZE);
	print(s, "  %s  %s: %s, until %s\n       SHA-256 %s\n", which, label,
	    mca_name_text(mca_cert_subject(cert)),
	    MCA_TIME(mca_cert_not_after(cert)), mca_text_get(&hex));
}

static const char *
next_step(enum mca_rollover_stage stage)
{
	static const char *const steps[] = {
		[MCA_ROLLOVER_NONE] = "minica rollover start",
		[MCA_ROLLOVER_STARTED] = "minica rollover cross",
		[MCA_ROLLOVER_CROSSED] =
		    "give the clients both roots (minica trust export) and the "
		    "servers the chain anew, then minica rollover switch",
		[MCA_ROLLOVER_SWITCHED] =
		    "give the servers the chain anew (minica export, minica "
		    "apply), replace what depends on the old root (minica "
		    "rollover status), and when every client knows the new "
		    "one, minica rollover finish",
		[MCA_ROLLOVER_FINISHED] =
		    "take the old root from the clients (minica trust export)",
	};

	return steps[stage];
}

static void
tell(struct session *s, const mca_rollover *r)
{
	print(s, "rollover: %s\n", mca_rollover_stage_name(r->stage));
	json_put(s->doc, "stage", json_text(mca_rollover_stage_name(r->stage)));
	json_put(s->doc, "next", json_text(next_step(r->stage)));
	put_root(s->doc, "old", r->old_label, r->old_root);
	put_root(s->doc, "new", r->new_label, r->new_root);
	put_time(s->doc, "started", r->started);
	put_time(s->doc, "crossed", r->crossed);
	put_time(s->doc, "switched", r->switched);
	put_time(s->doc, "finished", r->finished);
	if (r->old_root != NULL)
		tell_root(s, "old", r->old_label, r->old_root);
	if (r->new_root != NULL)
		tell_root(s, "new", r->new_label, r->new_root);
	talk(s, "next: %s", next_step(r->stage));
}

/* ---- start ---- */

/* Of every stage; most have few of them. */
struct args {
	const char *root, *id, *name, *org, *key, *out;
	struct number life;
	bool same_key, force;
	struct pass pass;
};

static const struct opt start_opts[] = {
	{ OPT_TEXT, 0, "root", "LABEL", FIELD(root),
	    "the root to be replaced, where there are several" },
	{ OPT_FLAG, 0, "same-key", NULL, FIELD(same_key),
	    "the new root has the old one's key and name" },
	{ OPT_TEXT, 0, "name", "CN", FIELD(name), "its common name" },
	{ OPT_TEXT, 0, "org", "O", FIELD(org), "its organization" },
	{ OPT_TEXT, 0, "key", "ALG", FIELD(key), "key algorithm (ec-p384)" },
	{ OPT_LIFE, 'd', "days", "N", FIELD(life),
	    "days, or a duration such as 10y" },
	{ OPT_TEXT, 0, "id", "LABEL", FIELD(id),
	    "what other commands call it" },
	{ OPT_TEXT, 'o', "out", "FILE", FIELD(out),
	    "write its certificate to FILE" },
	{ OPT_FLAG, 0, "force", NULL, FIELD(force),
	    "replace FILE if it is there" },
	PASS_OPTS,
	{ 0 },
};

static mca_code
check_start(const struct args *args, struct mca_error *err)
{
	if (args->same_key &&
	    (args->name != NULL || args->org != NULL || args->key != NULL ||
		args->id != NULL))
		return fail(err, MCA_EUSAGE,
		    "--same-key keeps key, name and label: only --days goes "
		    "with it");
	return MCA_OK;
}

static mca_code
warn_plain(struct session *s, const char *label, struct mca_error *err)
{
	owned(char) *key = NULL;

	if (authority_key(&key, s, label, err) != MCA_OK)
		return err->code;
	keyfile_warn(s, key);
	return MCA_OK;
}

static mca_code
run_start(struct session *s, void *opaque, struct mca_error *err)
{
	struct args *args = opaque;
	const struct mca_new_authority what = { .label = args->id,
		.common_name = args->name,
		.organization = args->org,
		.key_algorithm = args->key,
		.life = args->life.value };
	const struct mca_passphrase *passphrase;
	scoped(output) out = { 0 };
	scoped(mca_rollover) rollover = { 0 };
	scoped(mca_blob) pem = { 0 };

	if (check_start(args, err) != MCA_OK ||
	    pass_source(&passphrase, &args->pass, !args->same_key, err) !=
		MCA_OK ||
	    session_open(s, MCA_STORE_WRITE, passphrase, err) != MCA_OK ||
	    output_open(&out, s, args->out, MODE_PUBLIC, args->force, err) !=
		MCA_OK ||
	    mca_rollover_start(s->ca, &rollover, args->root, &what,
		args->same_key, err) != MCA_OK)
		return err->code;
	tell(s, &rollover);
	if (passphrase == NULL && !args->same_key &&
	    warn_plain(s, rollover.new_label, err) != MCA_OK)
		return err->code;
	if (args->out == NULL)
		return MCA_OK;
	if (mca_cert_pem(&pem, rollover.new_root, err) != MCA_OK)
		return err->code;
	return output_deliver(&out, s, &pem, mca_cert_serial(rollover.new_root),
	    err);
}

const struct command rollover_start_command = {
	"rollover start",
	"Make the root that will replace another",
	start_opts,
	sizeof(struct args),
	run_start,
	"It becomes a trust anchor at once, and signs nothing before "
	"`rollover switch`.\n"
	"\n"
	"  minica rollover start\n"
	"  minica rollover start --same-key --days 10y\n",
};

/* ---- cross, switch, finish ---- */

static const struct opt cross_opts[] = {
	{ OPT_TEXT, 'o', "out", "FILE", FIELD(out),
	    "write both cross certificates to FILE" },
	{ OPT_FLAG, 0, "force", NULL, FIELD(force),
	    "replace FILE if it is there" },
	PASS_OPTS,
	{ 0 },
};

static const struct opt stage_opts[] = {
	PASS_OPTS,
	{ 0 },
};

static const struct opt no_opts[] = {
	{ 0 },
};

static mca_code
run_stage(struct session *s, struct args *args,
    mca_code (*stage)(mca_ca *, mca_rollover *, struct mca_error *),
    mca_rollover *rollover, struct mca_error *err)
{
	const struct mca_passphrase *passphrase;

	if (pass_source(&passphrase, &args->pass, false, err) != MCA_OK ||
	    session_open(s, MCA_STORE_WRITE, passphrase, err) != MCA_OK ||
	    stage(s->ca, rollover, err) != MCA_OK)
		return err->code;
	tell(s, rollover);
	return MCA_OK;
}

static mca_code
write_crosses(output *out, struct session *s, const mca_rollover *rollover,
    struct mca_error *err)
{
	scoped(mca_blob) pem = { 0 };

	if (rollover->new_by_old == NULL) {
		talk(s, "one key and one name: there is nothing to be crossed");
		return MCA_OK;
	}
	if (mca_cert_pem(&pem, rollover->new_by_old, err) != MCA_OK ||
	    mca_cert_pem(&pem, rollover->old_by_new, err) != MCA_OK)
		return err->code;
	json_put(s->doc, "certificates", json_bytes(&pem));
	return out->file == NULL
	    ? MCA_OK
	    : output_deliver(out, s, &pem,
		  mca_cert_serial(rollover->new_by_old), err);
}

static mca_code
run_cross(struct session *s, void *opaque, struct mca_error *err)
{
	struct args *args = opaque;
	scoped(mca_rollover) rollover = { 0 };
	scoped(output) out = { 0 };

	if (output_open(&out, s, args->out, MODE_PUBLIC, args->force, err) !=
		MCA_OK ||
	    run_stage(s, args, mca_rollover_cross, &rollover, err) != MCA_OK)
		return err->code;
	return write_crosses(&out, s, &rollover, err);
}

const struct command rollover_cross_command = {
	"rollover cross",
	"Have the old and the new root certify each other",
	cross_opts,
	sizeof(struct args),
	run_cross,
	"From now on full chains end in the cross certificate, so that "
	"clients that\n"
	"know only one of the roots reach every certificate.\n",
};

static mca_code
run_switch(struct session *s, void *opaque, struct mca_error *err)
{
	scoped(mca_rollover) rollover = { 0 };

	return run_stage(s, opaque, mca_rollover_switch, &rollover, err);
}

const struct command rollover_switch_command = {
	"rollover switch",
	"Let the new root sign from now on",
	stage_opts,
	sizeof(struct args),
	run_switch,
	"Intermediates keep their names and keys and get certificates of the "
	"new root.\n",
};

static mca_code
run_finish(struct session *s, void *opaque, struct mca_error *err)
{
	scoped(mca_rollover) rollover = { 0 };

	(void)opaque;
	if (session_open(s, MCA_STORE_WRITE, NULL, err) != MCA_OK ||
	    mca_rollover_finish(s->ca, &rollover, err) != MCA_OK)
		return err->code;
	tell(s, &rollover);
	return MCA_OK;
}

const struct command rollover_finish_command = {
	"rollover finish",
	"Trust the old root no more",
	no_opts,
	1,
	run_finish,
	"Refused while a certificate that is good, or the chain in a file that "
	"minica\n"
	"wrote, depends on the old root alone.\n",
};

/* ---- status ---- */

static mca_code
tell_dependent(void *context, const struct mca_record *record,
    struct mca_error *err)
{
	struct session *s = context;

	(void)err;
	if (s->doc != NULL)
		json_push(s->doc, "dependents", json_record(record, s->now));
	print(s, "  depends on the old root: %s  until %s  %s%s\n",
	    record->serial, MCA_TIME(record->not_after),
	    *record->names == '\0' ? record->subject : record->names,
	    record->is_ca ? "  (a CA, and what it issued)" : "");
	return MCA_OK;
}

static mca_code
tell_file(void *context, const struct mca_rollover_file *file,
    struct mca_error *err)
{
	struct session *s = context;
	json_t *row = json_row(s->doc, "files");

	(void)err;
	json_put(row, "path", json_text(file->path));
	json_put(row, "state", json_text(file->unread ? "unknown" : "due"));
	json_put(row, "why", json_text(file->why));
	print(s, "  %s: %s  %s\n",
	    file->unread ? "may carry the old chain" : "carries the old chain",
	    MCA_SHOW_TEXT(file->path), file->why);
	return MCA_OK;
}

static mca_code
run_status(struct session *s, void *opaque, struct mca_error *err)
{
	scoped(mca_rollover) rollover = { 0 };
	size_t count;

	(void)opaque;
	if (session_open(s, MCA_STORE_READ, NULL, err) != MCA_OK ||
	    mca_rollover_get(s->ca, &rollover, err) != MCA_OK)
		return err->code;
	tell(s, &rollover);
	json_put(s->doc, "dependents", json_array());
	json_put(s->doc, "files", json_array());
	if (rollover.stage == MCA_ROLLOVER_FINISHED)
		return MCA_OK;
	if (mca_rollover_dependents(s->ca, &rollover, tell_dependent, s, &count,
		err) != MCA_OK)
		return err->code;
	return mca_rollover_files(s->ca, &rollover, tell_file, s, &count, err);
}

const struct command rollover_status_command = {
	"rollover status",
	"Tell how far a rollover is, and who depends on the old root",
	no_opts,
	1,
	run_status,
	NULL,
};
