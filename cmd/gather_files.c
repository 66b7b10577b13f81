/*
 * gather_files.c - the certificates in files on disk.
 */
#include "report.h"

#include "fail.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define DEEPEST 16

/* What the store knows of a certificate by its fingerprint. */
struct known {
	bool found, revoked, renewed;
};

static mca_code
note_known(void *context, const struct mca_record *record,
    struct mca_error *err)
{
	struct known *known = context;

	(void)err;
	known->found = true;
	known->revoked |= record->revoked != 0;
	known->renewed |= record->renewed;
	return MCA_OK;
}

static mca_code
ask_store(const report *r, struct known *known, const mca_cert *cert,
    struct mca_error *err)
{
	scoped(mca_text) sha256 = { 0 };
	size_t count;

	mca_text_hex(&sha256, mca_cert_sha256(cert), MCA_SHA256_SIZE);
	return mca_store_find(mca_ca_store(r->s->ca), mca_text_get(&sha256),
	    note_known, known, &count, err);
}

/* The first of a file is its own; of a chain, the first end counts. */
static mca_code
judge_file(const report *r, struct report_item *item, const mca_certs *certs,
    struct mca_error *err)
{
	struct known known = { 0 };

	report_cert(item, certs->rows[0]);
	report_span(r, item);
	for (size_t i = 1; i < certs->count; i++)
		if (mca_cert_not_after(certs->rows[i]) < r->s->now)
			report_say(item, REPORT_DUE, "MC-S-FILE-CHAIN",
			    "certificate %zu in it (%s) ended on %s", i + 1,
			    mca_name_text(mca_cert_subject(certs->rows[i])),
			    MCA_TIME(mca_cert_not_after(certs->rows[i])));
	if (ask_store(r, &known, certs->rows[0], err) != MCA_OK)
		return err->code;
	if (known.revoked)
		report_say(item, REPORT_DUE, "MC-S-FILE-REVOKED",
		    "holds a certificate that is revoked");
	if (known.renewed)
		report_say(item, REPORT_DUE, "MC-S-FILE-OLD",
		    "holds a certificate that was renewed, not the new one");
	return MCA_OK;
}

static bool
ends_in(const char *path, const char *ending)
{
	size_t length = strlen(path), tail = strlen(ending);

	return length > tail && strcmp(path + length - tail, ending) == 0;
}

/* Files of which it is expected that they hold certificates. */
static bool
is_named_so(const char *path)
{
	static const char *const endings[] = { ".pem", ".crt", ".cer", ".cert",
		".der" };

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (ends_in(path, endings[i]))
			return true;
	return false;
}

/* A key, a request and a list are no certificates, and no fault either. */
static bool
holds_none(const mca_blob *bytes)
{
	scoped(mca_pem) pem = { 0 };
	struct mca_error ignored;

	if (mca_pem_parse(&pem, bytes->bytes, bytes->length, &ignored) !=
		MCA_OK ||
	    pem.count == 0)
		return false;
	for (size_t i = 0; i < pem.count; i++)
		if (strstr(pem.blocks[i].label, "CERTIFICATE") != NULL &&
		    strstr(pem.blocks[i].label, "REQUEST") == NULL)
			return false;
	return true;
}

static void
tell_unread(report *r, const char *path, const char *why)
{
	report_say(report_add(r, REPORT_FILE, MCA_SHOW_TEXT(path)),
	    REPORT_UNKNOWN, "MC-S-FILE-UNREADABLE", "%s", why);
}

static mca_code
look_at(report *r, const char *path, struct mca_error *err)
{
	scoped(mca_certs) certs = { 0 };
	scoped(mca_blob) bytes = { 0 };
	struct mca_error bad;
	mca_code code = mca_file_read(&bytes, path, MCA_LIMIT_BUNDLE, &bad);
	bool holds = code == MCA_OK && bytes.length > 0 &&
	    memmem(bytes.bytes, bytes.length, "-----BEGIN CERT", 15) != NULL;

	if ((!holds && !is_named_so(path)) ||
	    (code == MCA_OK && holds_none(&bytes)))
		return MCA_OK;
	if (code == MCA_OK)
		code = mca_certs_parse(&certs, bytes.bytes, bytes.length, &bad);
	if (code == MCA_OK)
		return judge_file(r,
		    report_add(r, REPORT_FILE, MCA_SHOW_TEXT(path)), &certs,
		    err);
	tell_unread(r, path, bad.text);
	return MCA_OK;
}

static mca_code walk(report *r, const char *path, int depth,
    struct mca_error *err);

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
is_shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static mca_code
walk_directory(report *r, const char *path, int depth, struct mca_error *err)
{
	struct dirent **names = NULL;
	int count = scandir(path, &names, is_shown, by_name);
	mca_code code = MCA_OK;

	if (count < 0)
		tell_unread(r, path, strerror(errno));
	for (int i = 0; i < count; i++) {
		owned(char) *below = NULL;

		if (asprintf(&below, "%s/%s", path, names[i]->d_name) < 0)
			fail_memory();
		if (code == MCA_OK)
			code = walk(r, below, depth + 1, err);
		free(names[i]);
	}
	free(names);
	return code;
}

/*
 * Links to files are followed, as servers do; links to directories are not.
 * What is no file is passed over, unless it was named.
 */
static mca_code
walk(report *r, const char *path, int depth, struct mca_error *err)
{
	struct stat there, target;

	if (lstat(path, &there) != 0 || stat(path, &target) != 0)
		tell_unread(r, path, strerror(errno));
	else if (S_ISREG(target.st_mode))
		return look_at(r, path, err);
	else if (depth == 0 && !S_ISDIR(target.st_mode))
		tell_unread(r, path, "is not a regular file");
	else if (S_ISDIR(there.st_mode) && depth > DEEPEST)
		tell_unread(r, path, "is too deep to be entered");
	else if (S_ISDIR(there.st_mode) ||
	    (depth == 0 && S_ISDIR(target.st_mode)))
		return walk_directory(r, path, depth, err);
	return MCA_OK;
}

mca_code
gather_files(report *r, const struct words *paths, struct mca_error *err)
{
	mca_code code = MCA_OK;

	for (size_t i = 0; i < paths->count && code == MCA_OK; i++)
		code = walk(r, paths->rows[i], 0, err);
	return code;
}
