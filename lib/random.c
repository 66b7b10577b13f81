/*
 * random.c - see minica/random.h.
 */
#include "minica/random.h"

#include <openssl/err.h>
#include <openssl/rand.h>

bool
mca_random_by_hash(void)
{
	bool set =
	    RAND_set_DRBG_type(NULL, "HASH-DRBG", NULL, NULL, "SHA256") == 1;

	if (!set)
		ERR_clear_error();
	return set;
}
