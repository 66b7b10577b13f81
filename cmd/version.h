/*
 * version.h - which minica this is.
 */
#ifndef CMD_VERSION_H
#define CMD_VERSION_H

#include "session.h"

/* version_tell is what --version asks of any command. */
void version_tell(struct session *s);

#endif
