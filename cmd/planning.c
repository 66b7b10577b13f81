/*
 * planning.c - see planning.h.
 */
#include "planning.h"

#include "fail.h"
#include "findings.h"
#include "guard.h"
#include "json.h"
#include "need.h"

#include <stdlib.h>

void
planning_clear(planning *p)
{
	mca_plan_free(p->plan);
	mca_manifest_free(p->manifest);
	*p = (planning){ 0 };
}

static const char *
variable(void *context, const char *name)
{
	(void)context;
	return getenv(name);
}

static void
tell_wrong(void *context, const struct mca_error *error)
{
	struct session *s = context;

	(void)complain(s, json_row(s->doc, "problems"), error);
}

mca_code
planning_read(planning *out, struct session *s, const char *path,
    struct mca_error *err)
{
	scoped(mca_blob) text = { 0 };
	struct mca_manifest_source source = { .file = path,
		.variable = variable,
		.wrong = tell_wrong,
		.context = s };

	if (mca_file_read(&text, path, MCA_LIMIT_MANIFEST, err) != MCA_OK)
		return err->code;
	source.text = text.bytes;
	source.length = text.length;
	return mca_manifest_parse(&out->manifest, &source, err);
}

/* ---- what an apply needs ---- */

static void
need_named(void *context, const char *path, bool written)
{
	need_path(context, path, written ? NEED_WRITE : NEED_READ);
}

static mca_code
need_recorded(void *context, const char *path, struct mca_error *err)
{
	(void)err;
	need_beside(context, path, NEED_READ);
	return MCA_OK;
}

static mca_code
need_removed(void *context, const char *path, struct mca_error *err)
{
	(void)err;
	need_beside(context, path, NEED_WRITE);
	return MCA_OK;
}

mca_code
planning_need(struct session *s, const planning *p, bool prune,
    struct mca_error *err)
{
	/* Where others are run nothing is confined, so nobody asks. */
	if (mca_manifest_runs(p->manifest)) {
		s->needs |= NEED_RUNS;
		return MCA_OK;
	}
	if (mca_manifest_probes(p->manifest))
		s->needs |= NEED_NETWORK;
	mca_manifest_paths(p->manifest, need_named, s);
	return mca_plan_recorded(s->ca, mca_manifest_name(p->manifest),
	    prune ? need_removed : need_recorded, s, err);
}

/* ---- plans ---- */

mca_code
planning_compare(planning *p, const struct session *s,
    const struct planning_options *options, struct mca_error *err)
{
	const struct mca_plan_options how = {
		.manifest = p->manifest,
		.home = s->home,
		.now = s->now,
		.prune = options->prune,
		.force = options->force,
		.for_apply = options->for_apply,
		.variable = variable,
		.leave = guard_leave,
	};

	if (mca_plan_new(&p->plan, s->ca, &how, err) != MCA_OK)
		return err->code;
	/* Refusals are the plan's to tell; what was tried left its words. */
	err->text[0] = '\0';
	return MCA_OK;
}

static void
put_row(json_t *object, const mca_plan *plan, size_t i,
    const struct mca_plan_row *row)
{
	const char *label;

	if (object == NULL)
		return;
	json_put(object, "kind",
	    json_text(row->authority ? "authority" : "certificate"));
	json_put(object, "name", json_text(row->name));
	if (row->line > 0)
		json_put(object, "line", json_integer((json_int_t)row->line));
	json_put(object, "action", json_text(mca_action_name(row->action)));
	json_put(object, "why", json_text(row->why));
	json_put(object, "issues", json_boolean(row->issues));
	if (*row->serial != '\0') {
		json_put(object, "serial", json_text(row->serial));
		json_put(object, "not_after", json_time(row->not_after));
	}
	if (row->findings->count > 0)
		json_put(object, "findings", json_findings(row->findings));
	for (size_t f = 0; f < row->file_count; f++)
		json_push(object, "files",
		    json_text(mca_plan_file(plan, i, f)));
	for (size_t n = 0; (label = mca_plan_label(plan, i, n)) != NULL; n++)
		json_push(object, "labels", json_text(label));
}

static void
tell_problems(const struct session *s, const planning *p,
    const struct mca_plan_row *row)
{
	scoped(mca_text) prefix = { 0 };

	mca_text_addf(&prefix, "minica %s: ", s->command->name);
	if (row->line > 0)
		mca_text_addf(&prefix,
		    "%s:%zu: ", mca_manifest_file(p->manifest), row->line);
	mca_text_addf(&prefix, "%s: ", row->name);
	findings_talk(s, mca_text_get(&prefix), row->findings, MCA_WARNING);
}

/* How many there are of each, in one line. */
static void
tell_counts(struct session *s, const size_t *counts)
{
	scoped(mca_text) line = { 0 };

	for (int action = MCA_ACTION_KEEP; action <= MCA_ACTION_UNLISTED;
	     action++) {
		const char *name = mca_action_name((enum mca_action)action);

		json_put(s->doc, name,
		    json_integer((json_int_t)counts[action]));
		if (counts[action] > 0)
			mca_text_addf(&line, "%s%zu %s",
			    line.length == 0 ? "" : ", ", counts[action], name);
	}
	talk(s, "%s", mca_text_get(&line));
}

mca_code
planning_tell(struct session *s, const planning *p, bool all)
{
	size_t counts[MCA_ACTION_UNLISTED + 1] = { 0 };
	mca_code worst = MCA_OK;

	json_put(s->doc, "manifest", json_text(mca_manifest_name(p->manifest)));
	json_put(s->doc, "results", json_array());
	for (size_t i = 0; i < mca_plan_count(p->plan); i++) {
		json_t *object = json_row(s->doc, "results");
		struct mca_plan_row row;

		mca_plan_at(&row, p->plan, i);
		put_row(object, p->plan, i, &row);
		counts[row.action]++;
		worst = worse(worst, row.refused);
		if (all || row.action != MCA_ACTION_KEEP)
			print(s, "%-8s %s%s: %s\n", mca_action_name(row.action),
			    row.authority ? "authority " : "", row.name,
			    row.why);
		tell_problems(s, p, &row);
	}
	tell_counts(s, counts);
	return worst;
}

void
planning_tell_changed(struct session *s)
{
	s->status_given = true;
	s->status = EXIT_CHANGED;
}
