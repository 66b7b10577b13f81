/*
 * ciphers.c - see minica/ciphers.h.
 */
#include "minica/ciphers.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>

#include <stddef.h>

/* Those that libcrypto still decrypts; DES, IDEA and RC2 it does not. */
static const EVP_CIPHER *(*const few[])(void) = {
	EVP_aes_128_cbc,
	EVP_aes_192_cbc,
	EVP_aes_256_cbc,
	EVP_aria_128_cbc,
	EVP_aria_192_cbc,
	EVP_aria_256_cbc,
	EVP_camellia_128_cbc,
	EVP_camellia_192_cbc,
	EVP_camellia_256_cbc,
	EVP_des_ede_cbc,
	EVP_des_ede3_cbc,
};

bool
mca_ciphers_few(void)
{
	bool set =
	    OPENSSL_init_crypto(OPENSSL_INIT_NO_ADD_ALL_CIPHERS, NULL) == 1;

	for (size_t i = 0; set && i < sizeof(few) / sizeof(few[0]); i++)
		set = EVP_add_cipher(few[i]()) == 1;
	if (!set)
		ERR_clear_error();
	return set &&
	    OBJ_NAME_get("AES-128-CTR", OBJ_NAME_TYPE_CIPHER_METH) == NULL;
}
