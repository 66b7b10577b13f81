/*
 * minica/import.h - moving in: certificates, CRLs, and whole authorities that
 * other programs kept.
 *
 * What is to come is read and checked first, without a store; then all of it
 * is recorded in one transaction, or nothing.
 */
#ifndef MINICA_IMPORT_H
#define MINICA_IMPORT_H

#include "minica/ca.h"
#include "minica/finding.h"

typedef struct mca_import mca_import;

/*
 * mca_import_read reads `count` paths.  A file holds certificates, CRLs or
 * both; a directory is the tree of an authority, as easy-rsa, `openssl ca`,
 * minica (the one written in Go) and mkcert lay it out.  `passphrase` (or NULL)
 * opens a tree's key.
 *
 * MCA_EFORMAT names file and line of what cannot be read or does not fit
 * together: a serial number that is there twice, a certificate that its
 * authority did not sign.
 */
MCA_API mca_code mca_import_read(mca_import **out, const char *const *paths,
    size_t count, const struct mca_passphrase *passphrase,
    struct mca_error *err);
MCA_API void mca_import_free(mca_import *import);
MCA_OWNED(mca_import, mca_import_free)

/* mca_import_notes tells what was found odd and is not taken over. */
MCA_API const mca_findings *mca_import_notes(const mca_import *import);

/* What came, or would come. */
struct mca_imported {
	size_t authorities, certificates, revocations, lists;
	size_t known;	/* of the certificates: those that were there already */
	char label[80]; /* of the last authority that came; "" for none */
};

/* mca_import_outlook counts what would come into an empty home. */
MCA_API void mca_import_outlook(struct mca_imported *out,
    const mca_import *import);

/*
 * mca_import_apply records it all.  `label` (or NULL) names the authority of a
 * tree.  With `rehearse` everything is tried and nothing is kept.  MCA_EEXISTS
 * when a serial number of an issuer belongs to another certificate already,
 * MCA_ENOTFOUND when a CRL's issuer is none of this home.
 */
MCA_API mca_code mca_import_apply(mca_ca *ca, struct mca_imported *out,
    const mca_import *import, const char *label, bool rehearse,
    struct mca_error *err);

#endif
