/*
 * interrupt.h - signals that ask to end, held until it is safe to.
 *
 * Where files are half in place nobody should have to end at once.  SIGHUP,
 * SIGINT and SIGTERM wait for the thread that holds them; it asks now and then
 * whether one came, goes back to where it is safe, and lets them through.
 */
#ifndef MCA_INTERRUPT_H
#define MCA_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

typedef struct mca_interrupt {
	sigset_t before; /* what was held already */
} mca_interrupt;

void mca_interrupt_hold(mca_interrupt *held);

/* mca_interrupt_release lets through what came since: it may never return. */
void mca_interrupt_release(const mca_interrupt *held);

/* mca_interrupt_came says whether one is held that would not be ignored. */
bool mca_interrupt_came(void);

#endif
