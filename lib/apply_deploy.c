/*
 * apply_deploy.c - files put in place, and back (apply.h).
 *
 * Outputs that have the same check and reload are one unit: all their files
 * are swapped, the check and the reload run once, every probe is made, and one
 * failure puts all of them back.  Outputs without hooks are a unit that cannot
 * fail but for the disk; then the files of each certificate are all the new
 * ones or all the old.
 */
#include "apply_pieces.h"

#include "parallel.h"

#include <stdio.h>
#include <string.h>

struct pieces {
	struct mca_placed *rows;
	size_t count;
};

static void
pieces_clear(struct pieces *pieces)
{
	free(pieces->rows);
}
typedef struct pieces piece_list;
MCA_SCOPED(piece_list, pieces_clear)

/* ---- units ---- */

bool
mca_apply_has_hooks(const struct mca_output *output)
{
	return output->check.count > 0 || output->reload.count > 0 ||
	    output->probe != NULL;
}

static int
compare_numbers(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

/* Equal for outputs that are deployed as one. */
static int
compare_units(const struct mca_placed *a, const struct mca_placed *b)
{
	const struct mca_output *left = a->file->output;
	const struct mca_output *right = b->file->output;
	int order;

	if (left == right)
		return 0;
	order = compare_numbers(mca_apply_has_hooks(left),
	    mca_apply_has_hooks(right));
	if (order != 0 || !mca_apply_has_hooks(left))
		return order;
	if ((order = mca_words_compare(&left->check, &right->check)) != 0 ||
	    (order = mca_words_compare(&left->reload, &right->reload)) != 0 ||
	    (order = compare_numbers(left->shell, right->shell)) != 0 ||
	    (order = compare_numbers(left->timeout, right->timeout)) != 0)
		return order;
	if (left->check.count > 0 || left->reload.count > 0)
		return 0;
	/* A probe alone is nobody else's business; any order will do. */
	return compare_numbers((int64_t)(uintptr_t)left,
	    (int64_t)(uintptr_t)right);
}

static int
by_path(const void *a, const void *b)
{
	const struct mca_placed *left = a, *right = b;

	return strcmp(left->file->path, right->file->path);
}

/* Without hooks, the files of a certificate come together. */
static int
by_unit(const void *a, const void *b)
{
	const struct mca_placed *left = a, *right = b;
	int order = compare_units(left, right);

	if (order == 0 && !mca_apply_has_hooks(left->file->output))
		order =
		    (left->entry > right->entry) - (left->entry < right->entry);
	return order != 0 ? order : by_path(a, b);
}

static mca_code
gather(struct pieces *out, mca_plan *plan, struct mca_error *err)
{
	size_t total = 0;

	for (size_t i = 0; i < plan->listed; i++)
		total += plan->entries[i].file_count;
	out->rows = calloc(total + 1, sizeof(*out->rows));
	if (out->rows == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < plan->listed; i++) {
		struct mca_entry *entry = &plan->entries[i];

		for (size_t f = 0; f < entry->file_count; f++) {
			struct mca_plan_file *file = &entry->files[f];

			if (!file->listed || !file->wrong)
				continue;
			out->rows[out->count++] = (struct mca_placed){
				.entry = entry,
				.file = file,
				.swap = { .path = file->path,
				    .parts = &file->bytes,
				    .part_count = 1,
				    .mode = file->mode,
				    .uid = file->uid,
				    .gid = file->gid,
				    .keep_old =
					mca_apply_has_hooks(file->output),
				    .same = file->same },
			};
		}
	}
	qsort(out->rows, out->count, sizeof(*out->rows), by_unit);
	return MCA_OK;
}

/* ---- the record ---- */

/* Entries whose files are not recorded yet, and what came of rendering them. */
struct rendering {
	struct mca_entry **entries;
	mca_line *lines; /* of each: few authorities, many entries */
	size_t count;
};

static void
render_one(void *context, size_t index)
{
	struct rendering *r = context;
	struct mca_entry *entry = r->entries[index];

	entry->code = mca_apply_render(entry, &r->lines[index], &entry->error);
}

static bool
is_unrecorded(const struct mca_entry *entry)
{
	for (size_t i = 0; i < entry->file_count; i++)
		if (entry->files[i].listed && entry->files[i].wrong &&
		    !entry->files[i].recorded)
			return true;
	return false;
}

static mca_code
gather_unrecorded(struct rendering *r, mca_plan *plan, struct mca_error *err)
{
	mca_code code = MCA_OK;

	r->entries = calloc(plan->listed, sizeof(struct mca_entry *));
	r->lines = calloc(plan->listed, sizeof(*r->lines));
	if (r->entries == NULL || r->lines == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < plan->listed && code == MCA_OK; i++) {
		struct mca_entry *entry = &plan->entries[i];

		if (!is_unrecorded(entry))
			continue;
		if (entry->cert == NULL)
			code = mca_managed_certificate(mca_ca_store(plan->ca),
			    &entry->cert, entry->certificate, err);
		if (code == MCA_OK)
			code = mca_apply_line(plan, &r->lines[r->count],
			    entry->authority, err);
		r->entries[r->count++] = entry;
	}
	return code;
}

static mca_code
record_all(mca_plan *plan, const struct rendering *r, struct mca_error *err)
{
	mca_store *store = mca_ca_store(plan->ca);
	char detail[64];
	mca_code code = mca_store_begin(store, err);

	for (size_t i = 0; i < r->count && code == MCA_OK; i++)
		code = mca_apply_record(plan, r->entries[i], err);
	(void)snprintf(detail, sizeof(detail), "files of %zu certificates",
	    r->count);
	if (code == MCA_OK)
		code = mca_ca_audit(plan->ca, "apply", plan->manifest->name,
		    detail, err);
	if (code == MCA_OK)
		code = mca_store_commit(store, err);
	if (code != MCA_OK)
		mca_store_rollback(store);
	return code;
}

/* What was not recorded with its certificate: files that are put back. */
static mca_code
record_rest(mca_plan *plan, struct mca_error *err)
{
	struct rendering r = { 0 };
	mca_code code = gather_unrecorded(&r, plan, err);

	if (code == MCA_OK)
		mca_parallel(r.count, MCA_CREW_CORES, render_one, &r);
	for (size_t i = 0; i < r.count; i++) {
		if (code == MCA_OK && r.entries[i]->code != MCA_OK) {
			*err = r.entries[i]->error;
			code = err->code;
		}
		mca_line_clear(&r.lines[i]);
	}
	if (code == MCA_OK && r.count > 0)
		code = record_all(plan, &r, err);
	free(r.entries);
	free(r.lines);
	return code;
}

/* Those with hooks, once these have passed. */
static mca_code
settle_all(mca_plan *plan, const struct pieces *pieces, struct mca_error *err)
{
	mca_store *store = mca_ca_store(plan->ca);
	size_t count = 0;
	mca_code code;

	for (size_t i = 0; i < pieces->count; i++)
		count += mca_apply_has_hooks(pieces->rows[i].file->output) &&
		    pieces->rows[i].entry->problem == NULL;
	if (count == 0)
		return MCA_OK;
	code = mca_store_begin(store, err);
	for (size_t i = 0; i < pieces->count && code == MCA_OK; i++)
		if (mca_apply_has_hooks(pieces->rows[i].file->output) &&
		    pieces->rows[i].entry->problem == NULL)
			code = mca_managed_settle_file(store,
			    pieces->rows[i].file->path, err);
	if (code == MCA_OK)
		code = mca_ca_audit(plan->ca, "deploy", plan->manifest->name,
		    "check, reload and probe have passed", err);
	if (code == MCA_OK)
		code = mca_store_commit(store, err);
	if (code != MCA_OK)
		mca_store_rollback(store);
	return code;
}

/* ---- the files ---- */

static void
stage_one(void *context, size_t index)
{
	struct mca_placed *piece = &((struct pieces *)context)->rows[index];

	piece->code = mca_swap_stage(&piece->swap, &piece->error);
}

/* What waits beside an old file, and will not come to its place. */
static void
unstage(struct pieces *pieces)
{
	struct mca_error ignored;

	for (size_t i = 0; i < pieces->count; i++)
		if (pieces->rows[i].swap.state == MCA_SWAP_STAGED &&
		    mca_swap_back(&pieces->rows[i].swap, &ignored) != MCA_OK)
			continue; /* the next run replaces it */
}

/* All are durable beside the old ones, or none is there. */
static mca_code
stage(struct pieces *pieces, struct mca_error *err)
{
	mca_parallel(pieces->count, MCA_CREW_DISK, stage_one, pieces);
	for (size_t i = 0; i < pieces->count; i++) {
		if (pieces->rows[i].code == MCA_OK)
			continue;
		*err = pieces->rows[i].error;
		unstage(pieces);
		return err->code;
	}
	return MCA_OK;
}

/* A key and its certificate are both new, or both old. */
static mca_code
swap_entries(struct mca_placed *rows, size_t count, struct mca_error *err)
{
	struct mca_swap **swaps = calloc(count, sizeof(struct mca_swap *));
	mca_code code = MCA_OK;
	size_t end;

	if (swaps == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; i < count; i++)
		swaps[i] = &rows[i].swap;
	for (size_t at = 0; at < count && code == MCA_OK; at = end) {
		for (end = at + 1; end < count; end++)
			if (rows[end].entry != rows[at].entry)
				break;
		code = mca_swap_in_all(swaps + at, end - at, err);
	}
	free(swaps);
	return code;
}

static mca_code
deploy_plainly(struct mca_placed *rows, size_t count, struct mca_error *err)
{
	mca_code code = swap_entries(rows, count, err);

	if (code != MCA_OK)
		return code;
	qsort(rows, count, sizeof(*rows), by_path);
	return mca_pieces_sync(rows, count, err);
}

/* Files come by their paths, so those of an entry may lie apart. */
static size_t
count_entries(struct mca_placed *rows, size_t count, size_t unit)
{
	size_t entries = 0;

	for (size_t i = 0; i < count; i++) {
		entries += rows[i].entry->unit != unit;
		rows[i].entry->unit = unit;
	}
	return entries;
}

static mca_code
deploy_unit(mca_plan *plan, struct mca_placed *rows, size_t count, size_t unit,
    mca_code *worst, struct mca_error *err)
{
	size_t entries = count_entries(rows, count, unit);
	const struct mca_hooking h = {
		.plan = plan,
		.output = rows[0].file->output,
		.count = entries,
		.only = entries == 1 ? rows[0].entry : NULL,
	};

	return mca_apply_has_hooks(h.output)
	    ? mca_pieces_rehearse(rows, count, &h, worst, err)
	    : deploy_plainly(rows, count, err);
}

mca_code
mca_apply_deploy(const struct mca_applying *a, mca_code *worst,
    struct mca_error *err)
{
	scoped(piece_list) pieces = { 0 };
	mca_code code = gather(&pieces, a->plan, err);
	size_t end;

	if (code != MCA_OK || pieces.count == 0)
		return code;
	if ((code = record_rest(a->plan, err)) != MCA_OK ||
	    (code = stage(&pieces, err)) != MCA_OK)
		return code;
	for (size_t at = 0; at < pieces.count && code == MCA_OK; at = end) {
		mca_apply_tell(a, "files", at, pieces.count);
		for (end = at + 1; end < pieces.count; end++)
			if (compare_units(&pieces.rows[at],
				&pieces.rows[end]) != 0)
				break;
		code = deploy_unit(a->plan, pieces.rows + at, end - at, at + 1,
		    worst, err);
	}
	mca_apply_tell(a, "files", pieces.count, pieces.count);
	if (code != MCA_OK) {
		unstage(&pieces);
		return code;
	}
	return settle_all(a->plan, &pieces, err);
}
