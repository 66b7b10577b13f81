/*
 * work.c - see work.h.
 */
#include "work.h"

MCA_OWNED(PBE2PARAM, PBE2PARAM_free)
MCA_OWNED(PBKDF2PARAM, PBKDF2PARAM_free)
MCA_OWNED(PBEPARAM, PBEPARAM_free)
MCA_OWNED(SCRYPT_PARAMS, SCRYPT_PARAMS_free)

/* What an AlgorithmIdentifier has as its parameters, decoded as `item`. */
static void *
parameters_of(const X509_ALGOR *algorithm, const ASN1_ITEM *item)
{
	const void *value;
	int type;

	X509_ALGOR_get0(NULL, &type, &value, algorithm);
	return type == V_ASN1_SEQUENCE ? ASN1_item_unpack(value, item) : NULL;
}

bool
mca_work_rounds(int64_t *left, const ASN1_INTEGER *rounds)
{
	int64_t count;

	if (rounds == NULL)
		return true;
	if (ASN1_INTEGER_get_int64(&count, rounds) != 1 || count < 0 ||
	    count > *left)
		return false;
	*left -= count;
	return true;
}

/* RFC 7914, 7.1; a product that overflows is too much as well. */
static bool
spend_scrypt(int64_t *left, const SCRYPT_PARAMS *scrypt)
{
	int64_t n, r, p, product;

	if (ASN1_INTEGER_get_int64(&n, scrypt->costParameter) != 1 ||
	    ASN1_INTEGER_get_int64(&r, scrypt->blockSize) != 1 ||
	    ASN1_INTEGER_get_int64(&p, scrypt->parallelizationParameter) != 1 ||
	    n < 0 || r < 0 || p < 0 || __builtin_mul_overflow(n, r, &product) ||
	    __builtin_mul_overflow(product, p, &product) || product > *left)
		return false;
	*left -= product;
	return true;
}

/* RFC 8018, A.2 and A.4. */
static bool
spend_derivation(int64_t *left, const X509_ALGOR *derivation)
{
	owned(PBKDF2PARAM) *pbkdf2 = NULL;
	owned(SCRYPT_PARAMS) *scrypt = NULL;
	const ASN1_OBJECT *oid;

	X509_ALGOR_get0(&oid, NULL, NULL, derivation);
	if (OBJ_obj2nid(oid) == NID_id_scrypt) {
		scrypt =
		    parameters_of(derivation, ASN1_ITEM_rptr(SCRYPT_PARAMS));
		return scrypt == NULL || spend_scrypt(left, scrypt);
	}
	pbkdf2 = parameters_of(derivation, ASN1_ITEM_rptr(PBKDF2PARAM));
	return pbkdf2 == NULL || mca_work_rounds(left, pbkdf2->iter);
}

/* PBES2 and PBMAC1 name a derivation and what uses it, the others a count. */
bool
mca_work_algorithm(int64_t *left, const X509_ALGOR *algorithm)
{
	owned(PBE2PARAM) *two =
	    parameters_of(algorithm, ASN1_ITEM_rptr(PBE2PARAM));
	owned(PBEPARAM) *one = NULL;

	if (two != NULL)
		return spend_derivation(left, two->keyfunc);
	one = parameters_of(algorithm, ASN1_ITEM_rptr(PBEPARAM));
	return one == NULL || mca_work_rounds(left, one->iter);
}
