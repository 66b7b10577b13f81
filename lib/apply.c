/*
 * apply.c - a plan made so, step by step (minica/plan.h).
 *
 * Killed between two steps, the next run finds:
 *
 *	authorities made, nothing else	    as if they had been there before
 *	keys in HOME/pending, not recorded  no certificate: made anew
 *	certificates recorded, no files	    the files are "wanted", the keys
 *					    are in HOME/pending
 *	digests recorded, files not all	    they are missing or differ: written
 *					    again
 *	files in place, keys not forgotten  old ones beside them are removed
 *	files in place, hooks not passed    "was not finished": hooks run again
 */
#include "apply.h"

#include "minica/limits.h"
#include "swap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

void
mca_apply_tell(const struct mca_applying *a, const char *step, size_t done,
    size_t total)
{
	if (a->progress != NULL)
		a->progress(a->context, step, done, total);
}

/* ---- the lock ---- */

mca_code
mca_apply_lock(int *lock, const char *home, struct mca_error *err)
{
	const struct timespec tick = { .tv_nsec = 20000000 };
	owned(char) *path = NULL;
	int64_t tries = MCA_LIMIT_APPLY_SECONDS * 50;
	int fd;

	if (asprintf(&path, "%s/apply.lock", home) < 0) {
		path = NULL;
		return mca_fail_memory(err);
	}
	fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return mca_fail_errno(err, MCA_ESYSTEM, "%s", path);
	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if ((errno != EWOULDBLOCK && errno != EINTR) || tries-- == 0) {
			(void)close(fd);
			return mca_fail(err, MCA_EBUSY,
			    "another apply has been at work in %s for more "
			    "than %d seconds",
			    home, MCA_LIMIT_APPLY_SECONDS);
		}
		(void)nanosleep(&tick, NULL);
	}
	*lock = fd;
	return MCA_OK;
}

void
mca_apply_unlock(int lock)
{
	if (lock >= 0)
		(void)close(lock);
}

/* ---- authorities ---- */

static mca_code
remember(mca_plan *plan, const struct mca_plan_authority *row,
    struct mca_error *err)
{
	mca_store *store = mca_ca_store(plan->ca);
	mca_code code = mca_store_begin(store, err);

	if (code == MCA_OK)
		code = mca_managed_put_authority(store, row->wanted->name,
		    row->asked, err);
	if (code == MCA_OK)
		code = mca_store_commit(store, err);
	if (code != MCA_OK)
		mca_store_rollback(store);
	return code;
}

static mca_code
make_authority(mca_plan *plan, const struct mca_plan_authority *row,
    struct mca_error *err)
{
	const struct mca_wanted_authority *wanted = row->wanted;
	struct mca_new_authority what;
	owned(mca_cert) *cert = NULL;
	scoped(mca_findings) notes = { 0 };
	const char *label;
	mca_code code;

	mca_plan_describe(&what, wanted);
	code = wanted->issuer == NULL
	    ? mca_ca_init_root(plan->ca, &cert, &label, &what, err)
	    : mca_ca_init_intermediate(plan->ca, &cert, &label, &what, &notes,
		  err);

	if (code == MCA_OK)
		code = remember(plan, row, err);
	return code == MCA_OK
	    ? code
	    : mca_within(err, "authority \"%s\"", wanted->name);
}

/* Authorities are loaded anew when one was made; drafts are of the old ones. */
static void
forget_drafts(mca_plan *plan)
{
	for (size_t i = 0; i < plan->listed; i++)
		mca_draft_clear(&plan->entries[i].draft);
}

static mca_code
make_authorities(mca_plan *plan, struct mca_error *err)
{
	mca_code code = MCA_OK;

	for (size_t i = 0; i < plan->authority_count && code == MCA_OK; i++) {
		if (plan->authorities[i].action != MCA_ACTION_CREATE)
			continue;
		forget_drafts(plan);
		code = make_authority(plan, &plan->authorities[i], err);
	}
	return code;
}

/* Keys are pending from before the first file is put in place to the end. */
static bool
was_killed(const mca_plan *plan)
{
	for (size_t i = 0; i < plan->listed; i++)
		if (plan->entries[i].pending)
			return true;
	return plan->pending.count > 0;
}

/* What a run that was killed left beside files that are as they should be. */
static mca_code
sweep(const mca_plan *plan, struct mca_error *err)
{
	mca_code code = MCA_OK;

	for (size_t i = 0; i < plan->listed; i++) {
		const struct mca_entry *entry = &plan->entries[i];

		for (size_t f = 0; f < entry->file_count; f++) {
			const struct mca_plan_file *file = &entry->files[f];

			/* Hooks that have not passed may want the old ones. */
			if (code == MCA_OK && file->listed && !file->wrong &&
			    !mca_apply_has_hooks(file->output))
				code = mca_swap_sweep(file->path, err);
		}
	}
	return code;
}

mca_code
mca_plan_apply(mca_plan *plan, mca_plan_progress *progress, void *context,
    struct mca_error *err)
{
	const struct mca_applying a = { plan, progress, context };
	mca_code worst = MCA_OK;
	mca_code code;

	if (mca_plan_refused(plan) != MCA_OK)
		return mca_fail(err, MCA_EPOLICY,
		    "what the manifest wants is refused; nothing was changed");
	if (was_killed(plan) && (code = sweep(plan, err)) != MCA_OK)
		return code;
	/* A run that was killed at its very end may have left the keys. */
	if (!mca_plan_changes(plan))
		return plan->pending.count == 0
		    ? MCA_OK
		    : mca_apply_settle_keys(plan, err);
	if ((code = make_authorities(plan, err)) != MCA_OK ||
	    (code = mca_apply_issue(&a, err)) != MCA_OK ||
	    (code = mca_apply_deploy(&a, &worst, err)) != MCA_OK ||
	    (code = mca_apply_prune(plan, err)) != MCA_OK ||
	    (code = mca_apply_settle_keys(plan, err)) != MCA_OK)
		return code;
	err->text[0] = '\0';
	return worst;
}
