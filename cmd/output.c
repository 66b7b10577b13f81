/*
 * output.c - see output.h.
 */
#include "output.h"

#include "fail.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char buffer[BUFSIZ];

void
output_begin(void)
{
	(void)setvbuf(stdout, buffer, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF,
	    sizeof(buffer));
}

bool
output_is_stdout(const char *path)
{
	return path == NULL || strcmp(path, "-") == 0;
}

/*
 * The directory without symbolic links, and the name in it as it is: this is
 * how the store remembers a file.
 */
static mca_code
absolute(char **out, const char *path, struct mca_error *err)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;
	owned(char) *directory = NULL;
	owned(char) *real = NULL;

	directory = slash == NULL ? strdup(".")
	    : slash == path	  ? strdup("/")
				  : strndup(path, (size_t)(slash - path));
	if (directory == NULL)
		fail_memory();
	real = realpath(directory, NULL);
	if (real == NULL)
		return fail_errno(err, MCA_ENOTFOUND, "%s: directory %s",
		    MCA_SHOW_TEXT(path), MCA_SHOW_TEXT(directory));
	if (asprintf(out, "%s/%s", strcmp(real, "/") == 0 ? "" : real, name) <
	    0)
		fail_memory();
	return MCA_OK;
}

/*
 * Without a store, and for what is no file that we could have written: no.
 * What cannot be read is neither ours nor somebody else's.
 */
static mca_code
is_ours(bool *ours, const struct session *s, const char *path,
    struct mca_error *err)
{
	uint8_t sha256[MCA_SHA256_SIZE];
	scoped(mca_blob) bytes = { 0 };
	struct stat there;
	mca_code code;

	*ours = false;
	if (s->ca == NULL || lstat(path, &there) != 0 ||
	    !S_ISREG(there.st_mode) || there.st_size > MCA_LIMIT_BUNDLE)
		return MCA_OK;
	if ((code = mca_file_read(&bytes, path, MCA_LIMIT_BUNDLE, err)) !=
		MCA_OK ||
	    (code = mca_sha256(sha256, bytes.bytes, bytes.length, err)) !=
		MCA_OK)
		return code;
	return mca_store_wrote(mca_ca_store(s->ca), ours, path, sha256, err);
}

/* Not even by force may an authority lose its record or its key. */
static mca_code
spare_home(const struct session *s, const char *path, struct mca_error *err)
{
	struct stat there;

	if (s->home == NULL || lstat(path, &there) != 0 ||
	    !mca_store_keeps(s->home, path))
		return MCA_OK;
	return fail(err, MCA_EEXISTS,
	    "%s: is the store of the home or one of its keys, and never "
	    "replaced: choose another name",
	    MCA_SHOW_TEXT(path));
}

static mca_code
may_replace(enum mca_file_replace *replace, const struct session *s,
    const char *path, bool force, struct mca_error *err)
{
	struct mca_error why;
	bool ours = force;

	if (!force && is_ours(&ours, s, path, err) != MCA_OK) {
		why = *err;
		return fail(err, MCA_ESYSTEM,
		    "cannot tell whether minica wrote the file that is there: "
		    "%s",
		    why.text);
	}
	*replace = ours ? MCA_FILE_REPLACE : MCA_FILE_NEW;
	return force ? spare_home(s, path, err) : MCA_OK;
}

mca_code
output_open(output *out, const struct session *s, const char *path, mode_t mode,
    bool force, struct mca_error *err)
{
	return output_open_beside(out, NULL, s, path, mode, force, err);
}

mca_code
output_open_beside(output *out, const output *other, const struct session *s,
    const char *path, mode_t mode, bool force, struct mca_error *err)
{
	enum mca_file_replace replace = MCA_FILE_NEW;
	mca_code code;

	if (output_is_stdout(path))
		return MCA_OK;
	if (absolute(&out->path, path, err) != MCA_OK ||
	    may_replace(&replace, s, out->path, force, err) != MCA_OK)
		return err->code;

	code = mca_file_open_beside(&out->file,
	    other == NULL ? NULL : other->file, path, mode, replace, err);
	if (code == MCA_EEXISTS)
		return fail(err, MCA_EEXISTS,
		    "%s: exists, and %s: choose another name, or replace it "
		    "with --force",
		    MCA_SHOW_TEXT(path),
		    mode == MODE_SECRET
			? "a private key replaces nothing unasked"
			: "as far as the store knows minica did not "
			  "write it as it is");
	return code;
}

mca_code
output_check_apart(const output *key, const output *other,
    struct mca_error *err)
{
	if (key->path == NULL || other->path == NULL ||
	    strcmp(key->path, other->path) != 0)
		return MCA_OK;
	return fail(err, MCA_EUSAGE,
	    "%s: the key goes there, and cannot share a file: give another "
	    "--out or --key-out",
	    MCA_SHOW_TEXT(other->path));
}

mca_code
output_write(output *out, const struct session *s, const mca_blob *bytes,
    struct mca_error *err)
{
	if (out->file == NULL) {
		print_bytes(s, bytes->bytes, bytes->length);
		return MCA_OK;
	}
	if (out->tried) {
		if (out->outcome.code != MCA_OK)
			*err = out->outcome;
		return out->outcome.code;
	}
	if (mca_file_write(out->file, bytes->bytes, bytes->length, err) !=
	    MCA_OK)
		return err->code;
	return mca_file_commit(out->file, err);
}

/* The files among `outs` that took their bytes; `at` tells whose they are. */
static size_t
fill(mca_file **files, size_t *at, output *const *outs,
    const mca_blob *const *bytes, size_t count)
{
	size_t filled = 0;

	for (size_t i = 0; i < count; i++) {
		output *out = outs[i];

		if (out->file == NULL)
			continue;
		out->tried = true;
		if (mca_file_write(out->file, bytes[i]->bytes, bytes[i]->length,
			&out->outcome) != MCA_OK)
			continue;
		files[filled] = out->file;
		at[filled++] = i;
	}
	return filled;
}

void
output_write_many(output *const *outs, const mca_blob *const *bytes,
    size_t count)
{
	mca_file **files = calloc(count + 1, sizeof(*files));
	size_t *at = calloc(count + 1, sizeof(*at));
	mca_code *codes = calloc(count + 1, sizeof(*codes));
	struct mca_error *errs = calloc(count + 1, sizeof(*errs));
	struct mca_error first;
	size_t filled;

	if (files == NULL || at == NULL || codes == NULL || errs == NULL)
		fail_memory();
	filled = fill(files, at, outs, bytes, count);
	if (filled > 0 &&
	    mca_files_commit(files, filled, codes, errs, &first) != MCA_OK)
		for (size_t i = 0; i < filled; i++)
			if (codes[i] != MCA_OK)
				outs[at[i]]->outcome = errs[i];
	free(files);
	free(at);
	free(codes);
	free(errs);
}

mca_code
output_deliver(output *out, struct session *s, const mca_blob *bytes,
    const char *serial, struct mca_error *err)
{
	struct mca_error written;

	if (out->file == NULL)
		hint(s,
		    "serial %s is recorded; write it again with "
		    "minica show %s --pem",
		    serial, serial);
	if (output_write(out, s, bytes, err) == MCA_OK)
		return MCA_OK;
	written = *err;
	return fail(err, MCA_ESYSTEM,
	    "%s; serial %s is recorded: minica show %s --pem writes it again",
	    written.text, serial, serial);
}

mca_code
output_check_binary(const struct session *s, const char *path, const char *what,
    struct mca_error *err)
{
	if (!output_is_stdout(path) ||
	    (s->doc == NULL && !isatty(STDOUT_FILENO)))
		return MCA_OK;
	return fail(err, MCA_EUSAGE,
	    "%s is not text, and has no place in %s: give --out FILE", what,
	    s->doc != NULL ? "JSON" : "a terminal");
}

/* What cannot be in a file's name, or would be a nuisance there, is "_". */
char *
output_name(const mca_san *san, const char *ending)
{
	const char *name = mca_san_at(san, 0)->text;
	bool wildcard = strncmp(name, "*.", 2) == 0;
	char *path = NULL;

	if (asprintf(&path, "%s%s%s", wildcard ? "_wildcard" : "",
		name + wildcard, ending) < 0)
		fail_memory();
	for (char *c = path; *c != '\0'; c++)
		if (*c == '/' || *c == '*')
			*c = '_';
	return path;
}

void
output_clear(output *out)
{
	mca_file_free(out->file);
	free(out->path);
	*out = (output){ 0 };
}

/* Why something did not arrive: an fsync tells of it only once. */
static int lost;

/*
 * A full disk shows at the flush, at the fsync or, on network file systems,
 * at the close.  Pipes and terminals cannot be synced, and need not be.
 */
static bool
flush(void)
{
	bool failed = ferror(stdout) != 0;
	struct stat there;

	if (lost != 0)
		return false;
	errno = EIO;
	if (fflush(stdout) == 0 && !failed &&
	    (fstat(STDOUT_FILENO, &there) != 0 || !S_ISREG(there.st_mode) ||
		fsync(STDOUT_FILENO) == 0))
		return true;
	lost = errno;
	return false;
}

bool
output_arrived(struct session *s)
{
	bool arrived = flush();

	if (arrived)
		mca_text_clear(&s->hints);
	return arrived;
}

static mca_code
finish(struct mca_error *err)
{
	bool arrived = flush();

	if (fclose(stdout) != 0 && arrived)
		return fail_errno(err, MCA_ESYSTEM, "standard output");
	errno = lost;
	return arrived ? MCA_OK
		       : fail_errno(err, MCA_ESYSTEM, "standard output");
}

mca_code
output_finish(struct mca_error *err)
{
	mca_code code = finish(err);

	explicit_bzero(buffer, sizeof(buffer));
	mca_cleanse_traces();
	return code;
}
