/*
 * minica/weak.h - public keys that must not be relied upon.
 *
 * The rules are rows (docs/keys.md has them all).  Those of a kind that would
 * hurt the decoder are asked of the octets before libcrypto decodes the key;
 * the others compute, within bounds, on what was found fit to compute with.
 */
#ifndef MINICA_WEAK_H
#define MINICA_WEAK_H

#include "minica/finding.h"
#include "minica/spki.h"

/* What a rule means; a row has one or more. */
enum mca_weakness {
	/* Not to be decoded or used: it is no key, or costs too much. */
	MCA_WEAK_UNSAFE = 1,

	/* Anyone may know or compute its private half, or it has none. */
	MCA_WEAK_BROKEN = 2,

	/* Not to be certified, though nothing better is known against it. */
	MCA_WEAK_UNFIT = 4,

	/*
	 * Asked only by those who ask for it: computing it takes longer than
	 * verifying a signature (a millisecond or two for RSA of 2048 bits).
	 */
	MCA_WEAK_COSTLY = 8,

	MCA_WEAK_ANY = 15,
};

struct mca_rawkey;

/* One rule, for lists and manuals. */
struct mca_weak_rule {
	const char *rule;   /* "MC-K-RSA-FERMAT" */
	const char *source; /* "CVE-2022-26320" */
	const char *wanted; /* "primes that are far apart" */
	unsigned kinds;	    /* of enum mca_weakness */

	/* The check itself, for the library alone. */
	bool (*broken)(const struct mca_rawkey *raw, char detail[200]);
};

/* mca_weak_rules returns all rules, ended by a NULL rule. */
MCA_API const struct mca_weak_rule *mca_weak_rules(void);

/*
 * mca_weak_check adds an MCA_ERROR for every rule of `kinds` that `spki`
 * breaks; memory that runs out makes `out` lost.
 */
MCA_API void mca_weak_check(mca_findings *out, const mca_spki *spki,
    unsigned kinds);

/*
 * A list of keys that are known not to be private, by the SHA-256 of their
 * SubjectPublicKeyInfo: lines of 64 hexadecimal digits and what the key is;
 * empty lines and those that begin with # are passed over.
 */
typedef struct mca_weaklist mca_weaklist;

/*
 * mca_weaklist_read reads the list at `path`; one that is not there is empty.
 * MCA_EFORMAT names the line that is none.  mca_weaklist_find returns what a
 * key is, or NULL; `list` may be NULL.
 */
MCA_API mca_code mca_weaklist_read(mca_weaklist **out, const char *path,
    struct mca_error *err);
MCA_API const char *mca_weaklist_find(const mca_weaklist *list,
    const mca_spki *spki);
MCA_API void mca_weaklist_free(mca_weaklist *list);
MCA_OWNED(mca_weaklist, mca_weaklist_free)

#endif
