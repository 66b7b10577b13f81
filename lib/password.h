/*
 * password.h - the password of a key store, in the first line of a file.
 */
#ifndef MCA_PASSWORD_H
#define MCA_PASSWORD_H

#include "error.h"
#include "minica/blob.h"

struct mca_password {
	const char *path;
	struct mca_passphrase source;
};

/*
 * mca_password_use returns what asks the file at `path`, each time; it lives
 * as long as `password`, and `path`.
 */
const struct mca_passphrase *mca_password_use(struct mca_password *password,
    const char *path);

/* mca_password_check says why the file at `path` holds no password. */
mca_code mca_password_check(const char *path, struct mca_error *err);

#endif
