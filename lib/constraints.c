/*
 * constraints.c - see constraints.h.
 */
#include "constraints.h"

#include "minica/san.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Bytes that belong to someone else, in no particular encoding. */
struct span {
	const char *at;
	size_t length;
};

static struct span
span_of(const ASN1_STRING *string)
{
	return (struct span){ (const char *)ASN1_STRING_get0_data(string),
		(size_t)ASN1_STRING_length(string) };
}

static struct span
after(struct span span, size_t count)
{
	return (struct span){ span.at + count, span.length - count };
}

static bool
same(struct span a, struct span b)
{
	return a.length == b.length && strncasecmp(a.at, b.at, a.length) == 0;
}

static bool
ends_with(struct span text, struct span end)
{
	return text.length >= end.length &&
	    same(after(text, text.length - end.length), end);
}

static bool
begins_with_dot(struct span span)
{
	return span.length > 0 && span.at[0] == '.';
}

static struct span
without_last_dot(struct span span)
{
	if (span.length > 0 && span.at[span.length - 1] == '.')
		span.length--;
	return span;
}

/* Cuts `span` behind its last `mark` into `rest`; false without a mark. */
static bool
cut_behind_last(struct span span, char mark, struct span *rest)
{
	const char *found =
	    span.length == 0 ? NULL : memrchr(span.at, mark, span.length);

	if (found == NULL)
		return false;
	*rest = after(span, (size_t)(found - span.at) + 1);
	return true;
}

/* dNSName: zero or more labels more on the left. */
static bool
dns_within(struct span name, struct span base)
{
	name = without_last_dot(name);
	base = without_last_dot(base);
	if (base.length == 0 || same(name, base))
		return true;
	return ends_with(name, base) &&
	    name.at[name.length - base.length - 1] == '.';
}

/*
 * An excluded tree excludes a wildcard already when one of the hosts that it
 * covers is in the tree: "*.example.com" stands for "a.example.com" too.
 */
static bool
dns_overlaps(struct span name, struct span base)
{
	const char *dot;

	if (dns_within(name, base))
		return true;
	if (name.length < 2 || memcmp(name.at, "*.", 2) != 0)
		return false;
	dot = memchr(base.at, '.', base.length);
	return dot != NULL &&
	    same(without_last_dot(after(name, 2)),
		without_last_dot(after(base, (size_t)(dot - base.at) + 1)));
}

/* The host of a mailbox or URI: that host, or with a dot those below it. */
static bool
host_within(struct span host, struct span base)
{
	host = without_last_dot(host);
	if (begins_with_dot(base))
		return host.length > base.length && ends_with(host, base);
	return base.length == 0 || same(host, without_last_dot(base));
}

/* The local part of a mailbox is compared as it is, case and all. */
static bool
email_within(struct span name, struct span base)
{
	struct span host, base_host;
	size_t local;

	if (!cut_behind_last(name, '@', &host))
		return false;
	if (!cut_behind_last(base, '@', &base_host))
		return host_within(host, base);
	local = name.length - host.length;
	return same(host, base_host) &&
	    base.length - base_host.length == local &&
	    memcmp(name.at, base.at, local) == 0;
}

static bool
is_address(struct span host)
{
	char text[64];
	uint8_t address[16];

	if (host.length == 0 || host.at[0] == '[')
		return true;
	if (host.length >= sizeof(text))
		return false;
	memcpy(text, host.at, host.length);
	text[host.length] = '\0';
	return inet_pton(AF_INET, text, address) == 1;
}

/*
 * Finds the host in a URI.  One without an authority, or with an address for
 * a host, cannot be constrained and has to be refused (4.2.1.10).
 */
static bool
uri_host(struct span uri, struct span *host)
{
	const char *mark =
	    uri.length == 0 ? NULL : memmem(uri.at, uri.length, "://", 3);
	size_t length = 0;

	if (mark == NULL)
		return false;
	*host = after(uri, (size_t)(mark - uri.at) + 3);
	while (
	    length < host->length && memchr("/?#", host->at[length], 3) == NULL)
		length++;
	host->length = length;
	(void)cut_behind_last(*host, '@', host);
	if (host->length > 0 && host->at[0] != '[') {
		mark = memchr(host->at, ':', host->length);
		if (mark != NULL)
			host->length = (size_t)(mark - host->at);
	}
	return !is_address(*host);
}

static bool
uri_within(struct span name, struct span base)
{
	struct span host;

	return uri_host(name, &host) && host_within(host, base);
}

static bool
ip_within(struct span name, struct span base)
{
	if (base.length != 2 * name.length)
		return false;
	for (size_t i = 0; i < name.length; i++)
		if (((name.at[i] ^ base.at[i]) & base.at[name.length + i]) != 0)
			return false;
	return true;
}

/*
 * directoryName: the base is the beginning of the name.  libcrypto compares
 * whole names only, so the name is cut to the length of the base; the cut
 * must not go through a multi-valued RDN.
 */
static bool
directory_within(const X509_NAME *name, const X509_NAME *base)
{
	int wanted = X509_NAME_entry_count(base);
	int count = X509_NAME_entry_count(name);
	owned(X509_NAME) *cut = NULL;

	if (wanted == 0 || wanted > count)
		return wanted == 0;
	if (wanted < count &&
	    X509_NAME_ENTRY_set(X509_NAME_get_entry(name, wanted)) ==
		X509_NAME_ENTRY_set(X509_NAME_get_entry(name, wanted - 1)))
		return false;
	cut = X509_NAME_dup(name);
	if (cut == NULL)
		return false;
	while (X509_NAME_entry_count(cut) > wanted)
		X509_NAME_ENTRY_free(X509_NAME_delete_entry(cut,
		    X509_NAME_entry_count(cut) - 1));
	return X509_NAME_cmp(cut, base) == 0;
}

static bool
within(const GENERAL_NAME *name, const GENERAL_NAME *base, bool excluded)
{
	struct span a, b;

	if (name->type == GEN_DIRNAME)
		return directory_within(name->d.directoryName,
		    base->d.directoryName);
	a = span_of(name->d.ia5);
	b = span_of(base->d.ia5);
	switch (name->type) {
	case GEN_DNS:
		return excluded ? dns_overlaps(a, b) : dns_within(a, b);
	case GEN_EMAIL:
		return email_within(a, b);
	case GEN_URI:
		return uri_within(a, b);
	case GEN_IPADD:
		return ip_within(a, b);
	default:
		return false;
	}
}

/* What a comparison costs: names have to be copied, text does not. */
static size_t
cost_of(const GENERAL_NAME *name)
{
	if (name->type != GEN_DIRNAME)
		return 1;
	return 10 + (size_t)X509_NAME_entry_count(name->d.directoryName);
}

static bool
known_form(int type)
{
	return type == GEN_DNS || type == GEN_EMAIL || type == GEN_URI ||
	    type == GEN_IPADD || type == GEN_DIRNAME;
}

/* Words for one name or subtree. */
static void
show_name(char *out, size_t size, const GENERAL_NAME *name)
{
	char text[160];
	struct span bytes;

	if (name->type == GEN_DIRNAME) {
		(void)X509_NAME_oneline(name->d.directoryName, text,
		    sizeof(text));
		(void)mca_show(out, size, text, strlen(text));
	} else if (name->type == GEN_IPADD) {
		bytes = span_of(name->d.iPAddress);
		out[0] = '\0';
		if (bytes.length == 4 || bytes.length == 8)
			(void)inet_ntop(AF_INET, bytes.at, out,
			    (socklen_t)size);
		else if (bytes.length == 16 || bytes.length == 32)
			(void)inet_ntop(AF_INET6, bytes.at, out,
			    (socklen_t)size);
	} else if (known_form(name->type)) {
		bytes = span_of(name->d.ia5);
		(void)mca_show(out, size, bytes.at, bytes.length);
	} else {
		(void)snprintf(out, size, "(of another form)");
	}
}

static const char *
form_of(int type)
{
	switch (type) {
	case GEN_DNS:
		return "dNSName";
	case GEN_EMAIL:
		return "rfc822Name";
	case GEN_URI:
		return "uniformResourceIdentifier";
	case GEN_IPADD:
		return "iPAddress";
	case GEN_DIRNAME:
		return "directoryName";
	default:
		return "a name";
	}
}

static enum mca_fit
refuse(struct mca_unfit *out, const GENERAL_NAME *name,
    const GENERAL_NAME *excluding)
{
	out->form = form_of(name->type);
	out->subtree[0] = '\0';
	show_name(out->name, sizeof(out->name), name);
	if (excluding != NULL)
		show_name(out->subtree, sizeof(out->subtree), excluding);
	return known_form(name->type) ? MCA_UNFIT : MCA_UNFIT_FORM;
}

/* A URI without a host is refused wherever a constraint is on URIs. */
static bool
cannot_be_constrained(const GENERAL_NAME *name)
{
	struct span host;

	return !known_form(name->type) ||
	    (name->type == GEN_URI && !uri_host(span_of(name->d.ia5), &host));
}

struct walk {
	size_t *budget;
	const GENERAL_NAME *base; /* the subtree that matched */
	bool constrained;	  /* some subtree is of the name's form */
	bool spent;
};

/* Looks for a subtree that `name` is within. */
static void
walk_subtrees(struct walk *walk, const STACK_OF(GENERAL_SUBTREE) *subtrees,
    const GENERAL_NAME *name, bool excluded)
{
	const GENERAL_NAME *base;
	size_t cost = cost_of(name);

	walk->base = NULL;
	walk->constrained = false;
	for (int i = 0; i < sk_GENERAL_SUBTREE_num(subtrees); i++) {
		base = sk_GENERAL_SUBTREE_value(subtrees, i)->base;
		walk->spent = walk->spent || *walk->budget < cost;
		if (walk->spent)
			return;
		*walk->budget -= base->type == name->type ? cost : 1;
		if (base->type != name->type)
			continue;
		walk->constrained = true;
		if (!cannot_be_constrained(name) &&
		    !within(name, base, excluded))
			continue;
		walk->base = base;
		return;
	}
}

static enum mca_fit
check_name(struct mca_unfit *out, const NAME_CONSTRAINTS *constraints,
    const GENERAL_NAME *name, size_t *budget)
{
	struct walk walk = { .budget = budget };

	walk_subtrees(&walk, constraints->excludedSubtrees, name, true);
	if (walk.spent)
		return MCA_FIT_UNKNOWN;
	if (walk.base != NULL)
		return refuse(out, name, walk.base);
	walk_subtrees(&walk, constraints->permittedSubtrees, name, false);
	if (walk.spent)
		return MCA_FIT_UNKNOWN;
	if (!walk.constrained ||
	    (walk.base != NULL && !cannot_be_constrained(name)))
		return MCA_FIT;
	return refuse(out, name, NULL);
}

/* The subject is a directoryName wherever it is not empty. */
static enum mca_fit
check_subject(struct mca_unfit *out, const NAME_CONSTRAINTS *constraints,
    const struct mca_facts *subject, size_t *budget)
{
	GENERAL_NAME name = { .type = GEN_DIRNAME };

	name.d.directoryName = X509_get_subject_name(subject->x509);
	if (X509_NAME_entry_count(name.d.directoryName) == 0)
		return MCA_FIT;
	return check_name(out, constraints, &name, budget);
}

/*
 * emailAddress attributes are mailboxes too.  The RFC asks for this only when
 * there is no subjectAltName; a mailbox is not better for having one beside.
 */
static enum mca_fit
check_subject_emails(struct mca_unfit *out, const NAME_CONSTRAINTS *constraints,
    const struct mca_facts *subject, size_t *budget)
{
	const X509_NAME *dn = X509_get_subject_name(subject->x509);
	GENERAL_NAME name = { .type = GEN_EMAIL };
	enum mca_fit fit = MCA_FIT;
	int at = -1;

	while (fit == MCA_FIT) {
		at = X509_NAME_get_index_by_NID(dn, NID_pkcs9_emailAddress, at);
		if (at < 0)
			break;
		name.d.rfc822Name =
		    X509_NAME_ENTRY_get_data(X509_NAME_get_entry(dn, at));
		fit = check_name(out, constraints, &name, budget);
	}
	return fit;
}

enum mca_fit
mca_constraints_check(struct mca_unfit *out,
    const NAME_CONSTRAINTS *constraints, const struct mca_facts *subject,
    size_t *budget)
{
	const GENERAL_NAMES *names = subject->value[MCA_EXT_SAN];
	enum mca_fit fit = check_subject(out, constraints, subject, budget);

	if (fit == MCA_FIT)
		fit = check_subject_emails(out, constraints, subject, budget);
	for (int i = 0; i < sk_GENERAL_NAME_num(names) && fit == MCA_FIT; i++)
		fit = check_name(out, constraints,
		    sk_GENERAL_NAME_value(names, i), budget);
	return fit;
}

enum mca_fit
mca_constraints_check_by(struct mca_unfit *out, const mca_cert *issuer,
    const struct mca_facts *subject, size_t *budget)
{
	owned(NAME_CONSTRAINTS) *constraints =
	    X509_get_ext_d2i(mca_cert_get0_x509(issuer), NID_name_constraints,
		NULL, NULL);

	if (constraints == NULL)
		return MCA_FIT;
	return mca_constraints_check(out, constraints, subject, budget);
}

/* How a subtree may be malformed. */

static const char *
host_flaw(struct span host)
{
	if (is_address(host))
		return "it is not a host name";
	return mca_dns_flaw(host.at, host.length, false);
}

static const char *
dns_flaw(struct span base)
{
	if (begins_with_dot(base))
		return "it begins with a dot, which a dNSName does not";
	return base.length == 0 ? NULL
				: mca_dns_flaw(base.at, base.length, false);
}

static const char *
uri_flaw(struct span base)
{
	if (base.length == 0)
		return NULL;
	return host_flaw(begins_with_dot(base) ? after(base, 1) : base);
}

static const char *
email_flaw(struct span base)
{
	struct span host;

	if (!cut_behind_last(base, '@', &host))
		return uri_flaw(base);
	if (base.length == host.length + 1 ||
	    memchr(base.at, '@', base.length - host.length - 1) != NULL)
		return "it is not one mailbox";
	return host_flaw(host);
}

/* A mask is ones, then zeros (RFC 4632). */
static const char *
ip_flaw(struct span base)
{
	bool ended = false;
	int bit;

	if (base.length != 8 && base.length != 32)
		return "it is not an address and its mask";
	for (size_t i = base.length * 4; i < base.length * 8; i++) {
		bit = base.at[i / 8] >> (7 - i % 8) & 1;
		if (bit == 1 && ended)
			return "its mask has ones behind zeros";
		ended = ended || bit == 0;
	}
	return NULL;
}

static const char *
base_flaw(const GENERAL_NAME *base)
{
	switch (base->type) {
	case GEN_DNS:
		return dns_flaw(span_of(base->d.ia5));
	case GEN_EMAIL:
		return email_flaw(span_of(base->d.ia5));
	case GEN_URI:
		return uri_flaw(span_of(base->d.ia5));
	case GEN_IPADD:
		return ip_flaw(span_of(base->d.iPAddress));
	default:
		return NULL;
	}
}

static const char *
subtree_flaw(const GENERAL_SUBTREE *subtree)
{
	if (subtree->maximum != NULL)
		return "it has a maximum";
	if (subtree->minimum != NULL && ASN1_INTEGER_get(subtree->minimum) != 0)
		return "its minimum is not 0";
	return base_flaw(subtree->base);
}

static bool
subtrees_flaw(mca_text *flaw, const STACK_OF(GENERAL_SUBTREE) *subtrees)
{
	const GENERAL_SUBTREE *subtree;
	const char *reason;
	char shown[200];

	for (int i = 0; i < sk_GENERAL_SUBTREE_num(subtrees); i++) {
		subtree = sk_GENERAL_SUBTREE_value(subtrees, i);
		reason = subtree_flaw(subtree);
		if (reason == NULL)
			continue;
		show_name(shown, sizeof(shown), subtree->base);
		mca_text_addf(flaw, "holds a malformed %s, \"%s\": %s",
		    form_of(subtree->base->type), shown, reason);
		return true;
	}
	return false;
}

bool
mca_constraints_flaw(mca_text *flaw, const NAME_CONSTRAINTS *constraints)
{
	int permitted = sk_GENERAL_SUBTREE_num(constraints->permittedSubtrees);
	int excluded = sk_GENERAL_SUBTREE_num(constraints->excludedSubtrees);

	if (permitted <= 0 && excluded <= 0) {
		mca_text_addf(flaw, "constrains nothing");
		return true;
	}
	if (permitted == 0 || excluded == 0) {
		mca_text_addf(flaw, "holds an empty list of subtrees");
		return true;
	}
	return subtrees_flaw(flaw, constraints->permittedSubtrees) ||
	    subtrees_flaw(flaw, constraints->excludedSubtrees);
}
