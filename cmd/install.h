/*
 * install.h - the trust stores of a machine, each kind in a file of its own.
 *
 * What minica puts into one is called minica-HEX, HEX being the first 16 digits
 * of the certificate's SHA-256; nothing else is ever touched.
 */
#ifndef CMD_INSTALL_H
#define CMD_INSTALL_H

#include "session.h"

/* What is to be done, and to what. */
struct installing {
	struct session *s;
	const mca_certs *anchors;
	bool remove;	  /* else add */
	bool dry_run;	  /* say it, and do not */
	const char *root; /* of the system: "" for this one */
	const char *home; /* whose NSS databases */
	const char *java; /* key store; "cacerts" for the runtime's own */
	size_t changed;	  /* how many entries were, or would be */
	size_t stores;	  /* how many were looked at */
};

/* install_name writes "minica-0123456789abcdef" into `out`. */
void install_name(mca_text *out, const mca_cert *cert);

/*
 * install_tell says of one certificate in the store `where` what was done, or
 * will be: "added", "removed", "there already", "not there".
 */
void install_tell(struct installing *what, const char *where,
    const mca_cert *cert, bool change);

/* install_system changes the system's own store. */
mca_code install_system(struct installing *what, struct mca_error *err);

/* install_nss changes the NSS databases below the home (Firefox, Chrome). */
mca_code install_nss(struct installing *what, struct mca_error *err);

/* install_java changes a Java key store. */
mca_code install_java(struct installing *what, struct mca_error *err);

#endif
