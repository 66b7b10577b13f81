/*
 * yamldoc.h - YAML as plain data: mappings, sequences, scalars, places.
 *
 * Read strictly: one document; no anchors, aliases, tags or merge keys; no
 * repeated key; UTF-8 without NUL; within MCA_LIMIT_YAML bytes, depth and
 * nodes (libyaml has no depth limit of its own, and its cost grows with the
 * square of it, so the counting is done on its events).
 */
#ifndef MCA_YAMLDOC_H
#define MCA_YAMLDOC_H

#include "error.h"
#include "minica/owned.h"

enum mca_yaml_kind { MCA_YAML_SCALAR, MCA_YAML_SEQUENCE, MCA_YAML_MAPPING };

/* A node; all of a tree lives as long as its document. */
struct mca_yaml_node {
	enum mca_yaml_kind kind;
	size_t line, column; /* from 1 */
	const char *text;    /* scalar: its value */
	bool plain;	     /* scalar: written without quotes */

	/* Sequence: `count` items.  Mapping: `count` pairs of key and item. */
	size_t count;
	struct mca_yaml_node **items;
	struct mca_yaml_node **keys;
};

typedef struct mca_yaml mca_yaml;

/* How much one kind of file may hold. */
struct mca_yaml_limits {
	size_t bytes, nodes;
};

/*
 * mca_yaml_parse reads one document; `file` names it in messages.  The limits
 * are those of a policy, or, with mca_yaml_parse_within, as given.
 */
mca_code mca_yaml_parse(mca_yaml **out, const char *file, const uint8_t *text,
    size_t length, struct mca_error *err);
mca_code mca_yaml_parse_within(mca_yaml **out, const char *file,
    const uint8_t *text, size_t length, const struct mca_yaml_limits *limits,
    struct mca_error *err);
void mca_yaml_free(mca_yaml *yaml);
MCA_OWNED(mca_yaml, mca_yaml_free)

const struct mca_yaml_node *mca_yaml_root(const mca_yaml *yaml);

/* mca_yaml_get returns the item under `key`, or NULL. */
const struct mca_yaml_node *mca_yaml_get(const struct mca_yaml_node *mapping,
    const char *key);

/* Finds the value of a variable of the environment; NULL if it is not set. */
typedef const char *mca_yaml_variable(void *context, const char *name);

/*
 * Takes note of an error, with the code that it has; MCA_OK to go on and find
 * what else is wrong.
 */
typedef mca_code mca_yaml_note(void *context, mca_code code);

struct mca_yaml_variables {
	mca_yaml_variable *find;
	mca_yaml_note *note;
	void *context;
};

/*
 * mca_yaml_expand puts the values of variables where values (never keys) say
 * ${NAME}; "$${" stands for "${".  What comes in is one value, whatever it
 * holds: it is never read as YAML.  One that is not set is MCA_EFORMAT, and
 * noted.
 */
mca_code mca_yaml_expand(mca_yaml *yaml,
    const struct mca_yaml_variables *variables, struct mca_error *err);

/*
 * mca_yaml_fail records MCA_EFORMAT: "FILE:LINE:COLUMN: ..." for `node`.
 */
mca_code mca_yaml_fail(struct mca_error *err, const mca_yaml *yaml,
    const struct mca_yaml_node *node, const char *fmt, ...) MCA_PRINTF(4, 5);
#define mca_yaml_fail(...) MCA_NEVER_OK(mca_yaml_fail(__VA_ARGS__))

#endif
