/*
 * apply_prune.c - what a manifest lists no longer (apply.h).
 *
 * Only with prune: the certificate is revoked, files that are as minica wrote
 * them are removed, and the record that the manifest owns them goes last, so
 * that a run that is killed is taken up where it ended.
 */
#include "apply.h"

#include "minica/file.h"
#include "minica/limits.h"
#include "swap.h"

#include <string.h>
#include <sys/stat.h>

/* A file that somebody has changed since is theirs. */
static bool
is_as_written(const struct mca_plan_file *file)
{
	uint8_t sha256[MCA_SHA256_SIZE];
	scoped(mca_blob) bytes = { 0 };
	struct mca_error none;
	struct stat there;

	return lstat(file->path, &there) == 0 && S_ISREG(there.st_mode) &&
	    mca_file_read(&bytes, file->path, MCA_LIMIT_BUNDLE, &none) ==
	    MCA_OK &&
	    mca_sha256(sha256, bytes.bytes, bytes.length, &none) == MCA_OK &&
	    memcmp(sha256, file->sha256, sizeof(sha256)) == 0;
}

static mca_code
remove_files(const struct mca_entry *entry, struct mca_error *err)
{
	mca_code code = MCA_OK;

	for (size_t i = 0; i < entry->file_count && code == MCA_OK; i++)
		if (!entry->files[i].listed && !entry->files[i].taken &&
		    is_as_written(&entry->files[i]))
			code = mca_swap_remove(entry->files[i].path, true, err);
	return code;
}

static mca_code
forget(mca_plan *plan, const struct mca_entry *entry, struct mca_error *err)
{
	mca_store *store = mca_ca_store(plan->ca);
	mca_code code = mca_store_begin(store, err);

	for (size_t i = 0; i < entry->file_count && code == MCA_OK; i++)
		if (!entry->files[i].listed && !entry->files[i].taken)
			code = mca_managed_remove_file(store,
			    entry->files[i].path, err);
	if (code == MCA_OK && entry->wanted == NULL)
		code = mca_managed_remove(store, plan->manifest->name,
		    entry->name, err);
	if (code == MCA_OK)
		code = mca_ca_audit(plan->ca, "prune", plan->manifest->name,
		    entry->name, err);
	if (code == MCA_OK)
		code = mca_store_commit(store, err);
	if (code != MCA_OK)
		mca_store_rollback(store);
	return code;
}

static bool
has_unlisted(const struct mca_entry *entry)
{
	for (size_t i = 0; i < entry->file_count; i++)
		if (!entry->files[i].listed && !entry->files[i].taken)
			return true;
	return entry->wanted == NULL;
}

static mca_code
prune(mca_plan *plan, const struct mca_entry *entry, struct mca_error *err)
{
	const struct mca_revoking what = { .authority = entry->authority,
		.serial = entry->serial,
		.reason = "cessationOfOperation" };
	bool changed;
	mca_code code = MCA_OK;

	if (entry->wanted == NULL && entry->was.revoked == 0)
		code = mca_ca_revoke(plan->ca, &changed, &what, err);
	if (code == MCA_OK)
		code = remove_files(entry, err);
	return code == MCA_OK ? forget(plan, entry, err) : code;
}

mca_code
mca_apply_prune(mca_plan *plan, struct mca_error *err)
{
	mca_code code = MCA_OK;

	for (size_t i = 0; i < plan->count && code == MCA_OK; i++)
		if (plan->options.prune && has_unlisted(&plan->entries[i]))
			code = prune(plan, &plan->entries[i], err);
	return code;
}
