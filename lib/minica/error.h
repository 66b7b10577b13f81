/*
 * minica/error.h - why a question could not be answered.
 *
 * An error lives on the caller's stack: nothing is allocated, nothing is
 * freed.  The code says what the caller can do, the text what happened,
 * outermost first: "sign web.csr: policy server: ...".  Text that came from
 * input is escaped before it enters a message.
 *
 * Errors are not findings (minica/finding.h): a finding means the question
 * was answered, and the answer is not good.
 */
#ifndef MINICA_ERROR_H
#define MINICA_ERROR_H

#include "minica/api.h"

enum [[nodiscard]] mca_code{
	MCA_OK, MCA_EUSAGE, /* asked wrongly: nothing was tried */
	MCA_EFORMAT,	    /* the bytes are not what they should be */
	MCA_EPOLICY,	    /* a policy or a rule refused it */
	MCA_EUNTRUSTED,	    /* verification ended in a definite no */
	MCA_ENOTFOUND,	    /* no such file, certificate, authority, policy */
	MCA_EEXISTS,	    /* something is there that must not be replaced */
	MCA_EBUSY,	    /* the store stayed locked past the wait */
	MCA_EKEY,	/* wrong or missing passphrase, or key does not fit */
	MCA_ESYSTEM,	/* I/O or memory failed, or the store is damaged */
	MCA_EUNDECIDED, /* neither yes nor no can be said */
};
typedef enum mca_code mca_code;

struct mca_error {
	mca_code code;
	char text[1024];
};

/*
 * mca_error_tame escapes in place what is not printable ASCII: whatever was put
 * into a message as it was, such as the path of a file that somebody else
 * named.  The library does so for its own errors.
 */
MCA_API void mca_error_tame(struct mca_error *err);

/* mca_code_name returns the stable name of `code`, such as "EFORMAT". */
MCA_API const char *mca_code_name(mca_code code);

#endif
