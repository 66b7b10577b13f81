/*
 * trust.c - minica trust: the anchors that verify believes in.
 */
#include "account.h"
#include "fail.h"
#include "json.h"
#include "session.h"

#include <string.h>

/* ---- add ---- */

struct add_args {
	struct words files;
	const char *sha256;
};

static const struct opt add_opts[] = {
	{ OPT_ARGS, 0, "FILE", NULL, offsetof(struct add_args, files),
	    "certificates to trust" },
	{ OPT_TEXT, 0, "sha256", "FINGERPRINT",
	    offsetof(struct add_args, sha256),
	    "trust it only if this is its fingerprint" },
	{ 0 },
};

/* One file with one certificate of just that fingerprint, or nothing. */
static mca_code
check_fingerprint(const mca_certs *certs, const char *wanted,
    struct mca_error *err)
{
	uint8_t sha256[MCA_SHA256_SIZE];
	scoped(mca_text) found = { 0 };

	if (wanted == NULL)
		return MCA_OK;
	if (!mca_text_unhex(sha256, sizeof(sha256), wanted))
		return fail(err, MCA_EUSAGE,
		    "--sha256: \"%s\" is not 64 hexadecimal digits",
		    MCA_SHOW_TEXT(wanted));
	if (certs->count != 1)
		return fail(err, MCA_EUSAGE,
		    "--sha256 is for one certificate, and there are %zu",
		    certs->count);
	if (memcmp(sha256, mca_cert_sha256(certs->rows[0]), sizeof(sha256)) ==
	    0)
		return MCA_OK;
	account_fingerprint(&found, mca_cert_sha256(certs->rows[0]),
	    MCA_SHA256_SIZE);
	return fail(err, MCA_EUNTRUSTED,
	    "the fingerprint is another one, %s: this is not the certificate "
	    "you were told of, and it was not added",
	    mca_text_get(&found));
}

/* A file with a chain is quickly given where its root alone was meant. */
static void
warn_unlikely(struct session *s, const mca_cert *cert)
{
	const char *who = mca_name_text(mca_cert_subject(cert));

	if (!mca_cert_is_ca(cert))
		warn(s,
		    "%s is no CA: as a trust anchor it stands for itself "
		    "alone, and what its issuer revokes is not heeded; trust "
		    "remove takes it out again",
		    who);
	else if (!mca_cert_is_self_issued(cert))
		warn(s,
		    "%s is an intermediate: many clients want the root, %s, "
		    "and as an anchor it is not asked whether it was revoked",
		    who, mca_name_text(mca_cert_issuer(cert)));
	if (mca_cert_not_after(cert) < s->now)
		warn(s, "%s expired on %s: no client believes it", who,
		    MCA_TIME(mca_cert_not_after(cert)));
}

static mca_code
add(struct session *s, const mca_cert *cert, const char *origin,
    struct mca_error *err)
{
	json_t *row = json_row(s->doc, "anchors");
	scoped(mca_text) hex = { 0 };
	bool added;

	if (mca_ca_add_anchor(s->ca, &added, cert, origin, err) != MCA_OK)
		return err->code;
	account_fingerprint(&hex, mca_cert_sha256(cert), MCA_SHA256_SIZE);
	print(s, "%s %s\n  SHA-256 %s\n",
	    added ? "trusted:" : "trusted already:",
	    mca_name_text(mca_cert_subject(cert)), mca_text_get(&hex));
	json_put(row, "added", json_boolean(added));
	json_put(row, "info", json_cert(cert));
	warn_unlikely(s, cert);
	return MCA_OK;
}

static mca_code
read_files(mca_certs *out, struct words *origins, const struct words *files,
    struct mca_error *err)
{
	for (size_t i = 0; i < files->count; i++) {
		mca_code code = mca_certs_read(out, files->rows[i], err);

		if (code != MCA_OK)
			return code;
		while (origins->count < out->count)
			words_add(origins, files->rows[i]);
	}
	return MCA_OK;
}

static mca_code
run_add(struct session *s, void *opaque, struct mca_error *err)
{
	const struct add_args *args = opaque;
	scoped(mca_certs) certs = { 0 };
	struct words origins = { 0 };
	mca_code code;

	code = read_files(&certs, &origins, &args->files, err);
	if (code == MCA_OK)
		code = check_fingerprint(&certs, args->sha256, err);
	if (code == MCA_OK)
		code = session_open(s, MCA_STORE_CREATE, NULL, err);
	for (size_t i = 0; code == MCA_OK && i < origins.count; i++)
		code = add(s, certs.rows[i], origins.rows[i], err);
	words_clear(&origins);
	if (code == MCA_OK && args->sha256 == NULL)
		talk(s,
		    "compare the fingerprint with one that came to you "
		    "another way");
	return code;
}

const struct command trust_add_command = {
	"trust add",
	"Add trust anchors",
	add_opts,
	sizeof(struct add_args),
	run_add,
	"A fingerprint that came another way makes it safe:\n"
	"\n"
	"  minica trust add root.pem --sha256 5F:3B:...\n",
};

/* ---- list ---- */

static mca_code
tell(void *context, const struct mca_anchor *anchor, struct mca_error *err)
{
	struct session *s = context;

	(void)err;
	json_push(s->doc, "anchors", json_anchor(anchor));
	print(s, "%s  until %s  %s  (%s)\n", anchor->sha256,
	    MCA_TIME(anchor->not_after), anchor->subject,
	    MCA_SHOW_TEXT(anchor->origin));
	return MCA_OK;
}

static mca_code
run_list(struct session *s, void *opaque, struct mca_error *err)
{
	(void)opaque;
	if (session_open(s, MCA_STORE_READ, NULL, err) != MCA_OK)
		return err->code;
	json_put(s->doc, "anchors", json_array());
	return mca_store_anchors(mca_ca_store(s->ca), tell, s, err);
}

static const struct opt no_opts[] = {
	{ 0 },
};

const struct command trust_list_command = {
	"trust list",
	"List the trust anchors",
	no_opts,
	1,
	run_list,
	NULL,
};

/* ---- remove ---- */

struct remove_args {
	const char *sha256;
};

static const struct opt remove_opts[] = {
	{ OPT_ARG, 0, "FINGERPRINT", NULL, offsetof(struct remove_args, sha256),
	    "the anchor's SHA-256 (minica trust list)" },
	{ 0 },
};

static mca_code
run_remove(struct session *s, void *opaque, struct mca_error *err)
{
	const struct remove_args *args = opaque;
	uint8_t sha256[MCA_SHA256_SIZE];
	scoped(mca_text) hex = { 0 };
	bool removed;

	if (!mca_text_unhex(sha256, sizeof(sha256), args->sha256))
		return fail(err, MCA_EUSAGE,
		    "\"%s\" is not 64 hexadecimal digits: minica trust list "
		    "shows them",
		    MCA_SHOW_TEXT(args->sha256));
	mca_text_hex(&hex, sha256, sizeof(sha256));
	if (hex.failed)
		fail_memory();
	if (session_open(s, MCA_STORE_WRITE, NULL, err) != MCA_OK ||
	    mca_ca_remove_anchor(s->ca, &removed, mca_text_get(&hex), err) !=
		MCA_OK)
		return err->code;
	if (!removed)
		return fail(err, MCA_ENOTFOUND,
		    "no trust anchor has the fingerprint %s",
		    mca_text_get(&hex));
	json_put(s->doc, "removed", json_text(mca_text_get(&hex)));
	print(s, "trusted no more: %s\n", mca_text_get(&hex));
	return MCA_OK;
}

const struct command trust_remove_command = {
	"trust remove",
	"Remove a trust anchor",
	remove_opts,
	sizeof(struct remove_args),
	run_remove,
	NULL,
};
