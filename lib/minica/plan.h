/*
 * minica/plan.h - what a manifest wants beside what there is, and making it so.
 *
 * A plan compares; applying it makes keys and certificates, records them, and
 * puts files in place.  The order is such that a run that is killed anywhere
 * and started again ends where an undisturbed one does: new keys are safe in
 * the home before their certificates are recorded, and the digests of files
 * are recorded before the files are swapped; what is recorded and not in place
 * is put there by the next run.
 */
#ifndef MINICA_PLAN_H
#define MINICA_PLAN_H

#include "minica/ca.h"
#include "minica/manifest.h"

typedef struct mca_plan mca_plan;

struct mca_plan_options {
	const mca_manifest *manifest;
	const char *home;
	mca_time now;
	bool prune;	/* what the manifest no longer lists goes */
	bool force;	/* files that minica did not write are replaced */
	bool for_apply; /* it will be applied: make the new keys */
	mca_variable *variable; /* PATH and HOME for hooks */
	void *context;

	/*
	 * Called in the process of a hook before it becomes another program,
	 * so it may do only what is safe after fork; or NULL.
	 */
	void (*leave)(void);
};

/*
 * mca_plan_new compares.  `ca` may be NULL: then there is nothing yet.  What
 * the manifest wants and cannot have is no error but a refusal of the plan.
 * What the options point to must outlive the plan.
 */
MCA_API mca_code mca_plan_new(mca_plan **out, mca_ca *ca,
    const struct mca_plan_options *options, struct mca_error *err);
MCA_API void mca_plan_free(mca_plan *plan);
MCA_OWNED(mca_plan, mca_plan_free)

/*
 * mca_plan_recorded walks the files that were written for the manifest of this
 * name: a plan reads them, and what is listed no longer may be removed.
 */
MCA_API mca_code mca_plan_recorded(mca_ca *ca, const char *manifest,
    mca_store_each_file *each, void *context, struct mca_error *err);

enum mca_action {
	MCA_ACTION_KEEP,
	MCA_ACTION_CREATE,
	MCA_ACTION_RENEW,    /* its time is due */
	MCA_ACTION_REPLACE,  /* it, or a file of it, is not as it should be */
	MCA_ACTION_REVOKE,   /* no longer listed, and to be pruned */
	MCA_ACTION_UNLISTED, /* no longer listed, and left alone */
};

/* mca_action_name returns "keep", "create", ... */
MCA_API const char *mca_action_name(enum mca_action action);

/* One line of a plan; all of it lives as long as the plan. */
struct mca_plan_row {
	bool authority; /* else a certificate */
	enum mca_action action;
	const char *name;
	size_t line; /* of the manifest, or 0: it has it no longer */
	const char *why;
	bool issues;	     /* a new certificate is made */
	const char *serial;  /* of the certificate there is, or "" */
	mca_time not_after;  /* of it, or 0 */
	mca_code refused;    /* MCA_OK, or why it cannot be had */
	const char *problem; /* of its hooks, once applied; or "" */
	mca_code problem_code;
	const mca_findings *findings;
	size_t file_count; /* that are written */
};

/* mca_plan_count and mca_plan_at walk authorities, then certificates. */
MCA_API size_t mca_plan_count(const mca_plan *plan);
MCA_API void mca_plan_at(struct mca_plan_row *out, const mca_plan *plan,
    size_t i);

/* mca_plan_file returns the path of a file that row `i` writes. */
MCA_API const char *mca_plan_file(const mca_plan *plan, size_t i, size_t file);

/* mca_plan_label returns label `n` of row `i`, or NULL past the last. */
MCA_API const char *mca_plan_label(const mca_plan *plan, size_t i, size_t n);

/* mca_plan_changes says whether applying it would change anything. */
MCA_API bool mca_plan_changes(const mca_plan *plan);

/* mca_plan_refused returns the worst `refused` of its rows. */
MCA_API mca_code mca_plan_refused(const mca_plan *plan);

/* Is told how far a step has come: "keys", "certificates", "files", "hooks" */
typedef void mca_plan_progress(void *context, const char *step, size_t done,
    size_t total);

/*
 * mca_plan_apply makes it so.  Nothing is changed when the plan has refusals
 * (MCA_EPOLICY).  A certificate whose check, reload or probe failed has its old
 * files back, its row tells the `problem`, and the code is that of the worst;
 * the others are done.  `progress` may be NULL.
 */
MCA_API mca_code mca_plan_apply(mca_plan *plan, mca_plan_progress *progress,
    void *context, struct mca_error *err);

/*
 * mca_apply_lock waits until no other apply works in this home; MCA_EBUSY when
 * that takes longer than MCA_LIMIT_APPLY_SECONDS.  The lock goes with the
 * process, or with mca_apply_unlock.
 */
MCA_API mca_code mca_apply_lock(int *lock, const char *home,
    struct mca_error *err);
MCA_API void mca_apply_unlock(int lock);

#endif
