/*
 * review_name.c - one name of a request: who it wants to be.
 *
 * A name must be well-formed, must not be denied, and must be allowed; each
 * fault of each name is told.
 */
#include "review.h"

#include "idna.h"
#include "minica/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MAX_SHOWN_PATTERNS 12

/* Keys by form of name. */
static const enum mca_policy_key allow_keys[] = { MCA_PK_ALLOW_DNS,
	MCA_PK_ALLOW_IP, MCA_PK_ALLOW_EMAIL, MCA_PK_ALLOW_URI };
static const enum mca_policy_key deny_keys[] = { MCA_PK_DENY_DNS,
	MCA_PK_DENY_IP, MCA_PK_DENY_EMAIL, MCA_PK_DENY_URI };

/* One name under examination: the row grows with what is found. */
struct name_case {
	struct mca_examination *x;
	const struct mca_san_name *name;
	struct mca_review_row row;
	char because[200];
	char unicode[300];
};

/* " (bücher.example)" */
static const char *
shown_unicode(struct name_case *c)
{
	if (c->name->unicode == NULL)
		return "";
	(void)snprintf(c->unicode, sizeof(c->unicode), " (%s)",
	    c->name->unicode);
	return c->unicode;
}

/* "ab--cd": for an encoding that is not known yet; "xn--" is known. */
static bool
has_reserved(const char *name)
{
	for (const char *at = name; at != NULL; at = strchr(at, '.')) {
		at += *at == '.';
		if (strcspn(at, ".") >= 4 && strncmp(at + 2, "--", 2) == 0 &&
		    strncmp(at, "xn", 2) != 0)
			return true;
	}
	return false;
}

static void refuse(struct name_case *c, const char *because,
    const struct mca_remark *remark, const char *fmt, ...) MCA_PRINTF(4, 5);

/* The row keeps the first reason; every finding has its own. */
static void
refuse(struct name_case *c, const char *because,
    const struct mca_remark *remark, const char *fmt, ...)
{
	struct mca_review_row row = c->row;
	char reason[400];
	va_list args;

	va_start(args, fmt);
	if (vsnprintf(reason, sizeof(reason), fmt, args) < 0)
		reason[0] = '\0';
	va_end(args);
	row.decision = MCA_REFUSED;
	row.because = because;
	mca_review_find(c->x->out, &row, remark, "\"%s\"%s: %s",
	    MCA_SHOW_TAME(c->name->text), shown_unicode(c), reason);
	if (c->row.decision == MCA_REFUSED)
		return;
	c->row.decision = MCA_REFUSED;
	c->row.written = "";
	(void)snprintf(c->because, sizeof(c->because), "%s", because);
}

static void warn(struct name_case *c, const char *because,
    const struct mca_remark *remark, const char *fmt, ...) MCA_PRINTF(4, 5);

/* What is told of a name that is written all the same. */
static void
warn(struct name_case *c, const char *because, const struct mca_remark *remark,
    const char *fmt, ...)
{
	struct mca_review_row row = c->row;
	char reason[400];
	va_list args;

	va_start(args, fmt);
	if (vsnprintf(reason, sizeof(reason), fmt, args) < 0)
		reason[0] = '\0';
	va_end(args);
	row.because = because;
	mca_review_warn(c->x->out, &row, remark, "\"%s\"%s: %s",
	    MCA_SHOW_TAME(c->name->text), shown_unicode(c), reason);
}

/* Addresses that nobody can be reached at, and those with a second form. */
static const struct special {
	const char *why, *source;
	size_t length, bits; /* of the address, and how many are compared */
	uint8_t start[16];
} specials[] = {
	{ "the address that means none", "RFC 1122, 3.2.1.3", 4, 32, { 0 } },
	{ "the address of all hosts", "RFC 919, 7", 4, 32,
	    { 255, 255, 255, 255 } },
	{ "a multicast address, which is no one host", "RFC 5771", 4, 4,
	    { 0xe0 } },
	{ "the address that means none", "RFC 4291, 2.5.2", 16, 128, { 0 } },
	{ "an IPv4 address dressed as IPv6", "RFC 4291, 2.5.5.2", 16, 96,
	    { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff } },
	{ "a multicast address, which is no one host", "RFC 4291, 2.7", 16, 8,
	    { 0xff } },
};

static bool
begins_with(const uint8_t *octets, const struct special *special)
{
	for (size_t bit = 0; bit < special->bits; bit++)
		if (((octets[bit / 8] ^ special->start[bit / 8]) >>
			(7 - bit % 8)) &
		    1)
			return false;
	return true;
}

/* "::192.0.2.1" is out of use since RFC 4291; "::1" is no such address. */
static bool
is_compatible(const struct mca_san_name *name)
{
	static const uint8_t zeros[13];

	return name->raw_length == 16 && memcmp(name->raw, zeros, 12) == 0 &&
	    memcmp(name->raw + 12, zeros, 3) != 0;
}

static const struct special *
special_of(const struct mca_san_name *name)
{
	static const struct special compatible = {
		.why = "an IPv4 address dressed as IPv6",
		.source = "RFC 4291, 2.5.5.1",
	};

	if (name->form != MCA_SAN_IP)
		return NULL;
	if (is_compatible(name))
		return &compatible;
	for (size_t i = 0; i < sizeof(specials) / sizeof(specials[0]); i++)
		if (specials[i].length == name->raw_length &&
		    begins_with(name->raw, &specials[i]))
			return &specials[i];
	return NULL;
}

/* What no policy can allow. */
static bool
is_sound(struct name_case *c)
{
	const struct mca_san_name *name = c->name;
	const struct special *special = special_of(name);
	const char *unclear = NULL;

	if (name->flaw != NULL)
		refuse(c,
		    name->source == NULL ? "RFC 5280, 4.2.1.6" : name->source,
		    &(struct mca_remark){ "MC-R-NAME", "a well-formed name",
			"write the name as clients will, and make the "
			"request again" },
		    "%s", name->flaw);
	else if (special != NULL)
		refuse(c, special->source,
		    &(struct mca_remark){ "MC-R-NAME-ADDRESS",
			"the address of one host",
			"ask for the address that clients connect to" },
		    "%s", special->why);
	else if (name->form == MCA_SAN_URI &&
	    (unclear = mca_uri_unclear(name->text)) != NULL)
		refuse(c, "RFC 3986, 6.2.2",
		    &(struct mca_remark){ "MC-R-NAME-URI",
			"a URI in its shortest form",
			"write the URI as it is compared, and make the "
			"request again" },
		    "%s", unclear);
	return c->row.decision != MCA_REFUSED;
}

/* What a name looks like, where that is not what it is. */
static void
examine_labels(struct name_case *c)
{
	const mca_policy *policy = c->x->policy;
	const char *because = MCA_BECAUSE(policy, MCA_PK_ALLOW_LOOKALIKES, 0);
	struct mca_remark remark = { "MC-P-LOOKALIKE",
		"a name that cannot be taken for another",
		"ask for another name, or sign under a policy with "
		"lookalikes: warn" };
	char why[120];

	if (c->name->unicode == NULL ||
	    mca_idna_lookalike(why, sizeof(why), c->name->unicode) == NULL)
		return;
	if (policy->lookalikes == MCA_LOOKALIKES_REFUSE)
		refuse(c, because, &remark, "%s", why);
	else
		warn(c, because, &remark, "%s", why);
}

/* Labels that may come to mean something else (RFC 5890, 2.3.1). */
static void
warn_of_labels(struct name_case *c)
{
	const char *text = c->name->text;

	if (c->name->form != MCA_SAN_DNS)
		return;
	if (has_reserved(text))
		warn(c, "RFC 5890, 2.3.1",
		    &(struct mca_remark){ "MC-R-NAME-RESERVED",
			"labels without -- as their third and fourth character",
			NULL },
		    "a label has -- where an encoding would be named");
	if (!mca_idna_known() && strstr(text, "xn--") != NULL)
		warn(c, "RFC 5891, 4.2",
		    &(struct mca_remark){ "MC-R-NAME-UNREAD",
			"a minica that was built with libidn2", NULL },
		    "its A-labels cannot be decoded here, so that what they "
		    "look like is not known");
}

/*
 * A policy that names the very suffix is for those who run it; one that takes
 * any name at all is not.  Nobody runs a top-level domain for themselves, and
 * no client takes a wildcard directly below one.
 */
static bool
is_named(const struct name_case *c)
{
	const struct mca_patterns *allowed = &c->x->policy->allow[MCA_SAN_DNS];
	bool top = strchr(c->name->text + 2, '.') == NULL;

	for (size_t i = 0; !top && i < allowed->count; i++)
		if (allowed->rows[i].host != NULL &&
		    strcmp(allowed->rows[i].host, c->name->text + 2) == 0)
			return true;
	return false;
}

/* The list is read when the first wildcard asks for it. */
static bool
covers_suffix(struct name_case *c)
{
	struct mca_examination *x = c->x;
	const char *path = x->context->suffixes;
	mca_code code = MCA_OK;

	if (x->suffixes == NULL)
		code = mca_suffixes_open(&x->suffixes,
		    path == NULL ? "system" : path, &x->why);
	if (code == MCA_OK)
		code = mca_suffixes_need(x->suffixes, &x->why);
	if (code != MCA_OK)
		x->failed = code;
	return code == MCA_OK &&
	    mca_suffixes_has(x->suffixes, c->name->text + 2) && !is_named(c);
}

static void
examine_wildcard(struct name_case *c)
{
	const mca_policy *policy = c->x->policy;

	if (!mca_suffixes_concern(c->name))
		return;
	if (covers_suffix(c))
		refuse(c, "RFC 9525, 6.3; CABF BR 3.2.2.6",
		    &(struct mca_remark){ "MC-P-REGISTRY",
			"a wildcard below a name that you run",
			"ask for *.your-domain.example, or for the names "
			"themselves" },
		    "wildcard covers a whole registry");
	if (!policy->wildcards)
		refuse(c, MCA_BECAUSE(policy, MCA_PK_ALLOW_WILDCARDS, 0),
		    &(struct mca_remark){ "MC-P-WILDCARD", "names without *",
			"ask for each name, or use a policy with wildcards: "
			"true" },
		    "the policy allows no wildcards");
}

static void
examine_denied(struct name_case *c)
{
	const mca_policy *policy = c->x->policy;
	const struct mca_pattern *pattern;

	pattern = mca_patterns_touch(&policy->deny[c->name->form], c->name);
	if (pattern == NULL)
		return;
	refuse(c, MCA_BECAUSE(policy, deny_keys[c->name->form], pattern->line),
	    &(struct mca_remark){ "MC-P-NAME-DENIED",
		"a name that is not denied",
		"ask for another name; denied names win over allowed ones" },
	    "the policy denies %s%s", pattern->text,
	    mca_suffixes_concern(c->name) ? ", which the wildcard covers" : "");
}

/* What would be allowed, for the message. */
static void
show_patterns(mca_text *out, const struct mca_patterns *patterns,
    enum mca_san_form form)
{
	size_t shown = patterns->count < MAX_SHOWN_PATTERNS
	    ? patterns->count
	    : MAX_SHOWN_PATTERNS;

	if (patterns->count == 0)
		mca_text_addf(out, "no %s at all", mca_san_form_name(form));
	for (size_t i = 0; i < shown; i++)
		mca_text_addf(out, "%s%s", i == 0 ? "" : ", ",
		    MCA_SHOW_TEXT(patterns->rows[i].text));
	if (shown < patterns->count)
		mca_text_addf(out, " and %zu more", patterns->count - shown);
}

static void
examine_allowed(struct name_case *c)
{
	const mca_policy *policy = c->x->policy;
	const struct mca_patterns *allowed = &policy->allow[c->name->form];
	enum mca_policy_key key = allow_keys[c->name->form];
	const struct mca_pattern *pattern;
	scoped(mca_text) wanted = { 0 };

	pattern = mca_patterns_cover(allowed, c->name);
	if (pattern == NULL) {
		show_patterns(&wanted, allowed, c->name->form);
		refuse(c, MCA_BECAUSE(policy, key, 0),
		    &(struct mca_remark){ "MC-P-NAME", mca_text_get(&wanted),
			"ask for a name the policy allows, or sign under "
			"another policy (minica policy list)" },
		    "the policy allows %s", mca_text_get(&wanted));
		return;
	}
	if (c->row.decision != MCA_REFUSED)
		(void)mca_policy_because(c->because, sizeof(c->because), policy,
		    key, pattern->line);
}

/* A form that the language has no words for: otherName, directoryName. */
static void
refuse_form(struct name_case *c)
{
	refuse(c, "minica-policy(5), allow",
	    &(struct mca_remark){ "MC-P-NAME-FORM",
		"dNSName, iPAddress, rfc822Name or URI",
		"leave names of other forms out of the request" },
	    "no policy can allow this form of name");
}

bool
mca_review_name(struct mca_examination *x, const struct mca_san_name *name,
    bool from_cn)
{
	struct name_case c = {
		.x = x,
		.name = name,
		.row = {
		    .decision = from_cn ? MCA_ADDED : MCA_KEPT,
		    .field = mca_san_form_name(name->form),
		    .asked = name->text,
		    .written = name->text,
		    .unicode = name->unicode,
		},
	};

	if (is_sound(&c)) {
		if (name->form >= MCA_POLICY_FORMS) {
			refuse_form(&c);
		} else {
			warn_of_labels(&c);
			examine_labels(&c);
			examine_wildcard(&c);
			examine_denied(&c);
			examine_allowed(&c);
		}
	}
	c.row.because = c.because;
	mca_review_add(x->out, &c.row);
	return c.row.decision != MCA_REFUSED;
}
