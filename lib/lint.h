/*
 * lint.h - the checks behind the rules of lint, by family.
 *
 * A check returns true when its rule is broken, having said in `fault` what
 * was found; the rows in lint.c say what was wanted.
 */
#ifndef MCA_LINT_PRIVATE_H
#define MCA_LINT_PRIVATE_H

#include "facts.h"
#include "minica/lint.h"
#include "rules.h"

typedef bool mca_lint_check(const struct mca_facts *facts,
    struct mca_fault *fault);

/* lint_der.c: the encoding. */
mca_lint_check mca_lint_not_der, mca_lint_default_written,
    mca_lint_crl_signature_same;

/* lint_form.c: the fields of TBSCertificate. */
mca_lint_check mca_lint_version, mca_lint_unique_id, mca_lint_serial_positive,
    mca_lint_serial_long, mca_lint_serial_short, mca_lint_issuer_empty,
    mca_lint_subject_empty, mca_lint_validity_order, mca_lint_validity_form,
    mca_lint_signature_differs, mca_lint_signature_weak,
    mca_lint_signature_parameters;

/* lint_name.c: distinguished names. */
mca_lint_check mca_lint_dn_type, mca_lint_dn_length, mca_lint_dn_text,
    mca_lint_dn_country, mca_lint_dn_spaces;

/* lint_key.c: the public key. */
mca_lint_check mca_lint_key_unreadable, mca_lint_key_small, mca_lint_key_broken,
    mca_lint_key_odd, mca_lint_key_exponent, mca_lint_key_curve,
    mca_lint_key_parameters;

/* lint_extension.c: extensions in general, and those about keys and CAs. */
mca_lint_check mca_lint_ext_twice, mca_lint_ext_malformed, mca_lint_ext_unknown,
    mca_lint_ski_missing, mca_lint_ski_critical, mca_lint_aki_missing,
    mca_lint_aki_form, mca_lint_aki_serial, mca_lint_aki_critical,
    mca_lint_aki_own, mca_lint_ca_critical, mca_lint_path_len,
    mca_lint_nc_critical, mca_lint_nc_leaf, mca_lint_nc_distance,
    mca_lint_nc_empty, mca_lint_policy_twice, mca_lint_url_critical,
    mca_lint_url_form, mca_lint_url_https;

/* lint_usage.c: what the key may be used for. */
mca_lint_check mca_lint_usage_missing, mca_lint_usage_missing_leaf,
    mca_lint_usage_critical, mca_lint_usage_empty, mca_lint_usage_trailing,
    mca_lint_usage_cert_sign, mca_lint_usage_ca, mca_lint_usage_encipher,
    mca_lint_usage_agreement, mca_lint_usage_only, mca_lint_purpose_any,
    mca_lint_purpose_critical, mca_lint_purpose_empty, mca_lint_purpose_twice,
    mca_lint_purpose_missing;

/* lint_san.c: names, and the clients that read them. */
mca_lint_check mca_lint_san_missing, mca_lint_san_empty,
    mca_lint_san_not_critical, mca_lint_san_critical, mca_lint_san_name,
    mca_lint_san_twice, mca_lint_san_registry, mca_lint_common_name,
    mca_lint_ca_names, mca_lint_life_398, mca_lint_life_825, mca_lint_ed25519;

/* lint_request.c: what requests alone have. */
mca_lint_check mca_lint_request_version, mca_lint_request_twice,
    mca_lint_request_password, mca_lint_request_names;

/* lint_crl.c: what revocation lists alone have. */
mca_lint_check mca_lint_crl_version, mca_lint_crl_next_missing,
    mca_lint_crl_order, mca_lint_crl_times, mca_lint_crl_no_entries,
    mca_lint_crl_number_missing, mca_lint_crl_number_form, mca_lint_crl_aki,
    mca_lint_crl_scope_critical, mca_lint_crl_entry_twice, mca_lint_crl_reason,
    mca_lint_crl_unspecified, mca_lint_crl_entry_critical;

/* UTCTime through 2049, GeneralizedTime after; seconds, Z, no fraction. */
bool mca_lint_time_fits(const ASN1_TIME *time);

/* mca_lint_is_server says whether a leaf says that it is for TLS servers. */
bool mca_lint_is_server(const struct mca_facts *facts);

#endif
