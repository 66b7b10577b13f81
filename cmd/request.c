/*
 * request.c - see request.h.
 */
#include "request.h"

#include "fail.h"

#include <string.h>

mca_code
request_read(mca_csr **out, const char *path, struct mca_error *err)
{
	struct mca_csr_file file = { .path = path };

	mca_csr_read(&file, 1);
	if (file.code == MCA_OK)
		*out = file.csr;
	else
		*err = file.err;
	return file.code;
}

mca_code
request_pem(mca_blob *out, const mca_csr *csr, struct mca_error *err)
{
	size_t length;
	const uint8_t *der = mca_csr_der(csr, &length);

	return mca_pem_encode(out, "CERTIFICATE REQUEST", der, length, err);
}

/* The last path needs no end; one is put there for all that follows. */
static mca_code
read_ended(mca_blob *text, const char *from, struct mca_error *err)
{
	scoped(mca_blob) bytes = { 0 };
	mca_code code;

	code = mca_file_read(&bytes, from, MCA_LIMIT_LIST, err);
	if (code != MCA_OK)
		return code;
	text->bytes = malloc(bytes.length + 1);
	if (text->bytes == NULL)
		fail_memory();
	if (bytes.length > 0)
		memcpy(text->bytes, bytes.bytes, bytes.length);
	text->bytes[bytes.length] = '\0';
	text->length = bytes.length + 1;
	return MCA_OK;
}

/* Lines may end as those of Windows do; what ends in NUL is as it is. */
static void
end_line(char *at, char *stop, char end)
{
	if (end == '\n' && stop > at && stop[-1] == '\r')
		stop--;
	*stop = '\0';
}

mca_code
request_paths(struct words *out, mca_blob *text, const char *from,
    struct mca_error *err)
{
	char end = '\n';
	char *at, *last;

	if (read_ended(text, from, err) != MCA_OK)
		return err->code;
	at = (char *)text->bytes;
	last = at + text->length - 1;
	if (memchr(at, '\0', text->length - 1) != NULL)
		end = '\0';

	while (at < last) {
		char *stop = memchr(at, end, (size_t)(last - at));

		if (stop == NULL)
			stop = last;
		end_line(at, stop, end);
		if (*at != '\0')
			words_add(out, at);
		at = stop + 1;
	}
	if (out->count == 0)
		return fail(err, MCA_EFORMAT, "%s: lists no request",
		    MCA_SHOW_TEXT(from));
	return MCA_OK;
}
