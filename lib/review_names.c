/*
 * review_names.c - the names of a request: who it wants to be.
 *
 * A name must be well-formed, must not be denied, and must be allowed; each
 * fault of each name is told.
 */
#include "review.h"

#include "minica/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SHOWN_PATTERNS 12

/* Keys by form of name. */
static const enum mca_policy_key allow_keys[] = { MCA_PK_ALLOW_DNS,
	MCA_PK_ALLOW_IP, MCA_PK_ALLOW_EMAIL, MCA_PK_ALLOW_URI };
static const enum mca_policy_key deny_keys[] = { MCA_PK_DENY_DNS,
	MCA_PK_DENY_IP, MCA_PK_DENY_EMAIL, MCA_PK_DENY_URI };

/* A name asked for, in the order of the request. */
struct candidate {
	const struct mca_san_name *name;
	size_t order;
	bool repeated;
	bool from_cn;
};

/* One name under examination: the row grows with what is found. */
struct name_case {
	struct mca_examination *x;
	const struct mca_san_name *name;
	struct mca_review_row row;
	char because[200];
};

static bool
is_wildcard(const struct mca_san_name *name)
{
	return name->form == MCA_SAN_DNS && name->text[0] == '*';
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
	mca_review_find(c->x->out, &row, remark, "\"%s\": %s",
	    MCA_SHOW_TEXT(c->name->text), reason);
	if (c->row.decision == MCA_REFUSED)
		return;
	c->row.decision = MCA_REFUSED;
	c->row.written = "";
	(void)snprintf(c->because, sizeof(c->because), "%s", because);
}

static bool
is_mapped(const struct mca_san_name *name)
{
	static const uint8_t prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff,
		0xff };

	return name->form == MCA_SAN_IP && name->raw_length == 16 &&
	    memcmp(name->raw, prefix, sizeof(prefix)) == 0;
}

/* What no policy can allow. */
static bool
is_sound(struct name_case *c)
{
	const struct mca_san_name *name = c->name;
	const char *unclear = NULL;

	if (name->flaw != NULL)
		refuse(c,
		    name->source == NULL ? "RFC 5280, 4.2.1.6" : name->source,
		    &(struct mca_remark){ "MC-R-NAME", "a well-formed name",
			"write the name as clients will, and make the "
			"request again" },
		    "%s", name->flaw);
	else if (is_mapped(name))
		refuse(c, "RFC 4291, 2.5.5.2",
		    &(struct mca_remark){ "MC-R-NAME-MAPPED",
			"the IPv4 address itself",
			"ask for the address that clients connect to" },
		    "an IPv4 address dressed as IPv6");
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

static void
examine_wildcard(struct name_case *c)
{
	const mca_policy *policy = c->x->policy;
	const char *base = c->name->text + 1;

	if (!is_wildcard(c->name))
		return;
	if (*base == '\0' || strchr(base + 1, '.') == NULL)
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
	    is_wildcard(c->name) ? ", which the wildcard covers" : "");
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

static bool
examine_name(struct mca_examination *x, const struct candidate *candidate)
{
	struct name_case c = {
		.x = x,
		.name = candidate->name,
		.row = {
		    .decision = candidate->from_cn ? MCA_ADDED : MCA_KEPT,
		    .field = mca_san_form_name(candidate->name->form),
		    .asked = candidate->name->text,
		    .written = candidate->name->text,
		},
	};

	if (is_sound(&c)) {
		if (c.name->form >= MCA_POLICY_FORMS) {
			refuse_form(&c);
		} else {
			examine_wildcard(&c);
			examine_denied(&c);
			examine_allowed(&c);
		}
	}
	c.row.because = c.because;
	mca_review_add(x->out, &c.row);
	return c.row.decision != MCA_REFUSED;
}

static void
drop_name(struct mca_examination *x, const struct mca_san_name *name,
    const char *because, const char *rule, const char *why)
{
	struct mca_review_row row = {
		.decision = MCA_DROPPED,
		.field = mca_san_form_name(name->form),
		.asked = name->text,
		.because = because,
	};

	mca_review_find(x->out, &row, &(struct mca_remark){ .rule = rule },
	    "\"%s\": %s", MCA_SHOW_TEXT(name->text), why);
	mca_review_add(x->out, &row);
}

/* By form and text; equal names in the order of the request. */
static int
by_name(const void *a, const void *b)
{
	const struct candidate *left = *(struct candidate *const *)a;
	const struct candidate *right = *(struct candidate *const *)b;
	int order;

	if (left->name->form != right->name->form)
		return left->name->form < right->name->form ? -1 : 1;
	order = strcmp(left->name->text, right->name->text);
	if (order != 0)
		return order;
	return left->order < right->order ? -1 : left->order > right->order;
}

static bool
mark_repeated(struct candidate *names, size_t count)
{
	struct candidate **sorted = calloc(count, sizeof(struct candidate *));

	if (sorted == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		sorted[i] = &names[i];
	qsort(sorted, count, sizeof(struct candidate *), by_name);
	for (size_t i = 1; i < count; i++)
		sorted[i]->repeated =
		    sorted[i - 1]->name->form == sorted[i]->name->form &&
		    strcmp(sorted[i - 1]->name->text, sorted[i]->name->text) ==
			0;
	free(sorted);
	return true;
}

/* A CN that reads as a name, where the policy lets it become one. */
static const struct mca_san_name *
name_in_cn(struct mca_examination *x)
{
	const char *cn = mca_review_common_name(x);
	struct mca_error why;
	mca_code code;

	if (!x->policy->cn_is_name || cn == NULL)
		return NULL;
	code = mca_san_new(&x->from_cn, &cn, 1, &why);
	if (code == MCA_ESYSTEM)
		x->out->lost = true;
	if (code != MCA_OK)
		return NULL;
	return mca_san_at(x->from_cn, 0);
}

static void
check_count(struct mca_examination *x, size_t count)
{
	char asked[32];
	struct mca_review_row row = {
		.decision = MCA_REFUSED,
		.field = "subjectAltName",
		.asked = asked,
		.because = MCA_BECAUSE(x->policy, MCA_PK_ALLOW_NAMES, 0),
	};

	if (count <= (size_t)x->policy->names_max)
		return;
	(void)snprintf(asked, sizeof(asked), "%zu names", count);
	mca_review_find(x->out, &row,
	    &(struct mca_remark){ "MC-P-NAMES", "fewer names",
		"split the request into several" },
	    "%zu names; the policy allows %jd in one certificate", count,
	    (intmax_t)x->policy->names_max);
	mca_review_add(x->out, &row);
}

static void
refuse_nameless(struct mca_examination *x)
{
	const char *cn = mca_review_common_name(x);
	bool named = cn != NULL &&
	    mca_dns_flaw(cn, strlen(cn), false) == NULL &&
	    strchr(cn, '.') != NULL;
	char hint[400];
	struct mca_review_row row = {
		.decision = MCA_REFUSED,
		.field = "subjectAltName",
		.because = "RFC 9525, 6.1: clients look nowhere else",
	};

	(void)snprintf(hint, sizeof(hint),
	    "openssl req -new -key KEY -subj \"/\" -addext "
	    "\"subjectAltName=DNS:%s\"",
	    named ? MCA_SHOW_TEXT(cn) : "www.example.org");
	mca_review_find(x->out, &row,
	    &(struct mca_remark){ "MC-P-NO-NAMES", "at least one name", hint },
	    "the request names nobody%s",
	    cn == NULL ? "" : "; its CN is not a name for clients");
	mca_review_add(x->out, &row);
}

static void
examine_all(struct mca_examination *x, struct candidate *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (names[i].repeated)
			drop_name(x, names[i].name, "RFC 5280, 4.2.1.6",
			    "MC-R-NAME-TWICE", "asked for twice");
		else if (examine_name(x, &names[i]))
			x->approved[x->approved_count++] = names[i].name;
	}
}

static void
examine_leaf(struct mca_examination *x, const mca_san *san)
{
	const struct mca_san_name *extra = name_in_cn(x);
	size_t count = mca_san_count(san);
	struct candidate *names = calloc(count + 1, sizeof(*names));

	x->approved = calloc(count + 1, sizeof(*x->approved));
	if (names == NULL || x->approved == NULL) {
		free(names);
		x->out->lost = true;
		return;
	}
	for (size_t i = 0; i < count; i++)
		names[i] = (struct candidate){ .name = mca_san_at(san, i),
			.order = i };
	if (extra != NULL && !mca_san_has(san, extra->form, extra->text)) {
		names[count] = (struct candidate){ .name = extra,
			.order = count,
			.from_cn = true };
		count++;
	}
	if (count == 0)
		refuse_nameless(x);
	else if (mark_repeated(names, count))
		examine_all(x, names, count);
	else
		x->out->lost = true;
	check_count(x, count);
	free(names);
}

void
mca_review_names(struct mca_examination *x)
{
	const mca_san *san = mca_csr_san(x->csr);

	if (x->policy->kind == MCA_FOR_LEAF) {
		examine_leaf(x, san);
		return;
	}
	for (size_t i = 0; i < mca_san_count(san); i++)
		drop_name(x, mca_san_at(san, i),
		    MCA_BECAUSE(x->policy, MCA_PK_FOR, 0), "MC-P-NAME-DROPPED",
		    "a CA certificate is known by its "
		    "subject, not by names");
}
