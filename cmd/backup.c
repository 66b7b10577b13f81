/*
 * backup.c - minica backup and minica restore: a home in one file, and back.
 */
#include "fail.h"
#include "head.h"
#include "json.h"
#include "output.h"
#include "pass.h"

static json_t *
backup_json(const struct mca_backup *backup)
{
	json_t *object = json_object();

	json_put(object, "certificates", json_integer(backup->certificates));
	json_put(object, "authorities", json_integer(backup->authorities));
	json_put(object, "revocations", json_integer(backup->revocations));
	json_put(object, "trust_anchors", json_integer(backup->anchors));
	json_put(object, "policies",
	    json_integer((json_int_t)backup->policies));
	json_put(object, "keys", json_integer((json_int_t)backup->keys));
	json_put(object, "head", head_json(&backup->head));
	return object;
}

static void
tell_backup(const struct session *s, const struct mca_backup *backup)
{
	print(s,
	    "  %lld certificates, %lld authorities, %lld revocations, %lld "
	    "trust anchors, %zu policies, %zu keys\n"
	    "  audit head %lld:%s\n",
	    (long long)backup->certificates, (long long)backup->authorities,
	    (long long)backup->revocations, (long long)backup->anchors,
	    backup->policies, backup->keys, (long long)backup->head.number,
	    backup->head.hash);
}

/* ---- backup ---- */

struct args {
	const char *out;
	bool with_keys, force;
	struct pass pass;
};

static const struct opt opts[] = {
	{ OPT_TEXT, 'o', "out", "FILE", FIELD(out), "where the backup goes" },
	{ OPT_FLAG, 0, "with-keys", NULL, FIELD(with_keys),
	    "the authorities' private keys too" },
	{ OPT_FLAG, 0, "force", NULL, FIELD(force),
	    "replace FILE if it is there" },
	PASS_OPTS,
	{ 0 },
};

static mca_code
check(const struct args *args, const struct mca_passphrase *passphrase,
    struct mca_error *err)
{
	if (args->out == NULL)
		return fail(err, MCA_EUSAGE,
		    "--out FILE is missing: a backup is one file");
	if (output_is_stdout(args->out))
		return fail(err, MCA_EUSAGE,
		    "--out: a backup is opened again and checked, so it goes "
		    "to a file");
	if (passphrase != NULL && !args->with_keys)
		return fail(err, MCA_EUSAGE,
		    "a passphrase protects keys, and goes with --with-keys "
		    "alone");
	return MCA_OK;
}

static void
tell_keys(struct session *s, const struct args *args,
    const struct mca_backup *backup)
{
	if (backup->plain_keys > 0)
		warn(s,
		    "%zu of the keys in %s are not encrypted; its mode alone "
		    "protects them: --pass-file encrypts them on their way",
		    backup->plain_keys, MCA_SHOW_TEXT(args->out));
	if (backup->lacking == 0)
		return;
	if (args->with_keys)
		warn(s, "%zu keys are not in the home, so not in the backup",
		    backup->lacking);
	else
		talk(s,
		    "the keys of %zu authorities are not in it: keep them "
		    "elsewhere, or use --with-keys",
		    backup->lacking);
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	struct args *args = opaque;
	const struct mca_passphrase *passphrase;
	struct mca_backup backup;

	if (pass_source(&passphrase, &args->pass, true, err) != MCA_OK ||
	    check(args, passphrase, err) != MCA_OK ||
	    session_open(s, args->with_keys ? MCA_STORE_WRITE : MCA_STORE_READ,
		passphrase, err) != MCA_OK ||
	    mca_backup_make(s->ca, &backup, args->out, args->with_keys,
		args->force ? MCA_FILE_REPLACE : MCA_FILE_NEW, err) != MCA_OK)
		return err->code;
	json_put(s->doc, "out", json_text(args->out));
	json_put(s->doc, "backup", backup_json(&backup));
	print(s, "backup, checked: %s\n", MCA_SHOW_TEXT(args->out));
	tell_backup(s, &backup);
	tell_keys(s, args, &backup);
	return MCA_OK;
}

const struct command backup_command = {
	"backup",
	"Copy the home into one file",
	opts,
	sizeof(struct args),
	run,
	"Others may work with the store meanwhile.  Policies go with it, keys "
	"only\n"
	"when asked for; those that are encrypted stay so.\n"
	"\n"
	"  minica backup --out ca.minica-backup\n"
	"  minica backup --out safe.minica-backup --with-keys\n",
};

/* ---- restore ---- */

struct restore_args {
	const char *file, *head;
	bool force;
};

#define RESTORE(name) offsetof(struct restore_args, name)

static const struct opt restore_opts[] = {
	{ OPT_TEXT, 0, "head", "NUMBER:HASH", RESTORE(head),
	    "its audit log must have this entry" },
	{ OPT_FLAG, 0, "force", NULL, RESTORE(force),
	    "in place of a store that is there, which is saved first" },
	{ OPT_ARG, 0, "FILE", NULL, RESTORE(file), "what backup wrote" },
	{ 0 },
};

static const char *
lineage_word(enum mca_lineage lineage)
{
	static const char *const words[] = {
		[MCA_LINEAGE_NEW] = "new",
		[MCA_LINEAGE_SAME] = "same",
		[MCA_LINEAGE_OLDER] = "older",
		[MCA_LINEAGE_NEWER] = "newer",
		[MCA_LINEAGE_OTHER] = "other",
	};

	return words[lineage];
}

static void
tell_lineage(struct session *s, const struct mca_restored *restored)
{
	if (restored->saved == NULL)
		return;
	json_put(s->doc, "saved", json_text(restored->saved));
	json_put(s->doc, "replaced", head_json(&restored->before));
	print(s, "what was there is in %s\n", MCA_SHOW_TEXT(restored->saved));
	if (restored->lineage == MCA_LINEAGE_OLDER)
		warn(s,
		    "the backup is older: %lld entries of the log before are "
		    "in the saved file alone; what was signed since is valid "
		    "and not on record",
		    (long long)(restored->before.number -
			restored->backup.head.number));
	if (restored->lineage == MCA_LINEAGE_OTHER)
		warn(s,
		    "the backup does not come from the store that was here, "
		    "nor that from it");
}

static mca_code
restore(struct session *s, const struct restore_args *args,
    struct mca_restored *restored, struct mca_error *err)
{
	const struct mca_ca_options options = { .home = s->home,
		.now = s->now,
		.actor = s->actor };
	struct mca_restoring what = { .path = args->file,
		.force = args->force };
	struct mca_audit_head pin = { 0 };

	if (output_is_stdout(args->file))
		return fail(err, MCA_EUSAGE,
		    "-: a backup is checked before it is put back, so it comes "
		    "from a file");
	if (args->head != NULL) {
		if (head_parse(&pin, args->head, err) != MCA_OK)
			return err->code;
		what.pin = &pin;
	}
	return mca_backup_restore(restored, &options, &what, err);
}

static mca_code
run_restore(struct session *s, void *opaque, struct mca_error *err)
{
	struct mca_restored restored = { 0 };
	mca_code code = restore(s, opaque, &restored, err);

	if (code == MCA_OK) {
		json_put(s->doc, "backup", backup_json(&restored.backup));
		json_put(s->doc, "lineage",
		    json_text(lineage_word(restored.lineage)));
		print(s, "restored: %s\n", MCA_SHOW_TEXT(s->home));
		tell_backup(s, &restored.backup);
		tell_lineage(s, &restored);
		talk(s, "next: minica doctor");
	}
	mca_restored_clear(&restored);
	return code;
}

const struct command restore_command = {
	"restore",
	"Put a backup back",
	restore_opts,
	sizeof(struct restore_args),
	run_restore,
	"Into an empty home, or with --force over a store, which is then "
	"saved beside\n"
	"the new one, keys and all.\n"
	"\n"
	"  minica restore ca.minica-backup\n"
	"  minica restore ca.minica-backup --head \"$(cat audit-head)\"\n",
};
