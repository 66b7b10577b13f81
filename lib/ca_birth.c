/*
 * ca_birth.c - what every new authority needs: a label, a key in a file, a
 * request, a record.
 */
#include "ca_parts.h"

#include "minica/file.h"
#include "minica/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

mca_code
mca_ca_label(mca_ca *ca, const char *label, struct mca_error *err)
{
	mca_code code = mca_ca_load(ca, err);

	if (code != MCA_OK)
		return code;
	for (const char *c = label; *c != '\0'; c++)
		if (!isalnum((unsigned char)*c) && strchr("-_.", *c) == NULL)
			return mca_fail(err, MCA_EUSAGE,
			    "label \"%s\" may hold letters, digits, \"-\", "
			    "\"_\" and \".\" only",
			    MCA_SHOW_TEXT(label));
	if (*label == '\0' || *label == '.' || strlen(label) > 64)
		return mca_fail(err, MCA_EUSAGE,
		    "a label has 1 to 64 characters and does not begin with "
		    "a dot");
	if (mca_issuers_find(&ca->issuers, label) != NULL)
		return mca_fail(err, MCA_EEXISTS,
		    "there is an authority \"%s\" in %s already, and it stays "
		    "as it is; give another one a label of its own (--id)",
		    label, ca->options.home);
	return MCA_OK;
}

void
mca_new_key_clear(mca_new_key *made)
{
	if (made->path != NULL && !made->kept)
		(void)unlink(made->path);
	mca_key_free(made->key);
	free(made->path);
	free(made->where);
	memset(made, 0, sizeof(*made));
}

/* Named after label and key, so that no two keys ever want one file. */
static mca_code
name_key(mca_ca *ca, mca_new_key *made, const char *label, char **path,
    struct mca_error *err)
{
	const uint8_t *id = mca_spki_sha256(mca_key_spki(made->key));

	if (asprintf(&made->where, "keys/%s-%02x%02x%02x%02x.key", label, id[0],
		id[1], id[2], id[3]) < 0) {
		made->where = NULL;
		return mca_fail_memory(err);
	}
	if (asprintf(path, "%s/%s", ca->options.home, made->where) < 0) {
		*path = NULL;
		return mca_fail_memory(err);
	}
	return MCA_OK;
}

mca_code
mca_ca_save_key(mca_ca *ca, mca_new_key *made, const char *label,
    struct mca_error *err)
{
	scoped(mca_blob) pem = { 0 };
	owned(char) *path = NULL;
	owned(char) *directory = NULL;
	mca_code code = name_key(ca, made, label, &path, err);

	if (code != MCA_OK)
		return code;
	directory = strndup(path, (size_t)(strrchr(path, '/') - path));
	if (directory == NULL)
		return mca_fail_memory(err);
	if ((code = mca_key_encode(&pem, made->key, ca->options.passphrase,
		 err)) != MCA_OK ||
	    (code = mca_file_make_directory(directory, 0700, err)) != MCA_OK ||
	    (code = mca_file_save(path, pem.bytes, pem.length, 0600,
		 MCA_FILE_NEW, err)) != MCA_OK)
		return code;
	made->path = give(&path);
	return MCA_OK;
}

mca_code
mca_ca_request(mca_csr **out, const struct mca_new_authority *what,
    const char *label, const mca_key *key, struct mca_error *err)
{
	const uint8_t *id = mca_spki_key_id(mca_key_spki(key));
	struct mca_attribute rows[2];
	size_t count = 0;
	owned(mca_name) *subject = NULL;
	owned(mca_san) *none = NULL;
	char name[80];
	mca_code code;

	/*
	 * Two authorities of one name and different keys confuse every client
	 * that has met both, so the default name carries its key.
	 */
	(void)snprintf(name, sizeof(name), "minica %.40s %02x%02x%02x%02x",
	    label, id[0], id[1], id[2], id[3]);
	if (what->organization != NULL)
		rows[count++] =
		    (struct mca_attribute){ "O", what->organization };
	rows[count++] = (struct mca_attribute){ "CN",
		what->common_name == NULL ? name : what->common_name };
	if ((code = mca_name_new(&subject, rows, count, err)) != MCA_OK ||
	    (code = mca_san_new(&none, NULL, 0, err)) != MCA_OK)
		return code;
	return mca_csr_new(out, key, subject, none, err);
}

/* ---- recording ---- */

mca_code
mca_ca_write(mca_ca *ca, const mca_cert *cert, const struct mca_birth *birth,
    struct mca_error *err)
{
	struct mca_authority row = {
		.label = birth->label,
		.kind = birth->kind,
		.parent = birth->parent,
		.key = birth->where,
		.created = ca->options.now,
	};
	bool added;
	mca_code code = MCA_OK;

	if (cert != NULL)
		code = mca_store_add(ca->store, &row.certificate, cert,
		    birth->origin,
		    *birth->parent == '\0' ? NULL : birth->parent,
		    birth->policy, ca->options.now, err);
	if (code == MCA_OK)
		code = mca_store_add_authority(ca->store, &row, err);
	if (code == MCA_OK && birth->anchor)
		code = mca_store_add_anchor(ca->store, &added, cert,
		    birth->action, ca->options.now, err);
	if (code == MCA_OK)
		code = mca_ca_audit(ca, birth->action, birth->label,
		    cert == NULL ? "" : mca_cert_serial(cert), err);
	return code;
}

mca_code
mca_ca_record(mca_ca *ca, const mca_cert *cert, const struct mca_birth *birth,
    struct mca_error *err)
{
	mca_code code = mca_store_begin(ca->store, err);

	if (code != MCA_OK)
		return code;
	code = mca_ca_write(ca, cert, birth, err);
	if (code == MCA_OK)
		code = mca_store_commit(ca->store, err);
	if (code != MCA_OK)
		mca_store_rollback(ca->store);
	ca->loaded = false;
	return code;
}
