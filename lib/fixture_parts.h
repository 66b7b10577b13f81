/*
 * fixture_parts.h - how a fixture is described, and who makes what of it.
 *
 * A row lists certificates from the server's up to the anchor.  What it does
 * not say is as usual for the kind of certificate, so that a row says what is
 * special and no more.
 */
#ifndef MCA_FIXTURE_PARTS_H
#define MCA_FIXTURE_PARTS_H

#include "error.h"
#include "minica/fixture.h"
#include "ossl.h"

#define DAY MCA_DAY

enum fixture_kind { FIXTURE_LEAF, FIXTURE_MIDDLE, FIXTURE_ROOT };

/* NULL and 0 are what is usual; "" leaves an extension out. */
struct fixture_cert {
	enum fixture_kind kind;
	bool hidden;  /* the server does not send it */
	bool sent;    /* of a root: the server sends it too */
	bool unknown; /* of a root: the client does not trust it */

	/* Common names, and words for keys: by default the name. */
	const char *subject, *issuer;
	const char *key;
	const char *issuer_key; /* of authorityKeyIdentifier */
	const char *signer;	/* who really signs */

	const char *basic, *usage, *purposes, *san, *constraints;
	const char *more, *more_value; /* one more, by its OID */
	bool no_ski, no_aki;
	mca_time from, until; /* seconds from now */
	const char *serial;   /* hex */
	const char *digest;
	void (*spoil)(X509 *x509); /* before it is signed */
	bool tamper;		   /* after */
};

struct fixture_crl {
	const char *issuer, *signer; /* words; no issuer ends the list */
	size_t revoked;		     /* index of a certificate, plus one */
	mca_time from, until;
};

/*
 * What a row points to stands outside of it: the dynamic linker writes to each
 * page that holds an address, in every process, and most certificates hold
 * none.
 */
struct fixture_row {
	struct mca_fixture facts;
	const struct fixture_cert *certs[8]; /* up to NULL */
	const struct fixture_crl *crls;	     /* NULL without any */
};

/* The tables, each ended by a row without a name. */
extern const struct fixture_row mca_fixtures_good[], mca_fixtures_bad[];

#define LEAF(...)                                                              \
	&(const struct fixture_cert)                                           \
	{                                                                      \
		.kind = FIXTURE_LEAF, __VA_ARGS__                              \
	}
#define MIDDLE(...)                                                            \
	&(const struct fixture_cert)                                           \
	{                                                                      \
		.kind = FIXTURE_MIDDLE, __VA_ARGS__                            \
	}
#define ROOT(...)                                                              \
	&(const struct fixture_cert)                                           \
	{                                                                      \
		.kind = FIXTURE_ROOT, __VA_ARGS__                              \
	}
#define CRLS(...)                                                              \
	.crls = (const struct fixture_crl[])                                   \
	{                                                                      \
		__VA_ARGS__,                                                   \
		{                                                              \
			.issuer = NULL                                         \
		}                                                              \
	}

/* More than there are different words in the tables. */
#define MCA_FIXTURE_KEYS 64

struct mca_fixtures {
	OSSL_LIB_CTX *library; /* whose random numbers come from the seed */
	uint8_t seed[32];
	mca_time now;
	struct {
		const char *word;
		EVP_PKEY *key;
	} keys[MCA_FIXTURE_KEYS];
};

/*
 * mca_fixture_reseed has all random numbers of the library follow from the
 * seed, what they are used for, and the bytes.
 */
enum fixture_use { MCA_FIXTURE_KEY, MCA_FIXTURE_SIGN };
mca_code mca_fixture_reseed(mca_fixtures *fixtures, enum fixture_use use,
    const void *bytes, size_t length, struct mca_error *err);

/*
 * mca_fixture_key returns the key of a word, which `fixtures` keeps: P-256,
 * unless the word begins with "rsa-1024 ", "rsa-2048 ", "ec-p384 " or
 * "ed25519 ".
 */
mca_code mca_fixture_key(EVP_PKEY **out, mca_fixtures *fixtures,
    const char *word, struct mca_error *err);

/* mca_fixture_key_id computes what keyIdentifiers hold (RFC 7093, 2, 1). */
mca_code mca_fixture_key_id(ASN1_OCTET_STRING **out, EVP_PKEY *key,
    struct mca_error *err);

/* mca_fixture_name makes a name of one common name, or an empty one. */
X509_NAME *mca_fixture_name(const char *common_name);

/* mca_fixture_subject and mca_fixture_key_word say what is usual. */
const char *mca_fixture_subject(const struct fixture_cert *what);
const char *mca_fixture_key_word(const struct fixture_cert *what);

/* mca_fixture_cert makes a certificate; `*out` is yours to free. */
mca_code mca_fixture_cert(X509 **out, mca_fixtures *fixtures,
    const struct fixture_cert *what, struct mca_error *err);

/* mca_fixture_crl makes a CRL; `revoked` is NULL for an empty one. */
mca_code mca_fixture_crl(X509_CRL **out, mca_fixtures *fixtures,
    const struct fixture_crl *what, X509 *revoked, struct mca_error *err);

#endif
