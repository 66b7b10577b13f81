/*
 * minica/backup.h - a home in one file, and back.
 *
 * A backup is the store itself, copied while others work, with one more table
 * that holds the policies of the home and, when asked for, the keys.  It can
 * be read with sqlite3 like any store.
 */
#ifndef MINICA_BACKUP_H
#define MINICA_BACKUP_H

#include "minica/audit.h"
#include "minica/ca.h"
#include "minica/file.h"

/* What a backup holds. */
struct mca_backup {
	int64_t certificates, authorities, revocations, anchors;
	struct mca_audit_head head;
	size_t policies;
	size_t keys;	   /* files; of those, the next lie open */
	size_t plain_keys; /* not encrypted */
	size_t lacking;	   /* keys of authorities that are not in it */
};

/*
 * mca_backup_make writes the home of `ca` to `path`, mode 0600.  Keys go with
 * it only `with_keys`, which the audit log tells of first (the ca must then be
 * open for writing); one that is not encrypted is encrypted with the ca's
 * passphrase if there is one.  The copy is opened again and checked before it
 * gets its name: its structure, its references, its audit log.
 */
MCA_API mca_code mca_backup_make(mca_ca *ca, struct mca_backup *out,
    const char *path, bool with_keys, enum mca_file_replace replace,
    struct mca_error *err);

/* How the log of a backup and that of the store in its place are related. */
enum mca_lineage {
	MCA_LINEAGE_NEW,   /* there was no store */
	MCA_LINEAGE_SAME,  /* the same log */
	MCA_LINEAGE_OLDER, /* the store has gone on since the backup */
	MCA_LINEAGE_NEWER, /* the backup has gone on since the store */
	MCA_LINEAGE_OTHER, /* neither comes from the other */
};

struct mca_restoring {
	const char *path; /* of the backup */
	bool force;	  /* over a store that is there */

	/* The backup must have this entry; NULL: none is asked for. */
	const struct mca_audit_head *pin;
};

struct mca_restored {
	struct mca_backup backup;
	enum mca_lineage lineage;
	struct mca_audit_head before; /* of the store that was replaced */
	char *saved;		      /* where that store is now, or NULL */
};
MCA_API void mca_restored_clear(struct mca_restored *restored);

/*
 * mca_backup_restore puts a backup in the home of `options`.  A store that is
 * there is MCA_EEXISTS; with `force` it is first saved, keys and all, beside
 * it.  What is no whole and sound backup is MCA_EFORMAT, a pin that does not
 * fit MCA_EUNTRUSTED, and nothing has changed then.
 */
MCA_API mca_code mca_backup_restore(struct mca_restored *out,
    const struct mca_ca_options *options, const struct mca_restoring *what,
    struct mca_error *err);

#endif
