/*
 * cppcheck.h - minica/owned.h in words that cppcheck can follow.
 *
 * It does not know the cleanup attribute: each owned pointer would be a leak.
 * What is static is not lost at the end of its scope; pointers that nobody
 * owns are still watched.  .ci/run gives it this header before each file.
 */
#define MINICA_OWNED_H

#include "minica/api.h"

#include <stdlib.h>

#define owned(T) static T
#define scoped(T) T
#define give(p) (*(p))
