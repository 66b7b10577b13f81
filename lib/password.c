/*
 * password.c - see password.h.
 */
#include "password.h"

#include "minica/file.h"
#include "minica/limits.h"
#include "minica/owned.h"

#include <string.h>

/* The file, and how much of it is the password: of 1 to `most` octets. */
static mca_code
read_line(mca_blob *bytes, size_t *length, const char *path, size_t most,
    struct mca_error *err)
{
	const uint8_t *end;

	if (mca_file_read(bytes, path, MCA_LIMIT_PASSPHRASE, err) != MCA_OK)
		return err->code;
	end = memchr(bytes->bytes, '\n', bytes->length);
	*length = end == NULL ? bytes->length : (size_t)(end - bytes->bytes);
	if (*length > 0 && bytes->bytes[*length - 1] == '\r')
		--*length;
	if (*length == 0 || *length > most)
		return mca_fail(err, MCA_EKEY, "%s: its first line is %s", path,
		    *length == 0 ? "empty" : "too long for a password");
	return MCA_OK;
}

static int
get(void *context, char *out, size_t size, struct mca_error *err)
{
	const struct mca_password *password = context;
	scoped(mca_blob) bytes = { 0 };
	size_t length = 0;

	if (read_line(&bytes, &length, password->path, size, err) != MCA_OK)
		return -1;
	memcpy(out, bytes.bytes, length);
	return (int)length;
}

mca_code
mca_password_check(const char *path, struct mca_error *err)
{
	scoped(mca_blob) bytes = { 0 };
	size_t length = 0;

	return read_line(&bytes, &length, path, MCA_LIMIT_PASSPHRASE, err);
}

const struct mca_passphrase *
mca_password_use(struct mca_password *password, const char *path)
{
	password->path = path;
	password->source = (struct mca_passphrase){ get, password };
	return &password->source;
}
