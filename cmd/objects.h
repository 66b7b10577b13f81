/*
 * objects.h - what is in a file, object by object, whatever it is.
 *
 * PEM blocks in their order, or one thing in DER; what PKCS #7 and #12 hold
 * is taken out of them.
 */
#ifndef CMD_OBJECTS_H
#define CMD_OBJECTS_H

#include <minica.h>
#include <minica/owned.h>

enum object_kind {
	OBJECT_CERT,
	OBJECT_CSR,
	OBJECT_CRL,
	OBJECT_PUBLIC,
	OBJECT_PRIVATE, /* of which the public half alone is kept */
	OBJECT_SEALED,	/* a key or PKCS #12 that wants a passphrase */
};

/* One thing; the pointer of its kind is not NULL, OBJECT_SEALED has none. */
struct object {
	enum object_kind kind;
	size_t line;	  /* of its PEM block, 0 in DER */
	const char *from; /* "PKCS #12", or NULL */
	mca_cert *cert;
	mca_csr *csr;
	mca_crl *crl;
	mca_spki *spki;
};

/* Zeros are an empty list. */
typedef struct objects {
	struct object *rows;
	size_t count;
} objects;

void objects_clear(objects *list);
MCA_SCOPED(objects, objects_clear)

/*
 * objects_read adds what the file holds; if it fails, what came before the
 * fault is there.  `passphrase` may be NULL: what wants one is OBJECT_SEALED.
 */
mca_code objects_read(objects *list, const char *path,
    const struct mca_passphrase *passphrase, struct mca_error *err);

#endif
