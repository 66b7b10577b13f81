/*
 * password.c - see password.h.
 */
#include "password.h"

#include "minica/file.h"
#include "minica/limits.h"
#include "minica/owned.h"

#include <string.h>

static int
get(void *context, char *out, size_t size, struct mca_error *err)
{
	const struct mca_password *password = context;
	scoped(mca_blob) bytes = { 0 };
	const uint8_t *end;
	size_t length;

	if (mca_file_read(&bytes, password->path, MCA_LIMIT_PASSPHRASE, err) !=
	    MCA_OK)
		return -1;
	end = memchr(bytes.bytes, '\n', bytes.length);
	length = end == NULL ? bytes.length : (size_t)(end - bytes.bytes);
	if (length > 0 && bytes.bytes[length - 1] == '\r')
		length--;
	if (length == 0 || length > size) {
		(void)mca_fail(err, MCA_EKEY, "%s: its first line is %s",
		    password->path,
		    length == 0 ? "empty" : "too long for a password");
		return -1;
	}
	memcpy(out, bytes.bytes, length);
	return (int)length;
}

const struct mca_passphrase *
mca_password_use(struct mca_password *password, const char *path)
{
	password->path = path;
	password->source = (struct mca_passphrase){ get, password };
	return &password->source;
}
