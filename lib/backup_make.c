/*
 * backup_make.c - a home in one file (minica/backup.h).
 */
#include "backup.h"

#include "cleanse.h"
#include "minica/limits.h"
#include "minica/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What is being made. */
struct making {
	mca_ca *ca;
	struct mca_backup *out;
	mca_store *copy;
};

static mca_code
put_file(struct making *m, const char *path, const mca_blob *bytes,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	mca_code code =
	    mca_sql_query(&query, m->copy->sql, "backup_file_add", err);

	if (code != MCA_OK)
		return code;
	mca_query_bind_text(query, ":path", path);
	mca_query_bind_blob(query, ":bytes", bytes->bytes, bytes->length);
	return mca_query_run(query, err);
}

/* ---- policies ---- */

static mca_code
put_policy(struct making *m, const char *name, struct mca_error *err)
{
	scoped(mca_blob) bytes = { 0 };
	owned(char) *whole = NULL;
	mca_code code;

	if (asprintf(&whole, "%s/policies/%s", m->ca->options.home, name) < 0) {
		whole = NULL;
		return mca_fail_memory(err);
	}
	code = mca_file_read(&bytes, whole, MCA_LIMIT_YAML, err);
	if (code != MCA_OK)
		return code;
	m->out->policies++;
	return put_file(m, whole + strlen(m->ca->options.home) + 1, &bytes,
	    err);
}

static bool
is_policy(const char *name)
{
	size_t length = strlen(name);

	return *name != '.' && length > 5 &&
	    strcmp(name + length - 5, ".yaml") == 0;
}

static mca_code
put_policies(struct making *m, struct mca_error *err)
{
	owned(char) *directory = NULL;
	const struct dirent *entry;
	mca_code code = MCA_OK;
	DIR *dir;

	if (asprintf(&directory, "%s/policies", m->ca->options.home) < 0) {
		directory = NULL;
		return mca_fail_memory(err);
	}
	dir = opendir(directory);
	if (dir == NULL)
		return errno == ENOENT ? MCA_OK
				       : mca_fail_errno(err, MCA_ESYSTEM, "%s",
					     MCA_SHOW_TEXT(directory));
	while (code == MCA_OK && (entry = readdir(dir)) != NULL)
		if (is_policy(entry->d_name))
			code = put_policy(m, entry->d_name, err);
	(void)closedir(dir);
	return code;
}

/* ---- keys ---- */

/*
 * The bytes as they are, unless the key lies open and there is a passphrase
 * to protect it with.
 */
static mca_code
read_key(struct making *m, mca_blob *out, const char *path,
    struct mca_error *err)
{
	const struct mca_passphrase *passphrase = m->ca->options.passphrase;
	scoped(mca_blob) encrypted = { 0 };
	owned(mca_key) *key = NULL;
	struct mca_error locked;
	mca_code code = mca_file_read(out, path, MCA_LIMIT_KEY, err);

	if (code != MCA_OK || mca_key_parse(&key, out, NULL, &locked) != MCA_OK)
		return code;
	if (passphrase == NULL) {
		m->out->plain_keys++;
		return MCA_OK;
	}
	code = mca_key_encode(&encrypted, key, passphrase, err);
	if (code != MCA_OK)
		return code;
	return mca_blob_copy(out, encrypted.bytes, encrypted.length, err);
}

static mca_code
put_key(struct making *m, const struct mca_issuer *issuer,
    struct mca_error *err)
{
	scoped(mca_blob) bytes = { 0 };
	owned(char) *path = NULL;

	if (mca_issuer_key_path(&path, issuer, m->ca->options.home, err) !=
		MCA_OK ||
	    read_key(m, &bytes, path, err) != MCA_OK)
		return mca_within(err, "authority \"%s\"", issuer->label);
	m->out->keys++;
	return put_file(m, issuer->where, &bytes, err);
}

/* A key that is elsewhere, or not wanted, is counted as lacking. */
static mca_code
put_keys(struct making *m, bool with_keys, struct mca_error *err)
{
	const mca_issuers *all = &m->ca->issuers;
	mca_code code = mca_ca_load(m->ca, err);

	for (size_t i = 0; code == MCA_OK && i < all->count; i++) {
		const char *where = all->rows[i]->where;

		if (with_keys && strncmp(where, "keys/", 5) == 0)
			code = put_key(m, all->rows[i], err);
		else if (*where != '\0')
			m->out->lacking++;
	}
	return code;
}

/* ---- the copy ---- */

static mca_code
fill(mca_ca *ca, struct mca_backup *out, const char *path, bool with_keys,
    struct mca_error *err)
{
	struct making m = { .ca = ca, .out = out };
	owned(mca_store) *copy = NULL;
	mca_code code;

	if ((code = mca_store_copy(ca->store, path, err)) != MCA_OK ||
	    (code = mca_store_open_copy(&copy, path, err)) != MCA_OK ||
	    (code = mca_sql_run(copy->sql, "backup_begin", err)) != MCA_OK ||
	    (code = mca_store_begin(copy, err)) != MCA_OK)
		return code;
	m.copy = copy;
	if ((code = put_policies(&m, err)) != MCA_OK ||
	    (code = put_keys(&m, with_keys, err)) != MCA_OK)
		return code;
	return mca_store_commit(copy, err);
}

/* The copy's log must be the store's, as it was a moment ago. */
static mca_code
check(mca_ca *ca, struct mca_backup *out, const char *path,
    struct mca_error *err)
{
	owned(mca_store) *copy = NULL;
	bool there = false;
	mca_code code = mca_backup_check(&copy, out, path, err);

	if (code == MCA_OK)
		code = mca_audit_has(ca->store, &there, &out->head, err);
	if (code == MCA_OK && !there)
		code = mca_fail(err, MCA_EFORMAT,
		    "the copy's audit log is not the store's");
	/* It was made here a moment ago: this is no input that is wrong. */
	if (code == MCA_EFORMAT)
		code = err->code = MCA_ESYSTEM;
	return code;
}

/*
 * Told before a key is read, so that none can leave unseen, and so that the
 * copy has the entry too; whether the copy then passed its check nobody knows
 * yet.  An entry of one that came to nothing is the smaller harm.
 */
static mca_code
tell_log(mca_ca *ca, const char *path, struct mca_error *err)
{
	mca_code code = mca_store_begin(ca->store, err);

	if (code != MCA_OK)
		return code;
	code = mca_ca_audit(ca, "backup", path, "with keys, begun", err);
	if (code == MCA_OK)
		code = mca_store_commit(ca->store, err);
	if (code != MCA_OK)
		mca_store_rollback(ca->store);
	return code;
}

mca_code
mca_backup_make(mca_ca *ca, struct mca_backup *out, const char *path,
    bool with_keys, enum mca_file_replace replace, struct mca_error *err)
{
	owned(mca_file) *file = NULL;
	owned(char) *temporary = NULL;
	mca_code code;

	*out = (struct mca_backup){ 0 };
	if (with_keys)
		mca_cleanse_begin_rows();
	if ((code = mca_file_open_named(&file, &temporary, path, 0600, replace,
		 err)) != MCA_OK ||
	    (with_keys && (code = tell_log(ca, path, err)) != MCA_OK))
		return code;
	code = fill(ca, out, temporary, with_keys, err);
	mca_cleanse_traces();
	if (code != MCA_OK || check(ca, out, temporary, err) != MCA_OK)
		return mca_within(err, "%s", MCA_SHOW_TEXT(path));
	return mca_file_commit(file, err);
}
