/*
 * strangers.h - who else could read or exchange the keys of a home.
 */
#ifndef CMD_STRANGERS_H
#define CMD_STRANGERS_H

#include "session.h"

/*
 * strangers_warn warns when others than the user and root can write to the
 * home or its keys, own them, or read a key.  It is no refusal: a volume that
 * a group mounts is such a home, and doctor says what to do.
 */
void strangers_warn(struct session *s);

#endif
