/*
 * manifest_value.h - values of a manifest that a policy has none of.
 */
#ifndef MCA_MANIFEST_VALUE_H
#define MCA_MANIFEST_VALUE_H

#include "policy_value.h"

mca_policy_reader mca_manifest_read_label; /* of a file or an authority */
mca_policy_reader mca_manifest_read_text;  /* one line, as long as a path */
mca_policy_reader mca_manifest_read_algorithm;
mca_policy_reader mca_manifest_read_hosts; /* a mca_san * */
mca_policy_reader mca_manifest_read_words; /* a list of them */
mca_policy_reader mca_manifest_read_mode;
mca_policy_reader mca_manifest_read_labels;
mca_policy_reader mca_manifest_read_files; /* names of a struct mca_output */

#endif
