/*
 * rules_client.c - what single clients refuse, beyond or beside what the
 * standards say.
 *
 * tests/interop/clients.sh compares these with the clients themselves where
 * they are at hand.
 */
#include "rules.h"
#include "sigalg.h"

#include "minica/text.h"

#include <openssl/err.h>
#include <string.h>

static bool
serial_negative(const struct mca_rule_input *in, struct mca_fault *fault)
{
	const char *serial = mca_cert_serial(in->facts->cert);

	return serial[0] == '-' && mca_fault(fault, "is negative");
}

/* Both ends belong to the validity (RFC 5280, 4.1.2.5). */
static bool
lives_longer(const struct mca_rule_input *in, struct mca_fault *fault, int days)
{
	mca_time from = mca_cert_not_before(in->facts->cert);
	mca_time until = mca_cert_not_after(in->facts->cert);

	if (from > until || until - from + 1 <= days * MCA_DAY)
		return false;
	mca_fault_found(fault, "%s", MCA_DURATION(until - from + 1));
	mca_fault_wanted(fault, "at most %d days", days);
	return mca_fault(fault, "lasts %s, more than %d days", fault->found,
	    days);
}

static bool
life_over_825(const struct mca_rule_input *in, struct mca_fault *fault)
{
	return lives_longer(in, fault, 825);
}

static bool
life_over_398(const struct mca_rule_input *in, struct mca_fault *fault)
{
	return !lives_longer(in, fault, 825) && lives_longer(in, fault, 398);
}

/* Keys. */

/* The name of an EC key's curve in `out`, or "" for another kind of key. */
static const char *
curve_of(const struct mca_rule_input *in, char *out, size_t size)
{
	out[0] = '\0';
	if (in->facts->key != NULL && EVP_PKEY_is_a(in->facts->key, "EC"))
		(void)EVP_PKEY_get_group_name(in->facts->key, out, size, NULL);
	ERR_clear_error();
	return out;
}

static bool
key_p521(const struct mca_rule_input *in, struct mca_fault *fault)
{
	char curve[64];

	return strcmp(curve_of(in, curve, sizeof(curve)), "secp521r1") == 0 &&
	    mca_fault(fault, "P-521, which the client does not offer in TLS");
}

static bool
curve_unknown(const struct mca_rule_input *in, struct mca_fault *fault)
{
	char buffer[64];
	const char *curve = curve_of(in, buffer, sizeof(buffer));

	return curve[0] != '\0' && strcmp(curve, "prime256v1") != 0 &&
	    strcmp(curve, "secp384r1") != 0 &&
	    strcmp(curve, "secp521r1") != 0 &&
	    mca_fault(fault, "curve %s is not implemented", curve);
}

static bool
key_tiny(const struct mca_rule_input *in, struct mca_fault *fault)
{
	const EVP_PKEY *key = in->facts->key;

	return key != NULL && EVP_PKEY_is_a(key, "RSA") &&
	    EVP_PKEY_get_bits(key) < 1024 &&
	    mca_fault(fault, "RSA of %d bits", EVP_PKEY_get_bits(key));
}

static bool
signed_md5(const struct mca_rule_input *in, struct mca_fault *fault)
{
	struct mca_sigalg used;

	mca_sigalg_read(&used, X509_get0_tbs_sigalg(in->facts->x509));
	return used.digest == NID_md5 && mca_fault(fault, "is made with MD5");
}

/* Usages. */

static bool
denies_ca(const struct mca_rule_input *in, struct mca_fault *fault)
{
	return mca_facts_have(in->facts, MCA_EXT_BASIC_CONSTRAINTS) &&
	    !in->facts->ca && mca_fault(fault, "says it is no CA");
}

static bool
only_any_purpose(const struct mca_rule_input *in, struct mca_fault *fault)
{
	const struct mca_facts *facts = in->facts;

	return mca_facts_have(facts, MCA_EXT_EXT_KEY_USAGE) &&
	    !mca_facts_purpose(facts, NID_server_auth, false) &&
	    mca_facts_purpose(facts, NID_anyExtendedKeyUsage, false) &&
	    mca_fault(fault,
		"has anyExtendedKeyUsage where serverAuth is wanted");
}

static bool
no_signature_usage(const struct mca_rule_input *in, struct mca_fault *fault)
{
	if (in->facts->ca ||
	    mca_facts_usage(in->facts, MCA_USAGE_DIGITAL_SIGNATURE))
		return false;
	mca_fault_wanted(fault, "digitalSignature");
	return mca_fault(fault,
	    "does not let the key sign, as TLS 1.3 has every server do");
}

/* Extensions. */

static bool
names_empty(const struct mca_rule_input *in, struct mca_fault *fault)
{
	const GENERAL_NAMES *names = in->facts->value[MCA_EXT_SAN];

	return names != NULL && sk_GENERAL_NAME_num(names) == 0 &&
	    mca_fault(fault, "holds no name");
}

static bool
any_malformed(const struct mca_rule_input *in, struct mca_fault *fault,
    const enum mca_ext *read, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if ((in->facts->malformed >> read[i] & 1) != 0)
			return mca_fault(fault, "%s cannot be decoded",
			    mca_ext_name(read[i]));
	return false;
}

/* What libcrypto decodes before it looks at anything else. */
static bool
invalid_for_libcrypto(const struct mca_rule_input *in, struct mca_fault *fault)
{
	static const enum mca_ext read[] = { MCA_EXT_BASIC_CONSTRAINTS,
		MCA_EXT_KEY_USAGE, MCA_EXT_EXT_KEY_USAGE, MCA_EXT_SKI,
		MCA_EXT_AKI, MCA_EXT_SAN, MCA_EXT_NAME_CONSTRAINTS,
		MCA_EXT_CRL_POINTS };

	return any_malformed(in, fault, read, sizeof(read) / sizeof(read[0]));
}

static bool
invalid_for_gnutls(const struct mca_rule_input *in, struct mca_fault *fault)
{
	static const enum mca_ext read[] = { MCA_EXT_EXT_KEY_USAGE,
		MCA_EXT_SAN };

	return any_malformed(in, fault, read, sizeof(read) / sizeof(read[0]));
}

static bool
address_malformed(const struct mca_rule_input *in, struct mca_fault *fault)
{
	const mca_san *san = in->facts->san;

	for (size_t i = 0; i < mca_san_count(san); i++)
		if (mca_san_at(san, i)->form == MCA_SAN_IP &&
		    mca_san_at(san, i)->raw_length != 4 &&
		    mca_san_at(san, i)->raw_length != 16)
			return mca_fault(fault, "iPAddress of %zu octets",
			    mca_san_at(san, i)->raw_length);
	return false;
}

static bool
policy_limit_critical(const struct mca_rule_input *in, struct mca_fault *fault)
{
	static const enum mca_ext limits[] = { MCA_EXT_POLICY_CONSTRAINTS,
		MCA_EXT_POLICY_MAPPINGS };

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		if (mca_facts_critical(in->facts, limits[i]))
			return mca_fault(fault,
			    "%s is critical, and not understood",
			    mca_ext_name(limits[i]));
	return false;
}

/* The host of a request can then not be written as Java wants it. */
static bool
underscore(const struct mca_rule_input *in, struct mca_fault *fault)
{
	const mca_san *san = in->facts->san;

	for (size_t i = 0; i < mca_san_count(san); i++)
		if (mca_san_at(san, i)->form == MCA_SAN_DNS &&
		    strchr(mca_san_at(san, i)->text, '_') != NULL)
			return mca_fault(fault, "\"%s\" holds an underscore",
			    MCA_SHOW_TEXT(mca_san_at(san, i)->text));
	return false;
}

const struct mca_rule mca_rules_client[] = {
	{ "MC-V-SERIAL-NEGATIVE", "Go 1.23, crypto/x509", "serialNumber",
	    MCA_ANYWHERE, MCA_OFF, MCA_OFF, MCA_GO, serial_negative,
	    "use 16 random octets, the first bit zero" },
	{ "MC-V-LIFE-825", "Apple support, 103769 (HT210176)", "validity",
	    MCA_TARGET, MCA_WEB, MCA_WARN, MCA_APPLE | MCA_WEBPKI,
	    life_over_825, "ask for a shorter life" },
	{ "MC-V-LIFE-398", "CA/B BR, 6.3.2", "validity", MCA_TARGET, MCA_OFF,
	    MCA_WARN, MCA_WEBPKI, life_over_398, "ask for a shorter life" },
	{ "MC-V-KEY-P521", "Chromium, issue 478225", "subjectPublicKeyInfo",
	    MCA_TARGET, MCA_WEB, MCA_WARN, MCA_CHROME, key_p521,
	    "use ec-p256" },
	{ "MC-V-KEY-CURVE-TLS", "RFC 8446, 4.2.3", "subjectPublicKeyInfo",
	    MCA_ANYWHERE, MCA_OFF, MCA_OFF, MCA_GO | MCA_GNUTLS | MCA_PYTHON,
	    curve_unknown, "use ec-p256" },
	{ "MC-V-KEY-TINY", "NIST SP 800-131A, 2", "subjectPublicKeyInfo",
	    MCA_ANYWHERE, MCA_OFF, MCA_OFF, MCA_EVERYONE, key_tiny,
	    "make a new key: minica keygen" },
	{ "MC-V-SIGNATURE-MD5", "RFC 6151", "signatureAlgorithm",
	    MCA_BELOW_ANCHOR, MCA_OFF, MCA_OFF, MCA_JAVA, signed_md5,
	    "have it issued again, signed with SHA-256" },
	{ "MC-V-NOT-CA", "RFC 5280, 6.1.4 (k)", "basicConstraints", MCA_ANCHOR,
	    MCA_OFF, MCA_OFF, MCA_OPENSSL | MCA_GNUTLS, denies_ca, NULL },
	{ "MC-V-PURPOSE-ONLY-ANY", "mozilla::pkix; OpenSSL 3", "extKeyUsage",
	    MCA_TARGET, MCA_OFF, MCA_OFF, MCA_FIREFOX | LIBCRYPTO,
	    only_any_purpose, "name serverAuth" },
	{ "MC-V-PURPOSE-ONLY-ANY", "mozilla::pkix; OpenSSL 3; GnuTLS 3.7",
	    "extKeyUsage", MCA_INTERMEDIATE, MCA_OFF, MCA_OFF,
	    MCA_FIREFOX | MCA_GNUTLS | LIBCRYPTO, only_any_purpose,
	    "name serverAuth, or leave extKeyUsage out" },
	{ "MC-V-USAGE-SIGNATURE", "RFC 8446, 4.4.2.2", "keyUsage", MCA_TARGET,
	    MCA_WEB, MCA_WARN, MCA_CHROME | MCA_FIREFOX | MCA_JAVA,
	    no_signature_usage, "add digitalSignature" },
	{ "MC-V-SAN-EMPTY", "RFC 5280, 4.2.1.6", "subjectAltName", MCA_ANYWHERE,
	    MCA_OFF, MCA_OFF, MCA_PYTHON, names_empty,
	    "add the names, or leave it out" },
	{ "MC-V-EXT-INVALID", "OpenSSL 3, X509_get_extension_flags(3)",
	    "extensions", MCA_ANYWHERE, MCA_OFF, MCA_OFF, LIBCRYPTO,
	    invalid_for_libcrypto, "write it anew" },
	{ "MC-V-EXT-INVALID", "GnuTLS 3.7", "extensions", MCA_ANYWHERE, MCA_OFF,
	    MCA_OFF, MCA_GNUTLS, invalid_for_gnutls, "write it anew" },
	{ "MC-V-SAN-ADDRESS", "RFC 5280, 4.2.1.6", "subjectAltName",
	    MCA_ANYWHERE, MCA_OFF, MCA_OFF, MCA_CHROME | MCA_GO | MCA_GNUTLS,
	    address_malformed, "write 4 octets, or 16" },
	{ "MC-V-POLICY-LIMIT-CRITICAL", "GnuTLS 3.7", "extensions",
	    MCA_BELOW_ANCHOR, MCA_OFF, MCA_OFF, MCA_GNUTLS,
	    policy_limit_critical,
	    "write it as not critical, or leave it out" },
	{ "MC-V-SAN-UNDERSCORE", "Java, javax.net.ssl.SNIHostName",
	    "subjectAltName", MCA_ALONE, MCA_OFF, MCA_OFF, MCA_JAVA, underscore,
	    "name the host without one" },
	{ 0 },
};
