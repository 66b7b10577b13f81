/*
 * review.h - an examination while it goes on, shared by its parts.
 *
 * Each part looks at one kind of field, adds a row for every field it sees,
 * and never ends the examination: the requester learns every fault at once.
 */
#ifndef MCA_REVIEW_H
#define MCA_REVIEW_H

#include "policy.h"
#include "suffix.h"

struct mca_examination {
	const mca_policy *policy;
	const mca_csr *csr;
	const struct mca_review_context *context;
	mca_review *out;

	/* Filled by mca_review_names; `names` may hold a name from the CN. */
	const struct mca_san_name **approved;
	size_t approved_count;
	mca_san *from_cn;

	mca_suffixes *suffixes; /* once a wildcard has asked */

	/* A question that could not be answered ends the examination. */
	mca_code failed;
	struct mca_error why;
};

/* What a finding says besides what its row says; hint may be NULL. */
struct mca_remark {
	const char *rule, *wanted, *hint;
};

/* mca_review_add copies `row` to the end of the review. */
void mca_review_add(mca_review *out, const struct mca_review_row *row);

/*
 * mca_review_find adds a finding about `row`: an error if the row is refused,
 * a note otherwise; its field, text and reason are the row's.
 */
void mca_review_find(mca_review *out, const struct mca_review_row *row,
    const struct mca_remark *remark, const char *fmt, ...) MCA_PRINTF(4, 5);

/* mca_review_refuse makes the rows of a field, which was kept, refused. */
void mca_review_refuse(mca_review *review, const char *field);

/* mca_review_warn is mca_review_find for a warning, whatever the row is. */
void mca_review_warn(mca_review *out, const struct mca_review_row *row,
    const struct mca_remark *remark, const char *fmt, ...) MCA_PRINTF(4, 5);

/* mca_review_refuses says whether an error has been found so far. */
bool mca_review_refuses(const mca_review *review);

/*
 * mca_review_name examines one name, adds its row, and says whether it may be
 * written.
 */
bool mca_review_name(struct mca_examination *x, const struct mca_san_name *name,
    bool from_cn);

/* The parts. */
void mca_review_signature(struct mca_examination *x);
void mca_review_key(struct mca_examination *x);
void mca_review_names(struct mca_examination *x);
void mca_review_extensions(struct mca_examination *x);
void mca_review_additions(struct mca_examination *x);
void mca_review_life(struct mca_examination *x);

/* mca_review_subject puts the subject to be written in `x->out->subject`. */
mca_code mca_review_subject(struct mca_examination *x, struct mca_error *err);

/* mca_review_common_name returns the CN asked for, escaped, or NULL. */
const char *mca_review_common_name(const struct mca_examination *x);

#endif
