/* random_test.c - by what random numbers are drawn. */
#include "rows.h"

#include "minica/random.h"

#include <openssl/rand.h>

static const char *
generator(void)
{
	return EVP_RAND_get0_name(
	    EVP_RAND_CTX_get0_rand(RAND_get0_primary(NULL)));
}

static void
numbers_are_drawn_by_a_hash_unless_some_were_drawn_before(void **state)
{
	unsigned char drawn[32];

	(void)state;
	assert_true(mca_random_by_hash());
	assert_int_equal(RAND_priv_bytes(drawn, sizeof(drawn)), 1);
	assert_string_equal(generator(), "HASH-DRBG");
	assert_int_equal(EVP_RAND_get_strength(RAND_get0_private(NULL)), 256);
	assert_false(mca_random_by_hash());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    numbers_are_drawn_by_a_hash_unless_some_were_drawn_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
