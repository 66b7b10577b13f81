/*
 * trust.c - see minica/trust.h.
 */
#include "minica/trust.h"
#include "error.h"

#include "minica/owned.h"
#include "minica/text.h"

#include <dirent.h>
#include <errno.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where systems keep their roots as one file; libcrypto's own place last. */
static const char *const system_files[] = {
	"/etc/ssl/certs/ca-certificates.crt",	  /* Debian, Alpine, Arch */
	"/etc/pki/tls/certs/ca-bundle.crt",	  /* Fedora, RHEL */
	"/etc/ssl/ca-bundle.pem",		  /* openSUSE */
	"/etc/ssl/cert.pem",			  /* macOS, BSD, Alpine */
	"/usr/local/share/certs/ca-root-nss.crt", /* FreeBSD */
	NULL,
};

static mca_code
read_system(mca_certs *out, struct mca_error *err)
{
	const char *path = X509_get_default_cert_file();
	mca_code code;

	for (size_t i = 0; system_files[i] != NULL; i++)
		if (access(system_files[i], R_OK) == 0) {
			path = system_files[i];
			break;
		}
	code = mca_certs_read(out, path, err);
	if (code != MCA_OK)
		return mca_within(err, "the machine's root store");
	return MCA_OK;
}

/* Names beginning with a dot are an editor's or a version control's. */
static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static mca_code
read_entry(mca_certs *out, const char *directory, const char *name,
    size_t *files, struct mca_error *err)
{
	scoped(mca_text) path = { 0 };
	struct stat status;

	mca_text_addf(&path, "%s/%s", directory, name);
	if (path.failed)
		return mca_fail_memory(err);
	if (stat(mca_text_get(&path), &status) != 0)
		return mca_fail_errno(err, MCA_ENOTFOUND, "%s",
		    MCA_SHOW_TEXT(mca_text_get(&path)));
	if (!S_ISREG(status.st_mode))
		return MCA_OK;
	++*files;
	return mca_certs_read(out, mca_text_get(&path), err);
}

static void
free_entries(struct dirent **entries, int count)
{
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
}

static mca_code
read_directory(mca_certs *out, const char *where, struct mca_error *err)
{
	struct dirent **entries = NULL;
	size_t files = 0;
	mca_code code = MCA_OK;
	int count = scandir(where, &entries, is_visible, alphasort);

	if (count < 0)
		return mca_fail_errno(err, MCA_ENOTFOUND, "%s",
		    MCA_SHOW_TEXT(where));
	for (int i = 0; i < count && code == MCA_OK; i++)
		code = read_entry(out, where, entries[i]->d_name, &files, err);
	free_entries(entries, count);
	if (code == MCA_OK && files == 0)
		return mca_fail(err, MCA_EFORMAT,
		    "%s: the directory holds no file of trust anchors",
		    MCA_SHOW_TEXT(where));
	return code;
}

mca_code
mca_trust_read(mca_certs *out, const char *where, struct mca_error *err)
{
	struct stat status;

	if (strcmp(where, "system") == 0)
		return read_system(out, err);
	if (stat(where, &status) == 0 && S_ISDIR(status.st_mode))
		return read_directory(out, where, err);
	return mca_certs_read(out, where, err);
}
