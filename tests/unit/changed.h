/*
 * changed.h - good certificates, and how each differs from one.
 */
#ifndef TESTS_CHANGED_H
#define TESTS_CHANGED_H

#include "rows.h"

#include "minica/lint.h"
#include "minica/owned.h"
#include "ossl.h"

#include <openssl/rsa.h>

#define NOW INT64_C(1800000000)
#define MAX_SET 4

enum kind { LEAF, CA, ROOT };
enum key {
	EC,
	RSA_KEY,
	EC_K1,
	EC_521,
	ED,
	RSA_SMALL,
	RSA_ODD,
	RSA_E3,
	EC_ONE,
	KEYS
};

static EVP_PKEY *keys[KEYS];
static EVP_PKEY *issuer_key;

/* The generator of P-256, whose private key is 1. */
static inline EVP_PKEY *
make_one(void)
{
	static unsigned char g[] = { 0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c,
		0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2,
		0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1,
		0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2,
		0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f,
		0x9e, 0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce,
		0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5 };
	static char curve[] = "P-256";
	OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string("group", curve,
				    0),
		OSSL_PARAM_construct_octet_string("pub", g, sizeof(g)),
		OSSL_PARAM_construct_end() };
	owned(EVP_PKEY_CTX) *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *key = NULL;

	if (EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		return NULL;
	return key;
}

static inline EVP_PKEY *
make_rsa(int bits, unsigned long exponent)
{
	owned(EVP_PKEY_CTX) *ctx =
	    EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	owned(BIGNUM) *e = BN_new();
	EVP_PKEY *key = NULL;

	if (BN_set_word(e, exponent) != 1 || EVP_PKEY_keygen_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, bits) <= 0 ||
	    EVP_PKEY_CTX_set1_rsa_keygen_pubexp(ctx, e) <= 0 ||
	    EVP_PKEY_generate(ctx, &key) != 1)
		return NULL;
	return key;
}

static inline int
make_keys(void **state)
{
	(void)state;
	issuer_key = EVP_EC_gen("P-256");
	keys[EC] = EVP_EC_gen("P-256");
	keys[RSA_KEY] = make_rsa(2048, 65537);
	keys[EC_K1] = EVP_EC_gen("secp256k1");
	keys[EC_521] = EVP_EC_gen("P-521");
	keys[ED] = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	keys[RSA_SMALL] = make_rsa(1024, 65537);
	keys[RSA_ODD] = make_rsa(2052, 65537);
	keys[RSA_E3] = make_rsa(2048, 3);
	keys[EC_ONE] = make_one();
	return 0;
}

static inline int
drop_keys(void **state)
{
	(void)state;
	EVP_PKEY_free(issuer_key);
	for (size_t i = 0; i < KEYS; i++)
		EVP_PKEY_free(keys[i]);
	return 0;
}

/* How a certificate differs from a good one. */
struct change {
	enum kind kind;
	enum key key;

	/* Extensions set anew, or left out (a NULL value). */
	const char *set[MAX_SET][2];

	/* Before it is signed. */
	void (*edit)(X509 *x509);

	/* After: the first place of some octets is overwritten. */
	const char *from, *to;
	size_t length;
};

static const char *const defaults[][3] = {
	/* name, of a leaf, of a CA */
	{ "basicConstraints", "critical,CA:FALSE", "critical,CA:TRUE" },
	{ "keyUsage", "critical,digitalSignature",
	    "critical,keyCertSign,cRLSign" },
	{ "extendedKeyUsage", "serverAuth", NULL },
	{ "subjectKeyIdentifier", "hash", "hash" },
	{ "authorityKeyIdentifier", "keyid:always", "keyid:always" },
	{ "subjectAltName", "DNS:www.example.org", NULL },
};

/* The value of an extension: as changed, or as in a good certificate. */
static inline const char *
value_of(const struct change *change, size_t i)
{
	for (size_t k = 0; k < MAX_SET && change->set[k][0] != NULL; k++)
		if (strcmp(change->set[k][0], defaults[i][0]) == 0)
			return change->set[k][1];
	return defaults[i][change->kind == LEAF ? 1 : 2];
}

static inline bool
is_default(const char *name)
{
	for (size_t i = 0; i < ROWS(defaults); i++)
		if (strcmp(defaults[i][0], name) == 0)
			return true;
	return false;
}

static inline void
extend(X509 *x509, X509 *issuer, const char *name, const char *value)
{
	owned(X509_EXTENSION) *extension = NULL;
	X509V3_CTX ctx;

	if (value == NULL)
		return;
	X509V3_set_ctx(&ctx, issuer, x509, NULL, NULL, 0);
	extension = X509V3_EXT_nconf(NULL, &ctx, name, value);
	CHECK(extension != NULL, "cannot make %s = %s", name, value);
	assert_int_equal(X509_add_ext(x509, extension, -1), 1);
}

static inline void
set_text(X509_NAME *name, const char *type, const char *value)
{
	assert_int_equal(X509_NAME_add_entry_by_txt(name, type, MBSTRING_UTF8,
			     (const unsigned char *)value, -1, -1, 0),
	    1);
}

static inline void
set_serial(X509 *x509, const char *hex)
{
	BIGNUM *number = NULL;

	assert_true(BN_hex2bn(&number, hex) > 0);
	assert_non_null(
	    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)));
	BN_free(number);
}

static inline X509 *
make_issuer(void)
{
	X509 *x509 = X509_new();

	set_text(X509_get_subject_name(x509), "CN", "Test CA");
	assert_int_equal(X509_set_pubkey(x509, issuer_key), 1);
	extend(x509, NULL, "subjectKeyIdentifier", "hash");
	return x509;
}

static inline void
fill(X509 *x509, const struct change *change, X509 *issuer)
{
	X509_set_version(x509, X509_VERSION_3);
	set_serial(x509, "1234567890ABCDEF1234567890ABCDEF");
	set_text(X509_get_subject_name(x509), "CN",
	    change->kind == LEAF ? "www.example.org" : "A CA");
	X509_set_issuer_name(x509,
	    X509_get_subject_name(change->kind == ROOT ? x509 : issuer));
	ASN1_TIME_set(X509_getm_notBefore(x509), NOW);
	ASN1_TIME_set(X509_getm_notAfter(x509), NOW + 90 * MCA_DAY);
	X509_set_pubkey(x509, keys[change->key]);
	for (size_t i = 0; i < ROWS(defaults); i++)
		extend(x509, change->kind == ROOT ? x509 : issuer,
		    defaults[i][0], value_of(change, i));
	for (size_t k = 0; k < MAX_SET && change->set[k][0] != NULL; k++)
		if (!is_default(change->set[k][0]))
			extend(x509, issuer, change->set[k][0],
			    change->set[k][1]);
}

static inline void
patch(uint8_t *der, size_t length, const struct change *change)
{
	uint8_t *at;

	if (change->from == NULL)
		return;
	at = memmem(der, length, change->from, change->length);
	assert_non_null(at);
	memcpy(at, change->to, change->length);
}

static inline mca_cert *
make(const struct change *change)
{
	owned(X509) *issuer = make_issuer();
	owned(X509) *x509 = X509_new();
	owned(ossl_bytes) *der = NULL;
	struct mca_error err = { 0 };
	mca_cert *cert = NULL;
	int length;

	fill(x509, change, issuer);
	if (change->edit != NULL)
		change->edit(x509);
	if (X509_get0_tbs_sigalg(x509)->algorithm == OBJ_nid2obj(NID_undef))
		assert_true(X509_sign(x509, issuer_key, EVP_sha256()) > 0);
	length = i2d_X509(x509, &der);
	assert_true(length > 0);
	patch(der, (size_t)length, change);
	CHECK(mca_cert_parse(&cert, der, (size_t)length, &err) == MCA_OK, "%s",
	    err.text);
	return cert;
}

#endif
