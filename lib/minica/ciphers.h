/*
 * minica/ciphers.h - which ciphers libcrypto lists by their names.
 */
#ifndef MINICA_CIPHERS_H
#define MINICA_CIPHERS_H

#include "minica/api.h"

#include <stdbool.h>

/*
 * mca_ciphers_few has libcrypto list, in all of the process, only those ciphers
 * that a file may name: the ones of keys under the PEM encryption of old (RFC
 * 1421, 4.6.1.3), in CBC mode.  It would list 170 names else, and copy each
 * when it first looks for any algorithm: 3.5 million instructions for each
 * process.  Those of PKCS #8, PKCS #12 and TLS it finds without.  It is for a
 * program's first lines, and for one that asks EVP_get_cipherbyname for nothing
 * else; false when all were listed already, or memory ran out, which does no
 * harm.
 */
MCA_API bool mca_ciphers_few(void);

#endif
