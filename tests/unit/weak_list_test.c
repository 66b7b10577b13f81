/* weak_list_test.c - keys that were published, here or by a home. */
#include "octets.h"

#include "minica/key.h"
#include "minica/text.h"

#include <unistd.h>

static struct mca_error err;

/* RFC 8032, 7.1, test 1. */
static const uint8_t published[] = { 0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a,
	0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1, 0x72,
	0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51,
	0x1a };

static void
published_keys_are_known(void **state)
{
	scoped(mca_findings) found = { 0 };
	owned(mca_spki) *spki = NULL;
	scoped(bytes) der = { 0 };

	(void)state;
	make_spki(&der, ED25519_OID, sizeof(ED25519_OID) - 1, published,
	    sizeof(published));
	assert_int_equal(mca_spki_parse(&spki, der.at, der.length, &err),
	    MCA_OK);
	mca_weak_check(&found, spki, MCA_WEAK_BROKEN);
	assert_true(mca_findings_has(&found, "MC-K-PUBLISHED"));
	assert_non_null(strstr(found.rows[0].detail, "RFC 8032"));
}

static void
write_list(char path[32], const char *text)
{
	int fd;

	(void)snprintf(path, 32, "/tmp/weak_test.XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void
a_home_has_a_list_of_its_own(void **state)
{
	owned(mca_key) *key = NULL, *other = NULL;
	owned(mca_weaklist) *list = NULL, *empty = NULL;
	scoped(mca_text) text = { 0 };
	char path[32];

	(void)state;
	assert_int_equal(mca_key_generate(&key, "ec-p256", &err), MCA_OK);
	assert_int_equal(mca_key_generate(&other, "ec-p256", &err), MCA_OK);
	mca_text_addf(&text, "# ours\n\n%064d zeros\r\n", 0);
	mca_text_hex(&text, mca_spki_sha256(mca_key_spki(key)), 32);
	mca_text_addf(&text, "\tstolen laptop  ");
	write_list(path, mca_text_get(&text));
	assert_int_equal(mca_weaklist_read(&list, path, &err), MCA_OK);
	unlink(path);
	assert_string_equal(mca_weaklist_find(list, mca_key_spki(key)),
	    "stolen laptop");
	assert_null(mca_weaklist_find(list, mca_key_spki(other)));
	assert_null(mca_weaklist_find(NULL, mca_key_spki(key)));
	assert_int_equal(mca_weaklist_read(&empty, "/nonexistent/x", &err),
	    MCA_OK);
	assert_null(mca_weaklist_find(empty, mca_key_spki(key)));
}

/* Process 10001 of a big endian machine of 32 bits, with a file ~/.rnd. */
static const uint8_t debian[] = { 0x04, 0xde, 0x1f, 0x0b, 0x08, 0xb1, 0x1f,
	0xc2, 0x55, 0x2d, 0x1f, 0xcd, 0x06, 0xbc, 0x4f, 0x12, 0xaa, 0xea, 0x4d,
	0x72, 0xbc, 0x72, 0x84, 0x08, 0x42, 0x14, 0x2b, 0xaa, 0xcf, 0x16, 0x30,
	0x70, 0xf1, 0x46, 0x38, 0xe6, 0x88, 0xad, 0x7e, 0x2a, 0x7d, 0x92, 0xfc,
	0x22, 0xa3, 0x75, 0x97, 0xc1, 0x10, 0x9e, 0x84, 0x70, 0x60, 0xfe, 0x74,
	0xff, 0x1b, 0x94, 0x1c, 0x66, 0x58, 0xed, 0x02, 0xf6, 0x7a };

static void
debians_keys_are_known(void **state)
{
	static const char p256[] = "\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"
				   "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01"
				   "\x07";
	scoped(mca_findings) found = { 0 };
	owned(mca_spki) *spki = NULL;
	scoped(bytes) der = { 0 };

	(void)state;
	make_spki(&der, p256, sizeof(p256) - 1, debian, sizeof(debian));
	assert_int_equal(mca_spki_parse(&spki, der.at, der.length, &err),
	    MCA_OK);
	mca_weak_check(&found, spki, MCA_WEAK_BROKEN);
	assert_int_equal(found.count, 1);
	assert_string_equal(found.rows[0].rule, "MC-K-DEBIAN");
}

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

static void
a_list_is_read_strictly(void **state)
{
	static const char *const rows[] = {
		"0123 short\n",
		"# fine\nnot hexadecimal\n",
		ZEROS "x\n",
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		owned(mca_weaklist) *list = NULL;
		char path[32];

		write_list(path, rows[i]);
		CHECK(mca_weaklist_read(&list, path, &err) == MCA_EFORMAT,
		    "row %zu", i);
		unlink(path);
		assert_non_null(strstr(err.text, i == 1 ? "line 2" : "line 1"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_keys_are_known),
		cmocka_unit_test(debians_keys_are_known),
		cmocka_unit_test(a_home_has_a_list_of_its_own),
		cmocka_unit_test(a_list_is_read_strictly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
