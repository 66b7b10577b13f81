/*
 * policy.h - a policy from the inside, and the keys it is written with.
 */
#ifndef MCA_POLICY_PRIVATE_H
#define MCA_POLICY_PRIVATE_H

#include "error.h"
#include "minica/policy.h"
#include "pattern.h"
#include "profile.h"
#include "yamldoc.h"

/* Every key of the language; its row is in policy_parse.c. */
enum mca_policy_key {
	MCA_PK_POLICY,
	MCA_PK_SUMMARY,
	MCA_PK_FOR,
	MCA_PK_EXTENDS,
	MCA_PK_ISSUER,
	MCA_PK_ALLOW_KEYS,
	MCA_PK_ALLOW_DNS, /* allow and deny: in the order of mca_san_form */
	MCA_PK_ALLOW_IP,
	MCA_PK_ALLOW_EMAIL,
	MCA_PK_ALLOW_URI,
	MCA_PK_ALLOW_WILDCARDS,
	MCA_PK_ALLOW_NAMES,
	MCA_PK_ALLOW_CN,
	MCA_PK_KEY_REUSE,
	MCA_PK_HELD_NAMES,
	MCA_PK_ALLOW_LOOKALIKES,
	MCA_PK_DENY_DNS,
	MCA_PK_DENY_IP,
	MCA_PK_DENY_EMAIL,
	MCA_PK_DENY_URI,
	MCA_PK_DAYS,
	MCA_PK_MIN_DAYS,
	MCA_PK_MAX_DAYS,
	MCA_PK_BEYOND,
	MCA_PK_BACKDATE,
	MCA_PK_CA,
	MCA_PK_PATH_LEN,
	MCA_PK_KEY_USAGE,
	MCA_PK_EXT_KEY_USAGE,
	MCA_PK_COMMON_NAME,
	MCA_PK_FIXED,
	MCA_PK_KEEP,
	MCA_PK_REQUIRE,
	MCA_PK_CRL_URLS,
	MCA_PK_ISSUER_URLS,
	MCA_PK_OCSP_URLS,
	MCA_PK_CERTIFICATE_POLICIES,
	MCA_PK_EXTENSIONS,
	MCA_PK_TESTS, /* of the file itself, never of what it extends */
	MCA_PK_COUNT,
};

/* Forms of names that a policy can speak of: MCA_SAN_DNS to MCA_SAN_URI. */
#define MCA_POLICY_FORMS 4

/* A policy, and the built-in ones it extends. */
#define MCA_POLICY_CHAIN 4

enum mca_beyond { MCA_BEYOND_REFUSE, MCA_BEYOND_CLAMP };

/* May a key have several certificates?  Only for the same names? */
enum mca_key_reuse { MCA_REUSE_ALLOW, MCA_REUSE_SAME_NAMES, MCA_REUSE_REFUSE };

/* May a name be certified that another key holds? */
enum mca_held_names { MCA_HELD_ALLOW, MCA_HELD_REFUSE };
enum mca_lookalikes { MCA_LOOKALIKES_REFUSE, MCA_LOOKALIKES_WARN };

enum mca_common_name { MCA_CN_NONE, MCA_CN_NAMES };

/* Subject attributes with a fixed value; type by its short name. */
struct mca_fixed_attribute {
	char *type, *value;
};
struct mca_fixed {
	struct mca_fixed_attribute *rows;
	size_t count;
};

/* A request that the policy answers in a known way. */
struct mca_policy_case {
	size_t line;
	struct mca_words names;
	char *csr; /* a file, beside the policy's own; or NULL */
	char *common_name, *key;
	int64_t life;
	enum mca_expectation { MCA_EXPECT_ACCEPT, MCA_EXPECT_REFUSE } expect;
	char *rule; /* that refuses it, or NULL for any */
};
struct mca_policy_cases {
	struct mca_policy_case *rows;
	size_t count;
};
void mca_policy_cases_clear(struct mca_policy_cases *cases);

/* Where a key was given; line 0 when it was not and the default holds. */
struct mca_place {
	const char *origin; /* "policy server" */
	size_t line;
};

struct mca_policy {
	char *file; /* as given, or "(built in)" */
	char *name, *summary, *extends, *issuer;
	enum mca_policy_kind kind;

	struct mca_words keys;
	struct mca_patterns allow[MCA_POLICY_FORMS], deny[MCA_POLICY_FORMS];
	bool wildcards;
	bool cn_is_name;
	enum mca_key_reuse key_reuse;
	enum mca_held_names held_names;
	enum mca_lookalikes lookalikes;
	int64_t names_max;

	int64_t life, min_life, max_life; /* seconds */
	enum mca_beyond beyond;

	enum mca_common_name common_name;
	struct mca_fixed fixed;
	struct mca_words keep, require;
	struct mca_profile profile;
	struct mca_policy_cases cases;

	char *origins[MCA_POLICY_CHAIN];
	struct mca_place places[MCA_PK_COUNT];
};

/*
 * mca_policy_because names the line that decided: "policy server, line 7
 * (allow.dns)".  `line` 0 stands for the line of the key itself.  MCA_BECAUSE
 * writes into a buffer of the block.
 */
const char *mca_policy_because(char *out, size_t size, const mca_policy *policy,
    enum mca_policy_key key, size_t line);
#define MCA_BECAUSE(policy, key, line)                                         \
	mca_policy_because((char[200]){ 0 }, 200, policy, key, line)

/* mca_policy_key_path returns "allow.dns", say. */
const char *mca_policy_key_path(enum mca_policy_key key);

/*
 * mca_policy_read sets the part of `policy` that `key` stands for from
 * `node` of `yaml`.
 */
mca_code mca_policy_read(mca_policy *policy, enum mca_policy_key key,
    const mca_yaml *yaml, const struct mca_yaml_node *node,
    struct mca_error *err);

/* The files of policies/, in the order of their names (cmake/embed.cmake). */
extern const struct mca_builtin_policy mca_embedded_policies[];

/* mca_policy_builtin returns the built-in policy of that name, or NULL. */
const struct mca_builtin_policy *mca_policy_builtin(const char *name);

/*
 * mca_policy_unknown records that there is no policy `name`, with the nearest
 * of the built-in ones and of those in `directory` (which may be NULL).
 */
mca_code mca_policy_unknown(struct mca_error *err, const char *name,
    const char *directory);

/* The subject attributes a policy may name, in the order they are written. */
extern const char *const mca_policy_attributes[];

#endif
