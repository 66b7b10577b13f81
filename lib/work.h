/*
 * work.h - how much a file wants done before a passphrase opens it.
 *
 * The sender names the rounds of the derivation, and libcrypto would go on for
 * as long: they are counted before anything is derived.
 */
#ifndef MCA_WORK_H
#define MCA_WORK_H

#include "ossl.h"

/*
 * mca_work_rounds takes a count of rounds from what may still be spent; false
 * when that is too little, or the count none.  NULL is no rounds.
 */
bool mca_work_rounds(int64_t *left, const ASN1_INTEGER *rounds);

/*
 * mca_work_algorithm takes what a password-based encryption or MAC asks for:
 * PBKDF2, scrypt (N times r times p, which cost about a round each), or one of
 * PKCS #5 version 1 and PKCS #12.  What is none of them costs nothing: nobody
 * here can open it.
 */
bool mca_work_algorithm(int64_t *left, const X509_ALGOR *algorithm);

#endif
