/*
 * plan.h - a plan from the inside: what its making and its applying share.
 */
#ifndef MCA_PLAN_PRIVATE_H
#define MCA_PLAN_PRIVATE_H

#include "ca_parts.h"
#include "keyring.h"
#include "managed.h"
#include "manifest.h"
#include "minica/owned.h"
#include "minica/plan.h"
#include "minica/text.h"

/* What is under a path. */
struct mca_found {
	bool there;
	mode_t mode; /* permissions */
	uid_t uid;
	gid_t gid;
	uint8_t sha256[MCA_SHA256_SIZE];
	mca_code code;	  /* MCA_OK, or why it cannot be replaced */
	const char *flaw; /* in words */
	int reason;	  /* errno, or 0 */
};

/* A file that is wanted, and what is known of it. */
struct mca_plan_file {
	const struct mca_output *output;
	enum mca_role role;
	char *path;
	bool wrong; /* it has to be written */

	/* As recorded; `known` is false without a record. */
	bool known, settled;
	char *role_name;
	int64_t certificate;
	uint8_t sha256[MCA_SHA256_SIZE];
	mode_t mode; /* as recorded, and then as wanted */
	uid_t uid;
	gid_t gid;
	bool listed; /* false: the manifest has it no longer */
	bool taken;  /* not listed here, but another entry has its path */
	bool same;   /* what is there has the bytes that are wanted */

	struct mca_found found;
	mca_blob bytes; /* to be written */
	bool recorded;	/* in the store, as it will be */
};

struct mca_entry {
	const struct mca_wanted *wanted; /* NULL: no longer listed */
	char *name;
	enum mca_action action;
	bool issue;
	mca_text why;
	mca_code refused;
	mca_findings findings;
	char *problem; /* of its hooks, and its code */
	mca_code problem_code;

	/* As recorded; `known` is false without a record. */
	bool known;
	int64_t certificate; /* row; of the new one once it is recorded */
	char *serial, *authority, *policy, *names, *key_algorithm, *reason;
	struct mca_managed was; /* its strings are not used */

	struct mca_plan_file *files;
	size_t file_count, file_capacity;

	const char *issuer; /* label of who will sign; NULL: the default */
	mca_key *key;	    /* made, found, or NULL where `pem` does */
	mca_blob pem;	    /* of the key, when it is to be written */
	bool made;	    /* it is new */
	bool pending;	    /* it was in HOME/pending */
	mca_csr *csr;
	mca_draft draft; /* what is to be issued, in a plan to be applied */
	uint8_t request[MCA_SHA256_SIZE]; /* of its csr file */
	mca_cert *cert;			  /* once files are written */
	size_t unit;   /* of the last that was counted with it */
	mca_code code; /* of work done in parallel, with its error */
	struct mca_error error;
};

struct mca_plan_authority {
	const struct mca_wanted_authority *wanted;
	enum mca_action action;
	mca_text why;
	char *asked;
	mca_code refused;
	mca_findings findings;
	struct mca_issuer imagined; /* its label is not its own */
};

/* A policy that entries name, read once. */
struct mca_plan_policy {
	char *name;
	mca_policy *policy;
};

struct mca_plan {
	mca_ca *ca;	 /* NULL: there is no store yet */
	mca_ca *drafter; /* the same, or one without a store */
	struct mca_plan_options options;
	const mca_manifest *manifest;
	struct mca_plan_authority *authorities;
	size_t authority_count;
	struct mca_entry *entries; /* listed first, then the others */
	size_t count, listed;
	char *issuer;  /* of those that name none */
	size_t *order; /* of the listed ones by name */
	struct mca_plan_policy *policies;
	size_t policy_count;
	int64_t newest;	     /* certificate when the store was asked */
	mca_keyring pending; /* keys that are not in their files yet */
};

/* mca_plan_refuse adds a reason why the entry cannot be had. */
void mca_plan_refuse(struct mca_entry *entry, mca_code code, const char *rule,
    const char *field, const char *hint, const char *fmt, ...) MCA_PRINTF(6, 7);

void mca_plan_refuse_authority(struct mca_plan_authority *row, mca_code code,
    const char *fmt, ...) MCA_PRINTF(3, 4);

/* mca_plan_because adds a reason, after "; " when there is one. */
void mca_plan_because(mca_text *why, const char *fmt, ...) MCA_PRINTF(2, 3);

/* mca_plan_add_file adds a file to an entry; NULL if memory ran out. */
struct mca_plan_file *mca_plan_add_file(struct mca_entry *entry,
    const char *path);

/* mca_plan_policy finds a policy by the name that a manifest gives. */
mca_code mca_plan_policy(const mca_policy **out, mca_plan *plan,
    const char *name, struct mca_error *err);

/* The steps of making a plan. */
mca_code mca_plan_load(mca_plan *plan, struct mca_error *err);
mca_code mca_plan_authorities(mca_plan *plan, struct mca_error *err);
mca_code mca_plan_imagine(mca_plan *plan, struct mca_error *err);
mca_code mca_plan_files(mca_plan *plan, struct mca_error *err);
mca_code mca_plan_compare(mca_plan *plan, struct mca_error *err);
mca_code mca_plan_examine(mca_plan *plan, struct mca_error *err);

/*
 * mca_plan_issuer is the label of who signs where a certificate names nobody,
 * once the authorities are made; NULL if there will be none.
 */
const char *mca_plan_issuer(mca_plan *plan);

/* mca_plan_describe says what is wanted as mca_ca_init_root takes it. */
void mca_plan_describe(struct mca_new_authority *out,
    const struct mca_wanted_authority *wanted);

/* mca_plan_imagined is an authority that is to be made, or NULL. */
struct mca_issuer *mca_plan_imagined(mca_plan *plan, const char *label);

/* mca_plan_given reads the csr or the key_file that an entry names. */
mca_code mca_plan_given(struct mca_entry *entry, struct mca_error *err);

/*
 * mca_plan_encode_key makes sure that there is the PEM of an entry's key.
 */
mca_code mca_plan_encode_key(struct mca_entry *entry, struct mca_error *err);

/*
 * mca_plan_find_key finds the key that an entry needs and has: of a file that
 * is to be written again, or of a new certificate for the old key.  An entry
 * whose key is lost is to be issued anew.
 */
mca_code mca_plan_find_key(mca_plan *plan, struct mca_entry *entry,
    struct mca_error *err);

#endif
