/*
 * profile.c - see profile.h.
 */
#include "profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const mca_key_usage_names[] = {
	"digitalSignature",
	"contentCommitment",
	"keyEncipherment",
	"dataEncipherment",
	"keyAgreement",
	"keyCertSign",
	"cRLSign",
	"encipherOnly",
	"decipherOnly",
	NULL,
};

const char *const mca_ext_key_usage_names[] = {
	"serverAuth",
	"clientAuth",
	"codeSigning",
	"emailProtection",
	"timeStamping",
	"OCSPSigning",
	NULL,
};

const char *const mca_ext_key_usage_oids[] = {
	"1.3.6.1.5.5.7.3.1",
	"1.3.6.1.5.5.7.3.2",
	"1.3.6.1.5.5.7.3.3",
	"1.3.6.1.5.5.7.3.4",
	"1.3.6.1.5.5.7.3.8",
	"1.3.6.1.5.5.7.3.9",
	NULL,
};

mca_code
mca_words_add(struct mca_words *words, const char *word, struct mca_error *err)
{
	char **bigger;

	bigger = reallocarray(words->words, words->count + 1, sizeof(char *));
	if (bigger == NULL)
		return mca_fail_memory(err);
	words->words = bigger;
	bigger[words->count] = strdup(word);
	if (bigger[words->count] == NULL)
		return mca_fail_memory(err);
	words->count++;
	return MCA_OK;
}

bool
mca_words_has(const struct mca_words *words, const char *word)
{
	for (size_t i = 0; i < words->count; i++)
		if (strcmp(words->words[i], word) == 0)
			return true;
	return false;
}

int
mca_words_compare(const struct mca_words *a, const struct mca_words *b)
{
	for (size_t i = 0; i < a->count && i < b->count; i++) {
		int order = strcmp(a->words[i], b->words[i]);

		if (order != 0)
			return order;
	}
	return a->count < b->count ? -1 : a->count > b->count;
}

void
mca_words_clear(struct mca_words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->words[i]);
	free(words->words);
	*words = (struct mca_words){ 0 };
}

void
mca_profile_clear(struct mca_profile *profile)
{
	mca_words_clear(&profile->ext_key_usage);
	mca_words_clear(&profile->crl_urls);
	mca_words_clear(&profile->issuer_urls);
	mca_words_clear(&profile->ocsp_urls);
	mca_words_clear(&profile->certificate_policies);
	for (size_t i = 0; i < profile->extra_count; i++) {
		free(profile->extra[i].oid);
		free(profile->extra[i].der);
	}
	free(profile->extra);
	*profile = (struct mca_profile){ 0 };
}

const char *
mca_profile_usage_text(char *out, size_t size, unsigned bits)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; mca_key_usage_names[i] != NULL; i++) {
		int n;

		if ((bits & (1U << i)) == 0 || used >= size)
			continue;
		n = snprintf(out + used, size - used, "%s%s",
		    used == 0 ? "" : ", ", mca_key_usage_names[i]);
		used += (size_t)n;
	}
	return out;
}

const char *
mca_ext_key_usage_name(const char *oid)
{
	for (size_t i = 0; mca_ext_key_usage_oids[i] != NULL; i++)
		if (strcmp(mca_ext_key_usage_oids[i], oid) == 0)
			return mca_ext_key_usage_names[i];
	return oid;
}
