/*
 * ca_standing.c - what the record knows of a certificate (minica/ca.h).
 */
#include "ca_parts.h"

/*
 * Revocations are recorded under the issuer's name, which anyone can write:
 * the key says whether it is one of ours.
 */
static const struct mca_issuer *
find_issuer(const mca_ca *ca, const mca_cert *issuer)
{
	const mca_spki *key = mca_cert_spki(issuer);

	for (size_t i = 0; key != NULL && i < ca->issuers.count; i++) {
		const mca_cert *ours = ca->issuers.rows[i]->cert;

		if (ours != NULL && mca_cert_spki(ours) != NULL &&
		    mca_spki_equal(mca_cert_spki(ours), key) &&
		    mca_name_equal(mca_cert_subject(ours),
			mca_cert_subject(issuer)))
			return ca->issuers.rows[i];
	}
	return NULL;
}

static mca_code
ask_lists(mca_ca *ca, struct mca_standing *out, const char *label, mca_time at,
    struct mca_error *err)
{
	struct mca_crl_record list;
	mca_code code = mca_store_crl_at(ca->store, &list, label, at, err);

	if (code != MCA_OK)
		return code;
	out->list_number = list.number;
	out->list_from = list.this_update;
	out->list_until = list.next_update;
	return MCA_OK;
}

mca_code
mca_ca_standing(mca_ca *ca, struct mca_standing *out, const mca_cert *cert,
    const mca_cert *issuer, mca_time at, struct mca_error *err)
{
	const struct mca_issuer *ours;
	struct mca_revocation revocation;
	mca_code code = mca_ca_load(ca, err);

	if (code != MCA_OK)
		return code;
	ours = find_issuer(ca, issuer);
	if (ours == NULL)
		return MCA_OK;
	out->known = true;
	code = mca_store_revoked(ca->store, &out->revoked, &revocation,
	    mca_name_text(mca_cert_issuer(cert)), mca_cert_serial(cert), err);
	if (code != MCA_OK)
		return code;
	if (!out->revoked)
		return ask_lists(ca, out, ours->label, at, err);
	out->since = revocation.revoked;
	out->reason = revocation.reason;
	return MCA_OK;
}
