/*
 * minica/x509.h - libcrypto's own objects, for who needs more than we show.
 *
 * The one public header that shows libcrypto's types; minica.h does not
 * include it.  get0 borrows from the object, as in libcrypto.
 */
#ifndef MINICA_X509_H
#define MINICA_X509_H

#include "minica/cert.h"
#include "minica/crl.h"
#include "minica/csr.h"
#include "minica/key.h"

#include <openssl/x509.h>

/*
 * What is borrowed lives as long as the object, and must not be changed.
 * mca_cert_get0_x509 returns NULL when memory runs out.  The public key of a
 * request is not decoded in its X509_REQ: take it from mca_csr_spki.
 */
MCA_API X509 *mca_cert_get0_x509(const mca_cert *cert);
MCA_API X509_CRL *mca_crl_get0_x509_crl(const mca_crl *crl);
MCA_API X509_REQ *mca_csr_get0_x509_req(const mca_csr *csr);
MCA_API X509_NAME *mca_name_get0_x509_name(const mca_name *name);
MCA_API EVP_PKEY *mca_key_get0_pkey(const mca_key *key);
/* NULL when the key was kept from the decoder. */
MCA_API EVP_PKEY *mca_spki_get0_pkey(const mca_spki *spki);

#endif
