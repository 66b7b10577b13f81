/*
 * review_key.c - the key of a request, and the signature that proves it.
 */
#include "review.h"

#include "minica/text.h"
#include "minica/weak.h"
#include "minica/x509.h"
#include "object.h"
#include "ossl.h"
#include "sigalg.h"

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
		.because = mca_csr_is_proven(x->csr)
		    ? "RFC 2986, 3: it has proved the key"
		    : "RFC 2986, 3: with this key it proves nothing",
	};

	if (mca_csr_is_renewal(x->csr)) {
		row.field = "proofOfPossession";
		row.asked = "(a renewal)";
		row.because = "RFC 2986, 3: the key was proved when the "
			      "certificate that is renewed was issued";
		mca_review_add(x->out, &row);
		return;
	}
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

/* A key of the home's own list (HOME/weak-keys). */
static void
refuse_listed(struct mca_examination *x, struct mca_review_row *row)
{
	const char *what =
	    mca_weaklist_find(x->context->listed, mca_csr_spki(x->csr));

	if (what == NULL)
		return;
	row->decision = MCA_REFUSED;
	row->because = "HOME/weak-keys";
	mca_review_find(x->out, row,
	    &(struct mca_remark){ "MC-K-LISTED", "a key that is not listed",
		"make a new key: minica keygen" },
	    "the list of this home has it: %s", MCA_SHOW_TEXT(what));
}

/* Each finding about the key itself refuses it, whatever the policy says. */
static void
refuse_weak(struct mca_examination *x, struct mca_review_row *row)
{
	mca_findings *findings = &x->out->findings;
	size_t before = findings->count;

	mca_weak_check(findings, mca_csr_spki(x->csr), MCA_WEAK_ANY);
	refuse_listed(x, row);
	if (findings->count == before)
		return;
	row->decision = MCA_REFUSED;
	row->because = findings->rows[before].source;
}

void
mca_review_key(struct mca_examination *x)
{
	const mca_policy *policy = x->policy;
	const mca_spki *spki = mca_csr_spki(x->csr);
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
	refuse_weak(x, &row);
	if (row.decision == MCA_REFUSED)
		row.written = "";
	mca_review_add(x->out, &row);
}
