/*
 * manifest.h - a manifest from the inside.
 */
#ifndef MCA_MANIFEST_PRIVATE_H
#define MCA_MANIFEST_PRIVATE_H

#include "error.h"
#include "minica/live.h"
#include "minica/manifest.h"
#include "minica/san.h"
#include "profile.h"

#include <sys/types.h>

/* What a file of an output holds. */
enum mca_role {
	MCA_ROLE_CERTIFICATE,
	MCA_ROLE_FULLCHAIN,
	MCA_ROLE_CHAIN,
	MCA_ROLE_CA,
	MCA_ROLE_KEY,
	MCA_ROLE_COMBINED,
	MCA_ROLE_KEYSTORE,
	MCA_ROLE_TRUSTSTORE,
	MCA_ROLE_SECRET,
	MCA_ROLES,
};

/* mca_role_name returns "fullchain"; mca_role_has_key: it is secret. */
const char *mca_role_name(enum mca_role role);
bool mca_role_has_key(enum mca_role role);

/* mca_role_layout is the layout of minica/bundle.h, NULL if it is none. */
const char *mca_role_layout(enum mca_role role);

/* The layouts of outputs, and the names that their files have by default. */
extern const char *const mca_output_layouts[];

/*
 * mca_output_default returns the default name of a role's file in a layout,
 * "{name}.crt", or NULL when the layout does not have it.
 */
const char *mca_output_default(unsigned layout, enum mca_role role);

struct mca_output {
	size_t line;
	char *directory;
	unsigned layout;
	char *names[MCA_ROLES];	   /* in the directory; NULL: not written */
	int64_t mode, key_mode;	   /* -1: not said */
	char *owner, *group;	   /* as written; NULL: not said */
	bool has_owner, has_group; /* then these are theirs */
	uid_t uid;
	gid_t gid;
	char *password_file, *name_space;
	struct mca_words check, reload; /* none: no such hook */
	bool shell;
	int64_t timeout; /* seconds for each hook and the probe */
	char *probe;	 /* NULL: none */
	struct mca_endpoint endpoint;
	unsigned starttls;
	char *servername;
};

/* A certificate that is wanted. */
struct mca_wanted {
	size_t line;
	char *name, *policy, *issuer; /* issuer NULL: whoever would sign */
	char *key;		      /* algorithm */
	char *key_file, *csr;	      /* absolute; at most one of them */
	mca_san *hosts;		      /* NULL with a csr */
	int64_t life, renew_before;   /* 0: the policy's, a third of it */
	bool rekey;
	struct mca_words labels; /* "team=shop" */
	struct mca_output *outputs;
	size_t output_count;
};

struct mca_wanted_authority {
	size_t line;
	char *name, *issuer; /* issuer NULL: a root */
	char *common_name, *organization, *key;
	int64_t life;
	struct mca_words permit, exclude;
};

struct mca_manifest {
	char *file;	 /* escaped */
	char *directory; /* absolute, where the file is */
	char *name;
	struct mca_wanted_authority *authorities;
	size_t authority_count;
	struct mca_wanted *certificates; /* in the order of the file */
	size_t count;
};

/* mca_manifest_fail is MCA_EFORMAT of a line: "FILE:LINE: ...". */
mca_code mca_manifest_fail(struct mca_error *err, const mca_manifest *manifest,
    size_t line, const char *fmt, ...) MCA_PRINTF(4, 5);
#define mca_manifest_fail(...) MCA_NEVER_OK(mca_manifest_fail(__VA_ARGS__))

#endif
