/*
 * import_tree.c - the authority that another program kept in a directory.
 */
#include "import.h"

#include "minica/file.h"
#include "minica/limits.h"
#include "minica/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where programs keep things; the first row whose files are there counts. */
static const struct layout {
	const char *format, *cert, *key;
	bool index; /* index.txt tells what was issued */
} layouts[] = {
	{ "easy-rsa", "pki/ca.crt", "pki/private/ca.key", true },
	{ "easy-rsa", "ca.crt", "private/ca.key", true },
	{ "openssl ca", "cacert.pem", "private/cakey.pem", true },
	{ "openssl ca", "certs/ca.cert.pem", "private/ca.key.pem", true },
	{ "openssl ca", "certs/intermediate.cert.pem",
	    "private/intermediate.key.pem", true },
	{ "openssl ca", "ca.pem", "private/ca.key", true },
	{ "minica", "minica.pem", "minica-key.pem", false },
	{ "mkcert", "rootCA.pem", "rootCA-key.pem", false },
};

/* The tree under way; `top` ends in a slash. */
struct reading {
	mca_import *import;
	char top[4000];
	size_t tree;
	mca_index index;
};

static bool
join(char out[4300], const struct reading *r, const char *name)
{
	int n = snprintf(out, 4300, "%s%s", r->top, name);

	return n > 0 && n < 4300;
}

static bool
is_there(const struct reading *r, const char *name)
{
	char path[4300];

	return join(path, r, name) && access(path, F_OK) == 0;
}

/* The index is beside ca.crt, which may be in pki/. */
static bool
has_index(const struct reading *r, const struct layout *layout)
{
	return is_there(r,
	    strncmp(layout->cert, "pki/", 4) == 0 ? "pki/index.txt"
						  : "index.txt");
}

static const struct layout *
find_layout(const struct reading *r)
{
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++)
		if (is_there(r, layouts[i].cert) &&
		    (!layouts[i].index || has_index(r, &layouts[i])))
			return &layouts[i];
	return NULL;
}

/* ---- the authority ---- */

static mca_code
read_key(struct reading *r, struct mca_import_tree *tree, const char *name,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	char path[4300];
	mca_code code;

	if (!join(path, r, name) || access(path, F_OK) != 0) {
		mca_import_note(r->import, tree->path,
		    "there is no %s: without its key this authority signs "
		    "nothing here",
		    name);
		return MCA_OK;
	}
	code = mca_key_load(&tree->key, path, passphrase, err);
	if (code != MCA_OK)
		return code;
	if (mca_cert_spki(tree->cert) != NULL &&
	    mca_spki_equal(mca_key_spki(tree->key), mca_cert_spki(tree->cert)))
		return MCA_OK;
	return mca_fail(err, MCA_EKEY,
	    "%s: the private key is not the one of the authority's "
	    "certificate",
	    MCA_SHOW_TEXT(path));
}

static mca_code
read_authority(struct reading *r, const struct layout *layout,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	struct mca_import_tree *tree = &r->import->trees[r->tree];
	scoped(mca_certs) certs = { 0 };
	char path[4300];
	mca_code code;

	tree->format = layout->format;
	if (!join(path, r, layout->cert))
		return mca_fail(err, MCA_EUSAGE, "the path is too long");
	code = mca_certs_read(&certs, path, err);
	if (code != MCA_OK)
		return code;
	if (!mca_cert_is_ca(certs.rows[0]))
		return mca_fail(err, MCA_EFORMAT,
		    "%s: basicConstraints: the certificate is not a CA's (RFC "
		    "5280, 4.2.1.9)",
		    MCA_SHOW_TEXT(path));
	tree->cert = mca_cert_ref(certs.rows[0]);
	return read_key(r, tree, layout->key, passphrase, err);
}

/* ---- what it issued ---- */

/* A certificate of the tree: signed by its authority, and in the index so. */
static mca_code
check_cert(const struct reading *r, const struct mca_import_cert *item,
    struct mca_error *err)
{
	const mca_cert *ca = r->import->trees[r->tree].cert;

	if (mca_name_equal(mca_cert_issuer(item->cert), mca_cert_subject(ca)) &&
	    mca_cert_spki(ca) != NULL &&
	    mca_cert_is_signed_by(item->cert, mca_cert_spki(ca)))
		return MCA_OK;
	return mca_fail(err, MCA_EFORMAT,
	    "%s: serial %s was not signed by the authority of this tree, "
	    "\"%s\"",
	    MCA_SHOW_TEXT(item->from), mca_cert_serial(item->cert),
	    mca_name_text(mca_cert_subject(ca)));
}

static bool
is_certificate_file(const char *name)
{
	const char *dot = strrchr(name, '.');

	return *name != '.' && dot != NULL &&
	    (strcmp(dot, ".pem") == 0 || strcmp(dot, ".crt") == 0);
}

/* Reads what `below` holds; that it is not there is no error. */
static mca_code
read_folder(struct reading *r, const char *below, struct mca_error *err)
{
	const struct dirent *entry;
	char path[4300];
	mca_code code = MCA_OK;
	DIR *dir;

	if (!join(path, r, below))
		return mca_fail(err, MCA_EUSAGE, "the path is too long");
	dir = opendir(path);
	if (dir == NULL)
		return errno == ENOENT ? MCA_OK
				       : mca_fail_errno(err, MCA_ESYSTEM, "%s",
					     MCA_SHOW_TEXT(path));
	while (code == MCA_OK && (entry = readdir(dir)) != NULL) {
		char file[4600];

		if (!is_certificate_file(entry->d_name))
			continue;
		(void)snprintf(file, sizeof(file), "%s/%s", path,
		    entry->d_name);
		code = mca_import_read_file(r->import, file, r->tree, err);
	}
	(void)closedir(dir);
	return code;
}

/* DOMAIN/cert.pem, as the minica written in Go has it. */
static mca_code
read_domains(struct reading *r, struct mca_error *err)
{
	DIR *dir = opendir(r->top);
	const struct dirent *entry;
	mca_code code = MCA_OK;

	if (dir == NULL)
		return mca_fail_errno(err, MCA_ESYSTEM, "%s",
		    MCA_SHOW_TEXT(r->top));
	while (code == MCA_OK && (entry = readdir(dir)) != NULL) {
		char name[300], path[4300];

		(void)snprintf(name, sizeof(name), "%s/cert.pem",
		    entry->d_name);
		if (*entry->d_name != '.' && is_there(r, name) &&
		    join(path, r, name))
			code =
			    mca_import_read_file(r->import, path, r->tree, err);
	}
	(void)closedir(dir);
	return code;
}

/* Which lines have their certificate, and which certificates no line. */
static void
match_index(struct reading *r, size_t from)
{
	for (size_t i = from; i < r->import->cert_count; i++) {
		const struct mca_import_cert *item = &r->import->certs[i];
		struct mca_index_row *row =
		    mca_index_find(&r->index, mca_cert_serial(item->cert));

		if (row != NULL)
			row->found = true;
		else
			mca_import_note(r->import, item->from,
			    "index.txt does not have serial %s",
			    mca_cert_serial(item->cert));
	}
}

/* Lines whose certificate is not there: what was revoked stays revoked. */
static mca_code
take_index(struct reading *r, const char *path, struct mca_error *err)
{
	mca_code code = MCA_OK;

	for (size_t i = 0; code == MCA_OK && i < r->index.count; i++) {
		const struct mca_index_row *row = &r->index.rows[i];
		char where[4400];

		(void)snprintf(where, sizeof(where), "%s:%zu", path, row->line);
		if (!row->found)
			mca_import_note(r->import, where,
			    "the certificate with serial %s is not in the "
			    "tree, so %s",
			    row->serial,
			    row->status == 'R'
				? "its revocation alone is taken over"
				: "it is not taken over");
		if (row->status == 'R')
			code = mca_import_add_revoked(r->import, row->serial,
			    &row->revocation, r->tree, err);
	}
	return code;
}

/* What comes next is in crlnumber, in hexadecimal. */
static mca_code
read_number(struct reading *r, struct mca_error *err)
{
	scoped(mca_blob) bytes = { 0 };
	char path[4300], *end;
	long long next;
	mca_code code;

	if (!is_there(r, "crlnumber") || !join(path, r, "crlnumber"))
		return MCA_OK;
	code = mca_file_read(&bytes, path, 256, err);
	if (code != MCA_OK)
		return code;
	next = strtoll((const char *)bytes.bytes, &end, 16);
	if (end == (const char *)bytes.bytes ||
	    (*end != '\n' && *end != '\0' && *end != '\r') || next < 0 ||
	    bytes.length > 17)
		return mca_fail(err, MCA_EFORMAT,
		    "%s:1: \"%s\" is no CRL number that could be continued "
		    "(at most 15 hexadecimal digits)",
		    MCA_SHOW_TEXT(path),
		    MCA_SHOW((const char *)bytes.bytes, bytes.length));
	if (next > 1)
		r->import->trees[r->tree].number = next - 1;
	return MCA_OK;
}

static mca_code
read_indexed(struct reading *r, struct mca_error *err)
{
	static const char *const folders[] = { "newcerts", "certs_by_serial",
		"revoked/certs_by_serial", "renewed/certs_by_serial",
		"expired/certs_by_serial" };
	size_t from = r->import->cert_count;
	char path[4300];
	mca_code code;

	if (!join(path, r, "index.txt"))
		return mca_fail(err, MCA_EUSAGE, "the path is too long");
	code = mca_index_read(&r->index, path, err);
	for (size_t i = 0;
	     code == MCA_OK && i < sizeof(folders) / sizeof(folders[0]); i++)
		code = read_folder(r, folders[i], err);
	if (code != MCA_OK)
		return code;
	match_index(r, from);
	code = take_index(r, path, err);
	if (code == MCA_OK)
		code = read_number(r, err);
	if (code == MCA_OK && is_there(r, "crl.pem") &&
	    join(path, r, "crl.pem"))
		code = mca_import_read_file(r->import, path, r->tree, err);
	return code;
}

static mca_code
check_certs(const struct reading *r, size_t from, struct mca_error *err)
{
	mca_code code = MCA_OK;

	for (size_t i = from; code == MCA_OK && i < r->import->cert_count; i++)
		code = check_cert(r, &r->import->certs[i], err);
	return code;
}

static mca_code
begin_tree(struct reading *r, const char *path, struct mca_error *err)
{
	mca_import *import = r->import;
	struct mca_import_tree *trees =
	    reallocarray(import->trees, import->tree_count + 1, sizeof(*trees));

	if (trees == NULL)
		return mca_fail_memory(err);
	import->trees = trees;
	r->tree = import->tree_count;
	trees[r->tree] = (struct mca_import_tree){ .path = strdup(path) };
	if (trees[r->tree].path == NULL)
		return mca_fail_memory(err);
	import->tree_count++;
	return MCA_OK;
}

static mca_code
read_all(struct reading *r, const struct layout *layout,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	size_t from = r->import->cert_count;
	mca_code code = read_authority(r, layout, passphrase, err);

	if (code != MCA_OK)
		return code;
	if (layout->index && strncmp(layout->cert, "pki/", 4) == 0)
		(void)snprintf(r->top + strlen(r->top), 8, "pki/");
	if (layout->index)
		code = read_indexed(r, err);
	else if (strcmp(layout->format, "minica") == 0)
		code = read_domains(r, err);
	return code == MCA_OK ? check_certs(r, from, err) : code;
}

mca_code
mca_import_read_tree(mca_import *import, const char *path,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	struct reading r = { .import = import };
	const struct layout *layout;
	mca_code code;

	if (strlen(path) > 3900)
		return mca_fail(err, MCA_EUSAGE, "the path is too long");
	(void)snprintf(r.top, sizeof(r.top), "%s/", path);
	layout = find_layout(&r);
	if (layout == NULL)
		return mca_fail(err, MCA_ENOTFOUND,
		    "%s: no authority that is known here: wanted ca.crt or "
		    "cacert.pem with index.txt (easy-rsa, openssl ca), "
		    "minica.pem, or rootCA.pem (mkcert)",
		    MCA_SHOW_TEXT(path));
	code = begin_tree(&r, path, err);
	if (code == MCA_OK)
		code = read_all(&r, layout, passphrase, err);
	mca_index_clear(&r.index);
	return code;
}
