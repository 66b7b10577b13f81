/*
 * minica/bundle.h - certificate, chain and key as the files that servers read.
 *
 * A layout is known by its name.  What comes of one is bytes alone: where they
 * go, and that a layout with a key in it goes to a file of mode 0600, is for
 * the caller.
 */
#ifndef MINICA_BUNDLE_H
#define MINICA_BUNDLE_H

#include "minica/cert.h"
#include "minica/key.h"

/* Whether a layout has a place for something. */
enum mca_part { MCA_PART_NONE, MCA_PART_MAY, MCA_PART_MUST };

struct mca_layout {
	const char *name;	  /* "pkcs12" */
	const char *ending;	  /* of its files: ".p12" */
	bool binary;		  /* else text */
	enum mca_part key;	  /* if it has one, its bytes are secret */
	enum mca_part passphrase; /* that protects what comes of it */
	bool name_shown;	  /* has a place for mca_bundle.name */
	bool name_space_shown;	  /* ... and for its name_space */
};

/*
 * mca_layouts returns all of them, ended by one whose name is NULL:
 *
 *	pem             the certificate
 *	fullchain       the certificate and its intermediates
 *	der             the certificate, DER
 *	haproxy         the certificate, its intermediates and the key
 *	pkcs12          all of that as PKCS #12 (RFC 7292): AES-256-CBC,
 *	                PBKDF2 and MAC with HMAC-SHA-256 (RFC 8018, RFC 9579
 *	                is not used: too few can read it)
 *	pkcs12-legacy   the same for old readers: 3DES, SHA-1
 *	java-truststore the anchors as PKCS #12 that Java trusts
 *	kubernetes      a Secret of type kubernetes.io/tls, YAML
 */
MCA_API const struct mca_layout *mca_layouts(void);

/* mca_layout_find finds one by name; MCA_EUSAGE names the nearest right one. */
MCA_API mca_code mca_layout_find(const struct mca_layout **out,
    const char *name, struct mca_error *err);

/* What goes into a layout; it takes what it has a place for. */
struct mca_bundle {
	const mca_cert *cert;	  /* NULL for a trust store alone */
	const mca_certs *chain;	  /* its intermediates; NULL: none */
	const mca_certs *anchors; /* trust store; ca.crt; NULL: none */
	const mca_key *key;	  /* NULL: none */
	const char *name;	  /* alias, or the Secret's metadata.name */
	const char *name_space;	  /* the Secret's; NULL: it names none */
	const struct mca_passphrase *passphrase; /* NULL: none */
};

/*
 * mca_bundle_encode replaces what `out` holds by `what` in the layout of that
 * name.  MCA_EUSAGE when a part that it must have is missing, or its name is
 * none that Kubernetes takes; MCA_EKEY when the key is another one than the
 * certificate's, cannot leave where it is kept, or the passphrase cannot be
 * used: it is empty, or not printable ASCII, which programs read in different
 * ways.
 */
MCA_API mca_code mca_bundle_encode(mca_blob *out, const char *layout,
    const struct mca_bundle *what, struct mca_error *err);

#endif
