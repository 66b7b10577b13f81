/*
 * forge.h - certificates and CRLs of every kind, good and bad, made for the
 * tests of the verifier with libcrypto alone.
 *
 * Keys are known by a word: the same word is the same key within a test
 * program.
 */
#ifndef TESTS_FORGE_H
#define TESTS_FORGE_H

#include "minica/cert.h"
#include "minica/crl.h"
#include "minica/owned.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/conf.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

/* 2026-01-01T00:00:00Z, when everything forged is valid by default. */
#define FORGE_NOW INT64_C(1767225600)

/* Says where forging failed: the row is wrong, not what is tested. */
static inline _Noreturn void
forge_fail(const char *what)
{
	(void)fprintf(stderr, "cannot forge: %s\n", what);
	ERR_print_errors_fp(stderr);
	abort();
}
#define forge_require(condition)                                               \
	((condition) ? (void)0 : forge_fail(#condition))

static inline EVP_PKEY *
forge_new_key(const char *word)
{
	static const struct {
		const char *beginning, *type, *group;
		size_t bits;
	} kinds[] = {
		{ "rsa1024", "RSA", NULL, 1024 },
		{ "rsa2048", "RSA", NULL, 2048 },
		{ "ed25519", "ED25519", NULL, 0 },
		{ "P-224", "EC", "P-224", 0 },
		{ "", "EC", "P-256", 0 },
	};
	size_t i = 0;

	while (
	    strncmp(word, kinds[i].beginning, strlen(kinds[i].beginning)) != 0)
		i++;
	if (kinds[i].bits != 0)
		return EVP_PKEY_Q_keygen(NULL, NULL, kinds[i].type,
		    kinds[i].bits);
	return EVP_PKEY_Q_keygen(NULL, NULL, kinds[i].type, kinds[i].group);
}

/* RFC 8032, 7.1, test 1: everybody has the private half. */
static inline EVP_PKEY *
forge_one(void)
{
	static const unsigned char secret[] = { 0x9d, 0x61, 0xb1, 0x9d, 0xef,
		0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c,
		0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70,
		0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60 };

	return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret,
	    sizeof(secret));
}

/*
 * forge_key returns the key of a word.  A word that begins with "rsa1024" or
 * "rsa2048" is such a key, with "ed25519" or "P-224" too; "one" is a key that
 * was published; others are P-256.
 */
static inline EVP_PKEY *
forge_key(const char *word)
{
	static struct {
		char word[32];
		EVP_PKEY *key;
	} keys[256];
	size_t i = 0;

	while (keys[i].key != NULL && strcmp(keys[i].word, word) != 0)
		i++;
	if (keys[i].key != NULL)
		return keys[i].key;
	strncpy(keys[i].word, word, sizeof(keys[i].word) - 1);
	keys[i].key =
	    strcmp(word, "one") == 0 ? forge_one() : forge_new_key(word);
	forge_require(keys[i].key != NULL);
	return keys[i].key;
}

struct forge {
	const char *subject; /* common name; "" for no name, NULL: leaf.test */
	const char *issuer;  /* NULL: the subject */
	const char *key;     /* NULL: the subject */
	const char *signer;  /* its key; NULL: the issuer */

	bool ca;
	const char *path_len; /* ",pathlen:0" */
	const char *san;      /* NULL: DNS:leaf.test for who is no CA */
	bool no_ski, no_aki, no_san, no_usage;
	const char *key_usage;	 /* NULL: what is usual */
	const char *constraints; /* "critical,permitted;DNS:example.org" */
	const char *purposes;	 /* extendedKeyUsage; NULL: serverAuth */
	bool no_purposes;
	struct {
		int nid;
		const char *value; /* as openssl.cnf writes it */
	} more[4];

	int64_t from, until;	   /* 0: a year before, and after */
	const char *serial;	   /* hex; NULL: 1234 */
	int version;		   /* 0: 3 */
	const char *digest;	   /* NULL: SHA256 */
	void (*spoil)(X509 *x509); /* before it is signed */
	bool tamper;		   /* after */
};

static inline X509_NAME *
forge_name(const char *common_name)
{
	X509_NAME *name = X509_NAME_new();

	forge_require(name != NULL);
	if (common_name[0] != '\0')
		forge_require(
		    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
			(const unsigned char *)common_name, -1, -1, 0) == 1);
	return name;
}

static inline void
forge_extension(X509 *x509, int nid, const char *value)
{
	CONF *conf = NCONF_new(NULL);
	X509V3_CTX context;
	X509_EXTENSION *extension;

	/* Some extensions want a configuration, if only an empty one. */
	forge_require(conf != NULL);
	X509V3_set_ctx(&context, x509, x509, NULL, NULL, 0);
	X509V3_set_nconf(&context, conf);
	extension = X509V3_EXT_nconf_nid(conf, &context, nid, value);
	forge_require(
	    extension != NULL && X509_add_ext(x509, extension, -1) == 1);
	NCONF_free(conf);
	X509_EXTENSION_free(extension);
}

/* A key identifier: the SHA-1 of the key, as openssl makes it. */
static inline ASN1_OCTET_STRING *
forge_key_id(EVP_PKEY *key)
{
	ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned length;
	X509 *holder = X509_new();

	forge_require(id != NULL && holder != NULL &&
	    X509_set_pubkey(holder, key) == 1 &&
	    X509_pubkey_digest(holder, EVP_sha1(), digest, &length) == 1 &&
	    ASN1_OCTET_STRING_set(id, digest, (int)length) == 1);
	X509_free(holder);
	return id;
}

static inline AUTHORITY_KEYID *
forge_aki(EVP_PKEY *signer)
{
	AUTHORITY_KEYID *aki = AUTHORITY_KEYID_new();

	forge_require(aki != NULL);
	aki->keyid = forge_key_id(signer);
	return aki;
}

static inline void
forge_key_ids(X509 *x509, const struct forge *what, EVP_PKEY *key,
    EVP_PKEY *signer)
{
	ASN1_OCTET_STRING *ski = forge_key_id(key);
	AUTHORITY_KEYID *aki = forge_aki(signer);

	if (!what->no_ski)
		forge_require(X509_add1_ext_i2d(x509,
				  NID_subject_key_identifier, ski, 0, 0) == 1);
	if (!what->no_aki)
		forge_require(
		    X509_add1_ext_i2d(x509, NID_authority_key_identifier, aki,
			0, 0) == 1);
	ASN1_OCTET_STRING_free(ski);
	AUTHORITY_KEYID_free(aki);
}

static inline void
forge_extensions(X509 *x509, const struct forge *what)
{
	const char *usage = what->ca ? "critical,keyCertSign,cRLSign"
				     : "critical,digitalSignature";
	char basic[64];

	if (what->ca) {
		(void)snprintf(basic, sizeof(basic), "critical,CA:TRUE%s",
		    what->path_len == NULL ? "" : what->path_len);
		forge_extension(x509, NID_basic_constraints, basic);
	}
	if (!what->no_usage)
		forge_extension(x509, NID_key_usage,
		    what->key_usage == NULL ? usage : what->key_usage);
	if (!what->no_san && (!what->ca || what->san != NULL))
		forge_extension(x509, NID_subject_alt_name,
		    what->san == NULL ? "DNS:leaf.test" : what->san);
	if (!what->no_purposes && (!what->ca || what->purposes != NULL))
		forge_extension(x509, NID_ext_key_usage,
		    what->purposes == NULL ? "serverAuth" : what->purposes);
	if (what->constraints != NULL)
		forge_extension(x509, NID_name_constraints, what->constraints);
	for (size_t i = 0; i < 4 && what->more[i].value != NULL; i++)
		forge_extension(x509, what->more[i].nid, what->more[i].value);
}

static inline void
forge_fields(X509 *x509, const struct forge *what, const char *subject,
    const char *issuer)
{
	X509_NAME *names[2] = { forge_name(subject), forge_name(issuer) };
	BIGNUM *serial = NULL;
	int64_t from = what->from == 0 ? FORGE_NOW - 31536000 : what->from;
	int64_t until = what->until == 0 ? FORGE_NOW + 31536000 : what->until;

	forge_require(X509_set_subject_name(x509, names[0]) == 1 &&
	    X509_set_issuer_name(x509, names[1]) == 1 &&
	    X509_set_version(x509,
		what->version == 0 ? 2 : what->version - 1) == 1 &&
	    ASN1_TIME_set(X509_getm_notBefore(x509), (time_t)from) != NULL &&
	    ASN1_TIME_set(X509_getm_notAfter(x509), (time_t)until) != NULL &&
	    BN_hex2bn(&serial, what->serial == NULL ? "1234" : what->serial) >
		0 &&
	    BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(x509)) != NULL);
	BN_free(serial);
	X509_NAME_free(names[0]);
	X509_NAME_free(names[1]);
}

/* Flips a bit of the signature. */
static inline void
forge_tamper(unsigned char *der, int length)
{
	der[length - 1] ^= 1;
}

static inline mca_cert *
forge_parse(X509 *x509, bool tamper)
{
	struct mca_error err;
	unsigned char *der = NULL;
	mca_cert *cert = NULL;
	int length = i2d_X509(x509, &der);

	forge_require(length > 0);
	if (tamper)
		forge_tamper(der, length);
	if (mca_cert_parse(&cert, der, (size_t)length, &err) != MCA_OK)
		forge_require(false);
	OPENSSL_free(der);
	return cert;
}

static inline mca_cert *
forge_cert(const struct forge *what)
{
	const char *subject =
	    what->subject == NULL ? "leaf.test" : what->subject;
	const char *issuer = what->issuer == NULL ? subject : what->issuer;
	EVP_PKEY *key = forge_key(what->key == NULL ? subject : what->key);
	EVP_PKEY *signer =
	    forge_key(what->signer == NULL ? issuer : what->signer);
	X509 *x509 = X509_new();
	const EVP_MD *digest = EVP_get_digestbyname(
	    what->digest == NULL ? "SHA256" : what->digest);
	mca_cert *cert;

	forge_require(x509 != NULL && X509_set_pubkey(x509, key) == 1);
	forge_fields(x509, what, subject, issuer);
	if (what->version == 0 || what->version == 3) {
		forge_extensions(x509, what);
		forge_key_ids(x509, what, key, signer);
	}
	if (what->spoil != NULL)
		what->spoil(x509);
	if (EVP_PKEY_is_a(signer, "ED25519"))
		digest = NULL;
	forge_require(X509_sign(x509, signer, digest) > 0);
	cert = forge_parse(x509, what->tamper);
	X509_free(x509);
	return cert;
}

/* forge_into adds a forged certificate to a list. */
static inline void
forge_into(mca_certs *list, const struct forge *what)
{
	struct mca_error err;
	mca_cert *cert = forge_cert(what);

	forge_require(mca_certs_add(list, cert, &err) == MCA_OK);
	mca_cert_free(cert);
}

struct forge_crl {
	const char *issuer, *signer; /* NULL: the issuer's key */
	int64_t from, until;	     /* 0: a day before, and after */
	const char *revoked[4];	     /* serials, hex */
	int reason;		     /* of all of them, 0 for none */
	const char *number;	     /* NULL: 1; "" for none */
	int number_critical;
	const char *base; /* makes it a delta to this number */
	struct {
		int nid;
		const char *value; /* as openssl.cnf writes it */
	} more[2];
};

static inline void
forge_revoke(X509_CRL *crl, const struct forge_crl *what, const char *serial)
{
	X509_REVOKED *entry = X509_REVOKED_new();
	ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new();
	ASN1_TIME *when = ASN1_TIME_set(NULL, (time_t)FORGE_NOW - 90000);
	ASN1_INTEGER *number;
	BIGNUM *value = NULL;

	forge_require(BN_hex2bn(&value, serial) > 0);
	number = BN_to_ASN1_INTEGER(value, NULL);
	forge_require(entry != NULL && reason != NULL && when != NULL &&
	    X509_REVOKED_set_serialNumber(entry, number) == 1 &&
	    X509_REVOKED_set_revocationDate(entry, when) == 1);
	if (what->reason != 0)
		forge_require(ASN1_ENUMERATED_set(reason, what->reason) == 1 &&
		    X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason, 0,
			0) == 1);
	forge_require(X509_CRL_add0_revoked(crl, entry) == 1);
	ASN1_ENUMERATED_free(reason);
	ASN1_TIME_free(when);
	ASN1_INTEGER_free(number);
	BN_free(value);
}

static inline void
forge_crl_integer(X509_CRL *crl, int nid, const char *number, int critical)
{
	ASN1_INTEGER *value;

	if (number == NULL || number[0] == '\0')
		return;
	value = s2i_ASN1_INTEGER(NULL, number);
	forge_require(X509_CRL_add1_ext_i2d(crl, nid, value, critical, 0) == 1);
	ASN1_INTEGER_free(value);
}

static inline void
forge_crl_extensions(X509_CRL *crl, const struct forge_crl *what,
    EVP_PKEY *signer)
{
	AUTHORITY_KEYID *aki = forge_aki(signer);
	X509_EXTENSION *extension;
	X509V3_CTX context;

	forge_require(X509_CRL_add1_ext_i2d(crl, NID_authority_key_identifier,
			  aki, 0, 0) == 1);
	forge_crl_integer(crl, NID_crl_number,
	    what->number == NULL ? "1" : what->number, what->number_critical);
	forge_crl_integer(crl, NID_delta_crl, what->base, 1);
	X509V3_set_ctx(&context, NULL, NULL, NULL, crl, 0);
	for (size_t i = 0; i < 2 && what->more[i].value != NULL; i++) {
		extension = X509V3_EXT_conf_nid(NULL, &context,
		    what->more[i].nid, what->more[i].value);
		forge_require(extension != NULL &&
		    X509_CRL_add_ext(crl, extension, -1) == 1);
		X509_EXTENSION_free(extension);
	}
	AUTHORITY_KEYID_free(aki);
}

/* forge_crl_into adds a forged CRL to a list. */
static inline void
forge_crl_into(mca_crls *list, const struct forge_crl *what)
{
	EVP_PKEY *signer =
	    forge_key(what->signer == NULL ? what->issuer : what->signer);
	int64_t from = what->from == 0 ? FORGE_NOW - 86400 : what->from;
	int64_t until = what->until == 0 ? FORGE_NOW + 86400 : what->until;
	X509_NAME *issuer = forge_name(what->issuer);
	ASN1_TIME *times[2] = { ASN1_TIME_set(NULL, (time_t)from),
		ASN1_TIME_set(NULL, (time_t)until) };
	X509_CRL *crl = X509_CRL_new();
	unsigned char *der = NULL;
	struct mca_error err;
	int length;

	forge_require(crl != NULL && X509_CRL_set_version(crl, 1) == 1 &&
	    X509_CRL_set_issuer_name(crl, issuer) == 1 &&
	    X509_CRL_set1_lastUpdate(crl, times[0]) == 1 &&
	    X509_CRL_set1_nextUpdate(crl, times[1]) == 1);
	for (size_t i = 0; i < 4 && what->revoked[i] != NULL; i++)
		forge_revoke(crl, what, what->revoked[i]);
	forge_crl_extensions(crl, what, signer);
	forge_require(X509_CRL_sort(crl) == 1 &&
	    X509_CRL_sign(crl, signer, EVP_sha256()) > 0);
	length = i2d_X509_CRL(crl, &der);
	list->rows =
	    realloc(list->rows, (list->count + 1) * sizeof(*list->rows));
	forge_require(length > 0 && list->rows != NULL &&
	    mca_crl_parse(&list->rows[list->count], der, (size_t)length,
		&err) == MCA_OK);
	list->count++;
	OPENSSL_free(der);
	X509_CRL_free(crl);
	ASN1_TIME_free(times[0]);
	ASN1_TIME_free(times[1]);
	X509_NAME_free(issuer);
}

#endif
