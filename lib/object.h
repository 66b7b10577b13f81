/*
 * object.h - the objects of layer 2, made from libcrypto's.
 */
#ifndef MCA_OBJECT_H
#define MCA_OBJECT_H

#include "minica/cert.h"
#include "minica/csr.h"
#include "minica/key.h"
#include "minica/name.h"
#include "minica/san.h"
#include "minica/spki.h"
#include "minica/text.h"
#include "minica/time.h"
#include "ossl.h"

/*
 * mca_spki_examine is mca_spki_parse of a bare key (bare.h).  mca_spki_from is
 * the same for keys that are to be used, not certified: it decodes what can be
 * decoded without harm, and MCA_EFORMAT is all it says of the rest.
 */
mca_code mca_spki_examine(mca_spki **out, X509_PUBKEY *key,
    struct mca_error *err);
mca_code mca_spki_from(mca_spki **out, X509_PUBKEY *key, struct mca_error *err);

/*
 * mca_key_generate_short makes an RSA key of 1024 bits, which is quick, for
 * signatures that nobody is to rely on; of 2048 where libcrypto makes none so
 * short.
 */
mca_code mca_key_generate_short(mca_key **out, struct mca_error *err);

/*
 * mca_key_stand_in makes a key of an algorithm, and of the size that belongs to
 * it, for what is examined and never issued: an RSA key has more primes than
 * two and is there the sooner.  The next one of the algorithm is the same.
 */
mca_code mca_key_stand_in(mca_key **out, const char *algorithm,
    struct mca_error *err);

/* mca_spki_ref returns `spki` again, to be freed once more. */
mca_spki *mca_spki_ref(const mca_spki *spki);

/*
 * mca_spki_sound returns the kinds of rules (minica/weak.h) that the key was
 * found to keep, and mca_spki_found_sound adds to them: a key is asked once.
 */
unsigned mca_spki_sound(const mca_spki *spki);
void mca_spki_found_sound(const mca_spki *spki, unsigned kinds);

/*
 * mca_spki_copy puts the key into a new certificate or request as it was
 * encoded, which X509_set_pubkey would do again; false when memory runs out.
 */
bool mca_spki_copy(X509_PUBKEY *to, const mca_spki *spki);

/*
 * mca_cert_get0_bare is mca_cert_get0_x509 without its key decoded (bare.h):
 * for reading fields and extensions.
 */
X509 *mca_cert_get0_bare(const mca_cert *cert);

/*
 * mca_cert_parse_of is mca_cert_parse of a certificate, parts of which may be
 * `known`: what is encoded alike is shared, and not read again.
 */
struct mca_known_parts {
	const mca_spki *spki; /* NULL: not known, as the others */
	const mca_name *subject, *issuer;
};
mca_code mca_cert_parse_of(mca_cert **out, const uint8_t *der, size_t length,
    const struct mca_known_parts *known, struct mca_error *err);

/*
 * mca_name_from copies a name.  mca_name_like shares `known` (NULL: nothing is)
 * if it is encoded alike.
 */
mca_code mca_name_from(mca_name **out, const X509_NAME *name,
    struct mca_error *err);
mca_code mca_name_like(mca_name **out, const X509_NAME *name,
    const mca_name *known, struct mca_error *err);

/*
 * Where names come from decides what is a flaw: a request may write
 * "example.org." and is understood, a certificate may not.
 */
enum mca_san_origin { MCA_SAN_OF_REQUEST, MCA_SAN_OF_CERTIFICATE };

/* mca_san_from reads names as encoded, flaws and all; NULL makes none. */
mca_code mca_san_from(mca_san **out, const GENERAL_NAMES *names,
    enum mca_san_origin origin, struct mca_error *err);

/*
 * mca_san_general_names encodes well-formed names for libcrypto;
 * mca_san_asked_names encodes those of a request, flaws and all.
 */
mca_code mca_san_general_names(GENERAL_NAMES **out, const mca_san *san,
    struct mca_error *err);
mca_code mca_san_asked_names(GENERAL_NAMES **out, const mca_san *san,
    struct mca_error *err);

/* mca_san_wished is mca_san_new that keeps names that are not well-formed. */
mca_code mca_san_wished(mca_san **out, const char *const *names, size_t count,
    struct mca_error *err);

/*
 * mca_csr_renew makes what a request for the subject, names and key of `cert`
 * would be.  Nobody signed it, and it has no DER: that its sender holds the
 * key was proved when `cert` was issued, so it is only for whoever has the
 * record of that.  mca_csr_is_renewal tells such a request from others.
 */
mca_code mca_csr_renew(mca_csr **out, const mca_cert *cert,
    struct mca_error *err);
bool mca_csr_is_renewal(const mca_csr *csr);

/*
 * mca_time_from reads an ASN.1 time; false if it cannot be decoded.
 * mca_time_set writes one, as RFC 5280, 4.1.2.5 wants it (UTCTime through
 * 2049), mca_time_generalized a new GeneralizedTime; false and NULL if memory
 * ran out.  What libcrypto and the C library do in time_t would end in 2038
 * where that has 32 bits.
 */
bool mca_time_from(mca_time *out, const ASN1_TIME *time);
bool mca_time_set(ASN1_TIME *out, mca_time time);
ASN1_GENERALIZEDTIME *mca_time_generalized(mca_time time);

/* mca_oid_text adds an OID in dotted form; mca_oid_name its short name. */
void mca_oid_text(mca_text *out, const ASN1_OBJECT *oid);
void mca_oid_name(mca_text *out, const ASN1_OBJECT *oid);

/* mca_extension_read tells which one it is, and whether it is critical. */
void mca_extension_read(struct mca_cert_extension *out,
    X509_EXTENSION *extension);

/* mca_extension_text adds what an extension holds, in words, escaped. */
void mca_extension_text(mca_text *out, X509_EXTENSION *extension);

/* mca_key_usage_text and mca_ext_key_usage_text add usages by name. */
void mca_key_usage_text(mca_text *out, const ASN1_BIT_STRING *usage);
void mca_ext_key_usage_text(mca_text *out, const EXTENDED_KEY_USAGE *usage);

/* mca_revoked_reason returns an entry's reason by name, NULL without one. */
const char *mca_revoked_reason(const X509_REVOKED *entry);

#endif
