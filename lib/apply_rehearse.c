/*
 * apply_rehearse.c - the files of a unit under their check, reload and probe
 * (apply_pieces.h).
 */
#include "apply_pieces.h"

#include "interrupt.h"

#include <string.h>
#include <time.h>

/* How often what must go back, or whose old file must go, is tried. */
enum { TRIES = 5 };
static const struct timespec moment = { .tv_nsec = 200000000 };

/* ---- the files ---- */

mca_code
mca_pieces_sync(const struct mca_placed *rows, size_t count,
    struct mca_error *err)
{
	mca_code code = MCA_OK;

	for (size_t i = 0; i < count && code == MCA_OK; i++) {
		const char *path = rows[i].file->path;
		size_t length = (size_t)(strrchr(path, '/') - path) + 1;

		/* The directory after it is the same, and comes once. */
		if (i + 1 < count &&
		    strncmp(path, rows[i + 1].file->path, length) == 0 &&
		    strchr(rows[i + 1].file->path + length, '/') == NULL)
			continue;
		code = mca_swap_sync(path, err);
	}
	return code;
}

/* Says whether there is an old file beside any of them. */
static bool
any_kept(const struct mca_placed *rows, size_t count)
{
	bool kept = false;

	for (size_t i = 0; i < count; i++)
		kept |= rows[i].swap.way_back == MCA_SWAP_KEPT;
	return kept;
}

/* Old files are kept durably before the first loses its name. */
static mca_code
swap_in(struct mca_placed *rows, size_t count, struct mca_error *err)
{
	mca_code code = MCA_OK;

	for (size_t i = 0; i < count && code == MCA_OK; i++)
		code = mca_swap_keep(&rows[i].swap, err);
	if (code == MCA_OK && any_kept(rows, count))
		code = mca_pieces_sync(rows, count, err);
	for (size_t i = 0; i < count && code == MCA_OK; i++)
		code = mca_swap_in(&rows[i].swap, err);
	return code == MCA_OK ? mca_pieces_sync(rows, count, err) : code;
}

/* ---- the way back ---- */

/*
 * Takes every file of a unit a step further, and tries again what failed: a
 * descriptor or a block that is not to be had now may be in a moment, and a key
 * beside another's certificate is worse than a wait.
 */
static mca_code
persist(struct mca_placed *rows, size_t count,
    mca_code (*step)(struct mca_swap *swap, struct mca_error *err),
    struct mca_error *err)
{
	mca_code code = MCA_OK;

	for (int tries = 0; tries < TRIES; tries++) {
		if (tries > 0)
			(void)nanosleep(&moment, NULL);
		code = MCA_OK;
		/* Of what is done already nothing is left to do. */
		for (size_t i = 0; i < count; i++)
			if (step(&rows[i].swap, err) != MCA_OK)
				code = err->code;
		if (code == MCA_OK)
			break;
	}
	return code;
}

/*
 * What is in place is to be served.  A command that could not be run is tried
 * again, as files are; one that ran has had its say.
 */
static mca_code
reload_old(const struct mca_hooking *h, struct mca_error *err)
{
	struct mca_hooking back = *h;
	mca_code code = MCA_ESYSTEM;

	back.way_back = true;
	for (int tries = 0; tries < TRIES && code == MCA_ESYSTEM; tries++) {
		if (tries > 0)
			(void)nanosleep(&moment, NULL);
		code = mca_apply_hook(&back, "reload", err);
	}
	return code;
}

/*
 * Adds to the problem of a unit what went wrong on the way back: what could not
 * be done is no mere no.
 */
static mca_code
and_then(struct mca_error *why, const char *what, const struct mca_error *bad)
{
	char text[sizeof(why->text)];

	memcpy(text, why->text, sizeof(text));
	return mca_fail(why, bad->code == MCA_ESYSTEM ? bad->code : why->code,
	    "%.400s; %s: %.400s", text, what, bad->text);
}

/* The old files, and a server that has them. */
static mca_code
put_back(struct mca_placed *rows, size_t count, const struct mca_hooking *h,
    bool reloaded, struct mca_error *why)
{
	struct mca_error bad = { 0 }, unsynced = { 0 };
	mca_code code = persist(rows, count, mca_swap_back, &bad);
	mca_code synced = mca_pieces_sync(rows, count, &unsynced);
	char text[sizeof(why->text)];

	if (code != MCA_OK)
		return and_then(why, "going back to the old files", &bad);
	/* Durable or not. */
	if (reloaded && reload_old(h, &bad) != MCA_OK)
		return and_then(why,
		    "the old files are back, but the server may still use the "
		    "new ones",
		    &bad);
	if (synced != MCA_OK)
		return and_then(why, "going back to the old files", &unsynced);
	memcpy(text, why->text, sizeof(text));
	return mca_fail(why, why->code, "%.800s; the old files are back", text);
}

/* ---- the way there ---- */

static mca_code
probe_all(const struct mca_placed *rows, size_t count, struct mca_error *err)
{
	mca_code code = MCA_OK;

	for (size_t i = 0; i < count && code == MCA_OK; i++)
		if (i == 0 ||
		    rows[i].file->output != rows[i - 1].file->output ||
		    rows[i].entry != rows[i - 1].entry)
			code = mca_apply_probe(rows[i].entry,
			    rows[i].file->output, err);
	return code;
}

/* The code of a check, reload or probe that failed, with the files back. */
static mca_code
rehearse(struct mca_placed *rows, size_t count, const struct mca_hooking *h,
    struct mca_error *err)
{
	bool reloaded = false;
	mca_code code = swap_in(rows, count, err);

	if (code == MCA_OK)
		code = mca_apply_hook(h, "check", err);
	if (code == MCA_OK) {
		reloaded = true;
		code = mca_apply_hook(h, "reload", err);
	}
	if (code == MCA_OK)
		code = probe_all(rows, count, err);
	return code == MCA_OK ? code : put_back(rows, count, h, reloaded, err);
}

/* An old key that came back after it is on record would be there for good. */
static mca_code
let_go(struct mca_placed *rows, size_t count, struct mca_error *err)
{
	mca_code code = persist(rows, count, mca_swap_done, err);

	return code == MCA_OK && any_kept(rows, count)
	    ? mca_pieces_sync(rows, count, err)
	    : code;
}

static mca_code
note_problem(struct mca_placed *rows, size_t count, const struct mca_error *why,
    struct mca_error *err)
{
	for (size_t i = 0; i < count; i++) {
		struct mca_entry *entry = rows[i].entry;

		if (entry->problem != NULL)
			continue;
		entry->problem_code = why->code;
		entry->problem = strdup(why->text);
		if (entry->problem == NULL)
			return mca_fail_memory(err);
	}
	return MCA_OK;
}

/* Whatever asks to end waits until all files are the new ones, or the old. */
mca_code
mca_pieces_rehearse(struct mca_placed *rows, size_t count,
    const struct mca_hooking *h, mca_code *worst, struct mca_error *err)
{
	struct mca_error why = { 0 };
	mca_interrupt held;
	mca_code code;

	mca_interrupt_hold(&held);
	code = rehearse(rows, count, h, &why);
	if (code == MCA_OK) {
		code = let_go(rows, count, err);
	} else {
		if (*worst == MCA_OK || code == MCA_ESYSTEM ||
		    code == MCA_EUNDECIDED)
			*worst = code;
		code = note_problem(rows, count, &why, err);
	}
	mca_interrupt_release(&held);
	return code;
}
