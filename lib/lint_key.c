/*
 * lint_key.c - the public key of a certificate (RFC 5280, 4.1.2.7).
 */
#include "lint.h"
#include "weak_parts.h"

#include <openssl/core_names.h>
#include <openssl/err.h>

static bool
is_rsa(const struct mca_facts *facts)
{
	return facts->key != NULL &&
	    (EVP_PKEY_is_a(facts->key, "RSA") ||
		EVP_PKEY_is_a(facts->key, "RSA-PSS"));
}

bool
mca_lint_key_unreadable(const struct mca_facts *facts, struct mca_fault *fault)
{
	return facts->key == NULL && mca_fault(fault, "cannot be decoded");
}

bool
mca_lint_key_small(const struct mca_facts *facts, struct mca_fault *fault)
{
	int bits;

	if (facts->key == NULL || EVP_PKEY_get_security_bits(facts->key) >= 112)
		return false;
	bits = EVP_PKEY_get_bits(facts->key);
	mca_fault_found(fault, "%d bits", bits);
	return mca_fault(fault, "%s of %d bits can be broken",
	    EVP_PKEY_get0_type_name(facts->key), bits);
}

bool
mca_lint_key_broken(const struct mca_facts *facts, struct mca_fault *fault)
{
	const mca_spki *spki = facts->cert != NULL ? mca_cert_spki(facts->cert)
						   : mca_csr_spki(facts->csr);
	char how[MCA_WEAK_DETAIL];

	return mca_weak_in(how, facts->spki, spki, MCA_WEAK_BROKEN) &&
	    mca_fault(fault, "is no secret any more: %s", how);
}

bool
mca_lint_key_odd(const struct mca_facts *facts, struct mca_fault *fault)
{
	return is_rsa(facts) && EVP_PKEY_get_bits(facts->key) % 8 != 0 &&
	    mca_fault(fault, "RSA modulus of %d bits",
		EVP_PKEY_get_bits(facts->key));
}

bool
mca_lint_key_exponent(const struct mca_facts *facts, struct mca_fault *fault)
{
	owned(BIGNUM) *e = NULL;

	return is_rsa(facts) &&
	    (EVP_PKEY_get_bn_param(facts->key, OSSL_PKEY_PARAM_RSA_E, &e) !=
		    1 ||
		!BN_is_odd(e) || BN_num_bits(e) < 17) &&
	    mca_fault(fault, "RSA exponent is even or under 65537");
}

/* Curves that browsers and the common libraries verify with. */
bool
mca_lint_key_curve(const struct mca_facts *facts, struct mca_fault *fault)
{
	char group[64];
	int nid;

	if (facts->key == NULL || !EVP_PKEY_is_a(facts->key, "EC"))
		return false;
	if (EVP_PKEY_get_group_name(facts->key, group, sizeof(group), NULL) !=
	    1) {
		ERR_clear_error();
		return mca_fault(fault, "the curve has no name");
	}
	nid = OBJ_sn2nid(group);
	return nid != NID_X9_62_prime256v1 && nid != NID_secp384r1 &&
	    nid != NID_secp521r1 && mca_fault(fault, "curve %s", group);
}

/* NULL for RSA (RFC 3279), a named curve for EC (RFC 5480), else nothing. */
bool
mca_lint_key_parameters(const struct mca_facts *facts, struct mca_fault *fault)
{
	X509_ALGOR *algorithm = NULL;
	const ASN1_OBJECT *oid;
	int type, wanted = V_ASN1_UNDEF;

	X509_PUBKEY_get0_param(NULL, NULL, NULL, &algorithm, facts->spki);
	X509_ALGOR_get0(&oid, &type, NULL, algorithm);
	switch (OBJ_obj2nid(oid)) {
	case NID_rsaEncryption:
		wanted = V_ASN1_NULL;
		break;
	case NID_X9_62_id_ecPublicKey:
		wanted = V_ASN1_OBJECT;
		break;
	case NID_ED25519:
	case NID_ED448:
		break;
	default:
		return false;
	}
	return type != wanted &&
	    mca_fault(fault, "the parameters of %s are of another kind",
		OBJ_nid2sn(OBJ_obj2nid(oid)));
}
