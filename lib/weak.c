/*
 * weak.c - the rules about public keys, and who is asked them.
 */
#include "weak_parts.h"

#include "minica/limits.h"
#include "object.h"

#include <openssl/err.h>

#include <stdarg.h>
#include <stdio.h>

#define FIELD "subjectPublicKeyInfo"
#define NEW_KEY "make a new key: minica keygen"

bool
mca_weak_say(char detail[MCA_WEAK_DETAIL], const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	if (vsnprintf(detail, MCA_WEAK_DETAIL, fmt, args) < 0)
		detail[0] = '\0';
	va_end(args);
	return true;
}

static bool
malformed(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL])
{
	if (raw->bits == NULL)
		return mca_weak_say(detail,
		    "its bits are missing, or no whole number of octets");
	return mca_weak_rsa_form(raw, detail);
}

/* NULL for RSA, a curve for EC, and nothing for EdDSA. */
static bool
parameters_unfit(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL])
{
	if (raw->nid == NID_rsaEncryption && raw->parameters != MCA_RAW_NULL)
		return mca_weak_say(detail,
		    "its parameters are not NULL, as those of RSA are");
	if (raw->kind == MCA_RAW_EDDSA && raw->parameters != MCA_RAW_ABSENT)
		return mca_weak_say(detail,
		    "has parameters, and Ed25519 and Ed448 have none");
	return false;
}

/* clang-format off */
static const struct mca_weak_rule rows[] = {
	{ "MC-K-FORM", "RFC 5280, 4.1.2.7; RFC 8017, A.1.1",
	    "the octets of one public key", MCA_WEAK_UNSAFE, malformed },
	{ "MC-K-PARAMETERS", "RFC 3279, 2.3.1; RFC 8410, 3",
	    "NULL for RSA, none for Ed25519", MCA_WEAK_UNFIT,
	    parameters_unfit },
	{ "MC-K-PUBLISHED", "docs/keys.md",
	    "a key whose private half only its owner has", MCA_WEAK_BROKEN,
	    mca_weak_published },

	{ "MC-K-DEBIAN", "CVE-2008-0166; CABF BR, 6.1.1.3",
	    "a key of a good generator of random numbers", MCA_WEAK_BROKEN,
	    mca_weak_debian },

	{ "MC-K-RSA-LIMIT", "minica, limits; CVE-2023-6237",
	    "a modulus of at most 8192 bits and an exponent of at most 33",
	    MCA_WEAK_UNSAFE, mca_weak_rsa_limit },
	{ "MC-K-RSA-MODULUS", "RFC 8017, 3.1",
	    "a positive odd modulus, larger than the exponent",
	    MCA_WEAK_UNSAFE | MCA_WEAK_BROKEN, mca_weak_rsa_modulus },
	{ "MC-K-RSA-EXPONENT", "RFC 8017, 3.1; FIPS 186-5, A.1.1",
	    "the exponent 65537", MCA_WEAK_UNSAFE | MCA_WEAK_BROKEN,
	    mca_weak_rsa_exponent },
	{ "MC-K-RSA-EXPONENT-SMALL", "FIPS 186-5, A.1.1; CABF BR, 6.1.6",
	    "the exponent 65537", MCA_WEAK_UNFIT,
	    mca_weak_rsa_exponent_small },
	{ "MC-K-RSA-SIZE", "NIST SP 800-131A, 2; CABF BR, 6.1.5",
	    "2048 bits or more, a number that 8 divides", MCA_WEAK_UNFIT,
	    mca_weak_rsa_size },
	{ "MC-K-RSA-PATTERN", "minica: a modulus looks random",
	    "a modulus without a pattern", MCA_WEAK_BROKEN,
	    mca_weak_rsa_pattern },
	{ "MC-K-RSA-FACTOR", "CABF BR, 6.1.6; NIST SP 800-89, 5.3.3",
	    "a modulus without small factors", MCA_WEAK_BROKEN | MCA_WEAK_COSTLY,
	    mca_weak_rsa_factor },
	{ "MC-K-RSA-PRIME", "RFC 8017, 3.1; NIST SP 800-89, 5.3.3",
	    "a product of two primes", MCA_WEAK_BROKEN | MCA_WEAK_COSTLY,
	    mca_weak_rsa_prime },
	{ "MC-K-RSA-FERMAT", "CVE-2022-26320; CABF BR, 6.1.1.3",
	    "primes that are far apart", MCA_WEAK_BROKEN,
	    mca_weak_rsa_fermat },
	{ "MC-K-RSA-WIENER", "Wiener, 1990; FIPS 186-5, A.1.1",
	    "a large private exponent", MCA_WEAK_BROKEN,
	    mca_weak_rsa_wiener },
	{ "MC-K-RSA-ROCA", "CVE-2017-15361; CABF BR, 6.1.1.3",
	    "primes that were drawn at random", MCA_WEAK_BROKEN,
	    mca_weak_rsa_roca },

	{ "MC-K-CURVE", "RFC 5480, 2.1.1; CVE-2020-0601",
	    "a curve by its name", MCA_WEAK_UNSAFE, mca_weak_curve },
	{ "MC-K-CURVE-UNKNOWN", "RFC 5480, 2.1.1",
	    "P-256, P-384 or P-521", MCA_WEAK_UNSAFE,
	    mca_weak_curve_unknown },
	{ "MC-K-CURVE-SIZE", "NIST SP 800-131A, 2; CABF BR, 6.1.5",
	    "a curve of 224 bits or more", MCA_WEAK_UNFIT,
	    mca_weak_curve_size },
	{ "MC-K-POINT-FORM", "RFC 5480, 2.2",
	    "an uncompressed point", MCA_WEAK_UNSAFE, mca_weak_point_form },
	{ "MC-K-POINT", "NIST SP 800-56A, 5.6.2.3",
	    "a point on the curve", MCA_WEAK_UNSAFE | MCA_WEAK_BROKEN,
	    mca_weak_point },
	{ "MC-K-POINT-ORDER", "RFC 8032, 5.1.3; RFC 7748, 7",
	    "a point of large order", MCA_WEAK_UNSAFE | MCA_WEAK_BROKEN,
	    mca_weak_point_order },
	{ NULL, NULL, NULL, 0, NULL },
};
/* clang-format on */

const struct mca_weak_rule *
mca_weak_rules(void)
{
	return rows;
}

static bool
concerns(const struct mca_weak_rule *row, unsigned kinds)
{
	return (row->kinds & kinds & ~(unsigned)MCA_WEAK_COSTLY) != 0 &&
	    ((row->kinds & MCA_WEAK_COSTLY) == 0 ||
		(kinds & MCA_WEAK_COSTLY) != 0);
}

/*
 * Adds an error for every rule of `kinds` that is broken, those of `sound` not
 * being asked; true if there was none.
 */
static bool
examine(mca_findings *out, const mca_rawkey *raw, unsigned kinds,
    unsigned sound)
{
	char detail[MCA_WEAK_DETAIL];
	char name[80];
	bool good = true;

	mca_rawkey_name(name, sizeof(name), raw);
	for (const struct mca_weak_rule *row = rows; row->rule != NULL; row++) {
		if (!concerns(row, kinds) || concerns(row, sound) ||
		    !row->broken(raw, detail))
			continue;
		good = false;
		mca_findings_add(out,
		    &(struct mca_finding){ .severity = MCA_ERROR,
			.depth = MCA_NO_DEPTH,
			.rule = row->rule,
			.source = row->source,
			.field = FIELD,
			.detail = detail,
			.found = name,
			.wanted = row->wanted,
			.hint = NEW_KEY });
	}
	ERR_clear_error();
	return good;
}

bool
mca_weak_in(char detail[MCA_WEAK_DETAIL], const X509_PUBKEY *key,
    const mca_spki *spki, unsigned kinds)
{
	unsigned sound = spki == NULL ? 0 : mca_spki_sound(spki);
	scoped(mca_rawkey) raw = { 0 };
	owned(ossl_bytes) *der = NULL;
	const struct mca_weak_rule *row = rows;
	struct mca_error ignored;
	int length;

	if ((kinds & ~sound) == 0)
		return false;
	length = i2d_X509_PUBKEY(key, &der);
	if (length <= 0 ||
	    mca_rawkey_parse(&raw, der, (size_t)length, &ignored) != MCA_OK)
		return mca_weak_say(detail, "it cannot be read");
	while (row->rule != NULL &&
	    (!concerns(row, kinds) || concerns(row, sound) ||
		!row->broken(&raw, detail)))
		row++;
	ERR_clear_error();
	return row->rule != NULL;
}

bool
mca_weak_is(const mca_rawkey *raw, unsigned kinds)
{
	scoped(mca_findings) found = { 0 };

	return !examine(&found, raw, kinds, 0);
}

void
mca_weak_check(mca_findings *out, const mca_spki *spki, unsigned kinds)
{
	scoped(mca_rawkey) raw = { 0 };
	unsigned sound = mca_spki_sound(spki);
	struct mca_error ignored;
	size_t length;
	const uint8_t *der = mca_spki_der(spki, &length);

	if ((kinds & ~sound) == 0)
		return;
	if (mca_rawkey_parse(&raw, der, length, &ignored) != MCA_OK) {
		out->lost = true;
		return;
	}
	if (examine(out, &raw, kinds, sound))
		mca_spki_found_sound(spki, kinds);
}
