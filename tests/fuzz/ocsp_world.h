/*
 * ocsp_world.h - an issuer and its certificate, always the same, and the key
 * that speaks for the issuer.
 */
#ifndef TESTS_OCSP_WORLD_H
#define TESTS_OCSP_WORLD_H

#include "fuzz.h"
#include "resign.h"

#include "../unit/forge.h"

struct ocsp_world {
	mca_cert *issuer, *leaf;
	uint8_t *name; /* of the issuer, DER */
	size_t name_length;
};

/* The forged keys are random; signing again puts those of the names there. */
static inline mca_cert *
ocsp_world_cert(const struct forge *what)
{
	scoped(mca_text) again = { 0 };
	mca_cert *forged = forge_cert(what), *cert = NULL;
	struct mca_error err;
	const uint8_t *der;
	size_t length;

	der = mca_cert_der(forged, &length);
	fuzz_require(resign_cert(&again, der, length));
	fuzz_require(
	    mca_cert_parse(&cert, (const uint8_t *)mca_text_get(&again),
		again.length, &err) == MCA_OK);
	mca_cert_free(forged);
	return cert;
}

static inline void
ocsp_world_make(struct ocsp_world *world)
{
	X509_NAME *name = forge_name("Seeds");

	world->issuer = ocsp_world_cert(&(struct forge){ .subject = "Seeds",
	    .ca = true,
	    .no_ski = true,
	    .no_aki = true });
	world->leaf = ocsp_world_cert(&(struct forge){ .issuer = "Seeds",
	    .serial = "5678",
	    .no_ski = true,
	    .no_aki = true });
	world->name = NULL;
	world->name_length = (size_t)i2d_X509_NAME(name, &world->name);
	X509_NAME_free(name);
}

#endif
