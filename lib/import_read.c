/*
 * import_read.c - what is to be imported, before any store is touched.
 */
#include "import.h"

#include "minica/file.h"
#include "minica/limits.h"
#include "minica/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

void
mca_import_free(mca_import *import)
{
	if (import == NULL)
		return;
	for (size_t i = 0; i < import->tree_count; i++) {
		free(import->trees[i].path);
		mca_cert_free(import->trees[i].cert);
		mca_key_free(import->trees[i].key);
	}
	for (size_t i = 0; i < import->cert_count; i++) {
		mca_cert_free(import->certs[i].cert);
		free(import->certs[i].from);
	}
	for (size_t i = 0; i < import->revoked_count; i++)
		free(import->revoked[i].serial);
	for (size_t i = 0; i < import->crl_count; i++) {
		mca_crl_free(import->crls[i].crl);
		free(import->crls[i].from);
	}
	free(import->trees);
	free(import->certs);
	free(import->revoked);
	free(import->crls);
	mca_findings_clear(&import->notes);
	free(import);
}

const mca_findings *
mca_import_notes(const mca_import *import)
{
	return &import->notes;
}

void
mca_import_outlook(struct mca_imported *out, const mca_import *import)
{
	*out = (struct mca_imported){
		.authorities = import->tree_count,
		.certificates = import->tree_count + import->cert_count,
		.revocations = import->revoked_count,
		.lists = import->crl_count,
	};
}

void
mca_import_note(mca_import *import, const char *where, const char *fmt, ...)
{
	const struct mca_finding finding = {
		.severity = MCA_WARNING,
		.depth = MCA_NO_DEPTH,
		.rule = "MC-I-LEFT",
		.field = MCA_SHOW_TEXT(where),
	};
	char text[400];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	mca_findings_addf(&import->notes, &finding, "%s", text);
}

/* Room for one more row of `size` bytes; powers of two say when it is full. */
static mca_code
grow(void **rows, size_t count, size_t size, struct mca_error *err)
{
	void *larger;

	if (count != 0 && (count & (count - 1)) != 0)
		return MCA_OK;
	larger = reallocarray(*rows, count == 0 ? 1 : count * 2, size);
	if (larger == NULL)
		return mca_fail_memory(err);
	*rows = larger;
	return MCA_OK;
}

mca_code
mca_import_add_cert(mca_import *import, const mca_cert *cert, const char *from,
    size_t tree, struct mca_error *err)
{
	void *rows = import->certs;
	struct mca_import_cert *row;
	mca_code code;

	if (import->cert_count == MCA_LIMIT_CERTIFICATES)
		return mca_fail(err, MCA_EFORMAT,
		    "%s: more than the limit of %d certificates in one import",
		    MCA_SHOW_TEXT(from), MCA_LIMIT_CERTIFICATES);
	code = grow(&rows, import->cert_count, sizeof(*import->certs), err);
	if (code != MCA_OK)
		return code;
	import->certs = rows;
	row = &import->certs[import->cert_count];
	row->from = strdup(from);
	if (row->from == NULL)
		return mca_fail_memory(err);
	row->cert = mca_cert_ref(cert);
	row->tree = tree;
	import->cert_count++;
	return MCA_OK;
}

mca_code
mca_import_add_revoked(mca_import *import, const char *serial,
    const struct mca_revocation *what, size_t tree, struct mca_error *err)
{
	void *rows = import->revoked;
	struct mca_import_revoked *row;
	mca_code code =
	    grow(&rows, import->revoked_count, sizeof(*import->revoked), err);

	if (code != MCA_OK)
		return code;
	import->revoked = rows;
	row = &import->revoked[import->revoked_count];
	row->serial = strdup(serial);
	if (row->serial == NULL)
		return mca_fail_memory(err);
	row->what = *what;
	row->tree = tree;
	import->revoked_count++;
	return MCA_OK;
}

mca_code
mca_import_add_crl(mca_import *import, mca_crl *crl, const char *from,
    size_t tree, struct mca_error *err)
{
	owned(mca_crl) *taken = crl;
	void *rows = import->crls;
	struct mca_import_crl *row;
	mca_code code =
	    grow(&rows, import->crl_count, sizeof(*import->crls), err);

	if (code != MCA_OK)
		return code;
	import->crls = rows;
	row = &import->crls[import->crl_count];
	row->from = strdup(from);
	if (row->from == NULL)
		return mca_fail_memory(err);
	row->crl = give(&taken);
	row->tree = tree;
	import->crl_count++;
	return MCA_OK;
}

static mca_code
add_certs(mca_import *import, const mca_certs *certs, const char *path,
    size_t tree, struct mca_error *err)
{
	mca_code code = MCA_OK;

	for (size_t i = 0; code == MCA_OK && i < certs->count; i++)
		code = mca_import_add_cert(import, certs->rows[i], path, tree,
		    err);
	return code;
}

static mca_code
add_crls(mca_import *import, mca_crls *crls, const char *path, size_t tree,
    struct mca_error *err)
{
	mca_code code = MCA_OK;

	for (size_t i = 0; code == MCA_OK && i < crls->count; i++)
		code = mca_import_add_crl(import, give(&crls->rows[i]), path,
		    tree, err);
	return code;
}

/* A file is what it can be read as; when as neither, the first says why. */
mca_code
mca_import_read_file(mca_import *import, const char *path, size_t tree,
    struct mca_error *err)
{
	scoped(mca_certs) certs = { 0 };
	scoped(mca_crls) crls = { 0 };
	struct mca_error other;
	mca_code code = mca_certs_read(&certs, path, err);

	if (code != MCA_OK && code != MCA_EFORMAT)
		return code;
	if (mca_crls_read(&crls, path, &other) != MCA_OK && code != MCA_OK)
		return code;
	code = add_certs(import, &certs, path, tree, err);
	return code == MCA_OK ? add_crls(import, &crls, path, tree, err) : code;
}

mca_code
mca_import_read(mca_import **out, const char *const *paths, size_t count,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	owned(mca_import) *import = calloc(1, sizeof(*import));
	mca_code code = MCA_OK;

	if (import == NULL)
		return mca_fail_memory(err);
	for (size_t i = 0; code == MCA_OK && i < count; i++) {
		struct stat st;

		if (stat(paths[i], &st) == 0 && S_ISDIR(st.st_mode))
			code = mca_import_read_tree(import, paths[i],
			    passphrase, err);
		else
			code = mca_import_read_file(import, paths[i],
			    MCA_NO_TREE, err);
	}
	if (code == MCA_OK && import->notes.lost)
		code = mca_fail_memory(err);
	if (code == MCA_OK)
		*out = give(&import);
	return code;
}
