/*
 * apply_render.c - the bytes of the files that are to be written (apply.h).
 */
#include "apply.h"

#include "minica/bundle.h"
#include "password.h"

#include <string.h>

/* What the certificates of one authority have in common. */
struct line {
	char *label;
	mca_certs chain, anchors;
};

static void
line_clear(struct line *line)
{
	free(line->label);
	mca_certs_clear(&line->chain);
	mca_certs_clear(&line->anchors);
	*line = (struct line){ 0 };
}
typedef struct line issuer_line;
MCA_SCOPED(issuer_line, line_clear)

/* The root above an authority, if it is of this home. */
static mca_code
add_root(mca_plan *plan, mca_certs *out, const char *label,
    struct mca_error *err)
{
	const struct mca_issuer *at =
	    mca_issuers_find(&plan->ca->issuers, label);

	while (at != NULL && at->above != NULL)
		at = at->above;
	if (at == NULL || at->cert == NULL)
		return MCA_OK;
	return mca_certs_add(out, at->cert, err);
}

static mca_code
follow(mca_plan *plan, struct line *line, const char *label,
    struct mca_error *err)
{
	mca_code code;

	if (line->label != NULL && strcmp(line->label, label) == 0)
		return MCA_OK;
	line_clear(line);
	line->label = strdup(label);
	if (line->label == NULL)
		return mca_fail_memory(err);
	code = mca_ca_chain(plan->ca, &line->chain, label, err);
	return code == MCA_OK ? add_root(plan, &line->anchors, label, err)
			      : code;
}

static mca_code
encode_certs(mca_blob *out, const mca_certs *list, struct mca_error *err)
{
	mca_code code = MCA_OK;

	for (size_t i = 0; i < list->count && code == MCA_OK; i++)
		code = mca_cert_pem(out, list->rows[i], err);
	return code;
}

/* Kubernetes has rules of its own for names: no capitals, no underscores. */
static char *
secret_name(const char *name)
{
	char *out = strdup(name);

	for (char *c = out; c != NULL && *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
		else if (*c == '_')
			*c = '-';
	return out;
}

static mca_code
encode_bundle(const struct mca_entry *entry, struct mca_plan_file *file,
    const struct line *line, struct mca_error *err)
{
	struct mca_password password = { 0 };
	owned(char) *name = secret_name(entry->name);
	struct mca_bundle what = { .cert = entry->cert,
		.chain = &line->chain,
		.anchors = &line->anchors,
		.key = entry->key,
		.name = file->role == MCA_ROLE_SECRET ? name : entry->name,
		.name_space = file->output->name_space };

	if (name == NULL)
		return mca_fail_memory(err);
	if (file->output->password_file != NULL)
		what.passphrase =
		    mca_password_use(&password, file->output->password_file);
	/* A trust store is of the root alone; a name would be its alias. */
	if (file->role == MCA_ROLE_TRUSTSTORE) {
		what.cert = NULL;
		what.key = NULL;
		what.name = NULL;
	}
	return mca_bundle_encode(&file->bytes, mca_role_layout(file->role),
	    &what, err);
}

static mca_code
render(const struct mca_entry *entry, struct mca_plan_file *file,
    const struct line *line, struct mca_error *err)
{
	switch (file->role) {
	case MCA_ROLE_CHAIN:
		return encode_certs(&file->bytes, &line->chain, err);
	case MCA_ROLE_CA:
		return encode_certs(&file->bytes, &line->anchors, err);
	case MCA_ROLE_KEY:
		return mca_key_encode(&file->bytes, entry->key, NULL, err);
	default:
		return encode_bundle(entry, file, line, err);
	}
}

static mca_code
render_entry(mca_plan *plan, struct mca_entry *entry, struct line *line,
    struct mca_error *err)
{
	mca_code code = MCA_OK;

	for (size_t i = 0; i < entry->file_count && code == MCA_OK; i++) {
		struct mca_plan_file *file = &entry->files[i];

		if (!file->listed || !file->wrong)
			continue;
		if (entry->cert == NULL)
			code = mca_managed_certificate(mca_ca_store(plan->ca),
			    &entry->cert, entry->certificate, err);
		if (code == MCA_OK)
			code = follow(plan, line, entry->authority, err);
		if (code == MCA_OK)
			code = render(entry, file, line, err);
		if (code == MCA_OK)
			code = mca_sha256(file->sha256, file->bytes.bytes,
			    file->bytes.length, err);
		if (code != MCA_OK)
			return mca_within(err, "certificate \"%s\": %s",
			    entry->name, MCA_SHOW_TEXT(file->path));
	}
	return code;
}

mca_code
mca_apply_render(mca_plan *plan, struct mca_error *err)
{
	scoped(issuer_line) line = { 0 };
	mca_code code = mca_ca_load(plan->ca, err);

	for (size_t i = 0; i < plan->listed && code == MCA_OK; i++)
		code = render_entry(plan, &plan->entries[i], &line, err);
	return code;
}
