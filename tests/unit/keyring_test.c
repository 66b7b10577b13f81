/* keyring_test.c - new keys are safe until their files are there. */
#include "rows.h"

#include "keyring.h"
#include "place.h"

static struct mca_error err;

static mca_key *
make(const char *algorithm)
{
	mca_key *key = NULL;

	CHECK(mca_key_generate(&key, algorithm, &err) == MCA_OK, "%s",
	    err.text);
	return key;
}

static const uint8_t *
print_of(const mca_key *key)
{
	return mca_spki_sha256(mca_key_spki(key));
}

static void
keys_that_are_saved_are_found_by_their_public_half(void **state)
{
	owned(mca_key) *one = make("ec-p256");
	owned(mca_key) *two = make("ed25519");
	owned(mca_key) *found = NULL;
	mca_blob keys[2] = { 0 };
	scoped(mca_keyring) ring = { 0 };
	struct place place;
	struct stat st;

	(void)state;
	place_make(&place);
	assert_int_equal(mca_keyring_load(&ring, place.path, "shop", &err),
	    MCA_OK);
	assert_int_equal(ring.count, 0);
	assert_int_equal(mca_key_encode(&keys[0], one, NULL, &err), MCA_OK);
	assert_int_equal(mca_key_encode(&keys[1], two, NULL, &err), MCA_OK);
	assert_int_equal(mca_keyring_save(place.path, "shop", keys, 2, &err),
	    MCA_OK);
	mca_blob_clear(&keys[0]);
	mca_blob_clear(&keys[1]);
	assert_int_equal(stat(place_file(&place, "pending/shop.pem"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(mca_keyring_load(&ring, place.path, "shop", &err),
	    MCA_OK);
	assert_int_equal(ring.count, 2);
	found = mca_keyring_take(&ring, print_of(two));
	assert_non_null(found);
	assert_memory_equal(print_of(found), print_of(two), 32);
	assert_null(mca_keyring_take(&ring, print_of(two)));
	assert_int_equal(ring.count, 1);

	/* Another manifest has keys of its own; none removes the file. */
	mca_keyring_clear(&ring);
	assert_int_equal(mca_keyring_load(&ring, place.path, "other", &err),
	    MCA_OK);
	assert_int_equal(ring.count, 0);
	assert_int_equal(mca_keyring_save(place.path, "shop", NULL, 0, &err),
	    MCA_OK);
	assert_int_not_equal(stat(place_file(&place, "pending/shop.pem"), &st),
	    0);
	assert_int_equal(rmdir(place_file(&place, "pending")), 0);
	place_remove(&place);
}

static void
a_damaged_file_is_an_error_not_an_empty_ring(void **state)
{
	scoped(mca_keyring) ring = { 0 };
	struct place place;
	FILE *file;

	(void)state;
	place_make(&place);
	assert_int_equal(mkdir(place_file(&place, "pending"), 0700), 0);
	file = fopen(place_file(&place, "pending/shop.pem"), "w");
	assert_non_null(file);
	assert_true(fputs("-----BEGIN PRIVATE KEY-----\nAAAA\n", file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(mca_keyring_load(&ring, place.path, "shop", &err),
	    MCA_EFORMAT);
	assert_non_null(strstr(err.text, "pending/shop.pem"));
	assert_int_equal(unlink(place_file(&place, "pending/shop.pem")), 0);
	assert_int_equal(rmdir(place_file(&place, "pending")), 0);
	place_remove(&place);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    keys_that_are_saved_are_found_by_their_public_half),
		cmocka_unit_test(a_damaged_file_is_an_error_not_an_empty_ring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
