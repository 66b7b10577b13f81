/*
 * confine.h - what a command still needs, once its words are read.
 *
 * Whoever takes over this program through a certificate that it parses finds
 * nothing else to open, nothing to run and nobody to call.  Results are the
 * same without: what a command may be asked to open is allowed, and one that
 * runs other programs is left alone.
 */
#ifndef CMD_CONFINE_H
#define CMD_CONFINE_H

#include "session.h"

/*
 * confine_early is for before a command runs, confine_late for when the home
 * is open, which those commands wait for that use an authority's key.
 * confine_further is for those that find out then what they need, once they
 * have told (need.h); what was confined is confined more narrowly.
 */
void confine_early(const struct session *s);
void confine_late(const struct session *s);
void confine_further(const struct session *s);

/* confine_holds says whether the process is confined. */
bool confine_holds(void);

#endif
