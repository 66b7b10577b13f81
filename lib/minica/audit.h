/*
 * minica/audit.h - the log that tells what was done (in the store).
 *
 * Entries form a hash chain: each carries a SHA-256 over its fields and the
 * hash of the one before it, and the table refuses UPDATE, DELETE and gaps.
 * An entry is part of the transaction of the change that it records, and
 * carries the hashes of the rows that came and went in it.
 *
 * Whoever can write the file can make a whole new chain, or cut off its end:
 * only a hash that was kept elsewhere shows that.
 */
#ifndef MINICA_AUDIT_H
#define MINICA_AUDIT_H

#include "minica/store.h"

struct mca_audit_entry {
	int64_t number; /* from 1, without gaps */
	mca_time at;
	const char *actor;  /* who ran the program: "uid 1000" */
	const char *action; /* "init-root", "issue", "trust-add", ... */
	const char *object; /* serial number, fingerprint, label */
	const char *detail; /* "" or more, one line */
	const char *hash;   /* lower-case hex */
};

/*
 * mca_audit_add appends an entry inside the open transaction; its `number` and
 * `hash` are not looked at.
 */
MCA_API mca_code mca_audit_add(mca_store *store,
    const struct mca_audit_entry *entry, struct mca_error *err);

typedef mca_code mca_audit_each(void *context,
    const struct mca_audit_entry *entry, struct mca_error *err);

/* What to list; zeros and NULLs do not narrow.  Texts are meant whole. */
struct mca_audit_filter {
	const char *action, *object;
	mca_time since, until; /* both inclusive */
	int64_t last;	       /* so many of those, from the end */
};

/*
 * mca_audit_list walks the entries that `filter` (NULL: all) lets through, in
 * their order.
 */
MCA_API mca_code mca_audit_list(mca_store *store,
    const struct mca_audit_filter *filter, mca_audit_each *each, void *context,
    struct mca_error *err);

/*
 * The end of the log.  Kept elsewhere, it shows later that nothing before it
 * was replaced and that the log still reaches so far.
 */
struct mca_audit_head {
	int64_t number; /* 0: the log is empty, and the hash all zeros */
	char hash[65];	/* lower-case hex */
};
MCA_API mca_code mca_audit_head(mca_store *store, struct mca_audit_head *out,
    struct mca_error *err);

/*
 * mca_audit_has says whether the log has the entry `head`, by number and
 * hash.
 */
MCA_API mca_code mca_audit_has(mca_store *store, bool *out,
    const struct mca_audit_head *head, struct mca_error *err);

/* What does not fit in the chain. */
struct mca_audit_misfit {
	int64_t first, last; /* numbers; the same but for what is missing */
	bool missing;	     /* else changed, moved or slipped in */
	const char *action, *object; /* as they are now; "" when missing */
};
typedef mca_code mca_audit_each_misfit(void *context,
    const struct mca_audit_misfit *misfit, struct mca_error *err);

/*
 * mca_audit_examine recomputes the whole chain and tells of every entry that
 * does not fit; `*count` is how many entries there are.
 */
MCA_API mca_code mca_audit_examine(mca_store *store, int64_t *count,
    mca_audit_each_misfit *each, void *context, struct mca_error *err);

/*
 * mca_audit_verify is mca_audit_examine in short: `*broken` is the number of
 * the first entry that was changed, removed, moved or slipped in, or 0.
 */
MCA_API mca_code mca_audit_verify(mca_store *store, int64_t *broken,
    int64_t *count, struct mca_error *err);

#endif
