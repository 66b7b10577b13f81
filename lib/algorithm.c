/*
 * algorithm.c - see algorithm.h.
 */
#include "algorithm.h"

#include <openssl/crypto.h>
#include <openssl/objects.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct mca_algorithm algorithms[] = {
	{ "rsa-2048", "RSA", NULL, 2048 },
	{ "rsa-3072", "RSA", NULL, 3072 },
	{ "rsa-4096", "RSA", NULL, 4096 },
	{ "ec-p256", "EC", "P-256", 0 },
	{ "ec-p384", "EC", "P-384", 0 },
	{ "ec-p521", "EC", "P-521", 0 },
	{ "ed25519", "ED25519", NULL, 0 },
};
enum { COUNT = sizeof(algorithms) / sizeof(algorithms[0]) };

const struct mca_algorithm *
mca_algorithm_find(const char *name)
{
	for (size_t i = 0; i < COUNT; i++)
		if (strcmp(algorithms[i].name, name) == 0)
			return &algorithms[i];
	return NULL;
}

const char *const *
mca_algorithm_names(void)
{
	static const char *const names[] = { "rsa-2048", "rsa-3072", "rsa-4096",
		"ec-p256", "ec-p384", "ec-p521", "ed25519", NULL };

	return names;
}

/* FIPS 204 and 205, as OpenSSL 3.5 was the first to have them. */
static const char *const since_3_5[] = { "ml-dsa-44", "ml-dsa-65", "ml-dsa-87",
	"slh-dsa-sha2-128s", "slh-dsa-sha2-128f", "slh-dsa-sha2-192s",
	"slh-dsa-sha2-192f", "slh-dsa-sha2-256s", "slh-dsa-sha2-256f",
	"slh-dsa-shake-128s", "slh-dsa-shake-128f", "slh-dsa-shake-192s",
	"slh-dsa-shake-192f", "slh-dsa-shake-256s", "slh-dsa-shake-256f",
	NULL };

void
mca_algorithm_absent(mca_text *out, const char *name)
{
	unsigned major = OPENSSL_version_major();

	if (major > 3 || (major == 3 && OPENSSL_version_minor() >= 5))
		return;
	for (size_t i = 0; since_3_5[i] != NULL; i++)
		if (strcasecmp(name, since_3_5[i]) == 0)
			mca_text_addf(out,
			    "OpenSSL has it from 3.5 on, and this is %s",
			    OpenSSL_version(OPENSSL_VERSION_STRING));
}

/* Curves by NID: libcrypto gives a group several names. */
static const struct {
	int nid;
	const char *name;
} curves[] = {
	{ NID_X9_62_prime256v1, "ec-p256" },
	{ NID_secp384r1, "ec-p384" },
	{ NID_secp521r1, "ec-p521" },
};

const char *
mca_algorithm_curve(int nid)
{
	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++)
		if (curves[i].nid == nid)
			return curves[i].name;
	return NULL;
}

static void
name_curve(char out[MCA_ALGORITHM_TEXT], const EVP_PKEY *key)
{
	char group[48];
	int nid;

	if (EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) != 1) {
		(void)snprintf(out, MCA_ALGORITHM_TEXT, "ec-explicit");
		return;
	}
	nid = OBJ_sn2nid(group);
	if (mca_algorithm_curve(nid) != NULL)
		(void)snprintf(out, MCA_ALGORITHM_TEXT, "%s",
		    mca_algorithm_curve(nid));
	else
		(void)snprintf(out, MCA_ALGORITHM_TEXT, "ec-%s", group);
}

const char *
mca_algorithm_of(char out[MCA_ALGORITHM_TEXT], const EVP_PKEY *key)
{
	const char *type = EVP_PKEY_get0_type_name(key);

	if (EVP_PKEY_is_a(key, "EC")) {
		name_curve(out, key);
	} else if (EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "DSA")) {
		(void)snprintf(out, MCA_ALGORITHM_TEXT, "%s-%d", type,
		    EVP_PKEY_get_bits(key));
	} else {
		(void)snprintf(out, MCA_ALGORITHM_TEXT, "%s",
		    type == NULL ? "unknown" : type);
	}
	for (char *c = out; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return out;
}

const EVP_MD *
mca_algorithm_digest(const EVP_PKEY *key)
{
	int bits = EVP_PKEY_get_bits(key);

	if (EVP_PKEY_is_a(key, "RSA"))
		return EVP_sha256();
	if (!EVP_PKEY_is_a(key, "EC"))
		return NULL;
	if (bits <= 256)
		return EVP_sha256();
	return bits <= 384 ? EVP_sha384() : EVP_sha512();
}
