/*
 * profile.h - the words of a profile: usages, and lists of strings.
 */
#ifndef MCA_PROFILE_PRIVATE_H
#define MCA_PROFILE_PRIVATE_H

#include "error.h"
#include "minica/profile.h"

/* mca_words_add keeps a copy of `word`. */
mca_code mca_words_add(struct mca_words *words, const char *word,
    struct mca_error *err);
bool mca_words_has(const struct mca_words *words, const char *word);
/* mca_words_compare orders lists, word by word. */
int mca_words_compare(const struct mca_words *a, const struct mca_words *b);
void mca_words_clear(struct mca_words *words);

void mca_profile_clear(struct mca_profile *profile);

/* Names of keyUsage bits, in the order of the bits, ended by NULL. */
extern const char *const mca_key_usage_names[];

/* mca_profile_usage_text writes the names of `bits` joined with ", ". */
const char *mca_profile_usage_text(char *out, size_t size, unsigned bits);

/* Names of extended key usages, and in the same order their OIDs. */
extern const char *const mca_ext_key_usage_names[];
extern const char *const mca_ext_key_usage_oids[];

/* mca_ext_key_usage_name returns the name of a dotted OID, or the OID. */
const char *mca_ext_key_usage_name(const char *oid);

#endif
