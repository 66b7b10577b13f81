/*
 * apply_render.c - the bytes of the files that are to be written (apply.h).
 */
#include "apply.h"

#include "minica/bundle.h"
#include "password.h"

#include <string.h>

void
mca_line_clear(struct mca_line *line)
{
	free(line->label);
	mca_certs_clear(&line->chain);
	mca_certs_clear(&line->anchors);
	*line = (struct mca_line){ 0 };
}

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

mca_code
mca_apply_line(mca_plan *plan, struct mca_line *line, const char *label,
    struct mca_error *err)
{
	mca_code code = mca_ca_load(plan->ca, err);

	if (code != MCA_OK ||
	    (line->label != NULL && strcmp(line->label, label) == 0))
		return code;
	mca_line_clear(line);
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
    const struct mca_line *line, struct mca_error *err)
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
render(struct mca_entry *entry, struct mca_plan_file *file,
    const struct mca_line *line, struct mca_error *err)
{
	switch (file->role) {
	case MCA_ROLE_CHAIN:
		return encode_certs(&file->bytes, &line->chain, err);
	case MCA_ROLE_CA:
		return encode_certs(&file->bytes, &line->anchors, err);
	case MCA_ROLE_KEY:
		return mca_plan_encode_key(entry, err) == MCA_OK
		    ? mca_blob_copy(&file->bytes, entry->pem.bytes,
			  entry->pem.length, err)
		    : err->code;
	default:
		return encode_bundle(entry, file, line, err);
	}
}

static bool
is_written(const struct mca_plan_file *file)
{
	return file->listed && file->wrong;
}

bool
mca_apply_is_slow(const struct mca_entry *entry)
{
	for (size_t i = 0; i < entry->file_count; i++)
		if (is_written(&entry->files[i]) &&
		    entry->files[i].output->password_file != NULL)
			return true;
	return false;
}

mca_code
mca_apply_render(struct mca_entry *entry, const struct mca_line *line,
    struct mca_error *err)
{
	mca_code code = MCA_OK;

	for (size_t i = 0; i < entry->file_count && code == MCA_OK; i++) {
		struct mca_plan_file *file = &entry->files[i];

		if (!is_written(file))
			continue;
		mca_blob_clear(&file->bytes);
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

/* ---- the record ---- */

static mca_code
record_file(mca_plan *plan, const struct mca_entry *entry,
    const struct mca_plan_file *file, struct mca_error *err)
{
	mca_store *store = mca_ca_store(plan->ca);
	struct mca_managed_file row = { .path = file->path,
		.name = entry->name,
		.role = mca_role_name(file->role),
		.certificate = entry->certificate,
		.mode = file->mode,
		.uid = file->uid,
		.gid = file->gid,
		.settled = !mca_apply_has_hooks(file->output) };
	mca_code code;

	memcpy(row.sha256, file->sha256, sizeof(row.sha256));
	code = mca_managed_put_file(store, plan->manifest->name, &row, err);
	if (code != MCA_OK)
		return code;
	return mca_store_note_file(store, file->path, file->sha256,
	    entry->certificate, plan->options.now, err);
}

mca_code
mca_apply_record(mca_plan *plan, struct mca_entry *entry, struct mca_error *err)
{
	mca_code code = MCA_OK;

	for (size_t i = 0; i < entry->file_count && code == MCA_OK; i++) {
		struct mca_plan_file *file = &entry->files[i];

		if (!is_written(file))
			continue;
		code = record_file(plan, entry, file, err);
		file->recorded = true;
	}
	return code;
}
