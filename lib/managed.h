/*
 * managed.h - what the store knows of manifests: the certificates that each
 * owns, and the files these were put into.
 *
 * Errors are those of minica/store.h; changes need an open transaction.
 */
#ifndef MCA_MANAGED_H
#define MCA_MANAGED_H

#include "error.h"
#include "minica/digest.h"
#include "minica/store.h"

#include <sys/types.h>

/* A certificate that a manifest owns; strings live until `each` returns. */
struct mca_managed {
	const char *name;
	int64_t certificate; /* its row */
	int64_t life;	     /* that was asked for */
	bool has_request;
	uint8_t request[MCA_SHA256_SIZE]; /* digest of the CSR, if it had one */
	const char *serial, *policy, *authority, *key_algorithm, *names;
	uint8_t key_sha256[MCA_SHA256_SIZE];
	mca_time not_before, not_after;
	mca_time revoked; /* 0 when not */
	const char *reason;
};
typedef mca_code mca_managed_each(void *context,
    const struct mca_managed *managed, struct mca_error *err);

/* mca_managed_list walks those of a manifest by name. */
mca_code mca_managed_list(mca_store *store, const char *manifest,
    mca_managed_each *each, void *context, struct mca_error *err);

/* mca_managed_put makes `certificate` the one that the manifest's name is. */
mca_code mca_managed_put(mca_store *store, const char *manifest,
    const struct mca_managed *managed, struct mca_error *err);

/* mca_managed_remove forgets a name whose files are forgotten. */
mca_code mca_managed_remove(mca_store *store, const char *manifest,
    const char *name, struct mca_error *err);

/* A file as it should be. */
struct mca_managed_file {
	const char *path;
	const char *name; /* of its certificate in the manifest */
	const char *role;
	int64_t certificate;
	uint8_t sha256[MCA_SHA256_SIZE];
	mode_t mode;
	uid_t uid;
	gid_t gid;
	bool settled;
};
typedef mca_code mca_managed_each_file(void *context,
    const struct mca_managed_file *file, struct mca_error *err);

/* mca_managed_files walks those of a manifest by name and path. */
mca_code mca_managed_files(mca_store *store, const char *manifest,
    mca_managed_each_file *each, void *context, struct mca_error *err);

/* mca_managed_paths is mca_managed_files for who needs no more. */
mca_code mca_managed_paths(mca_store *store, const char *manifest,
    mca_store_each_file *each, void *context, struct mca_error *err);

/* mca_managed_put_file records one. */
mca_code mca_managed_put_file(mca_store *store, const char *manifest,
    const struct mca_managed_file *file, struct mca_error *err);
mca_code mca_managed_settle_file(mca_store *store, const char *path,
    struct mca_error *err);
mca_code mca_managed_remove_file(mca_store *store, const char *path,
    struct mca_error *err);

/*
 * mca_managed_owner tells whose a path is, as "manifest/name", which the
 * caller frees; NULL when it is nobody's.
 */
mca_code mca_managed_owner(mca_store *store, char **owner, const char *path,
    struct mca_error *err);

/*
 * mca_managed_authority tells how an authority was asked for, which the caller
 * frees; NULL when no manifest made it.
 */
mca_code mca_managed_authority(mca_store *store, char **asked,
    const char *label, struct mca_error *err);
mca_code mca_managed_put_authority(mca_store *store, const char *label,
    const char *asked, struct mca_error *err);

/* mca_managed_certificate reads a certificate by its row. */
mca_code mca_managed_certificate(mca_store *store, mca_cert **out, int64_t row,
    struct mca_error *err);

#endif
