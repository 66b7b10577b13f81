/*
 * apply.c - minica apply: what a manifest lists is made so.
 */
#include "confine.h"
#include "fail.h"
#include "json.h"
#include "pass.h"
#include "planning.h"

#include <stdio.h>
#include <unistd.h>

struct args {
	const char *file;
	bool detailed, prune, force;
	struct pass pass;
};

static const struct opt opts[] = {
	{ OPT_ARG, 0, "FILE", NULL, FIELD(file), "manifest" },
	{ OPT_FLAG, 0, "detailed-exit", NULL, FIELD(detailed),
	    "exit status 4 when something was changed" },
	{ OPT_FLAG, 0, "prune", NULL, FIELD(prune),
	    "revoke what the manifest no longer lists" },
	{ OPT_FLAG, 0, "force", NULL, FIELD(force),
	    "replace files that minica did not write" },
	PASS_OPTS,
	{ 0 },
};

/* On a terminal alone, in one line that is gone at the end. */
static void
show_progress(void *context, const char *step, size_t done, size_t total)
{
	const struct session *s = context;

	if (s->globals.quiet || s->doc != NULL || !isatty(STDERR_FILENO))
		return;
	if (done == total)
		(void)fputs("\r\033[K", stderr);
	else
		(void)fprintf(stderr, "\r\033[K%s %zu of %zu", step, done,
		    total);
	(void)fflush(stderr);
}

/* What came of the hooks; the files of these are as they were. */
static void
tell_hooks(struct session *s, const mca_plan *plan)
{
	for (size_t i = 0; i < mca_plan_count(plan); i++) {
		struct mca_plan_row row;
		struct mca_error failed = { 0 };

		mca_plan_at(&row, plan, i);
		if (*row.problem == '\0')
			continue;
		(void)fail(&failed, row.problem_code, "%s: %s", row.name,
		    row.problem);
		(void)complain(s, json_row(s->doc, "problems"), &failed);
	}
}

static mca_code
apply(struct session *s, const struct args *args, planning *p,
    struct mca_error *err)
{
	const struct planning_options options = { .prune = args->prune,
		.force = args->force,
		.for_apply = true };
	mca_code code;

	if (planning_compare(p, s, &options, err) != MCA_OK)
		return err->code;
	if (mca_plan_refused(p->plan) != MCA_OK) {
		code = planning_tell(s, p, s->globals.verbose);
		return fail(err, code, "nothing was changed");
	}
	code = mca_plan_apply(p->plan, show_progress, s, err);
	if (code == MCA_OK || err->text[0] == '\0')
		(void)planning_tell(s, p, s->globals.verbose);
	tell_hooks(s, p->plan);
	if (code == MCA_OK && args->detailed && mca_plan_changes(p->plan))
		planning_tell_changed(s);
	return code;
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	struct args *args = opaque;
	const struct mca_passphrase *passphrase;
	scoped(planning) p = { 0 };
	int lock = -1;
	mca_code code;

	if (planning_read(&p, s, args->file, err) != MCA_OK ||
	    pass_source(&passphrase, &args->pass, false, err) != MCA_OK ||
	    session_open(s, MCA_STORE_CREATE, passphrase, err) != MCA_OK ||
	    planning_need(s, &p, args->prune, err) != MCA_OK)
		return err->code;
	confine_further(s);
	if (mca_apply_lock(&lock, s->home, err) != MCA_OK)
		return err->code;
	code = apply(s, args, &p, err);
	mca_apply_unlock(lock);
	return code;
}

const struct command apply_command = {
	"apply",
	"Make the certificates that a manifest lists",
	opts,
	sizeof(struct args),
	run,
	"What is missing, due or not as listed is made and put in place; what "
	"is right\n"
	"stays.  Run it as often as you like.  The passphrase options open the "
	"keys of\n"
	"authorities.\n"
	"\n"
	"  minica apply minica.yaml\n"
	"  minica apply --prune minica.yaml\n",
};
