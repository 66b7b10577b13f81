/*
 * install_java.c - a key store of Java's, changed by keytool.
 */
#include "install.h"

#include "child.h"
#include "fail.h"
#include "memfile.h"

#include <stdio.h>
#include <string.h>

/*
 * What every runtime's own store is closed with: it protects nothing, and is
 * no secret.
 */
#define PASSPHRASE "changeit"

/* Java's own, or one in a file: an option and its value. */
static void
say_store(const char *words[2], const char *java)
{
	bool own = strcmp(java, "cacerts") == 0;

	words[0] = own ? "-cacerts" : "-keystore";
	words[1] = own ? NULL : java;
}

static mca_code
add(const char *keytool, const char *const store[2], const char *name,
    const mca_cert *cert, struct mca_error *err)
{
	scoped(mca_blob) pem = { 0 };
	scoped(memfile) file = { 0 };

	if (mca_cert_pem(&pem, cert, err) != MCA_OK ||
	    memfile_make(&file, "root.pem", pem.bytes, pem.length, err) !=
		MCA_OK)
		return err->code;
	return child_must("",
	    (const char *const[]){ keytool, "-importcert", "-noprompt",
		"-trustcacerts", "-alias", name, "-file", file.path,
		"-storepass", PASSPHRASE, store[0], store[1], NULL },
	    err);
}

static mca_code
change_one(struct installing *what, const char *keytool,
    const char *const store[2], const mca_cert *cert, struct mca_error *err)
{
	scoped(mca_text) name = { 0 };
	int status = -1;
	bool change;
	mca_code code = MCA_OK;

	install_name(&name, cert);
	if (child_run(&status, NULL, "",
		(const char *const[]){ keytool, "-list", "-alias",
		    mca_text_get(&name), "-storepass", PASSPHRASE, store[0],
		    store[1], NULL },
		err) != MCA_OK)
		return err->code;
	change = (status == 0) == what->remove;
	if (change && !what->dry_run)
		code = what->remove
		    ? child_must("",
			  (const char *const[]){ keytool, "-delete", "-alias",
			      mca_text_get(&name), "-storepass", PASSPHRASE,
			      store[0], store[1], NULL },
			  err)
		    : add(keytool, store, mca_text_get(&name), cert, err);
	if (code != MCA_OK)
		return within(err, "%s", MCA_SHOW_TEXT(what->java));
	install_tell(what, what->java, cert, change);
	return MCA_OK;
}

mca_code
install_java(struct installing *what, struct mca_error *err)
{
	owned(char) *keytool = child_find("", "keytool");
	const char *store[2];

	if (keytool == NULL)
		return fail(err, MCA_ENOTFOUND,
		    "--java: keytool is not here; it comes with Java");
	say_store(store, what->java);

	/* Whether an entry is there can be told only once this works. */
	if (child_must("",
		(const char *const[]){ keytool, "-list", "-storepass",
		    PASSPHRASE, store[0], store[1], NULL },
		err) != MCA_OK)
		return within(err, "%s", MCA_SHOW_TEXT(what->java));
	for (size_t i = 0; i < what->anchors->count; i++)
		if (change_one(what, keytool, store, what->anchors->rows[i],
			err) != MCA_OK)
			return err->code;
	return MCA_OK;
}
