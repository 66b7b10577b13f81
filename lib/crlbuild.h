/*
 * crlbuild.h - making a CRL (RFC 5280, 5.1), in memory that does not grow.
 *
 * Entries are encoded as they come and kept in a nameless file beside the
 * store; then the list is signed, and only then can it be read out.
 */
#ifndef MCA_CRLBUILD_H
#define MCA_CRLBUILD_H

#include "error.h"
#include "minica/blob.h"
#include "minica/cert.h"
#include "minica/key.h"
#include "minica/owned.h"

typedef struct mca_crlbuild mca_crlbuild;

/* What a list says besides its entries. */
struct mca_crl_head {
	const mca_cert *issuer;
	int64_t number; /* cRLNumber, from 1 */
	mca_time this_update, next_update;
};

/* mca_crlbuild_new begins a list; the entries go to a file in `directory`. */
mca_code mca_crlbuild_new(mca_crlbuild **out, const char *directory,
    struct mca_error *err);
void mca_crlbuild_free(mca_crlbuild *build);
MCA_OWNED(mca_crlbuild, mca_crlbuild_free)

/*
 * mca_crlbuild_add adds one entry: the magnitude of a positive serial number,
 * the reason by its number (0 writes none, RFC 5280, 5.3.1), and the
 * invalidityDate unless that is 0.
 */
mca_code mca_crlbuild_add(mca_crlbuild *build, const uint8_t *serial,
    size_t length, mca_time revoked, int reason, mca_time invalid_since,
    struct mca_error *err);

/*
 * mca_crl_begins_as_of says whether the first bytes of a CRL in DER name
 * `issuer` as theirs: enough to know whose list a large file holds.
 */
bool mca_crl_begins_as_of(const uint8_t *head, size_t length,
    const mca_cert *issuer);

size_t mca_crlbuild_count(const mca_crlbuild *build);

/* mca_crlbuild_sign ends the list.  It may be called again for another one. */
mca_code mca_crlbuild_sign(mca_crlbuild *build, const struct mca_crl_head *head,
    const mca_key *key, struct mca_error *err);

/* mca_crlbuild_sha256 hashes the DER of the signed list. */
mca_code mca_crlbuild_sha256(uint8_t out[32], mca_crlbuild *build,
    struct mca_error *err);

/* mca_crlbuild_write hands out the signed list, as PEM or DER. */
mca_code mca_crlbuild_write(mca_crlbuild *build, bool pem, mca_write *write,
    void *context, struct mca_error *err);

#endif
