/*
 * install_system.c - the trust store of the operating system.
 *
 * Systems have a directory for certificates of the administrator's, and a
 * program that makes of it what the programs of the system read.
 */
#include "install.h"

#include "child.h"
#include "fail.h"
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct flavour {
	const char *directory, *ending, *program;
	const char *bundle; /* what comes of it */
} flavours[] = {
	/* Arch; Fedora, RHEL; openSUSE; Debian, Ubuntu, Alpine */
	{ "/etc/ca-certificates/trust-source/anchors", ".crt",
	    "update-ca-trust",
	    "/etc/ca-certificates/extracted/tls-ca-bundle.pem" },
	{ "/etc/pki/ca-trust/source/anchors", ".crt", "update-ca-trust",
	    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem" },
	{ "/etc/pki/trust/anchors", ".pem", "update-ca-certificates",
	    "/etc/ssl/ca-bundle.pem" },
	{ "/usr/local/share/ca-certificates", ".crt", "update-ca-certificates",
	    "/etc/ssl/certs/ca-certificates.crt" },
};

static char *
joined(const char *a, const char *b, const char *c, const char *d)
{
	char *out = NULL;

	if (asprintf(&out, "%s%s%s%s", a, b, c, d) < 0)
		fail_memory();
	return out;
}

/* The first whose program and directory are both there. */
static const struct flavour *
recognise(char **program, const char *root)
{
	for (size_t i = 0; i < sizeof(flavours) / sizeof(flavours[0]); i++) {
		owned(char) *path = joined(root, flavours[i].directory, "", "");
		struct stat there;

		if (stat(path, &there) != 0 || !S_ISDIR(there.st_mode))
			continue;
		*program = child_find(root, flavours[i].program);
		if (*program != NULL)
			return &flavours[i];
	}
	return NULL;
}

static bool
holds(const mca_certs *list, const mca_cert *cert)
{
	for (size_t i = 0; i < list->count; i++)
		if (memcmp(mca_cert_sha256(list->rows[i]),
			mca_cert_sha256(cert), MCA_SHA256_SIZE) == 0)
			return true;
	return false;
}

/* What programs of the system see; without a bundle, nothing. */
static void
read_bundle(mca_certs *out, const char *root, const struct flavour *flavour)
{
	owned(char) *path = joined(root, flavour->bundle, "", "");
	struct mca_error none;

	if (mca_certs_read(out, path, &none) != MCA_OK)
		mca_certs_clear(out);
}

/* ---- one certificate ---- */

/* Our name with other contents is not ours. */
static mca_code
check_ours(bool *there, const char *path, const mca_cert *cert,
    struct mca_error *err)
{
	scoped(mca_certs) certs = { 0 };
	struct stat status;

	*there = lstat(path, &status) == 0;
	if (!*there)
		return MCA_OK;
	if (S_ISREG(status.st_mode) &&
	    mca_certs_read(&certs, path, err) == MCA_OK && certs.count == 1 &&
	    holds(&certs, cert))
		return MCA_OK;
	return fail(err, MCA_EEXISTS,
	    "%s has our name, and is not our certificate: look at it, and "
	    "remove it by hand",
	    MCA_SHOW_TEXT(path));
}

static mca_code
write_file(const char *path, const mca_cert *cert, struct mca_error *err)
{
	scoped(mca_blob) pem = { 0 };

	if (mca_cert_pem(&pem, cert, err) != MCA_OK)
		return err->code;
	return mca_file_save(path, pem.bytes, pem.length, MODE_PUBLIC,
	    MCA_FILE_NEW, err);
}

static mca_code
change_file(struct installing *what, const char *path, const mca_cert *cert,
    bool *changed, struct mca_error *err)
{
	bool there = false;

	if (check_ours(&there, path, cert, err) != MCA_OK)
		return err->code;
	*changed = there == what->remove;
	if (!*changed || what->dry_run)
		return MCA_OK;
	if (!what->remove)
		return write_file(path, cert, err);
	if (unlink(path) != 0)
		return fail_errno(err, MCA_ESYSTEM, "%s", MCA_SHOW_TEXT(path));
	return MCA_OK;
}

/* A file that is there while the bundle lacks it was not finished. */
static mca_code
change_files(struct installing *what, const struct flavour *flavour,
    bool *update, struct mca_error *err)
{
	scoped(mca_certs) seen = { 0 };

	read_bundle(&seen, what->root, flavour);
	for (size_t i = 0; i < what->anchors->count; i++) {
		const mca_cert *cert = what->anchors->rows[i];
		scoped(mca_text) name = { 0 };
		owned(char) *directory =
		    joined(what->root, flavour->directory, "/", "");
		owned(char) *path = NULL;
		bool changed = false;

		install_name(&name, cert);
		path =
		    joined(directory, mca_text_get(&name), flavour->ending, "");
		if (change_file(what, path, cert, &changed, err) != MCA_OK)
			return err->code;
		*update = *update || changed ||
		    (!what->remove && !holds(&seen, cert));
		install_tell(what, path, cert, changed);
	}
	return MCA_OK;
}

/* ---- all of them ---- */

static mca_code
check_effect(const struct installing *what, const struct flavour *flavour,
    const char *program, struct mca_error *err)
{
	scoped(mca_certs) seen = { 0 };

	read_bundle(&seen, what->root, flavour);
	for (size_t i = 0; i < what->anchors->count; i++)
		if (!what->remove && !holds(&seen, what->anchors->rows[i]))
			return fail(err, MCA_ESYSTEM,
			    "%s ended well, but %s%s does not hold %s", program,
			    what->root, flavour->bundle,
			    mca_name_text(
				mca_cert_subject(what->anchors->rows[i])));
	return MCA_OK;
}

mca_code
install_system(struct installing *what, struct mca_error *err)
{
	owned(char) *program = NULL;
	const struct flavour *flavour = recognise(&program, what->root);
	bool update = false;

	if (flavour == NULL)
		return fail(err, MCA_ENOTFOUND,
		    "%s/ has no trust store that is known here (Debian, "
		    "Alpine, "
		    "Fedora, openSUSE, Arch): install its ca-certificates, or "
		    "use minica trust export",
		    what->root);
	if (change_files(what, flavour, &update, err) != MCA_OK)
		return err->code;
	if (!update)
		return MCA_OK;
	print(what->s, "%s%s\n", what->dry_run ? "would run " : "running ",
	    program);
	if (what->dry_run)
		return MCA_OK;
	if (child_must(what->root, (const char *const[]){ program, NULL },
		err) != MCA_OK)
		return err->code;
	return check_effect(what, flavour, program, err);
}
