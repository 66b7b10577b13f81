/*
 * review.c - a request examined against a policy, part by part.
 */
#include "review.h"

#include "minica/owned.h"
#include "minica/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const decisions[] = {
	[MCA_KEPT] = "kept",
	[MCA_CHANGED] = "changed",
	[MCA_ADDED] = "added",
	[MCA_DROPPED] = "dropped",
	[MCA_REFUSED] = "refused",
};

const char *
mca_decision_name(enum mca_decision decision)
{
	return decisions[decision];
}

/* The strings of a row are ours, though their readers may not change them. */
static void
free_text(const char *text)
{
	char *ours;

	memcpy(&ours, &text, sizeof(ours));
	free(ours);
}

static void
clear_row(struct mca_review_row *row)
{
	free_text(row->field);
	free_text(row->asked);
	free_text(row->written);
	free_text(row->because);
	free_text(row->unicode);
}

void
mca_review_clear(mca_review *review)
{
	for (size_t i = 0; i < review->count; i++)
		clear_row(&review->rows[i]);
	free(review->rows);
	mca_findings_clear(&review->findings);
	mca_name_free(review->subject);
	mca_san_free(review->san);
	*review = (mca_review){ 0 };
}

static bool
make_room(mca_review *review)
{
	size_t capacity = review->capacity == 0 ? 16 : 2 * review->capacity;
	struct mca_review_row *bigger;

	if (review->count < review->capacity)
		return true;
	bigger = reallocarray(review->rows, capacity, sizeof(*bigger));
	if (bigger == NULL)
		return false;
	review->rows = bigger;
	review->capacity = capacity;
	return true;
}

static const char *
copy(const char *text)
{
	return strdup(text == NULL ? "" : text);
}

void
mca_review_add(mca_review *out, const struct mca_review_row *row)
{
	struct mca_review_row *mine;

	if (out->lost || !make_room(out)) {
		out->lost = true;
		return;
	}
	mine = &out->rows[out->count];
	mine->decision = row->decision;
	mine->field = copy(row->field);
	mine->asked = copy(row->asked);
	mine->written = copy(row->written);
	mine->because = copy(row->because);
	mine->unicode = copy(row->unicode);
	out->count++;
	if (mine->field == NULL || mine->asked == NULL ||
	    mine->written == NULL || mine->because == NULL ||
	    mine->unicode == NULL)
		out->lost = true;
}

static void
add_finding(mca_review *out, enum mca_severity severity,
    const struct mca_review_row *row, const struct mca_remark *remark,
    const char *detail)
{
	const struct mca_finding finding = {
		.severity = severity,
		.depth = MCA_NO_DEPTH,
		.rule = remark->rule,
		.source = row->because,
		.field = row->field,
		.detail = detail,
		.found = row->asked,
		.wanted = remark->wanted,
		.hint = remark->hint,
	};

	mca_findings_add(&out->findings, &finding);
}

void
mca_review_find(mca_review *out, const struct mca_review_row *row,
    const struct mca_remark *remark, const char *fmt, ...)
{
	char detail[1024];
	va_list args;

	va_start(args, fmt);
	if (vsnprintf(detail, sizeof(detail), fmt, args) < 0)
		detail[0] = '\0';
	va_end(args);
	add_finding(out, row->decision == MCA_REFUSED ? MCA_ERROR : MCA_NOTE,
	    row, remark, detail);
}

void
mca_review_warn(mca_review *out, const struct mca_review_row *row,
    const struct mca_remark *remark, const char *fmt, ...)
{
	char detail[1024];
	va_list args;

	va_start(args, fmt);
	if (vsnprintf(detail, sizeof(detail), fmt, args) < 0)
		detail[0] = '\0';
	va_end(args);
	add_finding(out, MCA_WARNING, row, remark, detail);
}

void
mca_review_refuse(mca_review *review, const char *field)
{
	for (size_t i = 0; i < review->count; i++)
		if (strcmp(review->rows[i].field, field) == 0)
			review->rows[i].decision = MCA_REFUSED;
}

bool
mca_review_refuses(const mca_review *review)
{
	return mca_findings_worst(&review->findings) == MCA_ERROR;
}

/* written_form puts the form before a name, as mca_san_new reads it. */
static char *
written_form(const struct mca_san_name *name)
{
	static const char *const forms[] = { "DNS", "IP", "email", "URI" };
	char *out;

	if (asprintf(&out, "%s:%s", forms[name->form], name->text) < 0)
		return NULL;
	return out;
}

static mca_code
make_san(struct mca_examination *x, struct mca_error *err)
{
	struct mca_words names = { 0 };
	mca_code code = MCA_OK;

	for (size_t i = 0; code == MCA_OK && i < x->approved_count; i++) {
		owned(char) *name = written_form(x->approved[i]);

		code = name == NULL ? mca_fail_memory(err)
				    : mca_words_add(&names, name, err);
	}
	if (code == MCA_OK)
		code = mca_san_new(&x->out->san,
		    (const char *const *)names.words, names.count, err);
	mca_words_clear(&names);
	return code;
}

static mca_code
examine(struct mca_examination *x, struct mca_error *err)
{
	mca_code code;

	mca_review_signature(x);
	mca_review_key(x);
	mca_review_names(x);
	code = mca_review_subject(x, err);
	if (code != MCA_OK)
		return code;
	mca_review_extensions(x);
	mca_review_additions(x);
	mca_review_life(x);
	if (x->out->lost || x->out->findings.lost)
		return mca_fail_memory(err);
	if (x->failed != MCA_OK) {
		*err = x->why;
		return x->failed;
	}
	if (mca_review_refuses(x->out))
		return MCA_OK;
	return make_san(x, err);
}

mca_code
mca_policy_review(mca_review *out, const mca_policy *policy, const mca_csr *csr,
    const struct mca_review_context *context, struct mca_error *err)
{
	struct mca_examination x = {
		.policy = policy,
		.csr = csr,
		.context = context,
		.out = out,
	};
	mca_code code = examine(&x, err);

	free(x.approved);
	mca_san_free(x.from_cn);
	mca_suffixes_free(x.suffixes);
	if (code != MCA_OK)
		mca_review_clear(out);
	return code;
}
