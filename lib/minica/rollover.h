/*
 * minica/rollover.h - one root replaced by another, in stages.
 *
 *	start	a new root is made, and becomes a trust anchor beside the old
 *	cross	each root certifies the other, so that clients that know only
 *		one of them reach every certificate
 *	switch	the new root signs from now on; intermediates whose keys are
 *		here get new certificates from it
 *	finish	the old root is no trust anchor any more; refused while a
 *		certificate, or the chain in a file, depends on it
 *
 * Each stage is one transaction.  While it lasts, the chains that are handed
 * out end in the cross certificate.  A new root with the old key and name needs
 * no crossing: whatever the one signed, the other did.
 */
#ifndef MINICA_ROLLOVER_H
#define MINICA_ROLLOVER_H

#include "minica/ca.h"

enum mca_rollover_stage {
	MCA_ROLLOVER_NONE,
	MCA_ROLLOVER_STARTED,
	MCA_ROLLOVER_CROSSED,
	MCA_ROLLOVER_SWITCHED,
	MCA_ROLLOVER_FINISHED,
};

/* Zeros are none. */
typedef struct mca_rollover {
	enum mca_rollover_stage stage;
	char old_label[80], new_label[80]; /* one label with the same key */
	mca_cert *old_root, *new_root;
	mca_cert *old_by_new, *new_by_old;	       /* NULL until crossed */
	mca_time started, crossed, switched, finished; /* 0: not yet */
} mca_rollover;

MCA_API void mca_rollover_clear(mca_rollover *rollover);
MCA_SCOPED(mca_rollover, mca_rollover_clear)

/* mca_rollover_stage_name returns "started", and so on. */
MCA_API const char *mca_rollover_stage_name(enum mca_rollover_stage stage);

/* mca_rollover_get asks for the newest one. */
MCA_API mca_code mca_rollover_get(mca_ca *ca, mca_rollover *out,
    struct mca_error *err);

/*
 * The stages, each of which leaves in `out` how things are then.  MCA_EPOLICY
 * when the one before has not been done, or when clients would be left without
 * a path; MCA_EUNDECIDED when a file that may need the old root cannot be read;
 * MCA_EEXISTS when it has been done already.
 *
 * mca_rollover_start replaces the root `root` (NULL: the only one that signs)
 * by one that is made as `what` says, or with `same_key` has its key and name.
 */
MCA_API mca_code mca_rollover_start(mca_ca *ca, mca_rollover *out,
    const char *root, const struct mca_new_authority *what, bool same_key,
    struct mca_error *err);
MCA_API mca_code mca_rollover_cross(mca_ca *ca, mca_rollover *out,
    struct mca_error *err);
MCA_API mca_code mca_rollover_switch(mca_ca *ca, mca_rollover *out,
    struct mca_error *err);
MCA_API mca_code mca_rollover_finish(mca_ca *ca, mca_rollover *out,
    struct mca_error *err);

/*
 * mca_rollover_dependents walks the certificates that are good now and that
 * only the old root signed: leaves, and intermediates that have no certificate
 * of the new one.
 */
MCA_API mca_code mca_rollover_dependents(mca_ca *ca,
    const mca_rollover *rollover, mca_store_each *each, void *context,
    size_t *count, struct mca_error *err);

/* A file that keeps the old root from going; strings live until `each` ends. */
struct mca_rollover_file {
	const char *path;
	const char *why;
	bool unread; /* could not be read: whether it does is not known */
};
typedef mca_code mca_rollover_each_file(void *context,
    const struct mca_rollover_file *file, struct mca_error *err);

/*
 * mca_rollover_files walks the files that were written for certificates that
 * are good now and from which clients that know the new root alone find no way
 * to it, though those that know the old one do: chains from before the roots
 * were crossed, or from before the switch.  A file that is gone is passed over;
 * a key store that needs a passphrase is judged by when it was written.
 */
MCA_API mca_code mca_rollover_files(mca_ca *ca, const mca_rollover *rollover,
    mca_rollover_each_file *each, void *context, size_t *count,
    struct mca_error *err);

#endif
