/*
 * minica/random.h - where random numbers come from.
 *
 * All of them are libcrypto's, seeded by the kernel.
 */
#ifndef MINICA_RANDOM_H
#define MINICA_RANDOM_H

#include "minica/api.h"

#include <stdbool.h>

/*
 * mca_random_by_hash has libcrypto draw random numbers, in all of the process,
 * by a hash (Hash_DRBG with SHA-256, 256 bits strong: NIST SP 800-90A Rev. 1,
 * 10.1.1) in place of AES in counter mode.  What needs numbers here needs
 * SHA-256 too, and nothing else needs ciphers, which libcrypto sets up all at
 * once: a third of a millisecond for each process.  The [random] section of
 * openssl.cnf still decides, where there is one.  It is for a program's first
 * lines; false when numbers were drawn already, or memory ran out: they come as
 * they did before.
 */
MCA_API bool mca_random_by_hash(void);

#endif
