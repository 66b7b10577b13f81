/*
 * seeds.c - writes the inputs that only the keys of resign.c can make.
 *
 *	fuzz-seeds DIRECTORY
 */
#include "ocsp_world.h"
#include "ocspmake.h"

#include <stdio.h>

static void
save(const char *directory, const char *name, const mca_blob *bytes)
{
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	fuzz_save(path, bytes->bytes, bytes->length);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		struct mca_ocsp_status status;
	} rows[] = {
		{ "good", { .answer = MCA_OCSP_GOOD } },
		{ "unknown", { .answer = MCA_OCSP_UNKNOWN } },
		{ "revoked",
		    { MCA_OCSP_REVOKED, FUZZ_NOW - 90, FUZZ_NOW - 99, 1 } },
	};
	owned(mca_key) *key = NULL;
	owned(mca_key) *delegate = NULL;
	owned(mca_ocsp_request) *request = NULL;
	scoped(mca_blob) bytes = { 0 };
	struct ocsp_world world;
	struct mca_error err;

	fuzz_require(argc == 2);
	resign_begin();
	ocsp_world_make(&world);
	key = ocsp_world_key(&world, 0);
	delegate = ocsp_world_key(&world, 1);
	fuzz_require(mca_ocsp_request_about(&request, world.leaf, world.issuer,
			 &err) == MCA_OK);
	fuzz_require(mca_ocsp_request_der(&bytes, request, &err) == MCA_OK);
	save(argv[1], "request", &bytes);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		for (int delegated = 0; delegated < 2; delegated++) {
			const struct mca_ocsp_head head = { delegated == 1
				    ? world.responder
				    : world.issuer,
				delegated == 1 ? delegate : key, delegated == 1,
				FUZZ_NOW - 60, FUZZ_NOW + MCA_DAY };
			char name[40];

			fuzz_require(
			    mca_ocsp_respond(&bytes, request, &rows[i].status,
				&head, &err) == MCA_OK);
			(void)snprintf(name, sizeof(name), "%s%s", rows[i].name,
			    delegated ? "-delegated" : "");
			save(argv[1], name, &bytes);
		}
	}
	mca_cert_free(world.issuer);
	mca_cert_free(world.leaf);
	mca_cert_free(world.responder);
	OPENSSL_free(world.names[0]);
	OPENSSL_free(world.names[1]);
	return 0;
}
