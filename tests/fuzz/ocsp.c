/*
 * ocsp.c - an OCSP response about a certificate, as it is and signed again by
 * who may, and a request that is read and answered.
 */
#include "ocsp_world.h"
#include "ocspmake.h"

static struct ocsp_world world;
static mca_key *key;

void
fuzz_begin(void)
{
	resign_begin();
	ocsp_world_make(&world);
	key = ocsp_world_key(&world, 0);
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
	owned(mca_ocsp_request) *request = NULL;
	scoped(mca_blob) file = { 0 };
	struct mca_error err = { 0 };

	check(bytes, length);
	for (size_t i = 0; i < 2; i++) {
		scoped(mca_text) again = { 0 };

		if (resign_ocsp(&again, bytes, length, world.names[i],
			world.lengths[i]))
			check((const uint8_t *)mca_text_get(&again),
			    again.length);
	}
	if (mca_ocsp_read(&file, fuzz_file(bytes, length), &err) != MCA_OK)
		show_error(&err);
	if (mca_ocsp_request_parse(&request, bytes, length, &err) == MCA_OK)
		respond(request);
	else
		show_error(&err);
}
