/*
 * minica/cleanse.h - what a secret leaves behind in other people's memory.
 *
 * The library cleanses its own copies of keys and passphrases.  libcrypto and
 * SQLite free some of theirs as they are (the DER of a key that is read or
 * written, passphrases as PKCS #12 wants them, pages of a backup), and calls
 * that have returned leave what they worked with on the stack and in registers.
 */
#ifndef MINICA_CLEANSE_H
#define MINICA_CLEANSE_H

#include "minica/api.h"

/*
 * mca_cleanse_libraries has libcrypto and SQLite clear what they free, in all
 * of the process, from the first key or passphrase on that this library meets:
 * what never meets one is not slowed down.  libcrypto's memory is watched by it
 * too (minica/heap.h).  It is for a program's first lines; false when one of
 * the two has memory already, and is left as it is.
 */
MCA_API bool mca_cleanse_libraries(void);

/*
 * mca_cleanse_end says that no secret is left: libcrypto frees thousands of
 * blocks when a program ends, and need not clear them.
 */
MCA_API void mca_cleanse_end(void);

/*
 * mca_cleanse_traces clears the stack that calls before it have used and the
 * registers that copies go through.  The library does it after each use of a
 * key; a program does where it handles the bytes of one itself.
 */
MCA_API void mca_cleanse_traces(void);

#endif
