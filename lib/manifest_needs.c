/*
 * manifest_needs.c - what an apply of a manifest needs of the machine.
 */
#include "manifest.h"

#include <string.h>

/* Whether any output of `manifest` is one that `is` is true of. */
static bool
any_output(const mca_manifest *manifest, bool (*is)(const struct mca_output *))
{
	for (size_t i = 0; i < manifest->count; i++) {
		const struct mca_wanted *wanted = &manifest->certificates[i];

		for (size_t o = 0; o < wanted->output_count; o++)
			if (is(&wanted->outputs[o]))
				return true;
	}
	return false;
}

static bool
has_program(const struct mca_output *output)
{
	return output->check.count > 0 || output->reload.count > 0;
}

bool
mca_manifest_runs(const mca_manifest *manifest)
{
	return any_output(manifest, has_program);
}

static bool
has_probe(const struct mca_output *output)
{
	return output->probe != NULL;
}

bool
mca_manifest_probes(const mca_manifest *manifest)
{
	return any_output(manifest, has_probe);
}

void
mca_manifest_paths(const mca_manifest *manifest,
    void (*take)(void *context, const char *path, bool written), void *context)
{
	for (size_t i = 0; i < manifest->count; i++) {
		const struct mca_wanted *wanted = &manifest->certificates[i];

		if (wanted->csr != NULL)
			take(context, wanted->csr, false);
		if (wanted->key_file != NULL)
			take(context, wanted->key_file, false);
		/* Where it is a path it is an absolute one. */
		if (strchr(wanted->policy, '/') != NULL)
			take(context, wanted->policy, false);
		for (size_t o = 0; o < wanted->output_count; o++) {
			take(context, wanted->outputs[o].directory, true);
			if (wanted->outputs[o].password_file != NULL)
				take(context, wanted->outputs[o].password_file,
				    false);
		}
	}
}
