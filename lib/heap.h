/*
 * heap.h - libcrypto's memory, and what it holds (minica/heap.h).
 */
#ifndef MCA_HEAP_PRIVATE_H
#define MCA_HEAP_PRIVATE_H

#include "minica/heap.h"

/*
 * mca_heap_clear says whether what libcrypto frees from now on may hold a
 * secret, and is cleared first, if its heap is watched.
 */
void mca_heap_clear(bool secrets);

/* mca_heap_stay undoes mca_heap_leave, if that was called. */
void mca_heap_stay(void);

/* mca_heap_refused notes that libcrypto was refused memory. */
void mca_heap_refused(void);

#endif
