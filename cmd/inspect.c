/*
 * inspect.c - minica inspect: what is in a file, whatever it is.
 */
#include "account.h"
#include "fail.h"
#include "json.h"
#include "objects.h"
#include "pass.h"

struct args {
	struct words files;
	struct pass pass;
};

static const struct opt opts[] = {
	{ OPT_ARGS, 0, "FILE", NULL, FIELD(files),
	    "certificate, request, CRL, key, PKCS #7 or #12" },
	PASS_OPTS,
	{ 0 },
};

/* A key, or what is known of one that is encrypted. */
static json_t *
tell_key(const struct session *s, const struct object *object, const char *kind)
{
	bool sealed = object->spki == NULL;
	json_t *row = sealed ? json_object() : json_spki(object->spki);

	print(s, "%s%s\n", kind, sealed ? ", encrypted" : "");
	if (sealed)
		print(s,
		    "  needs a passphrase to be read (--pass-file, "
		    "--pass-fd, --pass-env or --ask-pass)\n");
	else
		account_spki(s, object->spki);
	json_put(row, "kind", json_text(kind));
	json_put(row, "encrypted", json_boolean(sealed));
	return row;
}

static json_t *
tell(const struct session *s, const struct object *object)
{
	switch (object->kind) {
	case OBJECT_CERT:
		account_cert(s, object->cert);
		return json_cert(object->cert);
	case OBJECT_CSR:
		account_csr(s, object->csr);
		return json_csr(object->csr);
	case OBJECT_CRL:
		account_crl(s, object->crl);
		return json_crl(object->crl);
	case OBJECT_PUBLIC:
		return tell_key(s, object, "public key");
	case OBJECT_PRIVATE:
		break;
	case OBJECT_SEALED:
		if (object->from != NULL)
			return tell_key(s, object, object->from);
	}
	return tell_key(s, object, "private key");
}

static void
tell_all(const struct session *s, json_t *row, const objects *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct object *object = &list->rows[i];
		json_t *told;

		if (object->from != NULL && object->kind != OBJECT_SEALED)
			print(s, "in %s: ", object->from);
		told = tell(s, object);
		if (object->from != NULL)
			json_put(told, "from", json_text(object->from));
		if (object->line != 0)
			json_put(told, "line",
			    json_integer((json_int_t)object->line));
		if (row == NULL)
			json_decref(told);
		else
			json_push(row, "objects", told);
	}
}

static mca_code
look(const struct session *s, json_t *row, const char *path,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	scoped(objects) list = { 0 };
	mca_code code = objects_read(&list, path, passphrase, err);

	tell_all(s, row, &list);
	return code;
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	struct args *args = opaque;
	const struct words *files = &args->files;
	const struct mca_passphrase *passphrase;
	mca_code worst = MCA_OK;

	if (pass_source(&passphrase, &args->pass, false, err) != MCA_OK)
		return err->code;
	for (size_t i = 0; i < files->count; i++) {
		json_t *row = json_row(s->doc, "files");
		struct mca_error bad = { 0 };

		json_put(row, "file", json_text(files->rows[i]));
		if (files->count > 1)
			print(s, "%s%s:\n", i == 0 ? "" : "\n",
			    MCA_SHOW_TEXT(files->rows[i]));
		if (look(s, row, files->rows[i], passphrase, &bad) != MCA_OK)
			worst = worse(worst, complain(s, row, &bad));
	}
	return worst;
}

const struct command inspect_command = {
	"inspect",
	"Tell what is in a file",
	opts,
	sizeof(struct args),
	run,
	"Of a private key only the public half is shown; one that is "
	"encrypted\n"
	"is told to be so unless the passphrase is given.\n"
	"\n"
	"  minica inspect web.pem\n"
	"  openssl s_client -connect example.org:443 </dev/null |\n"
	"      minica inspect -\n",
};
