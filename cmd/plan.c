/*
 * plan.c - minica plan: what apply would do, and why.
 */
#include "fail.h"
#include "planning.h"

struct args {
	const char *file;
	bool detailed, prune, force;
};

static const struct opt opts[] = {
	{ OPT_ARG, 0, "FILE", NULL, FIELD(file), "manifest" },
	{ OPT_FLAG, 0, "detailed-exit", NULL, FIELD(detailed),
	    "exit status 4 when something would change" },
	{ OPT_FLAG, 0, "prune", NULL, FIELD(prune),
	    "revoke what the manifest no longer lists" },
	{ OPT_FLAG, 0, "force", NULL, FIELD(force),
	    "replace files that minica did not write" },
	{ 0 },
};

/* Without a store there is nothing yet, and all would be made. */
static mca_code
open_if_there(struct session *s, struct mca_error *err)
{
	mca_code code = session_open(s, MCA_STORE_READ, NULL, err);

	if (code != MCA_ENOTFOUND)
		return code;
	err->text[0] = '\0';
	return MCA_OK;
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	const struct args *args = opaque;
	const struct planning_options options = { .prune = args->prune,
		.force = args->force };
	scoped(planning) p = { 0 };
	mca_code worst;

	if (planning_read(&p, s, args->file, err) != MCA_OK ||
	    open_if_there(s, err) != MCA_OK ||
	    planning_compare(&p, s, &options, err) != MCA_OK)
		return err->code;
	worst = planning_tell(s, &p, true);
	if (worst == MCA_OK && args->detailed && mca_plan_changes(p.plan))
		planning_tell_changed(s);
	return worst;
}

const struct command plan_command = {
	"plan",
	"Show what apply would do, and why",
	opts,
	sizeof(struct args),
	run,
	"A manifest (minica-manifest(5)) lists the certificates that a project "
	"wants\n"
	"and the files they go to.  Nothing is changed.\n"
	"\n"
	"  minica plan minica.yaml\n"
	"  minica plan --detailed-exit minica.yaml || minica apply "
	"minica.yaml\n",
};
