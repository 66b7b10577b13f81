/*
 * pick.h - the one certificate of the store that an ID means.
 */
#ifndef CMD_PICK_H
#define CMD_PICK_H

#include "session.h"

/* A copy of its record: the store lends its rows for a moment only. */
typedef struct picked {
	int64_t id;
	mca_cert *cert;
	char *serial, *authority, *policy;
	bool revoked;
	mca_text account; /* account_record of it */
	json_t *record;	  /* NULL without --json */
} picked;

/*
 * pick_one finds the certificate that `id` means: a serial number, a SHA-256
 * fingerprint, an authority's label, a name, or a file that holds it.
 * MCA_ENOTFOUND when there is none, or several: those are listed in hints, and
 * under --json in "candidates".
 */
mca_code pick_one(picked *out, struct session *s, const char *id,
    struct mca_error *err);

/*
 * pick_current is pick_one among those that are neither revoked nor renewed
 * already: of a name that lives on, the one that holds now.
 */
mca_code pick_current(picked *out, struct session *s, const char *id,
    struct mca_error *err);
void picked_clear(picked *found);
MCA_SCOPED(picked, picked_clear)

#endif
