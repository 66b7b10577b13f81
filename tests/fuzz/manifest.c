/*
 * manifest.c - a manifest: read, its variables expanded, and compared with an
 * empty home; what it needs of the machine is absolute.
 */
#include "fuzz.h"

#include "minica/plan.h"

#include <stdio.h>

static char home[300], file[300];

void
fuzz_begin(void)
{
	(void)snprintf(home, sizeof(home), "%s/home", fuzz_directory());
	(void)snprintf(file, sizeof(file), "%s/m.yaml", fuzz_directory());
	fuzz_stand_ins();
}

static const char *
variable(void *context, const char *name)
{
	(void)context;
	if (strcmp(name, "HOST") == 0)
		return "host.example";
	return strcmp(name, "UNSET") == 0 ? NULL : "value: [x]";
}

static void
show_plan(const mca_plan *plan)
{
	struct mca_plan_row row;

	for (size_t i = 0; i < mca_plan_count(plan); i++) {
		mca_plan_at(&row, plan, i);
		show_text(row.why);
		show_findings(row.findings);
	}
}

/* What an apply is confined to: an absolute path, whoever is asked for it. */
static void
check_path(void *context, const char *path, bool written)
{
	(void)context;
	(void)written;
	fuzz_require(*path == '/');
}

static void
show_wrong(void *context, const struct mca_error *error)
{
	(void)context;
	show_error(error);
}

void
fuzz_one(const uint8_t *bytes, size_t length)
{
	const struct mca_manifest_source source = { .file = file,
		.text = bytes,
		.length = length,
		.variable = variable,
		.wrong = show_wrong };
	struct mca_plan_options options = { .home = home,
		.now = FUZZ_NOW,
		.variable = variable };
	owned(mca_manifest) *manifest = NULL;
	owned(mca_plan) *plan = NULL;
	struct mca_error err = { 0 };

	if (mca_manifest_parse(&manifest, &source, &err) != MCA_OK) {
		show_error(&err);
		return;
	}
	show_text(mca_manifest_name(manifest));
	mca_manifest_paths(manifest, check_path, NULL);
	options.manifest = manifest;
	if (mca_plan_new(&plan, NULL, &options, &err) != MCA_OK)
		show_error(&err);
	else
		show_plan(plan);
}
