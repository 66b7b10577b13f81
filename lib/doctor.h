/*
 * doctor.h - what the files of the doctor share.
 */
#ifndef MCA_DOCTOR_PRIVATE_H
#define MCA_DOCTOR_PRIVATE_H

#include "ca_parts.h"
#include "minica/doctor.h"

/* What can be found, in the order of the rows in doctor.c. */
enum mca_ailment {
	MCA_AIL_PAGES,
	MCA_AIL_SCHEMA,
	MCA_AIL_REFERENCE,
	MCA_AIL_CERTIFICATE,
	MCA_AIL_ANCHOR,
	MCA_AIL_SEAL,
	MCA_AIL_AUDIT,
	MCA_AIL_DAMAGED,
	MCA_AIL_UNREAD,
	MCA_AIL_KEY_MISSING,
	MCA_AIL_KEY_UNREADABLE,
	MCA_AIL_KEY_MISMATCH,
	MCA_AIL_KEY_LOCKED,
	MCA_AIL_KEY_PLAIN,
	MCA_AIL_KEY_ORPHAN,
	MCA_AIL_PARENT,
	MCA_AIL_ENDED,
	MCA_AIL_AWAITED,
	MCA_AIL_CRL_STALE,
	MCA_AIL_CRL_BEHIND,
	MCA_AIL_POLICY,
	MCA_AIL_MODE,
	MCA_AIL_OWNER,
	MCA_AIL_KIND,
	MCA_AIL_LEFTOVER,
	MCA_AIL_LIMIT,
	MCA_AIL_COUNT
};

struct mca_doctor {
	mca_ca *ca;
	bool repair;
	mca_findings *out;
	size_t told[MCA_AIL_COUNT];
};

/*
 * mca_doctor_find adds a finding about `object` ("" for none); of many alike
 * the first are told, and the others counted.
 */
void mca_doctor_find(struct mca_doctor *doctor, enum mca_ailment ailment,
    const char *object, const char *fmt, ...) MCA_PRINTF(4, 5);

/*
 * mca_doctor_survive turns what kept a part of the home from being looked at
 * into a finding: it is damaged, or the system could not read it.
 */
mca_code mca_doctor_survive(struct mca_doctor *doctor, mca_code code,
    const struct mca_error *err);

/* mca_doctor_repaired tells of a repair that was done. */
void mca_doctor_repaired(struct mca_doctor *doctor, enum mca_ailment ailment,
    const char *object, const char *text);

/* The examinations; each looks at one part of the home. */
mca_code mca_doctor_store(struct mca_doctor *doctor, struct mca_error *err);
mca_code mca_doctor_authorities(struct mca_doctor *doctor,
    struct mca_error *err);
mca_code mca_doctor_files(struct mca_doctor *doctor, struct mca_error *err);
mca_code mca_doctor_limits(struct mca_doctor *doctor, struct mca_error *err);

#endif
