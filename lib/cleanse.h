/*
 * cleanse.h - where a secret begins (minica/cleanse.h).
 */
#ifndef MCA_CLEANSE_PRIVATE_H
#define MCA_CLEANSE_PRIVATE_H

#include "minica/cleanse.h"

/* mca_cleanse_begin says that a key or a passphrase will be met next. */
void mca_cleanse_begin(void);

/* mca_cleanse_begin_rows says that keys will pass through SQLite. */
void mca_cleanse_begin_rows(void);

#endif
