/*
 * made.h - certificates made for a test, with libcrypto alone.
 */
#ifndef TESTS_MADE_H
#define TESTS_MADE_H

#include "minica/cert.h"
#include "minica/owned.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509v3.h>

struct made {
	const char *serial; /* hex */
	const char *common_name, *issuer;
	const char *san; /* as openssl.cnf writes it: "DNS:a,IP:10.0.0.1" */
	mca_time not_before, not_after;
	bool is_ca;
};

static inline void
made_require(bool good)
{
	if (!good)
		abort();
}

static inline void
made_name(X509_NAME *name, const char *common_name)
{
	made_require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
			 (const unsigned char *)common_name, -1, -1, 0) == 1);
}

static inline void
made_extension(X509 *x509, int nid, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	made_require(extension != NULL);
	made_require(X509_add_ext(x509, extension, -1) == 1);
	X509_EXTENSION_free(extension);
}

static inline void
made_fields(X509 *x509, const struct made *what, EVP_PKEY *key)
{
	BIGNUM *number = NULL;

	made_require(BN_hex2bn(&number, what->serial) != 0);
	made_require(
	    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)) != NULL);
	BN_free(number);
	made_require(X509_set_version(x509, X509_VERSION_3) == 1);
	if (what->common_name != NULL)
		made_name(X509_get_subject_name(x509), what->common_name);
	made_name(X509_get_issuer_name(x509),
	    what->issuer == NULL ? "Test Root" : what->issuer);
	made_require(ASN1_TIME_set(X509_getm_notBefore(x509),
			 (time_t)what->not_before) != NULL);
	made_require(ASN1_TIME_set(X509_getm_notAfter(x509),
			 (time_t)what->not_after) != NULL);
	made_require(X509_set_pubkey(x509, key) == 1);
}

/* made_key makes a key; `group` is NULL for what is no "EC". */
static inline EVP_PKEY *
made_key(const char *type, const char *group)
{
	EVP_PKEY *key = group == NULL
	    ? strcmp(type, "RSA") == 0
		? EVP_PKEY_Q_keygen(NULL, NULL, type, (size_t)2048)
		: EVP_PKEY_Q_keygen(NULL, NULL, type)
	    : EVP_PKEY_Q_keygen(NULL, NULL, type, group);

	made_require(key != NULL);
	return key;
}

/* made_cert_by makes what is described, for `key`, signed by `signer`. */
static inline mca_cert *
made_cert_by(const struct made *what, EVP_PKEY *key, EVP_PKEY *signer)
{
	X509 *x509 = X509_new();
	unsigned char *der = NULL;
	mca_cert *cert = NULL;
	struct mca_error err;
	int length;

	made_require(key != NULL && x509 != NULL);
	made_fields(x509, what, key);
	if (what->is_ca)
		made_extension(x509, NID_basic_constraints, "CA:TRUE");
	if (what->san != NULL)
		made_extension(x509, NID_subject_alt_name, what->san);
	made_require(X509_sign(x509, signer, NULL) != 0);
	length = i2d_X509(x509, &der);
	made_require(length > 0);
	made_require(
	    mca_cert_parse(&cert, der, (size_t)length, &err) == MCA_OK);
	OPENSSL_free(der);
	X509_free(x509);
	return cert;
}

/* made_cert_of makes what is described, signed by `key` itself. */
static inline mca_cert *
made_cert_of(const struct made *what, EVP_PKEY *key)
{
	return made_cert_by(what, key, key);
}

/* made_cert makes what is described, signed by its own new key. */
static inline mca_cert *
made_cert(const struct made *what)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	mca_cert *cert = made_cert_of(what, key);

	EVP_PKEY_free(key);
	return cert;
}

#endif
