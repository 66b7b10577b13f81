/*
 * difference.h - what changes for those who had a certificate.
 */
#ifndef CMD_DIFFERENCE_H
#define CMD_DIFFERENCE_H

#include "session.h"

/*
 * difference_show compares `cert`, which is not signed yet, with the valid
 * certificate of the store that holds most of its names, the newest of several:
 * a line for each field that goes or comes.  It says so if there is none.
 */
mca_code difference_show(struct session *s, json_t *row, const mca_cert *cert,
    struct mca_error *err);

#endif
