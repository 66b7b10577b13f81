/*
 * backup.h - what making and restoring share.
 */
#ifndef MCA_BACKUP_PRIVATE_H
#define MCA_BACKUP_PRIVATE_H

#include "ca_parts.h"
#include "minica/backup.h"
#include "store.h"

/*
 * mca_backup_check opens the store file `path` and fills `backup` with what it
 * holds.  MCA_EFORMAT when it is not whole and sound.
 */
mca_code mca_backup_check(mca_store **out, struct mca_backup *backup,
    const char *path, struct mca_error *err);

#endif
