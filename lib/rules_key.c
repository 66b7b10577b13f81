/*
 * rules_key.c - public keys and signature algorithms.
 */
#include "rules.h"
#include "sigalg.h"
#include "weak_parts.h"

#include "minica/limits.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <string.h>

static bool
is_rsa(const EVP_PKEY *key)
{
	return EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "RSA-PSS");
}

static bool
key_unreadable(const struct mca_rule_input *in, struct mca_fault *fault)
{
	if (in->facts->key != NULL)
		return false;
	if ((in->role & MCA_TARGET) != 0)
		fault->severity = MCA_WARNING;
	return mca_fault(fault,
	    "cannot be decoded, or its algorithm is "
	    "unknown here");
}

static void
describe_key(const struct mca_rule_input *in, struct mca_fault *fault)
{
	const mca_spki *spki = mca_cert_spki(in->facts->cert);

	if (spki != NULL)
		mca_fault_found(fault, "%s", mca_spki_algorithm(spki));
	else
		mca_fault_found(fault, "%s, %d bits",
		    EVP_PKEY_get0_type_name(in->facts->key),
		    EVP_PKEY_get_bits(in->facts->key));
}

static bool
key_weak(const struct mca_rule_input *in, struct mca_fault *fault)
{
	char broken[MCA_WEAK_DETAIL];
	const char *flaw;

	if (in->facts->key == NULL)
		return false;
	flaw = mca_key_flaw(in->facts->key);
	if (flaw == NULL &&
	    mca_weak_in(broken, X509_get_X509_PUBKEY(in->facts->x509),
		mca_cert_spki(in->facts->cert), MCA_WEAK_BROKEN))
		flaw = broken;
	if (flaw == NULL)
		return false;
	describe_key(in, fault);
	mca_fault_wanted(fault, "RSA of 2048 bits, a curve of 224 or more");
	return mca_fault(fault, "%s cannot be relied on: %s", fault->found,
	    flaw);
}

static bool
key_too_large(const struct mca_rule_input *in, struct mca_fault *fault)
{
	if (in->facts->key == NULL || !mca_key_too_large(in->facts->key))
		return false;
	fault->severity = MCA_UNDECIDED;
	describe_key(in, fault);
	mca_fault_wanted(fault, "RSA of at most %d bits, exponent of %d",
	    MCA_LIMIT_RSA_BITS, MCA_LIMIT_RSA_EXPONENT_BITS);
	return mca_fault(fault,
	    "%s is over the limit of RSA keys: nothing is checked with it",
	    fault->found);
}

/* RFC 5480: a curve is named, never spelt out, or it may be anyone's. */
static bool
curve_spelt_out(const struct mca_rule_input *in, struct mca_fault *fault)
{
	X509_PUBKEY *spki = X509_get_X509_PUBKEY(in->facts->x509);
	X509_ALGOR *algorithm;
	const ASN1_OBJECT *oid;
	int type;

	if (X509_PUBKEY_get0_param(NULL, NULL, NULL, &algorithm, spki) != 1)
		return false;
	X509_ALGOR_get0(&oid, &type, NULL, algorithm);
	mca_fault_wanted(fault, "namedCurve");
	return OBJ_obj2nid(oid) == NID_X9_62_id_ecPublicKey &&
	    type != V_ASN1_OBJECT &&
	    mca_fault(fault, "its curve is not given by name");
}

static bool
key_not_for_web(const struct mca_rule_input *in, struct mca_fault *fault)
{
	static const char *const curves[] = { "prime256v1", "secp384r1",
		"secp521r1" };
	EVP_PKEY *key = in->facts->key;
	char curve[64] = "";

	if (key == NULL || EVP_PKEY_is_a(key, "RSA"))
		return false;
	(void)EVP_PKEY_get_group_name(key, curve, sizeof(curve), NULL);
	ERR_clear_error();
	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++)
		if (strcmp(curve, curves[i]) == 0)
			return false;
	describe_key(in, fault);
	mca_fault_wanted(fault, "RSA, P-256, P-384 or P-521");
	return mca_fault(fault, "%s is none of RSA, P-256, P-384, P-521",
	    fault->found);
}

static bool
rsa_not_for_web(const struct mca_rule_input *in, struct mca_fault *fault)
{
	EVP_PKEY *key = in->facts->key;

	if (key == NULL || !is_rsa(key) || EVP_PKEY_get_bits(key) % 8 == 0)
		return false;
	mca_fault_found(fault, "%d bits", EVP_PKEY_get_bits(key));
	mca_fault_wanted(fault, "a number of bits that 8 divides");
	return mca_fault(fault, "its %d bits cannot be divided by 8",
	    EVP_PKEY_get_bits(key));
}

/* The algorithm the certificate itself was signed with. */

static struct mca_sigalg
signature_of(const struct mca_facts *facts)
{
	struct mca_sigalg out;

	mca_sigalg_read(&out, X509_get0_tbs_sigalg(facts->x509));
	return out;
}

static bool
algorithms_differ(const struct mca_rule_input *in, struct mca_fault *fault)
{
	const X509_ALGOR *outer;

	X509_get0_signature(NULL, &outer, in->facts->x509);
	return X509_ALGOR_cmp(outer, X509_get0_tbs_sigalg(in->facts->x509)) !=
	    0 &&
	    mca_fault(fault,
		"is not the algorithm that was signed as `signature`");
}

static bool
signature_weak(const struct mca_rule_input *in, struct mca_fault *fault)
{
	struct mca_sigalg used = signature_of(in->facts);

	if (used.bits >= MCA_LEAST_BITS)
		return false;
	mca_fault_found(fault, "%s", used.name);
	mca_fault_wanted(fault, "SHA-256 or better");
	if (used.key == NID_undef)
		return mca_fault(fault, "%s is unknown here", used.name);
	return mca_fault(fault, "%s can be forged: its digest is too weak",
	    used.name);
}

static bool
parameters_unfit(const struct mca_rule_input *in, struct mca_fault *fault)
{
	struct mca_sigalg used = signature_of(in->facts);

	return used.key != NID_undef && !used.parameters_fit &&
	    mca_fault(fault, "has parameters that %s does not have", used.name);
}

static bool
signature_not_for_web(const struct mca_rule_input *in, struct mca_fault *fault)
{
	struct mca_sigalg used = signature_of(in->facts);
	bool digest = used.digest == NID_sha256 || used.digest == NID_sha384 ||
	    used.digest == NID_sha512;
	bool key = used.key == NID_rsaEncryption ||
	    used.key == EVP_PKEY_RSA_PSS ||
	    used.key == NID_X9_62_id_ecPublicKey;

	if (digest && key)
		return false;
	mca_fault_found(fault, "%s", used.name);
	mca_fault_wanted(fault, "RSA or ECDSA with SHA-256, 384 or 512");
	return mca_fault(fault, "%s is not RSA or ECDSA with SHA-2", used.name);
}

const struct mca_rule mca_rules_key[] = {
	{ "MC-V-KEY-UNREADABLE", "RFC 5280, 4.1.2.7", "subjectPublicKeyInfo",
	    MCA_ANYWHERE, MCA_REFUSE, MCA_REFUSE, MCA_EVERYONE, key_unreadable,
	    NULL },
	{ "MC-V-KEY-WEAK", "NIST SP 800-131A, 2", "subjectPublicKeyInfo",
	    MCA_ANYWHERE, MCA_REFUSE, MCA_REFUSE,
	    MCA_APPLE | MCA_OPENSSL | MCA_PYTHON, key_weak,
	    "make a new key (minica keygen) and have it certified" },
	{ "MC-V-KEY-LIMIT", "minica, limits", "subjectPublicKeyInfo",
	    MCA_ANYWHERE, MCA_REFUSE, MCA_REFUSE, MCA_EVERYONE, key_too_large,
	    "minica version --limits shows every limit" },
	{ "MC-V-KEY-CURVE", "RFC 5480, 2.1.1", "subjectPublicKeyInfo",
	    MCA_ANYWHERE, MCA_REFUSE, MCA_REFUSE, MCA_EVERYONE, curve_spelt_out,
	    NULL },
	{ "MC-V-KEY-TYPE", "CA/B BR, 7.1.3.1", "subjectPublicKeyInfo",
	    MCA_ANYWHERE, MCA_WEB, MCA_REFUSE, BROWSERS, key_not_for_web,
	    "use ec-p256" },
	{ "MC-V-KEY-RSA-SIZE", "CA/B BR, 6.1.5", "subjectPublicKeyInfo",
	    MCA_ANYWHERE, MCA_WEB, MCA_REFUSE, 0, rsa_not_for_web, NULL },
	{ "MC-V-SIGNATURE-ALGORITHM", "RFC 5280, 4.1.1.2", "signatureAlgorithm",
	    MCA_ANYWHERE, MCA_REFUSE, MCA_REFUSE, MCA_EVERYONE,
	    algorithms_differ, NULL },
	{ "MC-V-SIGNATURE-WEAK", "NIST SP 800-131A, 3", "signatureAlgorithm",
	    MCA_BELOW_ANCHOR, MCA_REFUSE, MCA_REFUSE, MCA_EVERYONE & ~MCA_JAVA,
	    signature_weak, "have it issued again, signed with SHA-256" },
	{ "MC-V-SIGNATURE-PARAMETERS", "RFC 5758, 3.2", "signatureAlgorithm",
	    MCA_BELOW_ANCHOR, MCA_WARN, MCA_REFUSE, MCA_CHROME | MCA_FIREFOX,
	    parameters_unfit, NULL },
	{ "MC-V-SIGNATURE-TYPE", "CA/B BR, 7.1.3.2", "signatureAlgorithm",
	    MCA_BELOW_ANCHOR, MCA_WEB, MCA_REFUSE, BROWSERS,
	    signature_not_for_web, "have it signed with RSA or ECDSA" },
	{ 0 },
};
