/*
 * bare.c - see bare.h.
 */
#include "bare.h"

#include <openssl/provider.h>

#include <pthread.h>

/*
 * A library context whose one provider knows no algorithm: made once, never
 * changed, the same for everyone, as the default context of libcrypto is.
 */
static OSSL_LIB_CTX *nothing;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/*
 * Without the null provider the context would load the default one at the
 * first question, and decode.
 */
static void
make_nothing(void)
{
	OSSL_LIB_CTX *made = OSSL_LIB_CTX_new();

	if (made != NULL && OSSL_PROVIDER_load(made, "null") == NULL) {
		OSSL_LIB_CTX_free(made);
		made = NULL;
	}
	nothing = made;
}

/*
 * Makes that context this thread's default, and returns the one before.  To
 * read in X509_new_ex(nothing) would not do: requests do not pass their context
 * on, and an object would keep it and could not be verified with.  If memory
 * was too short for the context, keys are decoded: slower, and no less right.
 */
static OSSL_LIB_CTX *
know_nothing(void)
{
	(void)pthread_once(&once, make_nothing);
	return OSSL_LIB_CTX_set0_default(nothing);
}

X509 *
mca_bare_x509(const uint8_t **at, size_t length)
{
	OSSL_LIB_CTX *before = know_nothing();
	X509 *x509 = d2i_X509(NULL, at, (long)length);

	(void)OSSL_LIB_CTX_set0_default(before);
	return x509;
}

X509_REQ *
mca_bare_x509_req(const uint8_t **at, size_t length)
{
	OSSL_LIB_CTX *before = know_nothing();
	X509_REQ *req = d2i_X509_REQ(NULL, at, (long)length);

	(void)OSSL_LIB_CTX_set0_default(before);
	return req;
}

X509_PUBKEY *
mca_bare_spki(const uint8_t **at, size_t length)
{
	OSSL_LIB_CTX *before = know_nothing();
	X509_PUBKEY *key = d2i_X509_PUBKEY(NULL, at, (long)length);

	(void)OSSL_LIB_CTX_set0_default(before);
	return key;
}
