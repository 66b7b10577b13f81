/*
 * keyfile.h - new keys that are put into files.
 */
#ifndef CMD_KEYFILE_H
#define CMD_KEYFILE_H

#include "output.h"
#include "pass.h"

/*
 * keyfile_write encodes `key`, encrypted if there is a passphrase, makes it
 * durable in `out` and warns when it lies there unencrypted.
 */
mca_code keyfile_write(output *out, struct session *s, const mca_key *key,
    const struct mca_passphrase *passphrase, struct mca_error *err);

/*
 * keyfile_left puts into `*out` the key that a run which came to no end left in
 * the file `path`: one of this user alone, not encrypted, of this algorithm,
 * that has no certificate.  `*out` stays NULL when there is none; whose it is
 * then, if anybody's on record, is told as a hint.
 */
mca_code keyfile_left(mca_key **out, struct session *s, const char *path,
    const char *algorithm, struct mca_error *err);

/* keyfile_warn warns that a key is not encrypted. */
void keyfile_warn(struct session *s, const char *what);

#endif
