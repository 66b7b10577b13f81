/*
 * ca_revoke.c - revocations, and the lists that tell them (minica/ca.h).
 */
#include "ca_parts.h"

#include "crlbuild.h"
#include "minica/pem.h"
#include "minica/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* The issuer's name, as the record of a revocation has it. */
static mca_code
issuer_name(mca_ca *ca, const char **name, const char *label,
    struct mca_error *err)
{
	const struct mca_issuer *issuer;
	mca_code code = mca_ca_load(ca, err);

	if (code != MCA_OK)
		return code;
	issuer = mca_issuers_find(&ca->issuers, label);
	if (issuer == NULL || issuer->cert == NULL)
		return mca_fail(err, MCA_ENOTFOUND,
		    "there is no authority \"%s\" in this home that has "
		    "issued anything",
		    MCA_SHOW_TEXT(label));
	*name = mca_name_text(mca_cert_subject(issuer->cert));
	return MCA_OK;
}

static mca_code
unknown_reason(const char *reason, struct mca_error *err)
{
	const char *nearest =
	    mca_text_nearest(reason, mca_revocation_reasons());
	scoped(mca_text) all = { 0 };

	for (const char *const *r = mca_revocation_reasons(); *r != NULL; r++)
		mca_text_addf(&all, "%s%s", all.length == 0 ? "" : ", ", *r);
	return mca_fail(err, MCA_EUSAGE,
	    "\"%s\" is no reason to revoke (RFC 5280, 5.3.1); %s%s",
	    MCA_SHOW_TEXT(reason),
	    nearest == NULL ? "there are " : "did you mean ",
	    nearest == NULL ? mca_text_get(&all) : nearest);
}

static mca_code
check(const mca_ca *ca, const struct mca_revoking *what, const char *reason,
    struct mca_error *err)
{
	if (mca_revocation_code(reason) < 0)
		return unknown_reason(reason, err);
	if (what->invalid_since > ca->options.now)
		return mca_fail(err, MCA_EUSAGE,
		    "invalidityDate %s is still to come; it says since when "
		    "the key is known or suspected to be bad (RFC 5280, "
		    "5.3.2)",
		    MCA_TIME(what->invalid_since));
	return MCA_OK;
}

/* What is there already may stay, give way (a hold), or be in the way. */
static mca_code
settle_earlier(mca_ca *ca, bool *done, const char *issuer,
    const struct mca_revoking *what, const char *reason, struct mca_error *err)
{
	struct mca_revocation was;
	bool found;
	mca_code code = mca_store_revoked(ca->store, &found, &was, issuer,
	    what->serial, err);

	*done = false;
	if (code != MCA_OK || !found)
		return code;
	if (strcasecmp(was.reason, reason) == 0) {
		*done = true;
		return MCA_OK;
	}
	if (strcmp(was.reason, "certificateHold") == 0)
		return mca_store_release(ca->store, issuer, what->serial, err);
	return mca_fail(err, MCA_EEXISTS,
	    "serial %s is revoked already, since %s for %s; that stays as it "
	    "was told",
	    what->serial, MCA_TIME(was.revoked), was.reason);
}

static mca_code
write_revocation(mca_ca *ca, bool *changed, const char *issuer,
    const struct mca_revoking *what, const char *reason, struct mca_error *err)
{
	const struct mca_revocation revocation = { reason, ca->options.now,
		what->invalid_since };
	scoped(mca_text) detail = { 0 };
	bool done;
	mca_code code = settle_earlier(ca, &done, issuer, what, reason, err);

	*changed = !done;
	if (code != MCA_OK || done)
		return code;
	mca_text_addf(&detail, "reason %s, authority %s%s%s", reason,
	    what->authority,
	    what->superseded_by == NULL ? "" : ", superseded by ",
	    what->superseded_by == NULL ? "" : what->superseded_by);
	if (detail.failed)
		return mca_fail_memory(err);
	code =
	    mca_store_revoke(ca->store, issuer, what->serial, &revocation, err);
	if (code != MCA_OK)
		return code;
	return mca_ca_audit(ca, "revoke", what->serial, mca_text_get(&detail),
	    err);
}

static mca_code
end_change(mca_ca *ca, mca_code code, struct mca_error *err)
{
	if (code == MCA_OK)
		code = mca_store_commit(ca->store, err);
	if (code != MCA_OK)
		mca_store_rollback(ca->store);
	ca->loaded = false;
	return code;
}

mca_code
mca_ca_revoke(mca_ca *ca, bool *changed, const struct mca_revoking *what,
    struct mca_error *err)
{
	const char *reason =
	    what->reason == NULL ? "unspecified" : what->reason;
	const char *issuer;
	mca_code code;

	if ((code = check(ca, what, reason, err)) != MCA_OK ||
	    (code = issuer_name(ca, &issuer, what->authority, err)) != MCA_OK ||
	    (code = mca_store_begin(ca->store, err)) != MCA_OK)
		return code;
	code = write_revocation(ca, changed, issuer, what, reason, err);
	return end_change(ca, code, err);
}

mca_code
mca_ca_release(mca_ca *ca, const struct mca_revoking *what,
    struct mca_error *err)
{
	const char *issuer;
	mca_code code;

	if ((code = issuer_name(ca, &issuer, what->authority, err)) != MCA_OK ||
	    (code = mca_store_begin(ca->store, err)) != MCA_OK)
		return code;
	code = mca_store_release(ca->store, issuer, what->serial, err);
	if (code == MCA_OK)
		code = mca_ca_audit(ca, "release", what->serial,
		    what->authority, err);
	return end_change(ca, code, err);
}

/* ---- lists ---- */

static mca_code
add_entry(void *context, const uint8_t *serial, size_t length,
    const struct mca_revocation *revocation, struct mca_error *err)
{
	return mca_crlbuild_add(context, serial, length, revocation->revoked,
	    mca_revocation_code(revocation->reason), revocation->invalid_since,
	    err);
}

/* Entries, number and signature; recorded in the open transaction. */
static mca_code
make_list(mca_ca *ca, mca_crlbuild *build, struct mca_crl_record *out,
    struct mca_issuer *issuer, const struct mca_crl_request *what,
    struct mca_error *err)
{
	struct mca_crl_head head = { .issuer = issuer->cert,
		.this_update = what->this_update,
		.next_update = what->next_update };
	mca_key *key;
	mca_code code;

	if ((code = mca_store_last_crl(ca->store, out, issuer->label, err)) !=
		MCA_OK ||
	    (code = mca_store_revocations(ca->store,
		 mca_name_text(mca_cert_subject(issuer->cert)), add_entry,
		 build, err)) != MCA_OK ||
	    (code = mca_issuer_key(&key, issuer, ca->options.home,
		 ca->options.passphrase, err)) != MCA_OK)
		return code;
	head.number = out->number + 1;
	*out = (struct mca_crl_record){ .number = head.number,
		.this_update = what->this_update,
		.next_update = what->next_update,
		.recorded = ca->options.now,
		.entries = (int64_t)mca_crlbuild_count(build) };
	if ((code = mca_crlbuild_sign(build, &head, key, err)) != MCA_OK ||
	    (code = mca_crlbuild_sha256(out->sha256, build, err)) != MCA_OK)
		return code;
	return mca_store_add_crl(ca->store, issuer->label, out, ca->options.now,
	    err);
}

static mca_code
record_list(mca_ca *ca, mca_crlbuild *build, struct mca_crl_record *out,
    struct mca_issuer *issuer, const struct mca_crl_request *what,
    struct mca_error *err)
{
	scoped(mca_text) detail = { 0 };
	mca_code code = mca_store_begin(ca->store, err);

	if (code != MCA_OK)
		return code;
	code = make_list(ca, build, out, issuer, what, err);
	if (code == MCA_OK) {
		mca_text_addf(&detail, "number %lld, %lld entries, until %s",
		    (long long)out->number, (long long)out->entries,
		    MCA_TIME(out->next_update));
		code = detail.failed ? mca_fail_memory(err)
				     : mca_ca_audit(ca, "crl", issuer->label,
					   mca_text_get(&detail), err);
	}
	if (code == MCA_OK)
		code = mca_store_commit(ca->store, err);
	if (code != MCA_OK)
		mca_store_rollback(ca->store);
	return code;
}

mca_code
mca_ca_crl(mca_ca *ca, struct mca_crl_record *out, const char **label,
    const struct mca_crl_request *what, mca_write *write, void *context,
    struct mca_error *err)
{
	owned(mca_crlbuild) *build = NULL;
	struct mca_issuer *issuer;
	mca_code code;

	if (what->next_update <= what->this_update)
		return mca_fail(err, MCA_EUSAGE,
		    "nextUpdate must come after thisUpdate (RFC 5280, "
		    "5.1.2.5)");
	if ((code = mca_ca_load(ca, err)) != MCA_OK ||
	    (code = mca_issuers_choose_crl(&issuer, &ca->issuers,
		 what->authority, ca->options.now, err)) != MCA_OK ||
	    (code = mca_crlbuild_new(&build, ca->options.home, err)) !=
		MCA_OK ||
	    (code = record_list(ca, build, out, issuer, what, err)) != MCA_OK)
		return code;
	*label = issuer->label;
	return mca_crlbuild_write(build, what->pem, write, context, err);
}

/* More than a header, a signature algorithm and a name need. */
#define HEAD 16384

/* Up to HEAD bytes; none of what is no file, or is not there. */
static mca_code
read_bytes(char *out, size_t *length, const char *path, struct mca_error *err)
{
	struct stat there;
	bool failed;
	FILE *file;

	*length = 0;
	if (stat(path, &there) != 0 || !S_ISREG(there.st_mode))
		return MCA_OK;
	file = fopen(path, "rbe");
	if (file == NULL)
		return mca_fail_errno(err, MCA_ESYSTEM, "%s",
		    MCA_SHOW_TEXT(path));
	*length = fread(out, 1, HEAD, file);
	failed = ferror(file) != 0;
	(void)fclose(file);
	return failed ? mca_fail(err, MCA_ESYSTEM, "%s: cannot be read",
			    MCA_SHOW_TEXT(path))
		      : MCA_OK;
}

/* The DER at the beginning of a file, which may be PEM; it may be cut off. */
static mca_code
read_head(mca_blob *out, const char *path, struct mca_error *err)
{
	static const char begin[] = "-----BEGIN X509 CRL-----\n";
	static const char end[] = "-----END X509 CRL-----\n";
	char text[HEAD + sizeof(end)];
	scoped(mca_pem) pem = { 0 };
	size_t length;
	mca_code code = read_bytes(text, &length, path, err);

	if (code != MCA_OK)
		return code;
	if (length < sizeof(begin) ||
	    memcmp(text, begin, sizeof(begin) - 1) != 0)
		return mca_blob_copy(out, text, length, err);
	/* Whole lines, and an end for what was cut off. */
	if (length == HEAD) {
		while (text[length - 1] != '\n')
			length--;
		memcpy(text + length, end, sizeof(end) - 1);
		length += sizeof(end) - 1;
	}
	code = mca_pem_parse(&pem, (const uint8_t *)text, length, err);
	if (code == MCA_ESYSTEM)
		return code;
	if (code != MCA_OK || pem.count == 0)
		return MCA_OK; /* no list, so there is no head of one */
	return mca_blob_copy(out, pem.blocks[0].der.bytes,
	    pem.blocks[0].der.length, err);
}

mca_code
mca_ca_owns_crl(mca_ca *ca, bool *ours, const char *path, const char *authority,
    struct mca_error *err)
{
	struct mca_issuer *issuer;
	scoped(mca_blob) head = { 0 };
	mca_code code;

	*ours = false;
	if ((code = mca_ca_load(ca, err)) != MCA_OK ||
	    (code = mca_issuers_choose_crl(&issuer, &ca->issuers, authority,
		 ca->options.now, err)) != MCA_OK ||
	    (code = read_head(&head, path, err)) != MCA_OK)
		return code;
	*ours = mca_crl_begins_as_of(head.bytes, head.length, issuer->cert);
	return MCA_OK;
}

mca_code
mca_ca_crl_state(mca_ca *ca, const char **label, struct mca_crl_record *last,
    int64_t *missing, const char *authority, struct mca_error *err)
{
	struct mca_issuer *issuer;
	int64_t until, after;
	mca_code code;

	if ((code = mca_ca_load(ca, err)) != MCA_OK ||
	    (code = mca_issuers_choose_crl(&issuer, &ca->issuers, authority,
		 ca->options.now, err)) != MCA_OK ||
	    (code = mca_store_last_crl(ca->store, last, issuer->label, err)) !=
		MCA_OK ||
	    (code = mca_store_count_revocations(ca->store, &until, &after,
		 mca_name_text(mca_cert_subject(issuer->cert)), last->recorded,
		 err)) != MCA_OK)
		return code;
	*label = issuer->label;
	/* Fewer than the list holds: a hold was released since. */
	*missing = after +
	    (until > last->entries ? until - last->entries
				   : last->entries - until);
	return MCA_OK;
}
