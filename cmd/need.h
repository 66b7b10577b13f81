/*
 * need.h - what a command needs of the machine, beside its home.
 *
 * What its words say is known by a table; what it finds out later (in a
 * manifest, in the store) it tells with need_path and `needs` of its session.
 */
#ifndef CMD_NEED_H
#define CMD_NEED_H

#include "session.h"

enum {
	NEED_RUNS = 1,	  /* other programs, which need what they need */
	NEED_LATE = 2,	  /* an authority's key: the open home tells where */
	NEED_HERE = 4,	  /* writes into the working directory */
	NEED_TREES = 8,	  /* reads what no option names */
	NEED_PLACES = 16, /* writes where the store says that it wrote before */
	NEED_NETWORK = 32,
	NEED_MAKES = 64,  /* a home, where none may be yet */
	NEED_LATER = 128, /* what the command finds out in the open home */
	NEED_NO_HOME = 256,
};

/* needs_of is all that is known of the command of `s` so far. */
unsigned needs_of(const struct session *s);

/* needs_paths calls `take` for every path that is known so far. */
typedef void need_take(void *context, const char *path, enum need_how how);
void needs_paths(const struct session *s, need_take *take, void *context);

/* needs_stdin counts the files to be read that are standard input. */
size_t needs_stdin(const struct session *s);

/* need_path adds one, need_beside the directory that it is in. */
void need_path(struct session *s, const char *path, enum need_how how);
void need_beside(struct session *s, const char *path, enum need_how how);

/*
 * needs_elsewhere says whether a path is a key behind a URI: who fetches it,
 * and from where, is not known here.
 */
bool needs_elsewhere(const struct session *s);

/*
 * needs_others calls `each` for what runs other programs: a command, and the
 * option that makes it do so, or NULL.
 */
void needs_others(void (*each)(void *context, const char *command,
		      const char *option),
    void *context);

/* needs_forget is for the end of a session. */
void needs_forget(struct session *s);

#endif
