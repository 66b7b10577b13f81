/*
 * install_nss.c - the databases of Firefox, Thunderbird and Chrome.
 *
 * They are NSS's, and certutil (of NSS) changes them.
 */
#include "install.h"

#include "child.h"
#include "fail.h"
#include "memfile.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Below the home; a database is where its cert9.db is. */
static const char *const places[] = {
	".pki/nssdb",
	".mozilla/firefox/*",
	".config/mozilla/firefox/*",
	".thunderbird/*",
	"snap/firefox/common/.mozilla/firefox/*",
	"snap/chromium/current/.pki/nssdb",
	".var/app/org.mozilla.firefox/.mozilla/firefox/*",
	NULL,
};

static void
find_all(glob_t *found, const char *home)
{
	int more = 0;

	for (size_t i = 0; places[i] != NULL; i++) {
		owned(char) *pattern = NULL;

		if (asprintf(&pattern, "%s/%s/cert9.db", home, places[i]) < 0)
			fail_memory();
		if (glob(pattern, more, NULL, found) == GLOB_NOSPACE)
			fail_memory();
		more = GLOB_APPEND;
	}
}

/* "sql:" and the directory of a cert9.db. */
static char *
database(const char *file)
{
	char *out = NULL;

	if (asprintf(&out, "sql:%.*s",
		(int)(strlen(file) - strlen("/cert9.db")), file) < 0)
		fail_memory();
	return out;
}

static mca_code
add(const char *certutil, const char *db, const char *name,
    const mca_cert *cert, struct mca_error *err)
{
	scoped(mca_blob) pem = { 0 };
	scoped(memfile) file = { 0 };

	if (mca_cert_pem(&pem, cert, err) != MCA_OK ||
	    memfile_make(&file, "root.pem", pem.bytes, pem.length, err) !=
		MCA_OK)
		return err->code;
	return child_must("",
	    (const char *const[]){ certutil, "-A", "-d", db, "-n", name, "-t",
		"C,,", "-a", "-i", file.path, NULL },
	    err);
}

static mca_code
change_one(struct installing *what, const char *certutil, const char *db,
    const mca_cert *cert, struct mca_error *err)
{
	scoped(mca_text) name = { 0 };
	int status = -1;
	bool change;

	install_name(&name, cert);
	if (child_run(&status, NULL, "",
		(const char *const[]){ certutil, "-L", "-d", db, "-n",
		    mca_text_get(&name), NULL },
		err) != MCA_OK)
		return err->code;
	change = (status == 0) == what->remove;
	if (change && !what->dry_run) {
		mca_code code = what->remove
		    ? child_must("",
			  (const char *const[]){ certutil, "-D", "-d", db, "-n",
			      mca_text_get(&name), NULL },
			  err)
		    : add(certutil, db, mca_text_get(&name), cert, err);

		if (code != MCA_OK)
			return within(err, "%s", MCA_SHOW_TEXT(db));
	}
	install_tell(what, db, cert, change);
	return MCA_OK;
}

static mca_code
change_all(struct installing *what, const char *certutil, const glob_t *found,
    struct mca_error *err)
{
	for (size_t i = 0; i < found->gl_pathc; i++) {
		owned(char) *db = database(found->gl_pathv[i]);

		/* Whether one is there can be told only once this works. */
		if (child_must("",
			(const char *const[]){ certutil, "-L", "-d", db, NULL },
			err) != MCA_OK)
			return within(err, "%s", MCA_SHOW_TEXT(db));
		for (size_t j = 0; j < what->anchors->count; j++)
			if (change_one(what, certutil, db,
				what->anchors->rows[j], err) != MCA_OK)
				return err->code;
	}
	return MCA_OK;
}

/* As root, files in somebody's home would become root's. */
static bool
is_own(const char *home)
{
	struct stat status;

	return stat(home, &status) == 0 && status.st_uid == geteuid();
}

mca_code
install_nss(struct installing *what, struct mca_error *err)
{
	owned(char) *certutil = child_find("", "certutil");
	glob_t found = { 0 };
	mca_code code = MCA_OK;

	if (what->home == NULL || *what->home == '\0')
		return MCA_OK;
	if (!is_own(what->home)) {
		warn(what->s,
		    "databases in %s are left alone: it belongs to somebody "
		    "else, who can run this with --nss",
		    MCA_SHOW_TEXT(what->home));
		return MCA_OK;
	}
	find_all(&found, what->home);
	if (found.gl_pathc > 0 && certutil == NULL)
		warn(what->s,
		    "Firefox or Chrome has databases in %s, and certutil is "
		    "not "
		    "here to change them (libnss3-tools, nss-tools)",
		    MCA_SHOW_TEXT(what->home));
	else
		code = change_all(what, certutil, &found, err);
	globfree(&found);
	return code;
}
