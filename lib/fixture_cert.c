/*
 * fixture_cert.c - one certificate of a fixture, and one CRL.
 */
#include "fixture_parts.h"
#include "minica/digest.h"
#include "object.h"

#include <openssl/conf.h>

#include <string.h>

/* What is usual for a kind of certificate. */
static const struct fixture_cert usual[] = {
	[FIXTURE_LEAF] = {
		.subject = "www.example.test",
		.issuer = "Example Intermediate",
		.basic = "critical,CA:FALSE",
		.usage = "critical,digitalSignature",
		.purposes = "serverAuth",
		.san = "DNS:www.example.test",
		.from = -DAY,
		.until = 30 * DAY,
	},
	[FIXTURE_MIDDLE] = {
		.subject = "Example Intermediate",
		.issuer = "Example Root",
		.basic = "critical,CA:TRUE",
		.usage = "critical,keyCertSign,cRLSign",
		.from = -30 * DAY,
		.until = 365 * DAY,
	},
	[FIXTURE_ROOT] = {
		.subject = "Example Root",
		.basic = "critical,CA:TRUE",
		.usage = "critical,keyCertSign,cRLSign",
		.from = -60 * DAY,
		.until = 3650 * DAY,
	},
};

#define USUAL(what, field)                                                     \
	((what)->field != NULL ? (what)->field : usual[(what)->kind].field)

const char *
mca_fixture_subject(const struct fixture_cert *what)
{
	return USUAL(what, subject);
}

const char *
mca_fixture_key_word(const struct fixture_cert *what)
{
	return what->key != NULL ? what->key : mca_fixture_subject(what);
}

/* A root is its own issuer, with its own key. */
static const char *
issuer_of(const struct fixture_cert *what)
{
	const char *issuer = USUAL(what, issuer);

	return issuer != NULL ? issuer : mca_fixture_subject(what);
}

static const char *
issuer_key_of(const struct fixture_cert *what)
{
	if (what->issuer_key != NULL)
		return what->issuer_key;
	return USUAL(what, issuer) != NULL ? issuer_of(what)
					   : mca_fixture_key_word(what);
}

X509_NAME *
mca_fixture_name(const char *common_name)
{
	owned(X509_NAME) *name = X509_NAME_new();

	if (name == NULL)
		return NULL;
	if (*common_name != '\0' &&
	    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
		(const unsigned char *)common_name, -1, -1, 0) != 1)
		return NULL;
	return give(&name);
}

static mca_code
set_fields(X509 *x509, const mca_fixtures *fixtures,
    const struct fixture_cert *what, EVP_PKEY *key, struct mca_error *err)
{
	owned(X509_NAME) *subject = mca_fixture_name(mca_fixture_subject(what));
	owned(X509_NAME) *issuer = mca_fixture_name(issuer_of(what));
	mca_time from = what->from != 0 ? what->from : usual[what->kind].from;
	mca_time until =
	    what->until != 0 ? what->until : usual[what->kind].until;

	if (subject == NULL || issuer == NULL ||
	    X509_set_version(x509, X509_VERSION_3) != 1 ||
	    X509_set_subject_name(x509, subject) != 1 ||
	    X509_set_issuer_name(x509, issuer) != 1 ||
	    X509_set_pubkey(x509, key) != 1 ||
	    !mca_time_set(X509_getm_notBefore(x509), fixtures->now + from) ||
	    !mca_time_set(X509_getm_notAfter(x509), fixtures->now + until))
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "a certificate cannot be filled");
	return MCA_OK;
}

/* ---- extensions ---- */

typedef CONF conf;
#define conf_free(p) NCONF_free(p)
MCA_OWNED(conf, conf_free)

/* Some extensions want a configuration, if only an empty one. */
static mca_code
add_extension(X509 *x509, const char *name, const char *value,
    struct mca_error *err)
{
	owned(conf) *empty = NCONF_new(NULL);
	owned(X509_EXTENSION) *extension = NULL;
	X509V3_CTX context;

	if (value == NULL || *value == '\0')
		return MCA_OK;
	if (empty == NULL)
		return mca_fail_memory(err);
	X509V3_set_ctx(&context, x509, x509, NULL, NULL, 0);
	X509V3_set_nconf(&context, empty);
	extension = X509V3_EXT_nconf(empty, &context, name, value);
	if (extension == NULL || X509_add_ext(x509, extension, -1) != 1)
		return mca_fail_ssl(err, MCA_ESYSTEM, "cannot write %s = %s",
		    name, value);
	return MCA_OK;
}

static mca_code
add_key_ids(X509 *x509, mca_fixtures *fixtures, const struct fixture_cert *what,
    EVP_PKEY *key, struct mca_error *err)
{
	owned(ASN1_OCTET_STRING) *ski = NULL;
	owned(AUTHORITY_KEYID) *aki = AUTHORITY_KEYID_new();
	EVP_PKEY *issuer;

	if (aki == NULL)
		return mca_fail_memory(err);
	if (mca_fixture_key(&issuer, fixtures, issuer_key_of(what), err) !=
		MCA_OK ||
	    mca_fixture_key_id(&ski, key, err) != MCA_OK ||
	    mca_fixture_key_id(&aki->keyid, issuer, err) != MCA_OK)
		return err->code;
	if (!what->no_ski &&
	    X509_add1_ext_i2d(x509, NID_subject_key_identifier, ski, 0, 0) != 1)
		return mca_fail_memory(err);
	if (!what->no_aki &&
	    X509_add1_ext_i2d(x509, NID_authority_key_identifier, aki, 0, 0) !=
		1)
		return mca_fail_memory(err);
	return MCA_OK;
}

static mca_code
add_extensions(X509 *x509, const struct fixture_cert *what,
    struct mca_error *err)
{
	const struct {
		const char *name, *value;
	} rows[] = {
		{ "basicConstraints", USUAL(what, basic) },
		{ "keyUsage", USUAL(what, usage) },
		{ "extendedKeyUsage", USUAL(what, purposes) },
		{ "subjectAltName", USUAL(what, san) },
		{ "nameConstraints", what->constraints },
		{ what->more, what->more_value },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (add_extension(x509, rows[i].name, rows[i].value, err) !=
		    MCA_OK)
			return err->code;
	return MCA_OK;
}

/* ---- signing ---- */

/* Ed25519 has no digest to choose. */
static const EVP_MD *
digest_for(EVP_PKEY *key, const char *name)
{
	if (EVP_PKEY_is_a(key, "ED25519"))
		return NULL;
	return EVP_get_digestbyname(name != NULL ? name : "SHA256");
}

/* The signature's random numbers follow from `tbs`, which is signed. */
static mca_code
sign_once(X509 *x509, mca_fixtures *fixtures, EVP_PKEY *key,
    const struct fixture_cert *what, const mca_blob *tbs, struct mca_error *err)
{
	if (mca_fixture_reseed(fixtures, MCA_FIXTURE_SIGN, tbs->bytes,
		tbs->length, err) != MCA_OK)
		return err->code;
	if (X509_sign(x509, key, digest_for(key, what->digest)) <= 0)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "a certificate cannot be signed");
	return MCA_OK;
}

static mca_code
encode_tbs(mca_blob *out, X509 *x509, struct mca_error *err)
{
	owned(ossl_bytes) *der = NULL;
	int length = i2d_re_X509_tbs(x509, &der);

	if (length <= 0)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "a certificate cannot be encoded");
	return mca_blob_copy(out, der, (size_t)length, err);
}

/*
 * Without a serial number of its own a certificate gets one that follows from
 * the rest of it: two that differ never share one.
 */
static mca_code
set_serial(X509 *x509, const char *hex, const mca_blob *tbs,
    struct mca_error *err)
{
	owned(BIGNUM) *number = NULL;
	uint8_t sha256[MCA_SHA256_SIZE];

	if (mca_sha256(sha256, tbs->bytes, tbs->length, err) != MCA_OK)
		return err->code;
	sha256[0] = (sha256[0] & 0x3f) | 0x40;
	if (hex != NULL)
		(void)BN_hex2bn(&number, hex);
	else
		number = BN_bin2bn(sha256, 16, NULL);
	if (number == NULL ||
	    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)) == NULL)
		return mca_fail_memory(err);
	return MCA_OK;
}

/* It can be encoded only once signed, and so is signed twice. */
static mca_code
sign(X509 *x509, mca_fixtures *fixtures, const struct fixture_cert *what,
    struct mca_error *err)
{
	const char *word =
	    what->signer != NULL ? what->signer : issuer_key_of(what);
	scoped(mca_blob) draft = { 0 };
	scoped(mca_blob) tbs = { 0 };
	EVP_PKEY *key;

	if (mca_fixture_key(&key, fixtures, word, err) != MCA_OK ||
	    sign_once(x509, fixtures, key, what, &draft, err) != MCA_OK ||
	    encode_tbs(&draft, x509, err) != MCA_OK ||
	    set_serial(x509, what->serial, &draft, err) != MCA_OK ||
	    encode_tbs(&tbs, x509, err) != MCA_OK ||
	    sign_once(x509, fixtures, key, what, &tbs, err) != MCA_OK)
		return err->code;
	return MCA_OK;
}

/* Turns a bit of the signature over. */
static void
tamper(X509 *x509)
{
	const ASN1_BIT_STRING *signature;
	unsigned char *bytes;

	X509_get0_signature(&signature, NULL, x509);
	memcpy(&bytes, &signature->data, sizeof(bytes));
	bytes[signature->length - 1] ^= 1;
}

mca_code
mca_fixture_cert(X509 **out, mca_fixtures *fixtures,
    const struct fixture_cert *what, struct mca_error *err)
{
	owned(X509) *x509 = X509_new_ex(fixtures->library, NULL);
	EVP_PKEY *key;

	if (x509 == NULL)
		return mca_fail_memory(err);
	if (mca_fixture_key(&key, fixtures, mca_fixture_key_word(what), err) !=
		MCA_OK ||
	    set_fields(x509, fixtures, what, key, err) != MCA_OK ||
	    add_extensions(x509, what, err) != MCA_OK ||
	    add_key_ids(x509, fixtures, what, key, err) != MCA_OK)
		return err->code;
	if (what->spoil != NULL)
		what->spoil(x509);
	if (sign(x509, fixtures, what, err) != MCA_OK)
		return err->code;
	if (what->tamper)
		tamper(x509);
	*out = give(&x509);
	return MCA_OK;
}

/* ---- CRLs ---- */

static bool
add_revoked(X509_CRL *crl, X509 *revoked, ASN1_TIME *when)
{
	X509_REVOKED *entry;

	if (revoked == NULL)
		return true;
	entry = X509_REVOKED_new();
	if (entry != NULL &&
	    X509_REVOKED_set_serialNumber(entry,
		X509_get_serialNumber(revoked)) == 1 &&
	    X509_REVOKED_set_revocationDate(entry, when) == 1 &&
	    X509_CRL_add0_revoked(crl, entry) == 1)
		return true;
	X509_REVOKED_free(entry);
	return false;
}

static mca_code
fill_crl(X509_CRL *crl, const mca_fixtures *fixtures,
    const struct fixture_crl *what, X509 *revoked, struct mca_error *err)
{
	mca_time from = what->from != 0 ? what->from : -DAY;
	mca_time until = what->until != 0 ? what->until : 7 * DAY;
	owned(ASN1_TIME) *now = ASN1_TIME_new();
	owned(ASN1_TIME) *next = ASN1_TIME_new();
	owned(ASN1_INTEGER) *number = ASN1_INTEGER_new();
	owned(X509_NAME) *issuer = mca_fixture_name(what->issuer);

	if (now == NULL || next == NULL || number == NULL || issuer == NULL ||
	    !mca_time_set(now, fixtures->now + from) ||
	    !mca_time_set(next, fixtures->now + until) ||
	    X509_CRL_set_version(crl, X509_CRL_VERSION_2) != 1 ||
	    X509_CRL_set_issuer_name(crl, issuer) != 1 ||
	    X509_CRL_set1_lastUpdate(crl, now) != 1 ||
	    X509_CRL_set1_nextUpdate(crl, next) != 1 ||
	    ASN1_INTEGER_set(number, 1) != 1 ||
	    X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0, 0) != 1 ||
	    !add_revoked(crl, revoked, now) || X509_CRL_sort(crl) != 1)
		return mca_fail_ssl(err, MCA_ESYSTEM, "a CRL cannot be filled");
	return MCA_OK;
}

static mca_code
add_crl_issuer(X509_CRL *crl, mca_fixtures *fixtures, const char *word,
    struct mca_error *err)
{
	owned(AUTHORITY_KEYID) *aki = AUTHORITY_KEYID_new();
	EVP_PKEY *issuer;

	if (aki == NULL)
		return mca_fail_memory(err);
	if (mca_fixture_key(&issuer, fixtures, word, err) != MCA_OK ||
	    mca_fixture_key_id(&aki->keyid, issuer, err) != MCA_OK)
		return err->code;
	if (X509_CRL_add1_ext_i2d(crl, NID_authority_key_identifier, aki, 0,
		0) != 1)
		return mca_fail_memory(err);
	return MCA_OK;
}

static mca_code
sign_crl_once(X509_CRL *crl, mca_fixtures *fixtures, const char *word,
    const ossl_bytes *tbs, int length, struct mca_error *err)
{
	EVP_PKEY *signer;

	if (mca_fixture_key(&signer, fixtures, word, err) != MCA_OK ||
	    mca_fixture_reseed(fixtures, MCA_FIXTURE_SIGN, tbs, (size_t)length,
		err) != MCA_OK)
		return err->code;
	if (X509_CRL_sign(crl, signer, digest_for(signer, NULL)) <= 0)
		return mca_fail_ssl(err, MCA_ESYSTEM, "a CRL cannot be signed");
	return MCA_OK;
}

/* As with certificates, a first signature makes it fit to be encoded. */
static mca_code
sign_crl(X509_CRL *crl, mca_fixtures *fixtures, const struct fixture_crl *what,
    struct mca_error *err)
{
	const char *word = what->signer != NULL ? what->signer : what->issuer;
	owned(ossl_bytes) *der = NULL;
	int length;

	if (sign_crl_once(crl, fixtures, word, NULL, 0, err) != MCA_OK)
		return err->code;
	length = i2d_re_X509_CRL_tbs(crl, &der);
	if (length <= 0)
		return mca_fail_ssl(err, MCA_ESYSTEM,
		    "a CRL cannot be encoded");
	return sign_crl_once(crl, fixtures, word, der, length, err);
}

mca_code
mca_fixture_crl(X509_CRL **out, mca_fixtures *fixtures,
    const struct fixture_crl *what, X509 *revoked, struct mca_error *err)
{
	owned(X509_CRL) *crl = X509_CRL_new_ex(fixtures->library, NULL);

	if (crl == NULL)
		return mca_fail_memory(err);
	if (fill_crl(crl, fixtures, what, revoked, err) != MCA_OK ||
	    add_crl_issuer(crl, fixtures, what->issuer, err) != MCA_OK ||
	    sign_crl(crl, fixtures, what, err) != MCA_OK)
		return err->code;
	*out = give(&crl);
	return MCA_OK;
}
