/*
 * plan_load.c - what the store and the home know of a manifest (plan.h).
 */
#include "plan.h"

#include <string.h>

static struct mca_entry *
find_listed(const mca_plan *plan, const char *name)
{
	size_t low = 0, high = plan->listed;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct mca_entry *entry = &plan->entries[plan->order[middle]];
		int order = strcmp(entry->name, name);

		if (order == 0)
			return entry;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Rows come by name, so the one looked for is mostly the last. */
static struct mca_entry *
find_unlisted(const mca_plan *plan, const char *name)
{
	for (size_t i = plan->count; i > plan->listed; i--)
		if (strcmp(plan->entries[i - 1].name, name) == 0)
			return &plan->entries[i - 1];
	return NULL;
}

static struct mca_entry *
add_unlisted(mca_plan *plan, const char *name)
{
	struct mca_entry *rows =
	    reallocarray(plan->entries, plan->count + 1, sizeof(*rows));

	if (rows == NULL)
		return NULL;
	plan->entries = rows;
	rows += plan->count;
	*rows = (struct mca_entry){ .name = strdup(name) };
	if (rows->name == NULL)
		return NULL;
	plan->count++;
	return rows;
}

static mca_code
see_managed(void *context, const struct mca_managed *row, struct mca_error *err)
{
	mca_plan *plan = context;
	struct mca_entry *entry = find_listed(plan, row->name);

	if (entry == NULL)
		entry = add_unlisted(plan, row->name);
	if (entry == NULL)
		return mca_fail_memory(err);
	entry->known = true;
	entry->was = *row;
	entry->certificate = row->certificate;
	entry->serial = strdup(row->serial);
	entry->authority = strdup(row->authority);
	entry->policy = strdup(row->policy);
	entry->names = strdup(row->names);
	entry->key_algorithm = strdup(row->key_algorithm);
	entry->reason = strdup(row->reason);
	if (entry->serial == NULL || entry->authority == NULL ||
	    entry->policy == NULL || entry->names == NULL ||
	    entry->key_algorithm == NULL || entry->reason == NULL)
		return mca_fail_memory(err);
	return MCA_OK;
}

struct mca_plan_file *
mca_plan_add_file(struct mca_entry *entry, const char *path)
{
	struct mca_plan_file *rows;

	if (entry->file_count == entry->file_capacity) {
		size_t capacity =
		    entry->file_capacity == 0 ? 4 : entry->file_capacity * 2;

		rows = reallocarray(entry->files, capacity, sizeof(*rows));
		if (rows == NULL)
			return NULL;
		entry->files = rows;
		entry->file_capacity = capacity;
	}
	rows = &entry->files[entry->file_count];
	*rows = (struct mca_plan_file){ .path = strdup(path) };
	if (rows->path == NULL)
		return NULL;
	entry->file_count++;
	return rows;
}

static mca_code
see_file(void *context, const struct mca_managed_file *row,
    struct mca_error *err)
{
	mca_plan *plan = context;
	struct mca_entry *entry = find_listed(plan, row->name);
	struct mca_plan_file *file;

	if (entry == NULL)
		entry = find_unlisted(plan, row->name);
	if (entry == NULL)
		return MCA_OK;
	file = mca_plan_add_file(entry, row->path);
	if (file == NULL)
		return mca_fail_memory(err);
	file->known = true;
	file->settled = row->settled;
	file->certificate = row->certificate;
	memcpy(file->sha256, row->sha256, sizeof(file->sha256));
	file->mode = row->mode;
	file->uid = row->uid;
	file->gid = row->gid;
	file->role_name = strdup(row->role);
	return file->role_name == NULL ? mca_fail_memory(err) : MCA_OK;
}

mca_code
mca_plan_load(mca_plan *plan, struct mca_error *err)
{
	const char *name = plan->manifest->name;
	mca_store *store;
	mca_code code;

	if (plan->ca == NULL)
		return MCA_OK;
	store = mca_ca_store(plan->ca);
	if ((code = mca_ca_load(plan->ca, err)) != MCA_OK ||
	    (code = mca_managed_list(store, name, see_managed, plan, err)) !=
		MCA_OK ||
	    (code = mca_managed_files(store, name, see_file, plan, err)) !=
		MCA_OK)
		return code;
	return mca_keyring_load(&plan->pending, plan->options.home, name, err);
}

/* ---- for who asks ---- */

mca_code
mca_plan_recorded(mca_ca *ca, const char *manifest, mca_store_each_file *each,
    void *context, struct mca_error *err)
{
	return mca_managed_paths(mca_ca_store(ca), manifest, each, context,
	    err);
}
