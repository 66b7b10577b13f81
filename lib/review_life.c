/*
 * review_life.c - how long a certificate will live.
 *
 * The policy has a floor and a cap; the issuer's own end comes after both.
 * A life that the issuer cuts to less than a tenth, or to less than an hour,
 * is refused: what was meant to last would surprise its owner by ending.
 */
#include "review.h"

#include "minica/text.h"

#include <stdio.h>

#define LEAST_LEFT MCA_HOUR
#define LEAST_PART 10

/* The life under examination, and the row that tells of it. */
struct life {
	struct mca_examination *x;
	struct mca_review_row row;
	char asked[MCA_TIME_TEXT];
	char because[200];
	int64_t seconds;
};

static void
decide(struct life *l, enum mca_decision decision, const char *because)
{
	if (l->row.decision == MCA_REFUSED)
		return;
	l->row.decision = decision;
	(void)snprintf(l->because, sizeof(l->because), "%s", because);
}

static void
check_cap(struct life *l)
{
	const mca_policy *policy = l->x->policy;
	const char *cap = MCA_DURATION(policy->max_life);
	bool clamp = policy->beyond == MCA_BEYOND_CLAMP;
	char hint[160];

	if (l->seconds <= policy->max_life)
		return;
	decide(l, clamp ? MCA_CHANGED : MCA_REFUSED,
	    MCA_BECAUSE(policy, MCA_PK_MAX_DAYS, 0));
	(void)snprintf(hint, sizeof(hint),
	    "ask for at most %s, or raise profile.max_days in a policy of "
	    "your own",
	    cap);
	mca_review_find(l->x->out, &l->row,
	    &(struct mca_remark){ "MC-P-LIFE-CAP", cap, clamp ? NULL : hint },
	    "%s asked for; %s %s", l->asked,
	    clamp ? "clamped to the policy's cap of" : "the policy's cap is",
	    cap);
	l->seconds = policy->max_life;
}

static void
check_floor(struct life *l)
{
	const mca_policy *policy = l->x->policy;
	const char *floor = MCA_DURATION(policy->min_life);

	if (l->seconds >= policy->min_life)
		return;
	decide(l, MCA_REFUSED, MCA_BECAUSE(policy, MCA_PK_MIN_DAYS, 0));
	mca_review_find(l->x->out, &l->row,
	    &(struct mca_remark){ "MC-P-LIFE-FLOOR", floor,
		"ask for a longer life (--days)" },
	    "%s asked for; the policy's least is %s", l->asked, floor);
	l->seconds = policy->min_life;
}

static void
refuse_end(struct life *l, mca_time end, int64_t left)
{
	decide(l, MCA_REFUSED, "RFC 5280, 6.1.3 (a)(2)");
	mca_review_find(l->x->out, &l->row,
	    &(struct mca_remark){ "MC-P-ISSUER-END",
		"an issuer that lives longer",
		"renew the issuer (minica rollover), or sign with another "
		"one (--issuer)" },
	    left <= 0 ? "the issuer itself ended at %s"
		      : "the issuer itself ends at %s, too soon for this life",
	    MCA_TIME(end));
}

/* A certificate is of no use once its issuer has ended. */
static void
check_issuer(struct life *l)
{
	mca_time now = l->x->context->now;
	mca_time end = l->x->context->issuer_end < MCA_TIME_NEVER
	    ? l->x->context->issuer_end
	    : MCA_TIME_NEVER;
	int64_t left = end - now;

	if (left >= l->seconds)
		return;
	if (left < LEAST_LEFT || left < l->seconds / LEAST_PART) {
		refuse_end(l, end, left);
		return;
	}
	decide(l, MCA_CHANGED, "RFC 5280, 6.1.3 (a)(2)");
	mca_review_find(l->x->out, &l->row,
	    &(struct mca_remark){ "MC-P-ISSUER-END", NULL,
		"renew the issuer (minica rollover) for the full life" },
	    "%s asked for; clamped to the issuer's own end, %s", l->asked,
	    MCA_TIME(end));
	l->seconds = left;
}

void
mca_review_life(struct mca_examination *x)
{
	const mca_policy *policy = x->policy;
	bool chosen = x->context->life != 0;
	struct life l = {
		.x = x,
		.row = { .decision = chosen ? MCA_KEPT : MCA_ADDED,
		    .field = "validity" },
		.seconds = chosen ? x->context->life : policy->life,
	};
	char written[2 * MCA_TIME_TEXT + 8];

	(void)mca_duration_format(l.asked, l.seconds);
	l.row.asked = l.asked;
	l.row.because = l.because;
	(void)mca_policy_because(l.because, sizeof(l.because), policy,
	    chosen ? MCA_PK_MAX_DAYS : MCA_PK_DAYS, 0);
	check_cap(&l);
	check_floor(&l);
	check_issuer(&l);
	x->out->not_before = x->context->now - policy->profile.backdate;
	x->out->not_after = x->context->now + l.seconds;
	(void)snprintf(written, sizeof(written), "%s to %s",
	    MCA_TIME(x->out->not_before), MCA_TIME(x->out->not_after));
	if (!chosen)
		l.row.asked = "";
	if (l.row.decision != MCA_REFUSED)
		l.row.written = written;
	mca_review_add(x->out, &l.row);
}
