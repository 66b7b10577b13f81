/*
 * manifest_parts.h - what the files that read manifests share.
 */
#ifndef MCA_MANIFEST_PARTS_H
#define MCA_MANIFEST_PARTS_H

#include "manifest.h"
#include "manifest_value.h"

/* The keys of each mapping, ended by a row without a path. */
extern const struct mca_key_row mca_manifest_document[],
    mca_manifest_authority[], mca_manifest_certificate[], mca_manifest_output[];
extern const struct mca_key_row *const mca_manifest_defaults;

/*
 * mca_manifest_settle turns what was read of a certificate into what is meant:
 * {name} replaced, paths absolute; and refuses what contradicts itself.
 * mca_manifest_settle_output does so for one of its outputs, whose owner must
 * be known; it comes after.
 */
mca_code mca_manifest_settle(const mca_manifest *manifest,
    struct mca_wanted *wanted, struct mca_error *err);
mca_code mca_manifest_settle_output(const mca_manifest *manifest,
    const struct mca_wanted *wanted, struct mca_output *output,
    struct mca_error *err);

#endif
