/*
 * pkcs12.c - see pkcs12.h.
 *
 * The file says how often its keys are derived from the passphrase, and
 * libcrypto would go on for as long: that is looked at first.
 */
#include "pkcs12.h"

#include "cleanse.h"
#include "error.h"
#include "minica/limits.h"

#include <openssl/err.h>

#include <limits.h>
#include <string.h>

MCA_OWNED(PBE2PARAM, PBE2PARAM_free)
MCA_OWNED(PBKDF2PARAM, PBKDF2PARAM_free)
MCA_OWNED(PBEPARAM, PBEPARAM_free)

typedef STACK_OF(PKCS7) pkcs7_stack;

static void
pkcs7_stack_free(pkcs7_stack *stack)
{
	sk_PKCS7_pop_free(stack, PKCS7_free);
}
MCA_OWNED(pkcs7_stack, pkcs7_stack_free)

void
mca_x509_stack_free(mca_x509_stack *stack)
{
	sk_X509_pop_free(stack, X509_free);
}

PKCS12 *
mca_pkcs12_read(const uint8_t *der, size_t length)
{
	const uint8_t *end = der;
	owned(PKCS12) *p12 = d2i_PKCS12(NULL, &end, (long)length);

	ERR_clear_error();
	if (p12 == NULL || end != der + length)
		return NULL;
	return give(&p12);
}

/* What an AlgorithmIdentifier has as its parameters, decoded as `item`. */
static void *
parameters_of(const X509_ALGOR *algorithm, const ASN1_ITEM *item)
{
	const void *value;
	int type;

	X509_ALGOR_get0(NULL, &type, &value, algorithm);
	return type == V_ASN1_SEQUENCE ? ASN1_item_unpack(value, item) : NULL;
}

/* Takes a count from what may still be spent; false when that is too little. */
static bool
spend(int64_t *left, const ASN1_INTEGER *iterations)
{
	int64_t count;

	if (iterations == NULL)
		return true;
	if (ASN1_INTEGER_get_int64(&count, iterations) != 1 || count < 0 ||
	    count > *left)
		return false;
	*left -= count;
	return true;
}

/* PBES2 with PBKDF2, or the PBE of PKCS #12 and of PKCS #5 version 1. */
static bool
spend_algorithm(int64_t *left, const X509_ALGOR *algorithm)
{
	owned(PBE2PARAM) *two = NULL;
	owned(PBKDF2PARAM) *derivation = NULL;
	owned(PBEPARAM) *one = NULL;
	const ASN1_OBJECT *oid;

	X509_ALGOR_get0(&oid, NULL, NULL, algorithm);
	if (OBJ_obj2nid(oid) != NID_pbes2) {
		one = parameters_of(algorithm, ASN1_ITEM_rptr(PBEPARAM));
		return one == NULL || spend(left, one->iter);
	}
	two = parameters_of(algorithm, ASN1_ITEM_rptr(PBE2PARAM));
	if (two == NULL)
		return true;
	derivation = parameters_of(two->keyfunc, ASN1_ITEM_rptr(PBKDF2PARAM));
	return derivation == NULL || spend(left, derivation->iter);
}

/* Of the encrypted parts, and of the keys in those that are not. */
static bool
spend_part(int64_t *left, PKCS7 *part)
{
	STACK_OF(PKCS12_SAFEBAG) *bags;
	const X509_SIG *sealed;
	const X509_ALGOR *algorithm;
	bool bounded = true;

	if (PKCS7_type_is_encrypted(part))
		return spend_algorithm(left,
		    part->d.encrypted->enc_data->algorithm);
	bags = PKCS12_unpack_p7data(part);
	for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags) && bounded; i++) {
		sealed =
		    PKCS12_SAFEBAG_get0_pkcs8(sk_PKCS12_SAFEBAG_value(bags, i));
		if (sealed == NULL)
			continue;
		X509_SIG_get0(sealed, &algorithm, NULL);
		bounded = spend_algorithm(left, algorithm);
	}
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	return bounded;
}

static bool
work_is_bounded(PKCS12 *p12)
{
	owned(pkcs7_stack) *parts = NULL;
	const ASN1_INTEGER *iterations = NULL;
	int64_t left = MCA_LIMIT_ITERATIONS;
	bool bounded;

	PKCS12_get0_mac(NULL, NULL, NULL, &iterations, p12);
	bounded = spend(&left, iterations);
	parts = PKCS12_unpack_authsafes(p12);
	for (int i = 0; i < sk_PKCS7_num(parts) && bounded; i++)
		bounded = spend_part(&left, sk_PKCS7_value(parts, i));
	ERR_clear_error();
	return bounded;
}

static mca_code
refuse(PKCS12 *p12, const char *typed, const struct mca_passphrase *passphrase,
    struct mca_error *err)
{
	bool opened = PKCS12_mac_present(p12) == 1 &&
	    PKCS12_verify_mac(p12, typed, -1) == 1;

	ERR_clear_error();
	if (opened)
		return mca_fail(err, MCA_EFORMAT,
		    "a PKCS #12 file whose encryption libcrypto does not know; "
		    "have it written anew with AES");
	if (passphrase == NULL)
		return mca_fail(err, MCA_EKEY,
		    "a PKCS #12 file that needs a passphrase; take its "
		    "certificates out first (openssl pkcs12 -nokeys)");
	return mca_fail(err, MCA_EKEY,
	    "the passphrase does not open this PKCS #12 file");
}

static mca_code
open_with(mca_x509_stack **out, PKCS12 *p12, const char *typed,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	owned(mca_x509_stack) *others = NULL;
	owned(X509) *own = NULL;
	owned(EVP_PKEY) *key = NULL;

	if (PKCS12_parse(p12, typed, &key, &own, &others) != 1)
		return refuse(p12, typed, passphrase, err);
	if (others == NULL)
		others = sk_X509_new_null();
	if (others == NULL ||
	    (own != NULL && sk_X509_unshift(others, own) == 0))
		return mca_fail_memory(err);
	(void)give(&own);
	*out = give(&others);
	return MCA_OK;
}

mca_code
mca_pkcs12_certs(mca_x509_stack **out, PKCS12 *p12,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	char typed[MCA_LIMIT_PASSPHRASE + 1] = "";
	int length = 0;
	mca_code code;

	if (!work_is_bounded(p12))
		return mca_fail(err, MCA_EFORMAT,
		    "a PKCS #12 file that derives its keys more than %d times, "
		    "which is the limit",
		    MCA_LIMIT_ITERATIONS);
	mca_cleanse_begin();
	if (passphrase != NULL)
		length = passphrase->get(passphrase->context, typed,
		    sizeof(typed) - 1, err);
	if (length < 0)
		return err->code;
	typed[length] = '\0';
	code = open_with(out, p12, typed, passphrase, err);
	OPENSSL_cleanse(typed, sizeof(typed));
	mca_cleanse_traces();
	return code;
}
