/*
 * blob.c - see minica/blob.h.
 */
#include "minica/blob.h"

#include "error.h"

#include <stdlib.h>
#include <string.h>

void
mca_blob_clear(mca_blob *blob)
{
	if (blob->bytes != NULL)
		explicit_bzero(blob->bytes, blob->length);
	free(blob->bytes);
	blob->bytes = NULL;
	blob->length = 0;
}

mca_code
mca_blob_copy(mca_blob *blob, const void *bytes, size_t length,
    struct mca_error *err)
{
	uint8_t *copy = malloc(length + 1);

	if (copy == NULL)
		return mca_fail_memory(err);
	if (length > 0)
		memcpy(copy, bytes, length);
	copy[length] = 0;
	mca_blob_clear(blob);
	blob->bytes = copy;
	blob->length = length;
	return MCA_OK;
}
