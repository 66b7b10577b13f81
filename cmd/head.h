/*
 * head.h - the end of the audit log as people keep it: NUMBER:HASH.
 */
#ifndef CMD_HEAD_H
#define CMD_HEAD_H

#include "session.h"

/* head_parse reads what head_print printed; MCA_EUSAGE if it is not that. */
mca_code head_parse(struct mca_audit_head *out, const char *text,
    struct mca_error *err);

/* head_json makes an object of "number" and "hash". */
json_t *head_json(const struct mca_audit_head *head);

#endif
