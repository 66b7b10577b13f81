/* crlbuild_test.c - lists that libcrypto reads as they were meant. */
#include "rows.h"

#include "crlbuild.h"
#include "minica/crl.h"
#include "minica/pem.h"
#include "minica/x509.h"
#include "object.h"
#include "place.h"

#include <openssl/x509v3.h>

static struct mca_error err;

/* An issuer: a self-signed certificate and its key. */
struct issuer {
	mca_key *key;
	mca_cert *cert;
};

static void
make_issuer(struct issuer *issuer, const char *algorithm)
{
	X509 *x509 = X509_new();
	unsigned char *der = NULL;
	EVP_PKEY *key;
	int length;

	issuer->key = NULL;
	issuer->cert = NULL;
	assert_int_equal(mca_key_generate(&issuer->key, algorithm, &err),
	    MCA_OK);
	key = mca_key_get0_pkey(issuer->key);
	assert_int_equal(X509_set_pubkey(x509, key), 1);
	assert_int_equal(X509_NAME_add_entry_by_txt(X509_get_subject_name(x509),
			     "CN", MBSTRING_UTF8,
			     (const unsigned char *)"List Maker", -1, -1, 0),
	    1);
	assert_int_equal(X509_set_issuer_name(x509,
			     X509_get_subject_name(x509)),
	    1);
	assert_non_null(ASN1_TIME_set(X509_getm_notBefore(x509), 0));
	assert_non_null(ASN1_TIME_set(X509_getm_notAfter(x509), 2000000000));
	assert_true(
	    X509_sign(x509, key,
		strcmp(algorithm, "ed25519") == 0 ? NULL : EVP_sha256()) > 0);
	length = i2d_X509(x509, &der);
	assert_int_equal(mca_cert_parse(&issuer->cert, der, (size_t)length,
			     &err),
	    MCA_OK);
	OPENSSL_free(der);
	X509_free(x509);
}

static void
free_issuer(struct issuer *issuer)
{
	mca_key_free(issuer->key);
	mca_cert_free(issuer->cert);
}

static mca_code
collect(void *context, const void *bytes, size_t length,
    struct mca_error *ignored)
{
	mca_text *text = context;

	(void)ignored;
	mca_text_add(text, bytes, length);
	return MCA_OK;
}

static const struct entry {
	const char *why;
	uint8_t serial[20];
	size_t length;
	mca_time revoked;
	int reason;
	mca_time invalid_since;
} entries[] = {
	{ "no reason", { 0x01 }, 1, 1790000000, 0, 0 },
	{ "a high bit", { 0x80, 0x01 }, 2, 1790000000, 1, 0 },
	{ "leading zeros", { 0x00, 0x00, 0x7f }, 3, 1790000001, 4, 0 },
	{ "an invalidityDate", { 0x12, 0x34, 0x56 }, 3, 1790000002, 1,
	    1780000000 },
	{ "after 2049", { 0x13 }, 1, INT64_C(2600000000), 9, 0 },
	{ "20 octets",
	    { 0x7f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
		18, 19 },
	    20, 1790000000, 10, 0 },
};

static void
check_entry(X509_CRL *crl, const struct entry *row)
{
	BIGNUM *number = BN_bin2bn(row->serial, (int)row->length, NULL);
	ASN1_INTEGER *serial = BN_to_ASN1_INTEGER(number, NULL);
	X509_REVOKED *found = NULL;
	ASN1_ENUMERATED *reason;
	mca_time revoked;

	CHECK(X509_CRL_get0_by_serial(crl, &found, serial) == 1, "%s",
	    row->why);
	assert_true(
	    mca_time_from(&revoked, X509_REVOKED_get0_revocationDate(found)));
	CHECK(revoked == row->revoked, "%s: revocationDate", row->why);
	reason = X509_REVOKED_get_ext_d2i(found, NID_crl_reason, NULL, NULL);
	CHECK((reason == NULL) == (row->reason == 0), "%s: reasonCode",
	    row->why);
	if (reason != NULL)
		CHECK(ASN1_ENUMERATED_get(reason) == row->reason,
		    "%s: reasonCode", row->why);
	CHECK((X509_REVOKED_get_ext_by_NID(found, NID_invalidity_date, -1) >=
		  0) == (row->invalid_since != 0),
	    "%s: invalidityDate", row->why);
	ASN1_ENUMERATED_free(reason);
	ASN1_INTEGER_free(serial);
	BN_free(number);
}

static void
libcrypto_reads_what_every_key_signed(void **state)
{
	static const char *const algorithms[] = { "ec-p256", "ec-p384",
		"ec-p521", "ed25519", "rsa-2048" };
	struct place place;

	(void)state;
	place_make(&place);
	for (size_t i = 0; i < ROWS(algorithms); i++) {
		owned(mca_crlbuild) *build = NULL;
		owned(mca_crl) *crl = NULL;
		scoped(mca_text) der = { 0 };
		uint8_t promised[32], found[32];
		struct issuer issuer;
		struct mca_crl_head head = { .number = 300,
			.this_update = 1790000000,
			.next_update = 1790600000 };

		make_issuer(&issuer, algorithms[i]);
		head.issuer = issuer.cert;
		assert_int_equal(mca_crlbuild_new(&build, place.path, &err),
		    MCA_OK);
		for (size_t j = 0; j < ROWS(entries); j++)
			assert_int_equal(mca_crlbuild_add(build,
					     entries[j].serial,
					     entries[j].length,
					     entries[j].revoked,
					     entries[j].reason,
					     entries[j].invalid_since, &err),
			    MCA_OK);
		CHECK(mca_crlbuild_sign(build, &head, issuer.key, &err) ==
			MCA_OK,
		    "%s: %s", algorithms[i], err.text);
		assert_int_equal(mca_crlbuild_sha256(promised, build, &err),
		    MCA_OK);
		assert_int_equal(mca_crlbuild_write(build, false, collect, &der,
				     &err),
		    MCA_OK);
		assert_int_equal(mca_sha256(found, der.bytes, der.length, &err),
		    MCA_OK);
		assert_memory_equal(promised, found, sizeof(found));
		CHECK(mca_crl_parse(&crl, (uint8_t *)der.bytes, der.length,
			  &err) == MCA_OK,
		    "%s: %s", algorithms[i], err.text);
		CHECK(X509_CRL_verify(mca_crl_get0_x509_crl(crl),
			  mca_key_get0_pkey(issuer.key)) == 1,
		    "%s: the signature", algorithms[i]);
		assert_string_equal(mca_crl_number(crl), "012c");
		assert_int_equal(mca_crl_count(crl), ROWS(entries));
		assert_int_equal(mca_crl_next_update(crl), 1790600000);
		for (size_t j = 0; j < ROWS(entries); j++)
			check_entry(mca_crl_get0_x509_crl(crl), &entries[j]);
		free_issuer(&issuer);
	}
	assert_int_equal(place_count(&place), 0);
	place_remove(&place);
}

static void
an_empty_list_has_no_entries_field(void **state)
{
	owned(mca_crlbuild) *build = NULL;
	owned(mca_crl) *crl = NULL;
	scoped(mca_text) pem = { 0 };
	scoped(mca_pem) blocks = { 0 };
	struct place place;
	struct issuer issuer;
	struct mca_crl_head head = { .number = 1,
		.this_update = 1790000000,
		.next_update = 1790600000 };

	(void)state;
	place_make(&place);
	make_issuer(&issuer, "ec-p256");
	head.issuer = issuer.cert;
	assert_int_equal(mca_crlbuild_new(&build, place.path, &err), MCA_OK);
	assert_int_equal(mca_crlbuild_sign(build, &head, issuer.key, &err),
	    MCA_OK);
	assert_int_equal(mca_crlbuild_write(build, true, collect, &pem, &err),
	    MCA_OK);
	assert_int_equal(mca_pem_parse(&blocks, (uint8_t *)pem.bytes,
			     pem.length, &err),
	    MCA_OK);
	assert_string_equal(blocks.blocks[0].label, "X509 CRL");
	assert_int_equal(mca_crl_parse(&crl, blocks.blocks[0].der.bytes,
			     blocks.blocks[0].der.length, &err),
	    MCA_OK);
	assert_null(X509_CRL_get_REVOKED(mca_crl_get0_x509_crl(crl)));
	assert_int_equal(X509_CRL_verify(mca_crl_get0_x509_crl(crl),
			     mca_key_get0_pkey(issuer.key)),
	    1);
	free_issuer(&issuer);
	place_remove(&place);
}

/* Lengths grow by an octet at 128, 256 and 65,536: all of them are met. */
static void
lengths_are_right_at_every_size(void **state)
{
	static const size_t counts[] = { 1, 2, 3, 4, 5, 6, 7, 8, 2500, 3000 };
	struct place place;
	struct issuer issuer;

	(void)state;
	place_make(&place);
	make_issuer(&issuer, "ec-p256");
	for (size_t i = 0; i < ROWS(counts); i++) {
		owned(mca_crlbuild) *build = NULL;
		owned(mca_crl) *crl = NULL;
		scoped(mca_text) der = { 0 };
		const struct mca_crl_head head = { .issuer = issuer.cert,
			.number = 1,
			.this_update = 1790000000,
			.next_update = 1790600000 };

		assert_int_equal(mca_crlbuild_new(&build, place.path, &err),
		    MCA_OK);
		for (size_t j = 0; j < counts[i]; j++) {
			const uint8_t serial[] = { 1, (uint8_t)(j >> 8),
				(uint8_t)j };

			assert_int_equal(mca_crlbuild_add(build, serial, 3,
					     1790000000, 0, 0, &err),
			    MCA_OK);
		}
		assert_int_equal(mca_crlbuild_sign(build, &head, issuer.key,
				     &err),
		    MCA_OK);
		assert_int_equal(mca_crlbuild_write(build, false, collect, &der,
				     &err),
		    MCA_OK);
		CHECK(mca_crl_parse(&crl, (uint8_t *)der.bytes, der.length,
			  &err) == MCA_OK,
		    "%zu entries: %s", counts[i], err.text);
		CHECK(mca_crl_count(crl) == counts[i], "%zu entries",
		    counts[i]);
	}
	free_issuer(&issuer);
	place_remove(&place);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(libcrypto_reads_what_every_key_signed),
		cmocka_unit_test(an_empty_list_has_no_entries_field),
		cmocka_unit_test(lengths_are_right_at_every_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
