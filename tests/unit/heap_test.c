/* heap_test.c - what is said once libcrypto was refused memory. */
#include "heap.h"

#include "error.h"
#include "rows.h"

#include <openssl/crypto.h>

/* In this order: what is watched is the process. */
static void
what_libcrypto_is_refused_is_an_answer_to_nothing(void **state)
{
	struct mca_error err;

	(void)state;
	assert_true(mca_heap_watch());
	assert_int_equal(mca_fail(&err, MCA_EFORMAT, "no certificate"),
	    MCA_EFORMAT);

	assert_null(OPENSSL_malloc(0));
	assert_false(mca_heap_failed());

	/* As the allocator does when malloc returns NULL. */
	mca_heap_refused();
	assert_true(mca_heap_failed());
	assert_int_equal(mca_fail(&err, MCA_EFORMAT, "no certificate"),
	    MCA_ESYSTEM);
	assert_int_equal(err.code, MCA_ESYSTEM);
	assert_string_equal(err.text, "out of memory");
	assert_int_equal(mca_fail_ssl(&err, MCA_EKEY, "the key is another"),
	    MCA_ESYSTEM);
	assert_int_equal(mca_fail_errno(&err, MCA_ENOTFOUND, "web.csr"),
	    MCA_ESYSTEM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    what_libcrypto_is_refused_is_an_answer_to_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
