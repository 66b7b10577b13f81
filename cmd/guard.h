/*
 * guard.h - the memory of a process that may hold a key is nobody else's.
 *
 * No core is dumped and nobody attaches: a core on a disk, or piped to a
 * collector of crashes, is a copy of the key that nobody looks after.
 */
#ifndef CMD_GUARD_H
#define CMD_GUARD_H

#include <stdbool.h>

/* guard_memory closes it to others, for as long as the process lives. */
void guard_memory(void);

/*
 * guard_leave gives a forked child back the limit that it would have had
 * without us: a server that a hook starts may dump its core.  It is for the
 * moment before exec, which opens the new program's memory by itself.
 */
void guard_leave(void);

/* guard_holds says whether memory is closed: no core, no debugger. */
bool guard_holds(void);

#endif
