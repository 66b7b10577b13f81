/*
 * weak_parts.h - the checks behind the rules of weak.c, by family.
 *
 * A check returns true when its rule is broken, having said how in `detail`.
 * It is asked of every key, and answers false for those it does not concern.
 */
#ifndef MCA_WEAK_PARTS_H
#define MCA_WEAK_PARTS_H

#include "minica/weak.h"
#include "rawkey.h"

#define MCA_WEAK_DETAIL 200

typedef bool mca_weak_test(const mca_rawkey *raw, char detail[MCA_WEAK_DETAIL]);

/* weak.c: the frame. */
bool mca_weak_say(char detail[MCA_WEAK_DETAIL], const char *fmt, ...)
    MCA_PRINTF(2, 3);

/* weak_rsa.c: what is seen without computing. */
mca_weak_test mca_weak_rsa_form, mca_weak_rsa_limit, mca_weak_rsa_modulus,
    mca_weak_rsa_exponent, mca_weak_rsa_exponent_small, mca_weak_rsa_size,
    mca_weak_rsa_pattern;

/* weak_factor.c: moduli whose primes can be found. */
mca_weak_test mca_weak_rsa_factor, mca_weak_rsa_prime, mca_weak_rsa_fermat,
    mca_weak_rsa_wiener, mca_weak_rsa_roca;

/* weak_point.c: curves and the points on them. */
mca_weak_test mca_weak_curve, mca_weak_curve_unknown, mca_weak_curve_size,
    mca_weak_point_form, mca_weak_point, mca_weak_point_order;

/* weak_debian.c: keys of a generator that was not random. */
mca_weak_test mca_weak_debian;

/* weak_list.c: keys that were published. */
mca_weak_test mca_weak_published;

/*
 * mca_weak_computable says whether the modulus is one to compute with: odd,
 * and of a size that keeps every check below a few milliseconds.
 */
bool mca_weak_computable(const mca_rawkey *raw);

/*
 * mca_weak_in says whether a key breaks any rule of `kinds`, and how it breaks
 * the first.  What is known of `spki`, the same key or NULL, is not asked
 * again.
 */
bool mca_weak_in(char detail[MCA_WEAK_DETAIL], const X509_PUBKEY *key,
    const mca_spki *spki, unsigned kinds);

/*
 * mca_weak_endless says whether decoding a curve that is spelt out may not
 * come to an end (CVE-2022-0778), or lead out of bounds (CVE-2024-9143): it is
 * not over the integers modulo a prime.
 */
bool mca_weak_endless(const X509_PUBKEY *key);

/* mca_weak_is says whether a key breaks any rule of `kinds`. */
bool mca_weak_is(const mca_rawkey *raw, unsigned kinds);

#endif
