/*
 * signing.h - what review, sign and issue have in common.
 */
#ifndef CMD_SIGNING_H
#define CMD_SIGNING_H

#include "output.h"

struct signing {
	const char *policy, *issuer;
	struct number life;
};

/* The rows of a command whose struct args has a struct signing `signing`. */
#define SIGNING_OPTS                                                           \
	{ OPT_TEXT, 'p', "policy", "NAME|FILE", FIELD(signing.policy),         \
		"the policy to go by (server)" },                              \
	    { OPT_LIFE, 'd', "days", "N", FIELD(signing.life),                 \
		    "days, or a duration such as 12h" },                       \
	{                                                                      \
		OPT_TEXT, 0, "issuer", "LABEL", FIELD(signing.issuer),         \
		    "the authority that signs"                                 \
	}

/* The row of one whose struct args has struct words `labels`. */
#define LABEL_OPT                                                              \
	{                                                                      \
		OPT_TEXTS, 0, "label", "LABEL", FIELD(labels),                 \
		    "a word to find it by, such as team=web"                   \
	}

/* `labels` (or NULL) must outlive what is returned. */
struct mca_signing signing_describe(const struct signing *how, bool fullchain,
    const struct words *labels);

/* signing_policy returns the policy's name, the default one if none is given */
const char *signing_policy(const struct signing *how);

/*
 * signing_sign is mca_ca_sign, and signing_rehearse mca_ca_rehearse: a refusal
 * that is in the job leaves no words in `err`.
 */
mca_code signing_sign(struct session *s, const struct mca_signing *how,
    struct mca_job *jobs, size_t count, struct mca_error *err);
mca_code signing_rehearse(struct session *s, const struct mca_signing *how,
    struct mca_job *job, struct mca_error *err);

/* signing_refused says whether the review or lint said no. */
bool signing_refused(const struct mca_job *job);

/*
 * signing_finish tells what became of the job of the request `name`, and
 * delivers its certificate to `out` if there is one.  MCA_EPOLICY, told
 * already, when it was refused.  `row` is the request's object in the
 * document, or NULL.
 */
mca_code signing_finish(struct session *s, json_t *row, const char *name,
    const struct mca_job *job, output *out, struct mca_error *err);

/*
 * signing_review prints the examination of a job that was rehearsed, and the
 * certificate that would come of it.
 */
mca_code signing_review(struct session *s, json_t *row, const char *name,
    const struct signing *how, const struct mca_job *job);

#endif
