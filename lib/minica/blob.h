/*
 * minica/blob.h - bytes with their length, and passphrases.
 *
 * A blob of zeros is empty.  Its memory is cleansed before it is freed, so
 * that the same type serves for keys and for everything else.
 */
#ifndef MINICA_BLOB_H
#define MINICA_BLOB_H

#include "minica/error.h"

typedef struct mca_blob {
	uint8_t *bytes;
	size_t length;
} mca_blob;

/* mca_blob_clear cleanses and frees the bytes and makes the blob empty. */
MCA_API void mca_blob_clear(mca_blob *blob);
MCA_SCOPED(mca_blob, mca_blob_clear)

/* mca_blob_copy replaces what `blob` holds by a copy of `bytes`. */
MCA_API mca_code mca_blob_copy(mca_blob *blob, const void *bytes, size_t length,
    struct mca_error *err);

/* A mca_write takes bytes that are too many to be held; see who asks for one.
 */
typedef mca_code mca_write(void *context, const void *bytes, size_t length,
    struct mca_error *err);

/*
 * A passphrase that a caller can supply.  `get` is asked at most once for one
 * use and writes up to `size` bytes; it returns their number, or -1 with
 * `err` set.  A NULL pointer to this struct means: there is no passphrase.
 */
struct mca_passphrase {
	int (
	    *get)(void *context, char *out, size_t size, struct mca_error *err);
	void *context;
};

#endif
