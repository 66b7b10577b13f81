/*
 * authority.c - see authority.h.
 */
#include "authority.h"

#include "account.h"
#include "fail.h"
#include "json.h"
#include "keyfile.h"

#include <string.h>

struct mca_new_authority
authority_describe(const struct authority *a)
{
	return (struct mca_new_authority){
		.label = a->id,
		.common_name = a->name,
		.organization = a->org,
		.key_algorithm = a->key,
		.life = a->life.value,
		.permit = a->permit.rows,
		.permit_count = a->permit.count,
		.exclude = a->exclude.rows,
		.exclude_count = a->exclude.count,
	};
}

struct search {
	const char *home, *label;
	char *key;
};

/* A key in the home is recorded by its path below the home. */
static mca_code
note_key(void *context, const struct mca_authority *authority,
    struct mca_error *err)
{
	struct search *search = context;
	bool below =
	    authority->key[0] != '/' && strchr(authority->key, ':') == NULL;

	(void)err;
	if (strcmp(authority->label, search->label) != 0)
		return MCA_OK;
	free(search->key);
	if (asprintf(&search->key, "%s%s%s", below ? search->home : "",
		below ? "/" : "", authority->key) < 0)
		fail_memory();
	return MCA_OK;
}

mca_code
authority_key(char **out, struct session *s, const char *label,
    struct mca_error *err)
{
	struct search search = { s->home, label, NULL };
	mca_code code;

	code =
	    mca_store_authorities(mca_ca_store(s->ca), note_key, &search, err);
	if (code == MCA_OK && search.key == NULL)
		code = fail(err, MCA_ENOTFOUND, "no authority is called %s",
		    MCA_SHOW_TEXT(label));
	*out = search.key;
	return code;
}

static void
tell_words(struct session *s, const char *label, const mca_cert *cert)
{
	scoped(mca_text) hex = { 0 };

	account_fingerprint(&hex, mca_cert_sha256(cert), MCA_SHA256_SIZE);
	talk(s, "%s: %s", label, mca_name_text(mca_cert_subject(cert)));
	talk(s, "  SHA-256  %s", mca_text_get(&hex));
	talk(s, "  valid    until %s", MCA_TIME(mca_cert_not_after(cert)));
}

mca_code
authority_tell(struct session *s, output *out, const char *label,
    const mca_cert *cert, bool encrypted, struct mca_error *err)
{
	owned(char) *name = strdup(label);
	owned(char) *key = NULL;
	scoped(mca_blob) pem = { 0 };

	if (name == NULL)
		fail_memory();
	if (mca_cert_pem(&pem, cert, err) != MCA_OK ||
	    authority_key(&key, s, name, err) != MCA_OK)
		return err->code;

	tell_words(s, name, cert);
	talk(s, "  key      %s", MCA_SHOW_TEXT(key));
	if (!encrypted)
		keyfile_warn(s, key);
	talk(s,
	    "next: minica sign CSR, or minica issue NAME; "
	    "minica trust export for the clients");
	if (s->doc != NULL) {
		json_put(s->doc, "label", json_text(name));
		json_put(s->doc, "key_file", json_text(key));
		json_put(s->doc, "info", json_cert(cert));
		json_put(s->doc, "certificate", json_bytes(&pem));
	}
	return output_deliver(out, s, &pem, mca_cert_serial(cert), err);
}
