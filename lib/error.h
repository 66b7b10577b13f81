/*
 * error.h - how the library reports failure, innermost cause first.
 *
 * Every function below returns the code it records, so that a refusal is one
 * return statement.  `err` is never NULL.
 */
#ifndef MCA_ERROR_PRIVATE_H
#define MCA_ERROR_PRIVATE_H

#include "minica/error.h"

/* mca_fail records `code` and a message. */
mca_code mca_fail(struct mca_error *err, mca_code code, const char *fmt, ...)
    MCA_PRINTF(3, 4);

/* mca_fail_errno is mca_fail followed by ": " and the words for errno. */
mca_code mca_fail_errno(struct mca_error *err, mca_code code, const char *fmt,
    ...) MCA_PRINTF(3, 4);

/*
 * mca_fail_ssl is mca_fail followed by libcrypto's own innermost reason, if
 * it left one; its error queue is empty afterwards.
 */
mca_code mca_fail_ssl(struct mca_error *err, mca_code code, const char *fmt,
    ...) MCA_PRINTF(3, 4);

/* mca_fail_memory records that memory ran out. */
mca_code mca_fail_memory(struct mca_error *err);

/*
 * mca_within puts context and ": " before the recorded message and returns
 * the recorded code.
 */
mca_code mca_within(struct mca_error *err, const char *fmt, ...)
    MCA_PRINTF(2, 3);

/*
 * None of these returns MCA_OK, and callers rely on it ("failed, so nothing is
 * in *out").  Compilers and analysers look at one file at a time and cannot
 * see it in error.c, so it is said here.
 */
#define MCA_NEVER_OK(call)                                                     \
	__extension__({                                                        \
		mca_code failed_ = (call);                                     \
		if (failed_ == MCA_OK)                                         \
			__builtin_unreachable();                               \
		failed_;                                                       \
	})

#define mca_fail(...) MCA_NEVER_OK(mca_fail(__VA_ARGS__))
#define mca_fail_errno(...) MCA_NEVER_OK(mca_fail_errno(__VA_ARGS__))
#define mca_fail_ssl(...) MCA_NEVER_OK(mca_fail_ssl(__VA_ARGS__))
#define mca_fail_memory(err) ((void)mca_fail_memory(err), (mca_code)MCA_ESYSTEM)
#define mca_within(...) MCA_NEVER_OK(mca_within(__VA_ARGS__))

#endif
