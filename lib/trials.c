/*
 * trials.c - see trials.h.
 */
#include "trials.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
mca_trials_clear(struct mca_trials *trials)
{
	for (size_t i = 0; i < trials->count; i++)
		mca_cert_free(trials->rows[i].anchor);
	free(trials->rows);
	memset(trials, 0, sizeof(*trials));
}

static bool
has(const struct mca_trials *trials, const mca_cert *anchor)
{
	for (size_t i = 0; i < trials->count; i++)
		if (memcmp(mca_cert_sha256(trials->rows[i].anchor),
			mca_cert_sha256(anchor), MCA_SHA256_SIZE) == 0)
			return true;
	return false;
}

void
mca_trials_add(struct mca_trials *trials, const mca_cert *anchor,
    const char *rule, const char *fmt, ...)
{
	struct mca_trial *row;
	va_list args;

	if (trials->rows == NULL)
		trials->rows = calloc(MCA_TRIALS, sizeof(*trials->rows));
	if (trials->rows == NULL || trials->count == MCA_TRIALS ||
	    has(trials, anchor))
		return;
	row = &trials->rows[trials->count++];
	row->anchor = mca_cert_ref(anchor);
	(void)snprintf(row->rule, sizeof(row->rule), "%s", rule);
	va_start(args, fmt);
	(void)vsnprintf(row->why, sizeof(row->why), fmt, args);
	va_end(args);
}

const char *
mca_key_words(char out[32], const char *hex)
{
	size_t at = 0;

	for (; *hex != '\0' && at < 24; at++) {
		out[at] = at % 3 == 2 ? ':' : *hex++;
		out[at + 1] = '\0';
	}
	if (*hex != '\0')
		(void)snprintf(out + at - 1, 32 - at, ":...");
	return out;
}

void
mca_trials_key(struct mca_trials *trials, const mca_cert *anchor,
    const mca_cert *cert)
{
	const char *ski = mca_cert_ski(anchor), *aki = mca_cert_aki(cert);

	if (ski == NULL || aki == NULL || strcmp(ski, aki) == 0)
		mca_trials_add(trials, anchor, "MC-V-SIGNATURE",
		    "has the name, but its key did not make the signature");
	else
		mca_trials_add(trials, anchor, "MC-V-SIGNATURE",
		    "has the name, but its key is %s, while the signature was "
		    "made with %s",
		    MCA_KEY_WORDS(ski), MCA_KEY_WORDS(aki));
}

void
mca_trials_finding(struct mca_trials *trials, const mca_cert *anchor,
    const mca_findings *findings)
{
	const struct mca_finding *worst = NULL;

	for (size_t i = 0; i < findings->count; i++)
		if (worst == NULL ||
		    findings->rows[i].severity > worst->severity)
			worst = &findings->rows[i];
	if (worst != NULL)
		mca_trials_add(trials, anchor, worst->rule, "%s%s%s",
		    worst->field, *worst->field == '\0' ? "" : ": ",
		    worst->detail);
}
