/*
 * policy_value.h - how the value of one key of a policy is read.
 */
#ifndef MCA_POLICY_VALUE_H
#define MCA_POLICY_VALUE_H

#include "policy.h"

struct mca_key_row;

/* One key being read: its row, and the file it is in. */
struct mca_reading {
	const struct mca_key_row *row;
	const mca_yaml *yaml;
	struct mca_error *err;
};

/* A reader puts what `node` says into `target`, the field of the policy. */
typedef mca_code mca_policy_reader(const struct mca_reading *r,
    const struct mca_yaml_node *node, void *target);

/* What `words`, `min` and `max` mean is for the reader to say. */
struct mca_key_row {
	const char *path;
	mca_policy_reader *read;
	size_t offset;
	const char *wanted; /* for messages */
	const char *const *words;
	int64_t min, max;
};

/* One value. */
mca_policy_reader mca_policy_read_text;
mca_policy_reader mca_policy_read_name;
mca_policy_reader mca_policy_read_choice; /* one of `words`, by its place */
mca_policy_reader mca_policy_read_bool;
mca_policy_reader mca_policy_read_count; /* from `min` to `max` */
mca_policy_reader mca_policy_read_path_len;
mca_policy_reader mca_policy_read_span; /* "12h", in seconds */
mca_policy_reader mca_policy_read_days; /* a number of days, or a span */

/* Lists and mappings. */
mca_policy_reader mca_policy_read_patterns; /* `min` is the form of name */
mca_policy_reader mca_policy_read_algorithms;
mca_policy_reader mca_policy_read_key_usage;
mca_policy_reader mca_policy_read_oids; /* `words` are usages by name */
mca_policy_reader mca_policy_read_urls;
mca_policy_reader mca_policy_read_attributes;
mca_policy_reader mca_policy_read_fixed;
mca_policy_reader mca_policy_read_extensions; /* into the profile */
mca_policy_reader mca_policy_read_tests;

/* mca_policy_is_scalar says whether a node is one value, and not empty. */
bool mca_policy_is_scalar(const struct mca_yaml_node *node);

/* What refuses a value of the wrong type, or one that is not of `words`. */
mca_code mca_policy_wrong_type(const struct mca_reading *r,
    const struct mca_yaml_node *node);
mca_code mca_policy_wrong_value(const struct mca_reading *r,
    const struct mca_yaml_node *node, const char *const *words);

#endif
