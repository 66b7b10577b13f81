/*
 * backup_restore.c - a home from one file (minica/backup.h).
 *
 * Keys and policies come first, the store last and in one transaction: until
 * then everything is as it was.
 */
#include "backup.h"

#include "cleanse.h"
#include "minica/limits.h"
#include "minica/text.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

void
mca_restored_clear(struct mca_restored *restored)
{
	free(restored->saved);
	*restored = (struct mca_restored){ 0 };
}

/* ---- the backup ---- */

static mca_code
open_backup(mca_store **store, char **path, struct mca_restored *out,
    const struct mca_restoring *what, struct mca_error *err)
{
	struct stat st;
	bool there = true;
	mca_code code;

	*path = realpath(what->path, NULL);
	if (*path == NULL || stat(*path, &st) != 0)
		return mca_fail_errno(err, MCA_ENOTFOUND, "%s",
		    MCA_SHOW_TEXT(what->path));
	if (!S_ISREG(st.st_mode))
		return mca_fail(err, MCA_EFORMAT, "%s is no regular file",
		    MCA_SHOW_TEXT(what->path));
	code = mca_backup_check(store, &out->backup, *path, err);
	if (code == MCA_OK && what->pin != NULL)
		code = mca_audit_has(*store, &there, what->pin, err);
	if (code != MCA_OK || there)
		return code;
	return mca_fail(err, MCA_EUNTRUSTED,
	    "its audit log ends at entry %lld and does not have the pinned "
	    "entry %lld: it is older, or of another store",
	    (long long)out->backup.head.number, (long long)what->pin->number);
}

/* ---- what is there already ---- */

static mca_code
refuse_live(mca_ca *ca, struct mca_error *err)
{
	struct mca_audit_head head;
	mca_code code = mca_audit_head(ca->store, &head, err);

	if (code != MCA_OK)
		return code;
	return mca_fail(err, MCA_EEXISTS,
	    "there is a store in %s already, with %lld entries in its audit "
	    "log; --force saves it beside the new one first",
	    MCA_SHOW_TEXT(ca->options.home), (long long)head.number);
}

static mca_code
compare(mca_ca *ca, mca_store *backup, struct mca_restored *out,
    struct mca_error *err)
{
	bool has_backup, has_live;
	mca_code code;

	if ((code = mca_audit_head(ca->store, &out->before, err)) != MCA_OK ||
	    (code = mca_audit_has(ca->store, &has_backup, &out->backup.head,
		 err)) != MCA_OK ||
	    (code = mca_audit_has(backup, &has_live, &out->before, err)) !=
		MCA_OK)
		return code;
	if (has_backup)
		out->lineage = has_live ? MCA_LINEAGE_SAME : MCA_LINEAGE_OLDER;
	else
		out->lineage = has_live ? MCA_LINEAGE_NEWER : MCA_LINEAGE_OTHER;
	return MCA_OK;
}

static mca_code
save_live(mca_ca *ca, struct mca_restored *out, struct mca_error *err)
{
	struct mca_backup saved;
	char when[MCA_TIME_TEXT];
	size_t n = 0;

	for (const char *c = MCA_TIME(ca->options.now); *c != '\0'; c++)
		if (*c != '-' && *c != ':')
			when[n++] = *c;
	when[n] = '\0';
	if (asprintf(&out->saved, "%s/before-restore-%s-%.8s.minica-backup",
		ca->options.home, when, out->before.hash) < 0) {
		out->saved = NULL;
		return mca_fail_memory(err);
	}
	return mca_backup_make(ca, &saved, out->saved, true, MCA_FILE_NEW, err);
}

/* An empty file, as an interrupted first start leaves it, is no store. */
static mca_code
is_live(bool *live, const char *home, struct mca_error *err)
{
	owned(char) *path = NULL;
	struct stat st;

	if (asprintf(&path, "%s/minica.db", home) < 0) {
		path = NULL;
		return mca_fail_memory(err);
	}
	*live = lstat(path, &st) == 0 && st.st_size > 0;
	return MCA_OK;
}

/* A store that is damaged, or was tampered with, makes no sound backup. */
static mca_code
fail_unsaved(const char *home, struct mca_error *err)
{
	return mca_within(err,
	    "the store that is there could not be saved first, so it was not "
	    "replaced (if it is damaged, move minica.db and what is named "
	    "minica.db-... out of %s, keep them, and restore again)",
	    MCA_SHOW_TEXT(home));
}

static mca_code
settle_live(mca_store *backup, struct mca_restored *out,
    const struct mca_ca_options *options, const struct mca_restoring *what,
    struct mca_error *err)
{
	owned(mca_ca) *ca = NULL;
	bool live = false;
	mca_code code = is_live(&live, options->home, err);

	if (code != MCA_OK || !live)
		return code;
	code = mca_ca_open(&ca, options,
	    what->force ? MCA_STORE_WRITE : MCA_STORE_READ, err);
	if (code == MCA_OK && !what->force)
		return refuse_live(ca, err);
	if (code == MCA_OK)
		code = compare(ca, backup, out, err);
	if (code == MCA_OK)
		code = save_live(ca, out, err);
	return code == MCA_OK || !what->force
	    ? code
	    : fail_unsaved(options->home, err);
}

/* ---- files ---- */

/* A backup is input like any other: it names files of two places, no more. */
static bool
may_be_written(const char *path)
{
	const char *slash = strchr(path, '/');
	size_t length = slash == NULL ? 0 : (size_t)(slash - path);

	if (slash == NULL || slash[1] == '.' || slash[1] == '\0' ||
	    strchr(slash + 1, '/') != NULL)
		return false;
	return (length == 4 && memcmp(path, "keys", 4) == 0) ||
	    (length == 8 && memcmp(path, "policies", 8) == 0);
}

static mca_code
make_parent(const char *path, struct mca_error *err)
{
	owned(char) *parent =
	    strndup(path, (size_t)(strrchr(path, '/') - path));

	if (parent == NULL)
		return mca_fail_memory(err);
	return mca_file_make_directory(parent, 0700, err);
}

/* What is there and the same stays; what differs was saved before, if at all.
 */
static mca_code
write_file(const char *home, const char *path, const mca_blob *bytes,
    bool force, struct mca_error *err)
{
	bool key = strncmp(path, "keys/", 5) == 0;
	owned(char) *whole = NULL;
	scoped(mca_blob) there = { 0 };
	struct mca_error absent;
	mca_code code;

	if (!may_be_written(path))
		return mca_fail(err, MCA_EFORMAT,
		    "the backup holds a file \"%s\", which has no place in a "
		    "home",
		    MCA_SHOW_TEXT(path));
	if (asprintf(&whole, "%s/%s", home, path) < 0) {
		whole = NULL;
		return mca_fail_memory(err);
	}
	if (mca_file_read(&there, whole, MCA_LIMIT_KEY, &absent) == MCA_OK &&
	    there.length == bytes->length &&
	    memcmp(there.bytes, bytes->bytes, bytes->length) == 0)
		return MCA_OK;
	code = make_parent(whole, err);
	if (code != MCA_OK)
		return code;
	return mca_file_save(whole, bytes->bytes, bytes->length,
	    key ? 0600 : 0644, force ? MCA_FILE_REPLACE : MCA_FILE_NEW, err);
}

static mca_code
write_files(mca_store *copy, struct mca_backup *out, const char *home,
    bool force, struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row = true;
	mca_code code = mca_sql_query(&query, copy->sql, "backup_files", err);

	while (code == MCA_OK &&
	    (code = mca_query_step(query, &row, err)) == MCA_OK && row) {
		scoped(mca_blob) bytes = { 0 };
		const char *path = mca_query_text(query, "path");
		size_t length;
		const uint8_t *from = mca_query_blob(query, "bytes", &length);

		if (strncmp(path, "keys/", 5) == 0)
			out->keys++;
		else
			out->policies++;
		if (length > MCA_LIMIT_KEY)
			return mca_fail(err, MCA_EFORMAT,
			    "the backup holds a file of %zu bytes, more than "
			    "the limit of %d",
			    length, MCA_LIMIT_KEY);
		if ((code = mca_query_check(query, err)) != MCA_OK ||
		    (code = mca_blob_copy(&bytes, from, length, err)) != MCA_OK)
			return code;
		code = write_file(home, path, &bytes, force, err);
	}
	return code;
}

/* ---- the store ---- */

/*
 * A copy in the home, from which the files are taken and then removed to the
 * last byte (secure_delete), so that no key stays in the store.
 */
static mca_code
unpack(mca_store *backup, const char *temporary, struct mca_backup *out,
    const char *home, bool force, struct mca_error *err)
{
	owned(mca_store) *copy = NULL;
	int64_t tables;
	mca_code code;

	if ((code = mca_store_copy(backup, temporary, err)) != MCA_OK ||
	    (code = mca_store_open_copy(&copy, temporary, err)) != MCA_OK ||
	    (code = mca_sql_number(copy->sql, &tables, "backup_tables", err)) !=
		MCA_OK ||
	    tables == 0)
		return code;
	code = write_files(copy, out, home, force, err);
	return code == MCA_OK ? mca_sql_run(copy->sql, "backup_end", err)
			      : code;
}

static mca_code
put_in_place(mca_store *backup, struct mca_restored *out,
    const struct mca_ca_options *options, bool force, struct mca_error *err)
{
	owned(mca_file) *file = NULL;
	owned(char) *temporary = NULL;
	owned(char) *path = NULL;
	mca_code code;

	if (asprintf(&path, "%s/minica.db", options->home) < 0) {
		path = NULL;
		return mca_fail_memory(err);
	}
	if ((code = mca_file_make_directory(options->home, 0700, err)) !=
		MCA_OK ||
	    (code = mca_file_open_named(&file, &temporary, path, 0600,
		 MCA_FILE_REPLACE, err)) != MCA_OK ||
	    (code = unpack(backup, temporary, &out->backup, options->home,
		 force, err)) != MCA_OK)
		return code;
	return mca_store_overwrite(options->home, temporary, err);
}

static mca_code
tell_log(struct mca_restored *out, const struct mca_ca_options *options,
    const char *path, struct mca_error *err)
{
	owned(mca_ca) *ca = NULL;
	scoped(mca_text) detail = { 0 };
	mca_code code = mca_ca_open(&ca, options, MCA_STORE_WRITE, err);

	if (code != MCA_OK)
		return code;
	mca_text_addf(&detail, "head %lld:%s",
	    (long long)out->backup.head.number, out->backup.head.hash);
	if (out->saved != NULL)
		mca_text_addf(&detail, ", replaces %lld:%s",
		    (long long)out->before.number, out->before.hash);
	if (detail.failed)
		return mca_fail_memory(err);
	if ((code = mca_store_begin(ca->store, err)) != MCA_OK ||
	    (code = mca_ca_audit(ca, "restore", path, mca_text_get(&detail),
		 err)) != MCA_OK)
		return code;
	return mca_store_commit(ca->store, err);
}

mca_code
mca_backup_restore(struct mca_restored *out,
    const struct mca_ca_options *options, const struct mca_restoring *what,
    struct mca_error *err)
{
	owned(mca_store) *backup = NULL;
	owned(char) *path = NULL;
	mca_code code;

	*out = (struct mca_restored){ 0 };
	mca_cleanse_begin_rows();
	code = open_backup(&backup, &path, out, what, err);
	if (code != MCA_OK)
		return mca_within(err, "%s", MCA_SHOW_TEXT(what->path));
	code = settle_live(backup, out, options, what, err);
	if (code == MCA_OK)
		code = put_in_place(backup, out, options, what->force, err);
	mca_cleanse_traces();
	if (code != MCA_OK)
		return code;
	return tell_log(out, options, path, err);
}
