/*
 * keyfile.c - see keyfile.h.
 */
#include "keyfile.h"

#include "fail.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

mca_code
keyfile_write(output *out, struct session *s, const mca_key *key,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	scoped(mca_blob) pem = { 0 };

	if (mca_key_encode(&pem, key, passphrase, err) != MCA_OK ||
	    output_write(out, s, &pem, err) != MCA_OK)
		return err->code;
	if (passphrase == NULL)
		keyfile_warn(s, mca_file_path(out->file));
	return MCA_OK;
}

/* ---- what another run left ---- */

/* One that others can read or exchange is none to be certified unasked. */
static bool
is_ours_alone(int fd, off_t *size)
{
	struct stat there;

	if (fstat(fd, &there) != 0 || !S_ISREG(there.st_mode) ||
	    there.st_uid != geteuid() || (there.st_mode & 077) != 0)
		return false;
	*size = there.st_size;
	return there.st_size > 0 && there.st_size <= MCA_LIMIT_KEY;
}

static bool
read_whole(mca_blob *out, int fd, off_t size)
{
	out->bytes = calloc(1, (size_t)size + 1);
	if (out->bytes == NULL)
		fail_memory();
	while (out->length < (size_t)size) {
		ssize_t n = read(fd, out->bytes + out->length,
		    (size_t)size - out->length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		out->length += (size_t)n;
	}
	return true;
}

static bool
load(mca_key **out, const char *path)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	scoped(mca_blob) bytes = { 0 };
	struct mca_error none;
	off_t size;
	bool good;

	if (fd < 0)
		return false;
	good = is_ours_alone(fd, &size) && read_whole(&bytes, fd, size);
	(void)close(fd);
	return good && mca_key_parse(out, &bytes, NULL, &none) == MCA_OK;
}

/* The newest certificate of a key. */
static mca_code
note_serial(void *context, const struct mca_record *record,
    struct mca_error *err)
{
	char **serial = context;

	(void)err;
	if (*serial != NULL)
		return MCA_OK;
	*serial = strdup(record->serial);
	if (*serial == NULL)
		fail_memory();
	return MCA_OK;
}

mca_code
keyfile_left(mca_key **out, struct session *s, const char *path,
    const char *algorithm, struct mca_error *err)
{
	owned(mca_key) *key = NULL;
	owned(char) *serial = NULL;
	const mca_spki *spki;
	size_t count;

	if (!load(&key, path))
		return MCA_OK;
	spki = mca_key_spki(key);
	if (strcmp(mca_spki_algorithm(spki), algorithm) != 0)
		return MCA_OK;
	if (mca_store_of_key(mca_ca_store(s->ca), spki, note_serial, &serial,
		&count, err) != MCA_OK)
		return err->code;
	if (count > 0) {
		hint(s,
		    "it is the key of the certificate %s, which is on "
		    "record; to have that again:",
		    serial);
		hint(s, "minica export %s --out FILE", serial);
		return MCA_OK;
	}
	talk(s,
	    "%s: a key without a certificate, left by another run: it is "
	    "used",
	    MCA_SHOW_TEXT(path));
	*out = give(&key);
	return MCA_OK;
}

void
keyfile_warn(struct session *s, const char *what)
{
	warn(s, "%s is not encrypted; its file mode alone protects it",
	    MCA_SHOW_TEXT(what));
}
