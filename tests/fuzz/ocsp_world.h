/*
 * ocsp_world.h - an issuer and its certificate, always the same, and the key
 * that speaks for the issuer.
 */
#ifndef TESTS_OCSP_WORLD_H
#define TESTS_OCSP_WORLD_H

#include "fuzz.h"
#include "minica/key.h"
#include "resign.h"

#include "../unit/forge.h"

struct ocsp_world {
	mca_cert *issuer, *leaf, *responder;

	/* Of the issuer and the responder, DER. */
	uint8_t *names[2];
	size_t lengths[2];
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

/* The private key of the issuer (0) or the responder (1). */
static inline mca_key *
ocsp_world_key(const struct ocsp_world *world, size_t whose)
{
	scoped(mca_text) pkcs8 = { 0 };
	mca_key *key = NULL;
	struct mca_error err;
	mca_blob file;

	resign_key(&pkcs8, world->names[whose], world->lengths[whose]);
	file = (mca_blob){ (uint8_t *)pkcs8.bytes, pkcs8.length };
	fuzz_require(mca_key_parse(&key, &file, NULL, &err) == MCA_OK);
	return key;
}

static inline void
ocsp_world_make(struct ocsp_world *world)
{
	static const char *const words[] = { "Seeds", "Responder" };

	world->issuer = ocsp_world_cert(&(struct forge){ .subject = "Seeds",
	    .ca = true,
	    .no_ski = true,
	    .no_aki = true });
	world->leaf = ocsp_world_cert(&(struct forge){ .issuer = "Seeds",
	    .serial = "5678",
	    .no_ski = true,
	    .no_aki = true });
	world->responder =
	    ocsp_world_cert(&(struct forge){ .subject = "Responder",
		.issuer = "Seeds",
		.serial = "9abc",
		.purposes = "OCSPSigning",
		.no_ski = true,
		.no_aki = true });
	for (size_t i = 0; i < 2; i++) {
		X509_NAME *name = forge_name(words[i]);

		world->names[i] = NULL;
		world->lengths[i] =
		    (size_t)i2d_X509_NAME(name, &world->names[i]);
		X509_NAME_free(name);
	}
}

#endif
