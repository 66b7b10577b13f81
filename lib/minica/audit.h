/*
 * minica/audit.h - the log that tells what was done (in the store).
 *
 * Entries form a hash chain: each carries a SHA-256 over its fields and the
 * hash of the one before it, and the table refuses UPDATE, DELETE and gaps.
 * An entry is part of the transaction of the change that it records.
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

/* mca_audit_list walks the log from its first entry. */
MCA_API mca_code mca_audit_list(mca_store *store, mca_audit_each *each,
    void *context, struct mca_error *err);

/*
 * mca_audit_verify recomputes the whole chain.  `*broken` is the number of
 * the first entry that was changed, removed, moved or slipped in, or 0;
 * `*count` is how many there are.
 */
MCA_API mca_code mca_audit_verify(mca_store *store, int64_t *broken,
    int64_t *count, struct mca_error *err);

#endif
