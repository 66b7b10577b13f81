/*
 * memory.h - what a verifier remembers from one question to the next: what its
 * own certificates say, and which signatures were good.
 *
 * A verifier is immutable to who uses it, and used by many threads; this is
 * the one part of it that changes, under locks of its own.
 */
#ifndef MCA_MEMORY_H
#define MCA_MEMORY_H

#include "facts.h"

#include "minica/finding.h"

#include <stdatomic.h>

enum mca_link { MCA_LINK_GOOD, MCA_LINK_BAD, MCA_LINK_UNKNOWN };

/* What is known of one certificate of the verifier; NULL until asked for. */
struct mca_known {
	_Atomic(struct mca_facts *) facts;
	_Atomic(mca_findings *) rules; /* under the verifier's own options */
};

void mca_known_clear(struct mca_known *known);

/*
 * mca_known_facts returns the facts of `cert`, whose place this is, made by
 * the first who asks; NULL if memory runs out.
 */
const struct mca_facts *mca_known_facts(struct mca_known *known,
    const mca_cert *cert);

/*
 * mca_known_rules returns the findings that are known, or NULL;
 * mca_known_learn takes over `findings`, or frees them when somebody else was
 * faster, and returns those that are known from now on.
 */
const mca_findings *mca_known_rules(const struct mca_known *known);
const mca_findings *mca_known_learn(struct mca_known *known,
    mca_findings *findings);

/* Signatures that were checked, by what was signed and who signed it. */
typedef struct mca_links mca_links;

mca_links *mca_links_new(void);
void mca_links_free(mca_links *links);
MCA_OWNED(mca_links, mca_links_free)

/* What makes a certificate or a CRL known again, and who its signer is. */
struct mca_link_key {
	uint8_t subject[MCA_SHA256_SIZE], issuer[MCA_SHA256_SIZE];
};

/* mca_links_find returns MCA_LINK_UNKNOWN for what was not checked yet. */
enum mca_link mca_links_find(mca_links *links, const struct mca_link_key *key);

/* mca_links_add remembers a link, as long as there is room. */
void mca_links_add(mca_links *links, const struct mca_link_key *key,
    enum mca_link link);

#endif
