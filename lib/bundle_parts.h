/*
 * bundle_parts.h - what the layouts' encoders share.
 */
#ifndef MCA_BUNDLE_PARTS_H
#define MCA_BUNDLE_PARTS_H

#include "error.h"
#include "minica/bundle.h"
#include "minica/owned.h"

typedef mca_code mca_bundle_encoder(mca_blob *out,
    const struct mca_bundle *what, struct mca_error *err);

mca_bundle_encoder mca_bundle_pkcs12, mca_bundle_pkcs12_legacy,
    mca_bundle_trust_store, mca_bundle_kubernetes;

/* mca_bundle_chain appends certificate and intermediates as PEM. */
mca_bundle_encoder mca_bundle_chain;

#endif
