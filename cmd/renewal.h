/*
 * renewal.h - one certificate in place of another.
 */
#ifndef CMD_RENEWAL_H
#define CMD_RENEWAL_H

#include "place.h"
#include "signing.h"

/* How, as the options of renew say. */
struct renewal_args {
	const char *out, *out_dir, *key_out, *key;
	bool due, check, rekey, fullchain, force;
};

/* When a certificate is due: so much of its life is left, or so long. */
struct due {
	int64_t percent, seconds; /* percent 0: seconds count */
};

struct renewal {
	struct session *s;
	const struct renewal_args *args;
	const struct signing *signing;
	struct due due;
	bool conditional; /* only what is due */
	size_t changed;	  /* files and results that are new */
};

/* The old one, copied out of the store, and where the new one goes. */
typedef struct target {
	int64_t id, renews;
	mca_cert *cert;
	char *authority;
	places places;
} target;

void target_clear(target *t);
MCA_SCOPED(target, target_clear)

/* target_get fills all but the places from the store's row `id`. */
mca_code target_get(target *t, const struct renewal *r, int64_t id,
    struct mca_error *err);

/* target_name is what people call it: its first name, or its serial number. */
const char *target_name(const target *t);

/*
 * renewal_make issues the certificate that replaces row `id` and writes it
 * where the options, or the files that hold the old one, say; MCA_EPOLICY,
 * told already, when the policy refused it.
 */
mca_code renewal_make(struct renewal *r, json_t *row, int64_t id,
    struct mca_error *err);

#endif
