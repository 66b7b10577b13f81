/*
 * key.c - a file with a private or public key: PEM or DER, in the clear or
 * under the passphrase "secret".  What was read is written, and read again.
 */
#include "fuzz.h"

#include "minica/key.h"

void
fuzz_begin(void)
{
}

static int
secret(void *context, char *out, size_t size, struct mca_error *err)
{
	(void)context;
	(void)err;
	fuzz_require(size >= 6);
	memcpy(out, "secret", 6);
	return 6;
}

static void
again(const mca_key *key)
{
	scoped(mca_blob) pem = { 0 };
	owned(mca_key) *copy = NULL;
	struct mca_error err = { 0 };

	if (mca_key_encode(&pem, key, NULL, &err) != MCA_OK) {
		show_error(&err);
		return;
	}
	fuzz_require(mca_key_parse(&copy, &pem, NULL, &err) == MCA_OK);
	fuzz_require(mca_spki_equal(mca_key_spki(key), mca_key_spki(copy)));
}

void
fuzz_one(const uint8_t *bytes, size_t length)
{
	const struct mca_passphrase passphrase = { secret, NULL };
	scoped(mca_blob) file = { 0 };
	owned(mca_key) *key = NULL, *loaded = NULL;
	owned(mca_spki) *spki = NULL;
	struct mca_error err = { 0 };

	if (mca_spki_parse(&spki, bytes, length, &err) == MCA_OK)
		show_spki(spki);
	else
		show_error(&err);
	if (mca_key_load(&loaded, fuzz_file(bytes, length), NULL, &err) ==
	    MCA_OK)
		again(loaded);
	else
		show_error(&err);
	fuzz_require(mca_blob_copy(&file, bytes, length, &err) == MCA_OK);
	if (mca_key_parse(&key, &file, &passphrase, &err) != MCA_OK) {
		show_error(&err);
		return;
	}
	show_spki(mca_key_spki(key));
	again(key);
}
