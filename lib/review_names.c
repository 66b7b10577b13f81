/*
 * review_names.c - the names of a request, all together.
 */
#include "review.h"

#include "minica/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A name asked for, in the order of the request. */
struct candidate {
	const struct mca_san_name *name;
	size_t order;
	bool repeated;
	bool from_cn;
};

static void
drop_name(struct mca_examination *x, const struct mca_san_name *name,
    const char *because, const char *rule, const char *why)
{
	struct mca_review_row row = {
		.decision = MCA_DROPPED,
		.field = mca_san_form_name(name->form),
		.asked = name->text,
		.because = because,
	};

	mca_review_find(x->out, &row, &(struct mca_remark){ .rule = rule },
	    "\"%s\": %s", MCA_SHOW_TAME(name->text), why);
	mca_review_add(x->out, &row);
}

/* By form and text; equal names in the order of the request. */
static int
by_name(const void *a, const void *b)
{
	const struct candidate *left = *(struct candidate *const *)a;
	const struct candidate *right = *(struct candidate *const *)b;
	int order;

	if (left->name->form != right->name->form)
		return left->name->form < right->name->form ? -1 : 1;
	order = strcmp(left->name->text, right->name->text);
	if (order != 0)
		return order;
	return left->order < right->order ? -1 : left->order > right->order;
}

static bool
mark_repeated(struct candidate *names, size_t count)
{
	struct candidate **sorted = calloc(count, sizeof(struct candidate *));

	if (sorted == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		sorted[i] = &names[i];
	qsort(sorted, count, sizeof(struct candidate *), by_name);
	for (size_t i = 1; i < count; i++)
		sorted[i]->repeated =
		    sorted[i - 1]->name->form == sorted[i]->name->form &&
		    strcmp(sorted[i - 1]->name->text, sorted[i]->name->text) ==
			0;
	free(sorted);
	return true;
}

/* A CN that reads as a name, where the policy lets it become one. */
static const struct mca_san_name *
name_in_cn(struct mca_examination *x)
{
	const char *cn = mca_review_common_name(x);
	struct mca_error why;
	mca_code code;

	if (!x->policy->cn_is_name || cn == NULL)
		return NULL;
	code = mca_san_new(&x->from_cn, &cn, 1, &why);
	if (code == MCA_ESYSTEM)
		x->out->lost = true;
	if (code != MCA_OK)
		return NULL;
	return mca_san_at(x->from_cn, 0);
}

static void
check_count(struct mca_examination *x, size_t count)
{
	char asked[32];
	struct mca_review_row row = {
		.decision = MCA_REFUSED,
		.field = "subjectAltName",
		.asked = asked,
		.because = MCA_BECAUSE(x->policy, MCA_PK_ALLOW_NAMES, 0),
	};

	if (count <= (size_t)x->policy->names_max)
		return;
	(void)snprintf(asked, sizeof(asked), "%zu names", count);
	mca_review_find(x->out, &row,
	    &(struct mca_remark){ "MC-P-NAMES", "fewer names",
		"split the request into several" },
	    "%zu names; the policy allows %jd in one certificate", count,
	    (intmax_t)x->policy->names_max);
	mca_review_add(x->out, &row);
}

static void
refuse_nameless(struct mca_examination *x)
{
	const char *cn = mca_review_common_name(x);
	bool named = cn != NULL &&
	    mca_dns_flaw(cn, strlen(cn), false) == NULL &&
	    strchr(cn, '.') != NULL;
	char hint[400];
	struct mca_review_row row = {
		.decision = MCA_REFUSED,
		.field = "subjectAltName",
		.because = "RFC 9525, 6.1: clients look nowhere else",
	};

	(void)snprintf(hint, sizeof(hint),
	    "openssl req -new -key KEY -subj \"/\" -addext "
	    "\"subjectAltName=DNS:%s\"",
	    named ? MCA_SHOW_TEXT(cn) : "www.example.org");
	mca_review_find(x->out, &row,
	    &(struct mca_remark){ "MC-P-NO-NAMES", "at least one name", hint },
	    "the request names nobody%s",
	    cn == NULL ? "" : "; its CN is not a name for clients");
	mca_review_add(x->out, &row);
}

static void
examine_all(struct mca_examination *x, struct candidate *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (names[i].repeated)
			drop_name(x, names[i].name, "RFC 5280, 4.2.1.6",
			    "MC-R-NAME-TWICE", "asked for twice");
		else if (mca_review_name(x, names[i].name, names[i].from_cn))
			x->approved[x->approved_count++] = names[i].name;
	}
}

static void
examine_leaf(struct mca_examination *x, const mca_san *san)
{
	const struct mca_san_name *extra = name_in_cn(x);
	size_t count = mca_san_count(san);
	struct candidate *names = calloc(count + 1, sizeof(*names));

	x->approved = calloc(count + 1, sizeof(*x->approved));
	if (names == NULL || x->approved == NULL) {
		free(names);
		x->out->lost = true;
		return;
	}
	for (size_t i = 0; i < count; i++)
		names[i] = (struct candidate){ .name = mca_san_at(san, i),
			.order = i };
	if (extra != NULL && !mca_san_has(san, extra->form, extra->text)) {
		names[count] = (struct candidate){ .name = extra,
			.order = count,
			.from_cn = true };
		count++;
	}
	if (count > 0 && mark_repeated(names, count))
		examine_all(x, names, count);
	else if (count > 0)
		x->out->lost = true;
	else if (x->policy->names_max > 0)
		refuse_nameless(x);
	check_count(x, count);
	free(names);
}

void
mca_review_names(struct mca_examination *x)
{
	const mca_san *san = mca_csr_san(x->csr);

	if (x->policy->kind == MCA_FOR_LEAF) {
		examine_leaf(x, san);
		return;
	}
	for (size_t i = 0; i < mca_san_count(san); i++)
		drop_name(x, mca_san_at(san, i),
		    MCA_BECAUSE(x->policy, MCA_PK_FOR, 0), "MC-P-NAME-DROPPED",
		    "a CA certificate is known by its "
		    "subject, not by names");
}
