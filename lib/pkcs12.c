/*
 * pkcs12.c - see pkcs12.h.
 *
 * Certificates are taken out bag by bag: PKCS12_parse would decrypt the private
 * keys beside them, which nobody has asked for.
 */
#include "pkcs12.h"

#include "cleanse.h"
#include "error.h"
#include "minica/limits.h"
#include "work.h"

#include <openssl/err.h>

#include <limits.h>
#include <string.h>

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

/* A key in the clear, or sealed; true of anything else. */
static bool
spend_bag(int64_t *left, const PKCS12_SAFEBAG *bag)
{
	const PKCS8_PRIV_KEY_INFO *open = PKCS12_SAFEBAG_get0_p8inf(bag);
	const X509_SIG *sealed = PKCS12_SAFEBAG_get0_pkcs8(bag);
	const ASN1_OCTET_STRING *octets;
	const X509_ALGOR *algorithm;
	const uint8_t *ignored;
	int length;

	if (open != NULL)
		return PKCS8_pkey_get0(NULL, &ignored, &length, NULL, open) !=
		    1 ||
		    length <= MCA_LIMIT_PRIVATE_KEY;
	if (sealed == NULL)
		return true;
	X509_SIG_get0(sealed, &algorithm, &octets);
	return ASN1_STRING_length(octets) <= MCA_LIMIT_PRIVATE_KEY &&
	    mca_work_algorithm(left, algorithm);
}

/* Of the encrypted parts, and of the keys in those that are not. */
static bool
spend_part(int64_t *left, PKCS7 *part)
{
	STACK_OF(PKCS12_SAFEBAG) *bags;
	bool bounded = true;

	if (PKCS7_type_is_encrypted(part))
		return mca_work_algorithm(left,
		    part->d.encrypted->enc_data->algorithm);
	bags = PKCS12_unpack_p7data(part);
	for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags) && bounded; i++)
		bounded = spend_bag(left, sk_PKCS12_SAFEBAG_value(bags, i));
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	return bounded;
}

/* RFC 7292, 4; with PBMAC1 (RFC 9579) the rounds are the algorithm's. */
static bool
spend_mac(int64_t *left, const PKCS12 *p12)
{
	const ASN1_INTEGER *iterations = NULL;
	const X509_ALGOR *algorithm = NULL;

	PKCS12_get0_mac(NULL, &algorithm, NULL, &iterations, p12);
	return mca_work_rounds(left, iterations) &&
	    (algorithm == NULL || mca_work_algorithm(left, algorithm));
}

bool
mca_pkcs12_is_bounded(PKCS12 *p12, int64_t rounds)
{
	owned(pkcs7_stack) *parts = NULL;
	int64_t left = rounds;
	bool bounded = spend_mac(&left, p12);

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

/* ---- certificates ---- */

/* Safes within safes: more than one is not seen in practice. */
#define DEPTH 4

typedef STACK_OF(PKCS12_SAFEBAG) mca_bags;

static void
mca_bags_free(mca_bags *bags)
{
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}
MCA_OWNED(mca_bags, mca_bags_free)

/* What is taken out, and the localKeyID of the first private key. */
struct taking {
	mca_x509_stack *certs;
	const ASN1_TYPE *key_id; /* borrowed from a bag; NULL: any marks it */
	X509 *own;		 /* the certificate of that localKeyID */
};

static const ASN1_TYPE *
local_key_id(const PKCS12_SAFEBAG *bag)
{
	return PKCS12_SAFEBAG_get0_attr(bag, NID_localKeyID);
}

static bool
find_key_id(struct taking *t, const mca_bags *bags, int depth)
{
	for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); i++) {
		const PKCS12_SAFEBAG *bag = sk_PKCS12_SAFEBAG_value(bags, i);
		int kind = PKCS12_SAFEBAG_get_nid(bag);

		if (kind == NID_safeContentsBag && depth > 0 &&
		    find_key_id(t, PKCS12_SAFEBAG_get0_safes(bag), depth - 1))
			return true;
		if (kind != NID_keyBag && kind != NID_pkcs8ShroudedKeyBag)
			continue;
		t->key_id = local_key_id(bag);
		return true;
	}
	return false;
}

/* Puts the certificates in their order; false when memory runs out. */
static bool
take(struct taking *t, const mca_bags *bags, int depth)
{
	for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); i++) {
		const PKCS12_SAFEBAG *bag = sk_PKCS12_SAFEBAG_value(bags, i);
		int kind = PKCS12_SAFEBAG_get_nid(bag);
		const ASN1_TYPE *id = local_key_id(bag);
		owned(X509) *cert = NULL;

		if (kind == NID_safeContentsBag && depth > 0 &&
		    !take(t, PKCS12_SAFEBAG_get0_safes(bag), depth - 1))
			return false;
		if (kind != NID_certBag ||
		    PKCS12_SAFEBAG_get_bag_nid(bag) != NID_x509Certificate)
			continue;
		cert = PKCS12_SAFEBAG_get1_cert(bag);
		if (cert == NULL)
			continue;
		if (t->own == NULL && id != NULL &&
		    (t->key_id == NULL || ASN1_TYPE_cmp(id, t->key_id) == 0))
			t->own = give(&cert);
		else if (sk_X509_push(t->certs, cert) <= 0)
			return false;
		else
			(void)give(&cert);
	}
	return true;
}

/* All bags of all parts, or NULL when one does not open. */
static mca_bags *
open_parts(PKCS12 *p12, const char *typed)
{
	owned(pkcs7_stack) *parts = PKCS12_unpack_authsafes(p12);
	owned(mca_bags) *all = sk_PKCS12_SAFEBAG_new_null();

	if (parts == NULL || all == NULL)
		return NULL;
	for (int i = 0; i < sk_PKCS7_num(parts); i++) {
		PKCS7 *part = sk_PKCS7_value(parts, i);
		owned(mca_bags) *bags = NULL;
		PKCS12_SAFEBAG *bag;

		if (PKCS7_type_is_data(part))
			bags = PKCS12_unpack_p7data(part);
		else if (PKCS7_type_is_encrypted(part))
			bags = PKCS12_unpack_p7encdata(part, typed,
			    typed == NULL ? 0 : (int)strlen(typed));
		else
			continue;
		if (bags == NULL)
			return NULL;
		while ((bag = sk_PKCS12_SAFEBAG_shift(bags)) != NULL)
			if (sk_PKCS12_SAFEBAG_push(all, bag) <= 0) {
				PKCS12_SAFEBAG_free(bag);
				return NULL;
			}
	}
	return give(&all);
}

static mca_code
collect(mca_x509_stack **out, const mca_bags *bags, struct mca_error *err)
{
	owned(mca_x509_stack) *certs = sk_X509_new_null();
	struct taking t = { .certs = certs };
	bool taken;

	(void)find_key_id(&t, bags, DEPTH);
	taken = certs != NULL && take(&t, bags, DEPTH) &&
	    (t.own == NULL || sk_X509_unshift(certs, t.own) > 0);
	if (!taken) {
		X509_free(t.own);
		return mca_fail_memory(err);
	}
	*out = give(&certs);
	return MCA_OK;
}

/*
 * No passphrase and an empty one are derived from differently, and programs do
 * not agree which is meant by none.
 */
static mca_code
open_with(mca_x509_stack **out, PKCS12 *p12, const char *typed,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	owned(mca_bags) *bags = NULL;
	bool mac = PKCS12_mac_present(p12) == 1;
	bool empty = *typed == '\0';

	if (empty && (!mac || PKCS12_verify_mac(p12, NULL, 0) == 1))
		bags = open_parts(p12, NULL);
	if (bags == NULL && (!mac || PKCS12_verify_mac(p12, typed, -1) == 1))
		bags = open_parts(p12, typed);
	if (bags == NULL)
		return refuse(p12, typed, passphrase, err);
	ERR_clear_error();
	return collect(out, bags, err);
}

mca_code
mca_pkcs12_certs(mca_x509_stack **out, PKCS12 *p12,
    const struct mca_passphrase *passphrase, struct mca_error *err)
{
	char typed[MCA_LIMIT_PASSPHRASE + 1] = "";
	int length = 0;
	mca_code code;

	if (!mca_pkcs12_is_bounded(p12, MCA_LIMIT_ITERATIONS))
		return mca_fail(err, MCA_EFORMAT,
		    "a PKCS #12 file that derives its keys more than %d times, "
		    "or has a private key of more than %d bytes, which are the "
		    "limits",
		    MCA_LIMIT_ITERATIONS, MCA_LIMIT_PRIVATE_KEY);
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
