/*
 * weakkeys.c - requests and public keys with every known weakness, refused for
 * the right reason by the built-in policy for servers.
 *
 *	weakkeys DIRECTORY
 */
#include "vectors.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* The rule that must be among the findings; "" where it is no request. */
static const struct {
	const char *file, *rule;
} wanted[] = {
	{ "csr-bad-signature.csr", "" },
	{ "csr-signed-md5.csr", "MC-R-SIGNATURE" },
	{ "csr-signed-sha1.csr", "MC-R-SIGNATURE" },
	{ "dsa-2048.csr", "MC-P-KEY" },
	{ "ec-brainpoolP256r1.csr", "MC-P-KEY" },
	{ "ec-p256-explicit-parameters.csr", "MC-K-CURVE" },
	{ "ec-prime192v1.csr", "MC-K-CURVE-SIZE" },
	{ "ec-secp112r1.csr", "MC-K-CURVE-SIZE" },
	{ "ec-secp224r1.csr", "MC-P-KEY" },
	{ "ec-secp256k1.csr", "MC-P-KEY" },
	{ "rsa-1024.csr", "MC-K-RSA-SIZE" },
	{ "rsa-2047.csr", "MC-K-RSA-SIZE" },
	{ "rsa-2052.csr", "MC-K-RSA-SIZE" },
	{ "rsa-512.csr", "MC-K-RSA-SIZE" },
	{ "rsa-e0.csr", "MC-K-RSA-EXPONENT" },
	{ "rsa-e1-badkeys.csr", "MC-K-RSA-EXPONENT" },
	{ "rsa-e17.csr", "MC-K-RSA-EXPONENT-SMALL" },
	{ "rsa-e2-even.csr", "MC-K-RSA-EXPONENT" },
	{ "rsa-e3.csr", "MC-K-RSA-EXPONENT-SMALL" },
	{ "rsa-even-modulus.csr", "MC-K-RSA-MODULUS" },
	{ "rsa-fermat-badkeys.csr", "MC-K-RSA-FERMAT" },
	{ "rsa-fermat-close-primes.csr", "MC-K-RSA-FERMAT" },
	{ "rsa-fermat-close-primes-rounds.csr", "MC-K-RSA-FERMAT" },
	{ "rsa-modulus-zero.csr", "MC-K-RSA-MODULUS" },
	{ "rsa-prime-modulus.csr", "MC-K-RSA-PRIME" },
	{ "rsa-roca.csr", "MC-K-RSA-ROCA" },
	{ "rsa-small-d-badkeys.csr", "MC-K-RSA-WIENER" },
	{ "rsa-small-factor-1009.csr", "MC-K-RSA-FACTOR" },
	{ "rsa-small-factors-badkeys.csr", "MC-K-RSA-FACTOR" },

	{ "ecdsa-explicit-pub.key", "MC-K-CURVE" },
	{ "rsa-debianweak.key", "MC-K-PUBLISHED" },
	{ "rsa-e-larger-n.key", "MC-K-RSA-MODULUS" },
	{ "rsa-fermat-pkcs1.key", "MC-K-RSA-FERMAT" },
	{ "rsa-large-e.key", "" },
	{ "rsa-nprime.key", "MC-K-RSA-PRIME" },
	{ "rsa-pattern.key", "MC-K-RSA-PATTERN" },
	{ "rsa-roca.key", "MC-K-RSA-ROCA" },
	{ "rsa-sharedprimes.key", "MC-K-PUBLISHED" },
	{ "rsa-smallfactors-corrupt.key", "MC-K-RSA-FACTOR" },
	{ "rsa-vanity.key", "MC-K-RSA-PATTERN" },
	{ "rsanzero.key", "MC-K-RSA-MODULUS" },
	{ "rsapoly128.key", "MC-K-RSA-PATTERN" },
	{ "rsapoly32.key", "MC-K-RSA-PATTERN" },
	{ "rsazerozero.key", "MC-K-RSA-MODULUS" },
};

static const char *
rule_of(const char *file)
{
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (strcmp(wanted[i].file, file) == 0)
			return wanted[i].rule;
	return NULL;
}

struct count {
	size_t passed, failed;
	double slowest;
};

/* An answer is right when the file is refused by the rule that it must. */
static void
judge(struct count *count, const char *file, bool accept, bool read,
    const mca_findings *findings, const char *why)
{
	bool refused = !read || findings->count > 0;
	const char *rule = rule_of(file);
	bool right = accept ? !refused
			    : rule != NULL &&
		(*rule == '\0' ? !read : mca_findings_has(findings, rule));

	if (right) {
		count->passed++;
		return;
	}
	count->failed++;
	printf("FAILED: %s: wanted %s; %s\n", file,
	    accept	       ? "no finding"
		: rule == NULL ? "a row in this table"
			       : rule,
	    read ? "found:" : why);
	for (size_t i = 0; i < findings->count; i++)
		printf("    %s %s\n", findings->rows[i].rule,
		    findings->rows[i].detail);
}

static void
keep_errors(mca_findings *out, const mca_findings *from)
{
	for (size_t i = 0; i < from->count; i++)
		if (from->rows[i].severity == MCA_ERROR)
			mca_findings_add(out, &from->rows[i]);
}

static void
ask_request(struct count *count, const mca_policy *policy, const char *file,
    const mca_blob *bytes, bool accept)
{
	const struct mca_review_context context = { .now = 1800000000,
		.issuer_end = INT64_MAX };
	scoped(mca_findings) errors = { 0 };
	scoped(mca_review) review = { 0 };
	owned(mca_csr) *csr = NULL;
	struct mca_error err = { 0 };
	bool read =
	    mca_csr_parse(&csr, bytes->bytes, bytes->length, &err) == MCA_OK;

	if (read &&
	    mca_policy_review(&review, policy, csr, &context, &err) != MCA_OK)
		abort();
	keep_errors(&errors, &review.findings);
	judge(count, file, accept, read, &errors, err.text);
}

/* An RSAPublicKey as an SPKI: lengths of two octets do for all of them. */
static void
put_frame(mca_blob *out, const mca_blob *key)
{
	static const uint8_t algorithm[] = { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86,
		0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00 };
	size_t bits = key->length + 1;
	size_t all = sizeof(algorithm) + 4 + bits;
	uint8_t head[4] = { 0x30, 0x82, (uint8_t)(all >> 8), (uint8_t)all };
	uint8_t middle[5] = { 0x03, 0x82, (uint8_t)(bits >> 8), (uint8_t)bits,
		0 };

	out->length = 4 + all;
	out->bytes = malloc(out->length);
	if (out->bytes == NULL)
		abort();
	memcpy(out->bytes, head, 4);
	memcpy(out->bytes + 4, algorithm, sizeof(algorithm));
	memcpy(out->bytes + 4 + sizeof(algorithm), middle, 5);
	memcpy(out->bytes + 9 + sizeof(algorithm), key->bytes, key->length);
}

static void
ask_key(struct count *count, const char *file, const mca_blob *bytes)
{
	scoped(mca_findings) findings = { 0 };
	scoped(mca_blob) framed = { 0 };
	owned(mca_spki) *spki = NULL;
	scoped(mca_pem) pem = { 0 };
	struct mca_error err = { 0 };
	const mca_blob *der;
	bool read = false;

	if (mca_pem_parse(&pem, bytes->bytes, bytes->length, &err) == MCA_OK &&
	    pem.count == 1 && strstr(pem.blocks[0].label, "PUBLIC") != NULL) {
		der = &pem.blocks[0].der;
		if (strstr(pem.blocks[0].label, "RSA") != NULL) {
			put_frame(&framed, der);
			der = &framed;
		}
		read = mca_spki_parse(&spki, der->bytes, der->length, &err) ==
		    MCA_OK;
	}
	if (read)
		mca_weak_check(&findings, spki, MCA_WEAK_ANY);
	judge(count, file, strcmp(file, "rsa-ok.key") == 0, read, &findings,
	    err.text);
}

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
ask(struct count *count, const mca_policy *policy, const char *directory,
    const char *file, bool accept)
{
	bool request = strstr(file, ".csr") != NULL;
	scoped(mca_blob) bytes = { 0 };
	struct mca_error err = { 0 };
	char path[600];
	double start = seconds(), took;

	snprintf(path, sizeof(path), "%s/%s%s", directory,
	    request ? "" : "public/", file);
	if (mca_file_read(&bytes, path, 1 << 20, &err) != MCA_OK) {
		printf("FAILED: %s\n", err.text);
		count->failed++;
		return;
	}
	if (request)
		ask_request(count, policy, file, &bytes, accept);
	else
		ask_key(count, file, &bytes);
	took = seconds() - start;
	count->slowest = took > count->slowest ? took : count->slowest;
}

int
main(int argc, char **argv)
{
	struct count count = { 0 };
	owned(mca_policy) *policy = NULL;
	struct mca_error err = { 0 };
	json_error_t error;
	json_t *all, *row;
	const char *file;
	char path[600];

	snprintf(path, sizeof(path), "%s/weak.json", argc == 2 ? argv[1] : ".");
	all = json_load_file(path, 0, &error);
	if (all == NULL ||
	    mca_policy_find(&policy, "server", NULL, &err) != MCA_OK) {
		fprintf(stderr, "weakkeys: no weak.json, or not JSON\n");
		return 2;
	}
	json_object_foreach(json_object_get(all, "csr"), file, row)
	{
		const char *tier =
		    json_string_value(json_object_get(row, "tier"));

		ask(&count, policy, argv[1], file,
		    tier != NULL && strncmp(tier, "ok", 2) == 0);
	}
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (strstr(wanted[i].file, ".key") != NULL)
			ask(&count, policy, argv[1], wanted[i].file, false);
	ask(&count, policy, argv[1], "rsa-ok.key", true);
	json_decref(all);
	printf("weakkeys: %zu passed, %zu failed; slowest %.3f s\n",
	    count.passed, count.failed, count.slowest);
	return count.failed == 0 ? 0 : 1;
}
