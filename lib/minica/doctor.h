/*
 * minica/doctor.h - is a home in order?
 *
 * The store against itself (SQLite's own check, references, the columns of
 * each certificate against its bytes, every row against the audit log, the
 * chain of that log), the authorities against their keys, the files against
 * their modes, and what was begun and never ended.
 */
#ifndef MINICA_DOCTOR_H
#define MINICA_DOCTOR_H

#include "minica/ca.h"
#include "minica/finding.h"

/*
 * mca_doctor adds what it found to `out`, each with what to do next.  A note
 * needs nothing to be done.  With `repair` it sets modes right and removes
 * temporary files that a broken run left, each with an audit entry before it
 * is done and a note that tells of it; the ca must then be open for writing.
 *
 * It returns MCA_OK when everything was asked for.  What could not be looked at
 * is a finding too: an error where it is damaged, MCA_UNDECIDED where the
 * system could not read it.
 */
MCA_API mca_code mca_doctor(mca_ca *ca, bool repair, mca_findings *out,
    struct mca_error *err);

#endif
