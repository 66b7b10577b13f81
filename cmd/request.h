/*
 * request.h - certificate requests: read, listed, written.
 */
#ifndef CMD_REQUEST_H
#define CMD_REQUEST_H

#include "session.h"

/* request_read reads the one request at `path`; the message names it. */
mca_code request_read(mca_csr **out, const char *path, struct mca_error *err);

/* request_pem appends a request as a PEM block to `out`. */
mca_code request_pem(mca_blob *out, const mca_csr *csr, struct mca_error *err);

/*
 * request_paths reads a list of paths from the file `from`, each ended by a
 * newline, or each by a NUL if there is one.  They point into `text`.
 */
mca_code request_paths(struct words *out, mca_blob *text, const char *from,
    struct mca_error *err);

#endif
