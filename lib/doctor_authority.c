/*
 * doctor_authority.c - authorities: their keys, chains and lists.
 */
#include "doctor.h"

#include "minica/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* ---- keys ---- */

/*
 * What a locked key is can be told from its file's name alone, which was made
 * from it (ca_birth.c).
 */
static bool
name_contradicts(const struct mca_issuer *issuer)
{
	const uint8_t *id;
	char digits[16];
	size_t length = strlen(issuer->where);

	if (issuer->cert == NULL || mca_cert_spki(issuer->cert) == NULL ||
	    length < 13)
		return false;
	id = mca_spki_sha256(mca_cert_spki(issuer->cert));
	(void)snprintf(digits, sizeof(digits), "-%02x%02x%02x%02x.key", id[0],
	    id[1], id[2], id[3]);
	return strcmp(issuer->where + length - 13, digits) != 0;
}

static void
judge_key(struct mca_doctor *doctor, const struct mca_issuer *issuer,
    const mca_key *key)
{
	if (issuer->cert == NULL || mca_cert_spki(issuer->cert) == NULL ||
	    mca_spki_equal(mca_key_spki(key), mca_cert_spki(issuer->cert)))
		return;
	mca_doctor_find(doctor, MCA_AIL_KEY_MISMATCH, issuer->label,
	    "the private key in %s is not the one of its certificate",
	    MCA_SHOW_TEXT(issuer->where));
}

/* Whether the key opens without a passphrase; only that is worth a note. */
static bool
is_plain(const char *path)
{
	owned(mca_key) *key = NULL;
	struct mca_error unread;

	return mca_key_load(&key, path, NULL, &unread) == MCA_OK;
}

/* What is there and cannot be opened is no more missing than damaged. */
static bool
is_unread(mca_code code, const char *path)
{
	struct stat st;

	return code == MCA_ESYSTEM ||
	    (code == MCA_ENOTFOUND && !mca_key_is_uri(path) &&
		(lstat(path, &st) == 0 || errno != ENOENT));
}

static mca_code
check_key(struct mca_doctor *doctor, const struct mca_issuer *issuer,
    struct mca_error *err)
{
	owned(mca_key) *key = NULL;
	owned(char) *path = NULL;
	struct mca_error bad;
	mca_code code;

	if (*issuer->where == '\0')
		return MCA_OK;
	code =
	    mca_issuer_key_path(&path, issuer, doctor->ca->options.home, err);
	if (code != MCA_OK)
		return code;
	code = mca_key_load(&key, path, doctor->ca->options.passphrase, &bad);
	if (code == MCA_OK)
		judge_key(doctor, issuer, key);
	else if (is_unread(code, path))
		mca_doctor_find(doctor, MCA_AIL_UNREAD, "", "key of %s: %s",
		    MCA_SHOW_TEXT(issuer->label), bad.text);
	else if (code == MCA_ENOTFOUND)
		mca_doctor_find(doctor, MCA_AIL_KEY_MISSING, issuer->label,
		    "its private key %s is not there", MCA_SHOW_TEXT(path));
	else if (code != MCA_EKEY)
		mca_doctor_find(doctor, MCA_AIL_KEY_UNREADABLE, issuer->label,
		    "%s", bad.text);
	else if (name_contradicts(issuer) && !mca_key_is_uri(path))
		mca_doctor_find(doctor, MCA_AIL_KEY_MISMATCH, issuer->label,
		    "its private key is said to be %s, which is the name of "
		    "another key",
		    MCA_SHOW_TEXT(issuer->where));
	else
		mca_doctor_find(doctor, MCA_AIL_KEY_LOCKED, issuer->label,
		    "its key is encrypted, so it was not compared with the "
		    "certificate");
	if (code == MCA_OK && !mca_key_is_uri(path) && is_plain(path))
		mca_doctor_find(doctor, MCA_AIL_KEY_PLAIN, issuer->label,
		    "its key is not encrypted; the mode of its file alone "
		    "protects it");
	return MCA_OK;
}

/* ---- certificates ---- */

static void
check_chain(struct mca_doctor *doctor, const struct mca_issuer *issuer)
{
	mca_time now = doctor->ca->options.now;
	const mca_cert *cert = issuer->cert;
	const mca_cert *above =
	    issuer->above == NULL ? NULL : issuer->above->cert;

	if (cert == NULL) {
		mca_doctor_find(doctor, MCA_AIL_AWAITED, issuer->label,
		    "its certificate is still awaited");
		return;
	}
	if (above == NULL && mca_cert_is_self_issued(cert))
		above = cert;
	if (above != NULL &&
	    (mca_cert_spki(above) == NULL ||
		!mca_name_equal(mca_cert_issuer(cert),
		    mca_cert_subject(above)) ||
		!mca_cert_is_signed_by(cert, mca_cert_spki(above))))
		mca_doctor_find(doctor, MCA_AIL_PARENT, issuer->label,
		    "its certificate is not signed by %s",
		    issuer->above == NULL ? "its own key"
					  : issuer->above->label);
	if (mca_cert_not_after(cert) < now)
		mca_doctor_find(doctor, MCA_AIL_ENDED, issuer->label,
		    "its certificate ended at %s",
		    MCA_TIME(mca_cert_not_after(cert)));
}

/* ---- lists ---- */

static mca_code
check_list(struct mca_doctor *doctor, const struct mca_issuer *issuer,
    struct mca_error *err)
{
	owned(char) *label = strdup(issuer->label);
	struct mca_crl_record last;
	const char *of;
	int64_t missing;
	mca_code code;

	if (label == NULL)
		return mca_fail_memory(err);
	code = mca_ca_crl_state(doctor->ca, &of, &last, &missing, label, err);
	if (code != MCA_OK)
		return code;
	if (last.number != 0 && last.next_update < doctor->ca->options.now)
		mca_doctor_find(doctor, MCA_AIL_CRL_STALE, label,
		    "its newest list, number %lld, is stale since %s",
		    (long long)last.number, MCA_TIME(last.next_update));
	if (missing != 0)
		mca_doctor_find(doctor, MCA_AIL_CRL_BEHIND, label,
		    last.number == 0
			? "it has revoked (%lld) and never published a list"
			: "its newest list lacks changes (%lld)",
		    (long long)missing);
	return MCA_OK;
}

mca_code
mca_doctor_authorities(struct mca_doctor *doctor, struct mca_error *err)
{
	const mca_issuers *all = &doctor->ca->issuers;
	mca_code code = mca_ca_load(doctor->ca, err);

	for (size_t i = 0; code == MCA_OK && i < all->count; i++) {
		const struct mca_issuer *issuer = all->rows[i];

		check_chain(doctor, issuer);
		code = check_key(doctor, issuer, err);
		if (code == MCA_OK && issuer->cert != NULL &&
		    *issuer->where != '\0')
			code = check_list(doctor, issuer, err);
	}
	return code;
}
