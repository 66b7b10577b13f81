/*
 * review_extensions.c - the extensions of a request, none of which is copied,
 * and those that the policy adds.
 */
#include "review.h"

#include "minica/text.h"
#include "minica/x509.h"

#include <stdio.h>
#include <string.h>

#define OID_KEY_USAGE "2.5.29.15"
#define OID_SAN "2.5.29.17"
#define OID_BASIC_CONSTRAINTS "2.5.29.19"
#define OID_EXT_KEY_USAGE "2.5.29.37"
#define OID_NETSCAPE_TYPE "2.16.840.1.113730.1.1"

/* What we write ourselves where it is called for, and the key that says so. */
static const struct {
	const char *oid;
	enum mca_policy_key key;
} ours[] = {
	{ OID_KEY_USAGE, MCA_PK_KEY_USAGE },
	{ OID_SAN, MCA_PK_ALLOW_DNS },
	{ OID_BASIC_CONSTRAINTS, MCA_PK_CA },
	{ "2.5.29.14", MCA_PK_FOR },
	{ "2.5.29.35", MCA_PK_FOR },
	{ "2.5.29.31", MCA_PK_CRL_URLS },
	{ "2.5.29.32", MCA_PK_CERTIFICATE_POLICIES },
	{ "2.5.29.37", MCA_PK_EXT_KEY_USAGE },
	{ "1.3.6.1.5.5.7.1.1", MCA_PK_ISSUER_URLS },
};

/* writer_of returns the key that has an extension written, or MCA_PK_COUNT. */
static enum mca_policy_key
writer_of(const mca_policy *policy, const char *oid)
{
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strcmp(ours[i].oid, oid) == 0)
			return ours[i].key;
	for (size_t i = 0; i < policy->profile.extra_count; i++)
		if (strcmp(policy->profile.extra[i].oid, oid) == 0)
			return MCA_PK_EXTENSIONS;
	return MCA_PK_COUNT;
}

static bool
is_oid(const struct mca_csr_extension *asked, const char *oid)
{
	return strcmp(asked->oid, oid) == 0;
}

/* Only certificates of CAs have these (RFC 5280, 4.2.1.10 and on). */
static const char *const for_cas[] = {
	"2.5.29.30", /* nameConstraints */
	"2.5.29.33", /* policyMappings */
	"2.5.29.36", /* policyConstraints */
	"2.5.29.54", /* inhibitAnyPolicy */
};

/* A leaf's request for what only a CA may have is no slip to pass over. */
static bool
asks_for_ca(const struct mca_csr_extension *asked)
{
	if (is_oid(asked, OID_BASIC_CONSTRAINTS))
		return strstr(asked->asks, "CA:TRUE") != NULL;
	if (is_oid(asked, OID_KEY_USAGE))
		return strstr(asked->asks, "keyCertSign") != NULL ||
		    strstr(asked->asks, "cRLSign") != NULL;
	if (is_oid(asked, OID_NETSCAPE_TYPE))
		return strstr(asked->asks, " CA") != NULL;
	for (size_t i = 0; i < sizeof(for_cas) / sizeof(for_cas[0]); i++)
		if (is_oid(asked, for_cas[i]))
			return true;
	return false;
}

/* These decide over trust; what cannot be read must not be waved through. */
static bool
is_unreadable(const struct mca_csr_extension *asked)
{
	static const char unreadable[] = "(not decodable)";

	if (strncmp(asked->asks, unreadable, sizeof(unreadable) - 1) == 0)
		return true;
	return *asked->asks == '\0' &&
	    (is_oid(asked, OID_KEY_USAGE) || is_oid(asked, OID_EXT_KEY_USAGE));
}

/* One extension under examination, and the row that tells of it. */
struct extension_case {
	struct mca_examination *x;
	const struct mca_csr_extension *asked;
	struct mca_review_row row;
	char because[200];
};

/* The row keeps the first reason; every finding has its own. */
static void
refuse(struct extension_case *c, const char *because,
    const struct mca_remark *remark, const char *detail)
{
	struct mca_review_row row = c->row;

	row.decision = MCA_REFUSED;
	row.because = because;
	mca_review_find(c->x->out, &row, remark, "%s", detail);
	if (c->row.decision == MCA_REFUSED)
		return;
	c->row.decision = MCA_REFUSED;
	(void)snprintf(c->because, sizeof(c->because), "%s", because);
}

static void
examine_twice(struct extension_case *c)
{
	bool san = is_oid(c->asked, OID_SAN);
	char detail[100];

	if (c->asked->times < 2)
		return;
	(void)snprintf(detail, sizeof(detail),
	    "asked for %zu times; which one is meant cannot be known",
	    c->asked->times);
	refuse(c, "RFC 5280, 4.2",
	    &(struct mca_remark){ san ? "MC-R-SAN-TWICE" : "MC-R-EXT-TWICE",
		"each extension once",
		san ? "put all names into one subjectAltName"
		    : "make the request again with each extension once" },
	    detail);
}

static void
examine_ca(struct extension_case *c)
{
	if (is_unreadable(c->asked))
		refuse(c, "RFC 5280, 4.2.1",
		    &(struct mca_remark){ "MC-R-EXT", "a well-formed extension",
			"make the request again without it" },
		    *c->asked->asks == '\0' ? "it names no usage"
					    : "it cannot be decoded");
	else if (c->x->policy->kind == MCA_FOR_LEAF && asks_for_ca(c->asked))
		refuse(c, MCA_BECAUSE(c->x->policy, MCA_PK_FOR, 0),
		    &(struct mca_remark){ "MC-P-CA", "a request for a leaf",
			"leave it out of the request; for a CA, sign with "
			"--policy intermediate or run minica "
			"init-intermediate" },
		    "asks for the powers of a CA in a certificate that is "
		    "for a leaf");
}

/*
 * Servers and clients ask for each other's usage out of habit, which is passed
 * over.  Any other usage is a power (to sign code, time or OCSP responses, to
 * log on, to do anything), and who asks for one in vain is told no.
 */
static bool
is_habit(const char *oid)
{
	return strcmp(oid, "1.3.6.1.5.5.7.3.1") == 0 ||
	    strcmp(oid, "1.3.6.1.5.5.7.3.2") == 0;
}

static void
examine_usage(struct extension_case *c, const char *oid)
{
	const mca_policy *policy = c->x->policy;
	char detail[200];

	if (is_habit(oid) || mca_words_has(&policy->profile.ext_key_usage, oid))
		return;
	(void)snprintf(detail, sizeof(detail),
	    "asks for %s, a power that the policy does not give",
	    MCA_SHOW_TEXT(mca_ext_key_usage_name(oid)));
	refuse(c, MCA_BECAUSE(policy, MCA_PK_EXT_KEY_USAGE, 0),
	    &(struct mca_remark){ "MC-P-EXT-USAGE",
		"usages that the policy gives",
		"leave it out of the request, or sign under a policy whose "
		"profile.extended_key_usage has it" },
	    detail);
}

static void
examine_usages(struct extension_case *c)
{
	for (size_t i = 0; i < c->asked->usage_count; i++)
		examine_usage(c, c->asked->usages[i]);
}

/* Critical means: do not use this without it.  So we do not. */
static void
examine_critical(struct extension_case *c)
{
	const mca_policy *policy = c->x->policy;

	if (!c->asked->critical || c->row.decision == MCA_REFUSED ||
	    writer_of(policy, c->asked->oid) != MCA_PK_COUNT)
		return;
	refuse(c, MCA_BECAUSE(policy, MCA_PK_EXTENSIONS, 0),
	    &(struct mca_remark){ "MC-P-EXT-CRITICAL",
		"no critical extension that the policy does not write",
		"leave it out, or add it to profile.extensions of a policy "
		"of your own" },
	    "asked for as critical, and the policy does not write it");
}

static void
drop(struct extension_case *c)
{
	const mca_policy *policy = c->x->policy;
	enum mca_policy_key key = writer_of(policy, c->asked->oid);
	bool ours_too = key != MCA_PK_COUNT;

	c->row.decision = MCA_DROPPED;
	(void)mca_policy_because(c->because, sizeof(c->because), policy,
	    ours_too ? key : MCA_PK_EXTENSIONS, 0);
	mca_review_find(c->x->out, &c->row,
	    &(struct mca_remark){ .rule = "MC-P-EXT-DROPPED" },
	    "not copied: %s",
	    ours_too ? "the policy writes its own where it is called for"
		     : "the policy does not write it");
}

static void
examine_extension(struct mca_examination *x,
    const struct mca_csr_extension *asked)
{
	struct extension_case c = {
		.x = x,
		.asked = asked,
		.row = { .decision = MCA_KEPT,
		    .field = asked->name,
		    .asked = asked->asks },
	};

	c.row.because = c.because;
	examine_twice(&c);
	examine_ca(&c);
	examine_usages(&c);
	examine_critical(&c);
	/* A subjectAltName has had a row for each of its names. */
	if (c.row.decision == MCA_KEPT && is_oid(asked, OID_SAN))
		return;
	if (c.row.decision == MCA_KEPT)
		drop(&c);
	mca_review_add(x->out, &c.row);
}

/* Nothing is made of challengePassword, unstructuredName and their like. */
static void
drop_attribute(struct mca_examination *x, const char *name)
{
	mca_review_add(x->out,
	    &(struct mca_review_row){ .decision = MCA_DROPPED,
		.field = name,
		.asked = "(not shown)",
		.because = "RFC 2985, 5.4: no certificate holds it" });
}

void
mca_review_extensions(struct mca_examination *x)
{
	for (size_t i = 0; i < mca_csr_attribute_count(x->csr); i++)
		drop_attribute(x, mca_csr_attribute_at(x->csr, i));
	for (size_t i = 0; i < mca_csr_extension_count(x->csr); i++)
		examine_extension(x, mca_csr_extension_at(x->csr, i));
}

/* ---- what the policy adds ---- */

static void
add(struct mca_examination *x, const char *field, const char *written,
    enum mca_policy_key key)
{
	mca_review_add(x->out,
	    &(struct mca_review_row){ .decision = MCA_ADDED,
		.field = field,
		.written = written,
		.because = MCA_BECAUSE(x->policy, key, 0) });
}

static void
add_words(struct mca_examination *x, const char *field,
    const struct mca_words *words, enum mca_policy_key key)
{
	scoped(mca_text) text = { 0 };

	if (words->count == 0)
		return;
	for (size_t i = 0; i < words->count; i++)
		mca_text_addf(&text, "%s%s", i == 0 ? "" : ", ",
		    key == MCA_PK_EXT_KEY_USAGE
			? mca_ext_key_usage_name(words->words[i])
			: words->words[i]);
	add(x, field, mca_text_get(&text), key);
}

/* Only RSA enciphers (RFC 8813, 3); tbs.c leaves the bits out as well. */
static unsigned
usage_for(const struct mca_examination *x)
{
	unsigned usage = x->policy->profile.key_usage;

	if (strncmp(mca_spki_algorithm(mca_csr_spki(x->csr)), "rsa-", 4) != 0)
		usage &= ~(unsigned)(MCA_KU_KEY_ENCIPHERMENT |
		    MCA_KU_DATA_ENCIPHERMENT);
	return usage;
}

static void
add_key_usage(struct mca_examination *x)
{
	unsigned usage = usage_for(x);
	char text[200];
	struct mca_review_row row = {
		.decision = MCA_REFUSED,
		.field = "keyUsage",
		.because = MCA_BECAUSE(x->policy, MCA_PK_KEY_USAGE, 0),
	};

	if (usage != 0) {
		add(x, "keyUsage",
		    mca_profile_usage_text(text, sizeof(text), usage),
		    MCA_PK_KEY_USAGE);
		return;
	}
	mca_review_find(x->out, &row,
	    &(struct mca_remark){ "MC-P-KEY-USAGE", "an RSA key",
		"make an RSA key, or add digitalSignature to "
		"profile.key_usage" },
	    "the policy's usages are for RSA keys alone");
	mca_review_add(x->out, &row);
}

static void
add_basic_constraints(struct mca_examination *x)
{
	long path_len = x->policy->profile.path_len;
	char text[64];

	if (!x->policy->profile.ca) {
		add(x, "basicConstraints", "CA:FALSE", MCA_PK_CA);
		return;
	}
	(void)snprintf(text, sizeof(text), "CA:TRUE, pathLenConstraint:%ld",
	    path_len);
	add(x, "basicConstraints", path_len < 0 ? "CA:TRUE" : text,
	    MCA_PK_PATH_LEN);
}

void
mca_review_additions(struct mca_examination *x)
{
	const struct mca_profile *profile = &x->policy->profile;
	char text[200];

	add_basic_constraints(x);
	add_key_usage(x);
	add_words(x, "extKeyUsage", &profile->ext_key_usage,
	    MCA_PK_EXT_KEY_USAGE);
	add_words(x, "cRLDistributionPoints", &profile->crl_urls,
	    MCA_PK_CRL_URLS);
	add_words(x, "authorityInfoAccess caIssuers", &profile->issuer_urls,
	    MCA_PK_ISSUER_URLS);
	add_words(x, "authorityInfoAccess OCSP", &profile->ocsp_urls,
	    MCA_PK_OCSP_URLS);
	add_words(x, "certificatePolicies", &profile->certificate_policies,
	    MCA_PK_CERTIFICATE_POLICIES);
	for (size_t i = 0; i < profile->extra_count; i++) {
		(void)snprintf(text, sizeof(text), "%zu bytes of DER%s",
		    profile->extra[i].length,
		    profile->extra[i].critical ? ", critical" : "");
		add(x, profile->extra[i].oid, text, MCA_PK_EXTENSIONS);
	}
}
