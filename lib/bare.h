/*
 * bare.h - objects read with their keys left alone.
 *
 * libcrypto decodes a public key as soon as it reads one, and asks every
 * decoder of every provider whether it would like to: ten times the cost of the
 * rest of a certificate, and a hostile key is in the decoder before anybody has
 * looked at it (CVE-2022-0778).  These functions read it as octets, which
 * mca_pubkey_decode decodes when it is wanted; X509_get0_pubkey of what they
 * return is NULL.
 */
#ifndef MCA_BARE_H
#define MCA_BARE_H

#include "ossl.h"

/*
 * mca_bare_x509, mca_bare_x509_req and mca_bare_spki are d2i_X509,
 * d2i_X509_REQ and d2i_X509_PUBKEY of a new object, or NULL.
 */
X509 *mca_bare_x509(const uint8_t **at, size_t length);
X509_REQ *mca_bare_x509_req(const uint8_t **at, size_t length);
X509_PUBKEY *mca_bare_spki(const uint8_t **at, size_t length);

#endif
