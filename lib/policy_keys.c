/*
 * policy_keys.c - the keys of the policy language, as rows.
 */
#include "policy_value.h"

#include "minica/limits.h"

const char *const mca_policy_attributes[] = { "DC", "C", "ST", "L", "street",
	"postalCode", "O", "OU", "title", "SN", "GN", "serialNumber", "UID",
	"CN", NULL };

#define FIELD(name) offsetof(struct mca_policy, name)
#define CENTURY (36500 * MCA_DAY)
#define DNS "a list such as [example.org, \"*.example.org\", .example.org]"
#define IP "a list such as [10.0.0.1, 10.0.0.0/8, \"2001:db8::/32\"]"
#define EMAIL "a list such as [a@example.org, \"@example.org\", .example.org]"
#define URI "a list such as [\"https://example.org\", \"spiffe://td/ns/\"]"
#define URLS "a list of URLs such as [\"http://pki.example.org/ca.crl\"]"
#define TYPES "a list of subject attributes such as [CN, O, OU, C]"
#define DAYS "1m to 36500 days, as a number of days or with a unit (12h)"

static const char *const kinds[] = { "leaf", "intermediate", "root", NULL };
static const char *const key_reuses[] = { "allow", "same-names", "refuse",
	NULL };
static const char *const held_names[] = { "allow", "refuse", NULL };
static const char *const beyonds[] = { "refuse", "clamp", NULL };
static const char *const lookalikes[] = { "refuse", "warn", NULL };
static const char *const common_names[] = { "none", "names", NULL };

/* clang-format off */
static const struct mca_key_row rows[] = {
	[MCA_PK_POLICY] = { "policy", mca_policy_read_name, FIELD(name),
	    "a name of at most 63 of a-z, 0-9, - and _", NULL, 0, 0 },
	[MCA_PK_SUMMARY] = { "summary", mca_policy_read_text, FIELD(summary),
	    "a sentence", NULL, 0, 0 },
	[MCA_PK_FOR] = { "for", mca_policy_read_choice, FIELD(kind),
	    "leaf, intermediate or root", kinds, 0, 0 },
	[MCA_PK_EXTENDS] = { "extends", mca_policy_read_name, FIELD(extends),
	    "the name of a built-in policy", NULL, 0, 0 },
	[MCA_PK_ISSUER] = { "issuer", mca_policy_read_text, FIELD(issuer),
	    "the label of an authority of the home", NULL, 0, 0 },
	[MCA_PK_ALLOW_KEYS] = { "allow.keys",
	    mca_policy_read_algorithms, FIELD(keys),
	    "a list of key algorithms such as [ec-p256, rsa-3072]",
	    NULL, 0, 0 },
	[MCA_PK_ALLOW_DNS] = { "allow.dns", mca_policy_read_patterns,
	    FIELD(allow[MCA_SAN_DNS]), DNS, NULL, MCA_SAN_DNS, 0 },
	[MCA_PK_ALLOW_IP] = { "allow.ip", mca_policy_read_patterns,
	    FIELD(allow[MCA_SAN_IP]), IP, NULL, MCA_SAN_IP, 0 },
	[MCA_PK_ALLOW_EMAIL] = { "allow.email", mca_policy_read_patterns,
	    FIELD(allow[MCA_SAN_EMAIL]), EMAIL, NULL, MCA_SAN_EMAIL, 0 },
	[MCA_PK_ALLOW_URI] = { "allow.uri", mca_policy_read_patterns,
	    FIELD(allow[MCA_SAN_URI]), URI, NULL, MCA_SAN_URI, 0 },
	[MCA_PK_ALLOW_WILDCARDS] = { "allow.wildcards", mca_policy_read_bool,
	    FIELD(wildcards), "true or false", NULL, 0, 0 },
	[MCA_PK_ALLOW_NAMES] = { "allow.names", mca_policy_read_count,
	    FIELD(names_max), "a number from 0 to 10000", NULL,
	    0, MCA_LIMIT_NAMES_READ },
	[MCA_PK_ALLOW_CN] = { "allow.cn",
	    mca_policy_read_bool, FIELD(cn_is_name),
	    "true or false", NULL, 0, 0 },
	[MCA_PK_KEY_REUSE] = { "allow.key_reuse", mca_policy_read_choice,
	    FIELD(key_reuse), "allow, same-names or refuse", key_reuses, 0, 0 },
	[MCA_PK_HELD_NAMES] = { "allow.held_names", mca_policy_read_choice,
	    FIELD(held_names), "allow or refuse", held_names, 0, 0 },
	[MCA_PK_ALLOW_LOOKALIKES] = { "allow.lookalikes",
	    mca_policy_read_choice, FIELD(lookalikes),
	    "refuse or warn", lookalikes, 0, 0 },
	[MCA_PK_DENY_DNS] = { "deny.dns", mca_policy_read_patterns,
	    FIELD(deny[MCA_SAN_DNS]), DNS, NULL, MCA_SAN_DNS, 0 },
	[MCA_PK_DENY_IP] = { "deny.ip", mca_policy_read_patterns,
	    FIELD(deny[MCA_SAN_IP]), IP, NULL, MCA_SAN_IP, 0 },
	[MCA_PK_DENY_EMAIL] = { "deny.email", mca_policy_read_patterns,
	    FIELD(deny[MCA_SAN_EMAIL]), EMAIL, NULL, MCA_SAN_EMAIL, 0 },
	[MCA_PK_DENY_URI] = { "deny.uri", mca_policy_read_patterns,
	    FIELD(deny[MCA_SAN_URI]), URI, NULL, MCA_SAN_URI, 0 },
	[MCA_PK_DAYS] = { "profile.days", mca_policy_read_days, FIELD(life),
	    DAYS, NULL, MCA_MINUTE, CENTURY },
	[MCA_PK_MIN_DAYS] = { "profile.min_days",
	    mca_policy_read_days, FIELD(min_life),
	    DAYS, NULL, MCA_MINUTE, CENTURY },
	[MCA_PK_MAX_DAYS] = { "profile.max_days",
	    mca_policy_read_days, FIELD(max_life),
	    DAYS, NULL, MCA_MINUTE, CENTURY },
	[MCA_PK_BEYOND] = { "profile.beyond",
	    mca_policy_read_choice, FIELD(beyond),
	    "refuse or clamp", beyonds, 0, 0 },
	[MCA_PK_BACKDATE] = { "profile.backdate", mca_policy_read_span,
	    FIELD(profile.backdate), "0 to 7d, with a unit (5m)", NULL,
	    0, 7 * MCA_DAY },
	[MCA_PK_CA] = { "profile.ca", mca_policy_read_bool, FIELD(profile.ca),
	    "true or false", NULL, 0, 0 },
	[MCA_PK_PATH_LEN] = { "profile.path_len", mca_policy_read_path_len,
	    FIELD(profile.path_len), "a number from 0 to 10, or none", NULL,
	    0, 10 },
	[MCA_PK_KEY_USAGE] = { "profile.key_usage", mca_policy_read_key_usage,
	    FIELD(profile.key_usage),
	    "a list such as [digitalSignature, keyEncipherment]", NULL, 0, 0 },
	[MCA_PK_EXT_KEY_USAGE] = { "profile.extended_key_usage",
	    mca_policy_read_oids,
	    FIELD(profile.ext_key_usage),
	    "a list such as [serverAuth, clientAuth, 1.3.6.1.4.1.311.20.2.2]",
	    mca_ext_key_usage_names, 0, 0 },
	[MCA_PK_COMMON_NAME] = { "profile.subject.common_name",
	    mca_policy_read_choice,
	    FIELD(common_name), "names or none", common_names, 0, 0 },
	[MCA_PK_FIXED] = { "profile.subject.fixed",
	    mca_policy_read_fixed, FIELD(fixed),
	    "subject attributes with their values such as { O: Example Ltd }",
	    NULL, 0, 0 },
	[MCA_PK_KEEP] = { "profile.subject.keep", mca_policy_read_attributes,
	    FIELD(keep), TYPES, NULL, 0, 0 },
	[MCA_PK_REQUIRE] = { "profile.subject.require",
	    mca_policy_read_attributes,
	    FIELD(require), TYPES, NULL, 0, 0 },
	[MCA_PK_CRL_URLS] = { "profile.crl_urls", mca_policy_read_urls,
	    FIELD(profile.crl_urls), URLS, NULL, 0, 0 },
	[MCA_PK_ISSUER_URLS] = { "profile.issuer_urls", mca_policy_read_urls,
	    FIELD(profile.issuer_urls), URLS, NULL, 0, 0 },
	[MCA_PK_OCSP_URLS] = { "profile.ocsp_urls", mca_policy_read_urls,
	    FIELD(profile.ocsp_urls), URLS, NULL, 0, 0 },
	[MCA_PK_CERTIFICATE_POLICIES] = { "profile.certificate_policies",
	    mca_policy_read_oids, FIELD(profile.certificate_policies),
	    "a list of OIDs such as [1.3.6.1.4.1.99999.1]", NULL, 0, 0 },
	[MCA_PK_EXTENSIONS] = { "profile.extensions", mca_policy_read_extensions,
	    FIELD(profile), "a list", NULL, 0, 0 },
	[MCA_PK_TESTS] = { "tests", mca_policy_read_tests, FIELD(cases),
	    "a list such as [{ names: [a.example.org], expect: accept }]",
	    NULL, 0, 0 },
};
/* clang-format on */
_Static_assert(sizeof(rows) / sizeof(rows[0]) == MCA_PK_COUNT, "a row each");

const char *
mca_policy_key_path(enum mca_policy_key key)
{
	return rows[key].path;
}

mca_code
mca_policy_read(mca_policy *policy, enum mca_policy_key key,
    const mca_yaml *yaml, const struct mca_yaml_node *node,
    struct mca_error *err)
{
	struct mca_reading r = { &rows[key], yaml, err };

	return rows[key].read(&r, node, (char *)policy + rows[key].offset);
}
