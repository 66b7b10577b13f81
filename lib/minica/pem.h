/*
 * minica/pem.h - PEM files, block by block (RFC 7468).
 *
 * The reader accepts what real files hold: text before, between and after
 * blocks, CRLF, a byte-order mark.  It refuses, naming the line, a block that
 * does not end, ends under another label, or is not base64.
 */
#ifndef MINICA_PEM_H
#define MINICA_PEM_H

#include "minica/blob.h"

struct mca_pem_block {
	char label[48];	  /* "CERTIFICATE" */
	size_t line;	  /* of its BEGIN line, from 1 */
	mca_blob der;	  /* what the base64 holds; empty for headers below */
	bool has_headers; /* an old encrypted key, RFC 1421 */
};

/* Blocks in the order of the file; a pem of zeros is empty. */
typedef struct mca_pem {
	struct mca_pem_block *blocks;
	size_t count;
} mca_pem;

MCA_API void mca_pem_clear(mca_pem *pem);
MCA_SCOPED(mca_pem, mca_pem_clear)

/*
 * mca_pem_parse reads every block of `bytes`.  No block at all is MCA_OK with
 * a count of 0: the bytes may be DER.
 */
MCA_API mca_code mca_pem_parse(mca_pem *out, const uint8_t *bytes,
    size_t length, struct mca_error *err);

/* mca_pem_encode appends one block of `label` to `out`. */
MCA_API mca_code mca_pem_encode(mca_blob *out, const char *label,
    const uint8_t *der, size_t length, struct mca_error *err);

#endif
