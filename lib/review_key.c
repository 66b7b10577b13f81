/*
 * review_key.c - the key of a request, and the signature that proves it.
 */
#include "review.h"

#include "minica/text.h"
#include "minica/x509.h"
#include "ossl.h"
#include "sigalg.h"

#include <openssl/core_names.h>

static bool
signed_safely(const X509_REQ *req)
{
	const X509_ALGOR *algorithm = NULL;
	struct mca_sigalg parts;

	X509_REQ_get0_signature(req, NULL, &algorithm);
	mca_sigalg_read(&parts, algorithm);
	return parts.bits >= MCA_LEAST_BITS;
}

void
mca_review_signature(struct mca_examination *x)
{
	struct mca_review_row row = {
		.decision = MCA_DROPPED,
		.field = "signatureAlgorithm",
		.asked = mca_csr_signature_algorithm(x->csr),
		.because = "RFC 2986, 3: it has proved the key",
	};

	if (!signed_safely(mca_csr_get0_x509_req(x->csr))) {
		row.decision = MCA_REFUSED;
		row.because = "RFC 6194; RFC 6151";
		mca_review_find(x->out, &row,
		    &(struct mca_remark){ "MC-R-SIGNATURE",
			"a signature with SHA-256 or stronger",
			"make the request again: openssl req -new -sha256 "
			"..." },
		    "signed with %s, which proves nothing any more", row.asked);
	}
	mca_review_add(x->out, &row);
}

static const char *
join(mca_text *out, const struct mca_words *words)
{
	for (size_t i = 0; i < words->count; i++)
		mca_text_addf(out, "%s%s", i == 0 ? "" : ", ", words->words[i]);
	return mca_text_get(out);
}

/*
 * Even exponents are no keys at all; below 65537 padding mistakes of old
 * verifiers become forgeries (FIPS 186-5, A.1.1 demands more than 2^16).
 */
static const char *
exponent_flaw(const mca_spki *spki)
{
	const EVP_PKEY *key = mca_spki_get0_pkey(spki);
	owned(BIGNUM) *e = NULL;

	if (!EVP_PKEY_is_a(key, "RSA") && !EVP_PKEY_is_a(key, "RSA-PSS"))
		return NULL;
	if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) != 1)
		return "the public exponent cannot be read";
	if (!BN_is_odd(e))
		return "the public exponent is even";
	return BN_num_bits(e) < 17 ? "the public exponent is under 65537"
				   : NULL;
}

/*
 * Curves spelt out by their parameters can be made to look like a known one
 * (CVE-2020-0601); libcrypto may take them for it, so the octets are asked.
 */
static bool
spells_curve(X509_REQ *req)
{
	X509_ALGOR *algorithm = NULL;
	X509_PUBKEY *key;
	const ASN1_OBJECT *oid;
	int type;

	key = X509_REQ_get_X509_PUBKEY(req);
	X509_PUBKEY_get0_param(NULL, NULL, NULL, &algorithm, key);
	X509_ALGOR_get0(&oid, &type, NULL, algorithm);
	return OBJ_obj2nid(oid) == NID_X9_62_id_ecPublicKey &&
	    type != V_ASN1_OBJECT;
}

void
mca_review_key(struct mca_examination *x)
{
	const mca_policy *policy = x->policy;
	const mca_spki *spki = mca_csr_spki(x->csr);
	const char *flaw = exponent_flaw(spki);
	struct mca_review_row row = {
		.decision = MCA_KEPT,
		.field = "publicKey",
		.asked = mca_spki_algorithm(spki),
		.written = mca_spki_algorithm(spki),
		.because = MCA_BECAUSE(policy, MCA_PK_ALLOW_KEYS, 0),
	};
	scoped(mca_text) wanted = { 0 };

	if (!mca_words_has(&policy->keys, row.asked)) {
		row.decision = MCA_REFUSED;
		mca_review_find(x->out, &row,
		    &(struct mca_remark){ "MC-P-KEY",
			join(&wanted, &policy->keys),
			"make a key of an allowed kind: minica keygen --key "
			"ec-p256" },
		    "the policy allows no %s key", row.asked);
	}
	if (flaw != NULL) {
		row.decision = MCA_REFUSED;
		row.because = "FIPS 186-5, A.1.1";
		mca_review_find(x->out, &row,
		    &(struct mca_remark){ "MC-P-KEY-EXPONENT", "65537",
			"make a new key: minica keygen" },
		    "%s", flaw);
	}
	if (spells_curve(mca_csr_get0_x509_req(x->csr))) {
		row.decision = MCA_REFUSED;
		row.because = "RFC 5480, 2.1.1";
		mca_review_find(x->out, &row,
		    &(struct mca_remark){ "MC-P-KEY-CURVE", "a curve by name",
			"make a new key: minica keygen" },
		    "the curve is spelt out instead of named");
	}
	if (row.decision == MCA_REFUSED)
		row.written = "";
	mca_review_add(x->out, &row);
}
