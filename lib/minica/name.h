/*
 * minica/name.h - distinguished names (RFC 5280, 4.1.2.4; X.501).
 *
 * A name is immutable and may be shared between threads.
 */
#ifndef MINICA_NAME_H
#define MINICA_NAME_H

#include "minica/error.h"

typedef struct mca_name mca_name;

/* One attribute of a name that is being made; the type by its short name. */
struct mca_attribute {
	const char *type;  /* "CN", "O", "OU", "C", ... */
	const char *value; /* UTF-8 */
};

/*
 * mca_name_new makes a name of `count` attributes, one to each RDN, in the
 * order given.  An unknown type, or a value that is empty, not UTF-8, longer
 * than the attribute's upper bound (RFC 5280, A.1), or holds a control
 * character, is MCA_EUSAGE.
 */
MCA_API mca_code mca_name_new(mca_name **out, const struct mca_attribute *rows,
    size_t count, struct mca_error *err);
MCA_API void mca_name_free(mca_name *name);
MCA_OWNED(mca_name, mca_name_free)

/* mca_name_text returns the RFC 4514 form, safe to show; "" when empty. */
MCA_API const char *mca_name_text(const mca_name *name);

/* mca_name_is_empty says whether the name has no attribute at all. */
MCA_API bool mca_name_is_empty(const mca_name *name);

/* mca_name_count and mca_name_at walk the attributes; values are escaped. */
MCA_API size_t mca_name_count(const mca_name *name);
MCA_API struct mca_attribute mca_name_at(const mca_name *name, size_t i);

/* mca_name_equal compares as RFC 5280, 7.1 does (case, spaces folded). */
MCA_API bool mca_name_equal(const mca_name *a, const mca_name *b);

#endif
