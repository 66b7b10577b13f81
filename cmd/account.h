/*
 * account.h - objects told to people, one aligned line for each field.
 *
 * Nothing is printed under --json.
 */
#ifndef CMD_ACCOUNT_H
#define CMD_ACCOUNT_H

#include "session.h"

/* How many entries of a CRL are told, one by one. */
#define ACCOUNT_ENTRIES 1000

void account_cert(const struct session *s, const mca_cert *cert);
void account_csr(const struct session *s, const mca_csr *csr);
void account_crl(const struct session *s, const mca_crl *crl);
void account_spki(const struct session *s, const mca_spki *spki);

/* account_record adds what the store knows besides the certificate. */
void account_record(mca_text *out, const struct mca_record *record,
    mca_time now);

/* account_review prints what becomes of every field of a request. */
void account_review(const struct session *s, const mca_review *review);

/* account_names adds "example.org, 10.0.0.1", or "(no names)". */
void account_names(mca_text *out, const mca_san *san);

/* account_fingerprint adds "AB:CD:..." */
void account_fingerprint(mca_text *out, const uint8_t *bytes, size_t length);

/* record_status returns "valid", "expired" or "revoked", as of `now`. */
const char *record_status(const struct mca_record *record, mca_time now);

/* account_converted tells, in words, which names have A-labels for U-labels. */
void account_converted(const struct session *s, const mca_san *san);

#endif
