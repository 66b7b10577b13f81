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
is_ours_alone(const struct stat *there)
{
	return S_ISREG(there->st_mode) && there->st_uid == geteuid() &&
	    (there->st_mode & 077) == 0 && there->st_size > 0 &&
	    there->st_size <= MCA_LIMIT_KEY;
}

/* Leaves `out` empty where there is no file that may be used. */
static mca_code
read_ours(mca_blob *out, int fd, const char *path, struct mca_error *err)
{
	struct stat there;

	if (fstat(fd, &there) != 0)
		return fail_errno(err, MCA_ESYSTEM, "%s", path);
	return is_ours_alone(&there)
	    ? mca_file_read_open(out, fd, path, MCA_LIMIT_KEY, err)
	    : MCA_OK;
}

static mca_code
load(mca_key **out, const char *path, struct mca_error *err)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	scoped(mca_blob) bytes = { 0 };
	struct mca_error why = { 0 };
	mca_code code;

	if (fd < 0 && errno != EIO && errno != EMFILE && errno != ENFILE)
		return MCA_OK;
	if (fd < 0)
		return fail_errno(err, MCA_ESYSTEM, "%s", MCA_SHOW_TEXT(path));
	code = read_ours(&bytes, fd, MCA_SHOW_TEXT(path), err);
	(void)close(fd);
	if (code != MCA_OK || bytes.length == 0)
		return code;
	/* Whatever else it is, it is no key to go on with. */
	if (mca_key_parse(out, &bytes, NULL, &why) == MCA_ESYSTEM)
		return fail(err, why.code, "%s", why.text);
	return MCA_OK;
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

	if (load(&key, path, err) != MCA_OK)
		return err->code;
	if (key == NULL)
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
