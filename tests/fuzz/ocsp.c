/*
 * ocsp.c - an OCSP response about a certificate, as it is and signed again by
 * who may, and a request that is read and answered.
 */
#include "ocsp_world.h"
#include "ocspmake.h"

#include "minica/key.h"

static struct ocsp_world world;
static mca_key *key;

void
fuzz_begin(void)
{
	scoped(mca_text) pkcs8 = { 0 };
	struct mca_error err;
	mca_blob file;

	resign_begin();
	ocsp_world_make(&world);
	resign_key(&pkcs8, world.name, world.name_length);
	file = (mca_blob){ (uint8_t *)pkcs8.bytes, pkcs8.length };
	fuzz_require(mca_key_parse(&key, &file, NULL, &err) == MCA_OK);
}

static void
check(const uint8_t *der, size_t length)
{
	struct mca_ocsp ocsp;

	(void)mca_ocsp_about(der, length, world.leaf, world.issuer);
	mca_ocsp_check(&ocsp, der, length, world.leaf, world.issuer, FUZZ_NOW);
	show_text(mca_ocsp_answer_name(ocsp.answer));
	if (ocsp.answer == MCA_OCSP_UNUSABLE)
		show_text(ocsp.why);
	if (ocsp.answer == MCA_OCSP_GOOD)
		fuzz_require(ocsp.this_update <= FUZZ_NOW &&
		    ocsp.next_update >= FUZZ_NOW);
}

/* An answer to whatever was asked can be read. */
static void
respond(const mca_ocsp_request *request)
{
	const struct mca_ocsp_head head = { .signer = world.issuer,
		.key = key,
		.this_update = FUZZ_NOW,
		.next_update = FUZZ_NOW + MCA_DAY };
	size_t count = mca_ocsp_request_count(request);
	struct mca_ocsp_status *statuses = calloc(count, sizeof(*statuses));
	scoped(mca_blob) response = { 0 };
	scoped(mca_text) serial = { 0 };
	struct mca_error err = { 0 };

	fuzz_require(statuses != NULL);
	for (size_t i = 0; i < count; i++) {
		statuses[i].answer =
		    mca_ocsp_request_of(request, i, world.issuer)
		    ? MCA_OCSP_GOOD
		    : MCA_OCSP_UNKNOWN;
		mca_ocsp_request_serial(&serial, request, i);
	}
	show_text(mca_text_get(&serial));
	if (mca_ocsp_respond(&response, request, statuses, &head, &err) ==
	    MCA_OK)
		check(response.bytes, response.length);
	else
		show_error(&err);
	free(statuses);
}

void
fuzz_one(const uint8_t *bytes, size_t length)
{
	scoped(mca_text) again = { 0 };
	owned(mca_ocsp_request) *request = NULL;
	struct mca_error err = { 0 };

	check(bytes, length);
	if (resign_ocsp(&again, bytes, length, world.name, world.name_length))
		check((const uint8_t *)mca_text_get(&again), again.length);
	if (mca_ocsp_request_parse(&request, bytes, length, &err) == MCA_OK)
		respond(request);
	else
		show_error(&err);
}
