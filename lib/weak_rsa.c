/*
 * weak_rsa.c - RSA keys whose flaw is seen without computing.
 */
#include "weak_parts.h"

#include "minica/limits.h"

#include <stdlib.h>

enum { LEAST_BITS = 2048, LEAST_EXPONENT_BITS = 17 };

static bool
has_numbers(const mca_rawkey *raw)
{
	return raw->kind == MCA_RAW_RSA && raw->n != NULL;
}

bool
mca_weak_computable(const mca_rawkey *raw)
{
	return has_numbers(raw) && BN_is_odd(raw->n) &&
	    !BN_is_negative(raw->n) && !BN_is_one(raw->n) &&
	    BN_num_bits(raw->n) <= MCA_LIMIT_RSA_BITS;
}

bool
mca_weak_rsa_form(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL])
{
	return raw->kind == MCA_RAW_RSA && raw->n == NULL &&
	    mca_weak_say(detail, "is not a modulus and an exponent, in DER");
}

bool
mca_weak_rsa_limit(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL])
{
	if (!has_numbers(raw))
		return false;
	if (BN_num_bits(raw->n) > MCA_LIMIT_RSA_BITS)
		return mca_weak_say(detail,
		    "the modulus has %d bits, more than the limit of %d",
		    BN_num_bits(raw->n), MCA_LIMIT_RSA_BITS);
	return BN_num_bits(raw->e) > MCA_LIMIT_RSA_EXPONENT_BITS &&
	    mca_weak_say(detail,
		"the public exponent has %d bits, more than the limit of %d",
		BN_num_bits(raw->e), MCA_LIMIT_RSA_EXPONENT_BITS);
}

bool
mca_weak_rsa_modulus(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL])
{
	if (!has_numbers(raw))
		return false;
	if (BN_is_zero(raw->n) || BN_is_one(raw->n) || BN_is_negative(raw->n))
		return mca_weak_say(detail,
		    "the modulus is zero, one or negative");
	if (!BN_is_odd(raw->n))
		return mca_weak_say(detail, "the modulus is even");
	return BN_cmp(raw->e, raw->n) >= 0 &&
	    mca_weak_say(detail,
		"the public exponent is not smaller than the modulus");
}

/* With these there is no private exponent, or it is 1. */
bool
mca_weak_rsa_exponent(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL])
{
	if (!has_numbers(raw))
		return false;
	if (BN_is_zero(raw->e) || BN_is_one(raw->e) || BN_is_negative(raw->e))
		return mca_weak_say(detail,
		    "the public exponent is zero, one or negative: anyone can "
		    "sign with it");
	return !BN_is_odd(raw->e) &&
	    mca_weak_say(detail, "the public exponent is even");
}

/*
 * Below 65537 padding mistakes of old verifiers become forgeries
 * (CVE-2006-4339); FIPS 186-5 demands more than 2^16.
 */
bool
mca_weak_rsa_exponent_small(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL])
{
	return has_numbers(raw) && BN_num_bits(raw->e) < LEAST_EXPONENT_BITS &&
	    BN_get_word(raw->e) > 1 &&
	    mca_weak_say(detail, "the public exponent %lu is under 65537",
		(unsigned long)BN_get_word(raw->e));
}

bool
mca_weak_rsa_size(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL])
{
	int bits;

	if (!has_numbers(raw))
		return false;
	bits = BN_num_bits(raw->n);
	if (bits < LEAST_BITS)
		return mca_weak_say(detail, "the modulus has only %d bits",
		    bits);
	return bits % 8 != 0 &&
	    mca_weak_say(detail,
		"the modulus has %d bits, which 8 does not divide", bits);
}

/*
 * In a modulus of random primes no octet comes up in more than a few places: a
 * chance of 2^-57 that one fills an eighth of 128 octets, and less for more.
 * Primes of few bits, or polynomials in a power of two, leave zeros.
 */
bool
mca_weak_rsa_pattern(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL])
{
	size_t counts[256] = { 0 };
	unsigned char *bytes;
	size_t length, i;
	int most = 0;

	if (!mca_weak_computable(raw) || BN_num_bytes(raw->n) < 128)
		return false;
	length = (size_t)BN_num_bytes(raw->n);
	bytes = malloc(length);
	if (bytes == NULL)
		return mca_weak_say(detail, "out of memory");
	BN_bn2bin(raw->n, bytes);
	for (i = 0; i < length; i++)
		counts[bytes[i]]++;
	free(bytes);
	for (int c = 1; c < 256; c++)
		if (counts[c] > counts[most])
			most = c;
	return counts[most] > length / 8 &&
	    mca_weak_say(detail,
		"the modulus is no product of random primes: %zu of its %zu "
		"octets are %02x",
		counts[most], length, (unsigned)most);
}
