/*
 * rollover_files.c - files on disk that still carry the chain of the old root
 * (minica/rollover.h).
 */
#include "rollover.h"

#include "minica/digest.h"
#include "minica/file.h"
#include "minica/limits.h"
#include "minica/text.h"
#include "minica/verify.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* What clients say who know one root alone, or with `all` our intermediates. */
struct clients {
	mca_verifier *old, *new, *all;
};

static void
clear_clients(struct clients *clients)
{
	mca_verifier_free(clients->old);
	mca_verifier_free(clients->new);
	mca_verifier_free(clients->all);
}

static mca_code
make_client(mca_verifier **out, mca_ca *ca, const mca_cert *root,
    const mca_certs *helpers, struct mca_error *err)
{
	struct mca_verify_options options;
	scoped(mca_certs) trust = { 0 };
	mca_code code = mca_certs_add(&trust, root, err);

	if (code != MCA_OK)
		return code;
	mca_verify_defaults(&options, ca->options.now);
	return mca_verifier_new(out, &trust, helpers, NULL, &options, err);
}

static mca_code
make_clients(struct clients *clients, mca_ca *ca, const mca_rollover *rollover,
    struct mca_error *err)
{
	scoped(mca_certs) helpers = { 0 };
	mca_code code;

	if ((code = make_client(&clients->old, ca, rollover->old_root, NULL,
		 err)) != MCA_OK ||
	    (code = make_client(&clients->new, ca, rollover->new_root, NULL,
		 err)) != MCA_OK ||
	    (code = mca_ca_helpers(ca, &helpers, err)) != MCA_OK)
		return code;
	return make_client(&clients->all, ca, rollover->old_root, &helpers,
	    err);
}

struct walk {
	mca_ca *ca;
	const mca_rollover *rollover;
	struct clients clients;
	mca_rollover_each_file *each;
	void *context;
	size_t *count;
};

static mca_code
tell(const struct walk *walk, const char *path, bool unread, const char *why,
    struct mca_error *err)
{
	const struct mca_rollover_file file = { path, why, unread };

	++*walk->count;
	return walk->each(walk->context, &file, err);
}

static mca_code
accepts(bool *yes, const mca_verifier *client, const mca_cert *target,
    const mca_certs *chain, struct mca_error *err)
{
	scoped(mca_verdict) verdict = { 0 };
	mca_code code = mca_verify(&verdict, client, target, chain, NULL, err);

	*yes = code == MCA_OK && verdict.answer == MCA_YES;
	return code;
}

static mca_code
note_revoked(void *context, const struct mca_record *record,
    struct mca_error *err)
{
	(void)err;
	*(bool *)context |= record->revoked != 0;
	return MCA_OK;
}

static mca_code
is_revoked(bool *out, mca_ca *ca, const mca_cert *cert, struct mca_error *err)
{
	scoped(mca_text) sha256 = { 0 };
	size_t count;

	*out = false;
	mca_text_hex(&sha256, mca_cert_sha256(cert), MCA_SHA256_SIZE);
	if (sha256.failed)
		return mca_fail_memory(err);
	return mca_store_find(ca->store, mca_text_get(&sha256), note_revoked,
	    out, &count, err);
}

/*
 * What a server sends is the certificate and what follows it; a file of
 * intermediates alone goes with the certificate that it was written for.
 */
static mca_code
judge_chain(const struct walk *walk, const struct mca_deployed *file,
    const mca_certs *chain, struct mca_error *err)
{
	owned(mca_cert) *recorded = NULL;
	const mca_cert *target = chain->rows[0];
	bool revoked, old, new;
	mca_code code;

	if (mca_cert_is_ca(target)) {
		code = mca_store_certificate(walk->ca->store, &recorded,
		    file->certificate, err);
		if (code != MCA_OK)
			return code;
		target = recorded;
	}
	if ((code = is_revoked(&revoked, walk->ca, target, err)) != MCA_OK ||
	    revoked ||
	    (code = accepts(&old, walk->clients.old, target, chain, err)) !=
		MCA_OK ||
	    !old ||
	    (code = accepts(&new, walk->clients.new, target, chain, err)) !=
		MCA_OK ||
	    new)
		return code;
	return tell(walk, file->path, false,
	    "holds the chain of the old root alone", err);
}

/*
 * A key store cannot be opened without its passphrase.  But what is written
 * before the roots are crossed holds no way to the new one.
 */
static mca_code
judge_sealed(const struct walk *walk, const struct mca_deployed *file,
    const mca_blob *bytes, struct mca_error *err)
{
	uint8_t sha256[MCA_SHA256_SIZE];
	owned(mca_cert) *cert = NULL;
	bool old;
	int64_t id;
	mca_code code;

	if ((code = mca_sha256(sha256, bytes->bytes, bytes->length, err)) !=
		MCA_OK ||
	    (code = mca_store_file_of(walk->ca->store, &id, file->path, sha256,
		 err)) != MCA_OK ||
	    id != file->certificate || file->noted > walk->rollover->crossed ||
	    (code = mca_store_certificate(walk->ca->store, &cert, id, err)) !=
		MCA_OK ||
	    (code = accepts(&old, walk->clients.all, cert, NULL, err)) !=
		MCA_OK ||
	    !old)
		return code;
	return tell(walk, file->path, false,
	    "was written before the roots were crossed", err);
}

static mca_code
look_at(void *context, const struct mca_deployed *file, struct mca_error *err)
{
	const struct walk *walk = context;
	scoped(mca_blob) bytes = { 0 };
	scoped(mca_certs) chain = { 0 };
	struct mca_error bad = { 0 };
	struct stat there;

	if (lstat(file->path, &there) != 0 &&
	    (errno == ENOENT || errno == ENOTDIR))
		return MCA_OK;
	if (mca_file_read(&bytes, file->path, MCA_LIMIT_BUNDLE, &bad) != MCA_OK)
		return tell(walk, file->path, true, bad.text, err);
	if (mca_certs_parse(&chain, bytes.bytes, bytes.length, &bad) == MCA_OK)
		return judge_chain(walk, file, &chain, err);
	return judge_sealed(walk, file, &bytes, err);
}

mca_code
mca_rollover_files(mca_ca *ca, const mca_rollover *rollover,
    mca_rollover_each_file *each, void *context, size_t *count,
    struct mca_error *err)
{
	struct walk walk = { .ca = ca,
		.rollover = rollover,
		.each = each,
		.context = context,
		.count = count };
	mca_code code;

	*count = 0;
	if (rollover->crossed == 0 ||
	    strcmp(rollover->old_label, rollover->new_label) == 0)
		return MCA_OK;
	code = make_clients(&walk.clients, ca, rollover, err);
	if (code == MCA_OK)
		code = mca_store_deployed(ca->store, ca->options.now, look_at,
		    &walk, err);
	clear_clients(&walk.clients);
	return code;
}
