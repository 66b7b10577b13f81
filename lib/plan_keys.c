/*
 * plan_keys.c - the keys that entries are given, and those they have (plan.h).
 */
#include "plan.h"

#include "minica/file.h"
#include "minica/limits.h"
#include "password.h"

#include <string.h>

static mca_code
read_request(struct mca_entry *entry, struct mca_error *err)
{
	scoped(mca_blob) bytes = { 0 };
	const uint8_t *der;
	size_t length;
	mca_code code;

	code =
	    mca_file_read(&bytes, entry->wanted->csr, MCA_LIMIT_REQUEST, err);
	if (code != MCA_OK)
		return code;
	if (mca_csr_parse(&entry->csr, bytes.bytes, bytes.length, err) !=
	    MCA_OK)
		return mca_within(err, "%s", MCA_SHOW_TEXT(entry->wanted->csr));
	der = mca_csr_der(entry->csr, &length);
	return mca_sha256(entry->request, der, length, err);
}

mca_code
mca_plan_given(struct mca_entry *entry, struct mca_error *err)
{
	const struct mca_wanted *wanted = entry->wanted;
	struct mca_error bad = { 0 };
	mca_code code = MCA_OK;

	(void)err;
	if (wanted->csr != NULL)
		code = read_request(entry, &bad);
	else if (wanted->key_file != NULL)
		code = mca_key_load(&entry->key, wanted->key_file, NULL, &bad);
	if (code != MCA_OK)
		mca_plan_refuse(entry, code, "MC-A-KEY",
		    wanted->csr != NULL ? "csr" : "key_file", NULL, "%s",
		    bad.text);
	return MCA_OK;
}

/* ---- keys in files ---- */

static bool
role_had_key(const char *name)
{
	for (int role = 0; role < MCA_ROLES; role++)
		if (strcmp(mca_role_name((enum mca_role)role), name) == 0)
			return mca_role_has_key((enum mca_role)role);
	return false;
}

/* The key of a file that was written before, if it is there as it was. */
static mca_key *
key_of(const struct mca_entry *entry, const struct mca_plan_file *file)
{
	struct mca_password password = { 0 };
	const struct mca_passphrase *source = NULL;
	struct mca_error none;
	owned(mca_key) *key = NULL;

	if (!file->known || !role_had_key(file->role_name))
		return NULL;
	if (file->output != NULL && file->output->password_file != NULL)
		source =
		    mca_password_use(&password, file->output->password_file);
	if (mca_key_load(&key, file->path, source, &none) != MCA_OK)
		return NULL;
	if (memcmp(mca_spki_sha256(mca_key_spki(key)), entry->was.key_sha256,
		MCA_SHA256_SIZE) != 0)
		return NULL;
	return give(&key);
}

static mca_key *
find(mca_plan *plan, struct mca_entry *entry)
{
	mca_key *key = mca_keyring_take(&plan->pending, entry->was.key_sha256);

	entry->pending = key != NULL;
	for (size_t i = 0; i < entry->file_count && key == NULL; i++)
		key = key_of(entry, &entry->files[i]);
	return key;
}

static bool
needs_key(const struct mca_entry *entry)
{
	if (entry->issue)
		return !entry->wanted->rekey &&
		    strcmp(entry->wanted->key, entry->key_algorithm) == 0;
	for (size_t i = 0; i < entry->file_count; i++)
		if (entry->files[i].listed && entry->files[i].wrong &&
		    mca_role_has_key(entry->files[i].role))
			return true;
	return false;
}

/* Without its key a certificate is of no use. */
static void
issue_anew(struct mca_entry *entry)
{
	mca_plan_because(&entry->why, "its private key is in no file of it");
	entry->issue = true;
	entry->action = MCA_ACTION_REPLACE;
	for (size_t i = 0; i < entry->file_count; i++)
		entry->files[i].wrong = entry->files[i].listed;
}

mca_code
mca_plan_find_key(mca_plan *plan, struct mca_entry *entry,
    struct mca_error *err)
{
	(void)err;
	if (!entry->known || entry->key != NULL || entry->csr != NULL ||
	    !needs_key(entry))
		return MCA_OK;
	entry->key = find(plan, entry);
	if (entry->key == NULL && !entry->issue)
		issue_anew(entry);
	return MCA_OK;
}

mca_code
mca_plan_encode_key(struct mca_entry *entry, struct mca_error *err)
{
	return entry->pem.length > 0
	    ? MCA_OK
	    : mca_key_encode(&entry->pem, entry->key, NULL, err);
}
