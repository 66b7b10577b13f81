/*
 * import.h - what was read and is to be recorded.
 */
#ifndef MCA_IMPORT_PRIVATE_H
#define MCA_IMPORT_PRIVATE_H

#include "ca_parts.h"
#include "minica/crl.h"
#include "minica/import.h"

/* Not the tree of any authority: files by themselves. */
#define MCA_NO_TREE SIZE_MAX

/* An authority and its key. */
struct mca_import_tree {
	char *path;	    /* the directory that was named */
	const char *format; /* "easy-rsa" */
	mca_cert *cert;
	mca_key *key;	/* NULL: it is not there */
	int64_t number; /* of its last CRL; 0: none */
};

struct mca_import_cert {
	mca_cert *cert;
	char *from;
	size_t tree;
};

struct mca_import_revoked {
	char *serial; /* hex */
	struct mca_revocation what;
	size_t tree;
};

struct mca_import_crl {
	mca_crl *crl;
	char *from;
	size_t tree;
};

struct mca_import {
	struct mca_import_tree *trees;
	struct mca_import_cert *certs;
	struct mca_import_revoked *revoked;
	struct mca_import_crl *crls;
	size_t tree_count, cert_count, revoked_count, crl_count;
	mca_findings notes;
};

/* Each takes over what it is given, whatever happens. */
mca_code mca_import_add_cert(mca_import *import, const mca_cert *cert,
    const char *from, size_t tree, struct mca_error *err);
mca_code mca_import_add_revoked(mca_import *import, const char *serial,
    const struct mca_revocation *what, size_t tree, struct mca_error *err);
mca_code mca_import_add_crl(mca_import *import, mca_crl *crl, const char *from,
    size_t tree, struct mca_error *err);

/* mca_import_note adds a warning about `where`. */
void mca_import_note(mca_import *import, const char *where, const char *fmt,
    ...) MCA_PRINTF(3, 4);

/* mca_import_read_file reads the certificates and CRLs of one file. */
mca_code mca_import_read_file(mca_import *import, const char *path, size_t tree,
    struct mca_error *err);

/* mca_import_read_tree reads the tree in the directory `path`. */
mca_code mca_import_read_tree(mca_import *import, const char *path,
    const struct mca_passphrase *passphrase, struct mca_error *err);

/* A line of index.txt. */
struct mca_index_row {
	char status;  /* V, R or E */
	char *serial; /* lower-case hex without leading zeros */
	size_t line;
	bool found;			  /* its certificate is there */
	struct mca_revocation revocation; /* when R */
};

typedef struct mca_index {
	struct mca_index_row *rows; /* by serial number */
	size_t count, capacity;
} mca_index;

void mca_index_clear(mca_index *index);
MCA_SCOPED(mca_index, mca_index_clear)

/*
 * mca_index_read reads an index.txt of `openssl ca`.  MCA_EFORMAT names the
 * line that is no entry, or two that have one serial number.
 */
mca_code mca_index_read(mca_index *out, const char *path,
    struct mca_error *err);

/* mca_index_find finds a serial number, hex in any form; NULL if not there. */
struct mca_index_row *mca_index_find(const mca_index *index,
    const char *serial);

#endif
