/*
 * ossl.h - libcrypto's own types, fit for the words of minica/owned.h.
 */
#ifndef MCA_OSSL_H
#define MCA_OSSL_H

#include "minica/owned.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/store.h>
#include <openssl/ui.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

MCA_OWNED(AUTHORITY_KEYID, AUTHORITY_KEYID_free)
MCA_OWNED(BIO, BIO_free_all)
MCA_OWNED(BIGNUM, BN_free)
MCA_OWNED(BN_CTX, BN_CTX_free)
MCA_OWNED(EVP_PKEY, EVP_PKEY_free)
MCA_OWNED(EVP_PKEY_CTX, EVP_PKEY_CTX_free)
MCA_OWNED(EVP_MD_CTX, EVP_MD_CTX_free)
MCA_OWNED(X509, X509_free)
MCA_OWNED(X509_CRL, X509_CRL_free)
MCA_OWNED(X509_EXTENSION, X509_EXTENSION_free)
MCA_OWNED(X509_NAME, X509_NAME_free)
MCA_OWNED(X509_REQ, X509_REQ_free)
MCA_OWNED(X509_PUBKEY, X509_PUBKEY_free)
MCA_OWNED(X509_SIG, X509_SIG_free)
MCA_OWNED(X509_ALGOR, X509_ALGOR_free)
MCA_OWNED(PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free)
MCA_OWNED(ASN1_STRING, ASN1_STRING_free)
MCA_OWNED(ASN1_BIT_STRING, ASN1_BIT_STRING_free)
MCA_OWNED(ASN1_OCTET_STRING, ASN1_OCTET_STRING_free)
MCA_OWNED(ASN1_OBJECT, ASN1_OBJECT_free)
MCA_OWNED(ASN1_INTEGER, ASN1_INTEGER_free)
MCA_OWNED(ASN1_TIME, ASN1_TIME_free)
MCA_OWNED(EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free)
MCA_OWNED(GENERAL_NAME, GENERAL_NAME_free)
MCA_OWNED(GENERAL_NAMES, GENERAL_NAMES_free)
MCA_OWNED(NAME_CONSTRAINTS, NAME_CONSTRAINTS_free)
MCA_OWNED(OSSL_STORE_CTX, OSSL_STORE_close)
MCA_OWNED(OSSL_STORE_INFO, OSSL_STORE_INFO_free)

/* Memory that libcrypto allocated. */
typedef unsigned char ossl_bytes;
#define ossl_bytes_free(p) OPENSSL_free(p)
MCA_OWNED(ossl_bytes, ossl_bytes_free)

#endif
