/*
 * minica/manifest.h - the certificates that a project wants, in one file.
 *
 * A manifest is one YAML document (minica-manifest(5)), read as strictly as a
 * policy: authorities, defaults, certificates and the files they are put into.
 * minica/plan.h compares it with what there is.
 *
 * A manifest is immutable and may be shared between threads.
 */
#ifndef MINICA_MANIFEST_H
#define MINICA_MANIFEST_H

#include "minica/error.h"

typedef struct mca_manifest mca_manifest;

/* Finds the value of a variable of the environment; NULL if it is not set. */
typedef const char *mca_variable(void *context, const char *name);

struct mca_manifest_source {
	const char *file; /* for messages; paths are relative to where it is */
	const uint8_t *text;
	size_t length;
	mca_variable *variable; /* what ${NAME} stands for */
	/* Is told each error of several; NULL: the first ends it. */
	void (*wrong)(void *context, const struct mca_error *error);
	void *context;
};

/*
 * mca_manifest_parse reads a manifest.  Whatever is not understood, is not
 * known to this machine (an owner) or contradicts itself is MCA_EFORMAT with
 * file, line, column and the nearest right word; one alone is in `err`, of
 * several each is told to `wrong`, and `err` has their number.  Nothing is read
 * further while variables are missing.
 */
MCA_API mca_code mca_manifest_parse(mca_manifest **out,
    const struct mca_manifest_source *source, struct mca_error *err);
MCA_API void mca_manifest_free(mca_manifest *manifest);
MCA_OWNED(mca_manifest, mca_manifest_free)

/* mca_manifest_name returns the name that it gives itself. */
MCA_API const char *mca_manifest_name(const mca_manifest *manifest);

/* mca_manifest_file returns the file it is from, fit to be shown. */
MCA_API const char *mca_manifest_file(const mca_manifest *manifest);

/* mca_manifest_runs says whether it has a check or a reload, for an apply. */
MCA_API bool mca_manifest_runs(const mca_manifest *manifest);

/* mca_manifest_probes says whether an apply asks servers what they send. */
MCA_API bool mca_manifest_probes(const mca_manifest *manifest);

/*
 * mca_manifest_paths calls `take` for every path that it names, most of them
 * more than once: files that are read, and directories that are `written` to.
 */
MCA_API void mca_manifest_paths(const mca_manifest *manifest,
    void (*take)(void *context, const char *path, bool written), void *context);

#endif
