/*
 * minica/cores.h - how many threads can compute at once.
 */
#ifndef MINICA_CORES_H
#define MINICA_CORES_H

#include "minica/api.h"

#include <stddef.h>

/*
 * mca_cores returns how many processors this process may run on (its affinity,
 * which a container's cpuset narrows), or how many there are where that cannot
 * be told; 1 at least.  It asks the system each time.
 */
MCA_API size_t mca_cores(void);

#endif
