/*
 * lint_san.c - the names of a certificate (RFC 5280, 4.2.1.6), and what the
 * clients that read them want besides.
 */
#include "lint.h"

#include "minica/text.h"

#include <string.h>
#include <strings.h>

static bool
has_san(const struct mca_facts *facts)
{
	return mca_facts_have(facts, MCA_EXT_SAN);
}

static bool
has_subject(const struct mca_facts *facts)
{
	return !mca_name_is_empty(facts->holder);
}

bool
mca_lint_san_missing(const struct mca_facts *facts, struct mca_fault *fault)
{
	return (mca_lint_is_server(facts) ||
		   (!facts->ca && !has_subject(facts))) &&
	    !has_san(facts) && mca_fault(fault, "is not there");
}

bool
mca_lint_san_empty(const struct mca_facts *facts, struct mca_fault *fault)
{
	const GENERAL_NAMES *names = facts->value[MCA_EXT_SAN];

	return names != NULL && sk_GENERAL_NAME_num(names) == 0 &&
	    mca_fault(fault, "holds no name");
}

bool
mca_lint_san_not_critical(const struct mca_facts *facts,
    struct mca_fault *fault)
{
	return has_san(facts) && !has_subject(facts) &&
	    !mca_facts_critical(facts, MCA_EXT_SAN) &&
	    mca_fault(fault, "is not critical, though the subject is empty");
}

bool
mca_lint_san_critical(const struct mca_facts *facts, struct mca_fault *fault)
{
	return mca_facts_critical(facts, MCA_EXT_SAN) && has_subject(facts) &&
	    mca_fault(fault, "is critical, though there is a subject");
}

bool
mca_lint_san_name(const struct mca_facts *facts, struct mca_fault *fault)
{
	const mca_san *san = facts->san;

	for (size_t i = 0; i < mca_san_count(san); i++) {
		const struct mca_san_name *name = mca_san_at(san, i);

		if (name->flaw == NULL)
			continue;
		mca_fault_found(fault, "%s", MCA_SHOW_TAME(name->text));
		return mca_fault(fault, "%s \"%s\" %s",
		    mca_san_form_name(name->form), MCA_SHOW_TAME(name->text),
		    name->flaw);
	}
	return false;
}

static int
by_text(const void *a, const void *b)
{
	const struct mca_san_name *left = *(struct mca_san_name *const *)a;
	const struct mca_san_name *right = *(struct mca_san_name *const *)b;

	if (left->form != right->form)
		return left->form < right->form ? -1 : 1;
	return strcmp(left->text, right->text);
}

/* Sorted, so that ten thousand names are compared once and not squared. */
bool
mca_lint_san_twice(const struct mca_facts *facts, struct mca_fault *fault)
{
	const mca_san *san = facts->san;
	size_t count = mca_san_count(san);
	const struct mca_san_name **sorted;
	bool twice = false;

	sorted = calloc(count + 1, sizeof(struct mca_san_name *));
	if (sorted == NULL)
		return mca_fault(fault, "cannot be compared: out of memory");
	for (size_t i = 0; i < count; i++)
		sorted[i] = mca_san_at(san, i);
	qsort(sorted, count, sizeof(struct mca_san_name *), by_text);
	for (size_t i = 1; !twice && i < count; i++)
		twice = sorted[i]->form != MCA_SAN_OTHER &&
		    by_text(&sorted[i - 1], &sorted[i]) == 0 &&
		    mca_fault(fault, "\"%s\" is there twice",
			MCA_SHOW_TEXT(sorted[i]->text));
	free(sorted);
	return twice;
}

bool
mca_lint_san_registry(const struct mca_facts *facts, struct mca_fault *fault)
{
	const mca_san *san = facts->san;

	for (size_t i = 0; i < mca_san_count(san); i++) {
		const char *text = mca_san_at(san, i)->text;

		if (mca_san_at(san, i)->form == MCA_SAN_DNS &&
		    strncmp(text, "*.", 2) == 0 &&
		    strchr(text + 2, '.') == NULL)
			return mca_fault(fault,
			    "\"%s\": wildcard covers a whole registry",
			    MCA_SHOW_TEXT(text));
	}
	return false;
}

static bool
is_name(const mca_san *san, const char *text)
{
	for (size_t i = 0; i < mca_san_count(san); i++)
		if (strcasecmp(mca_san_at(san, i)->text, text) == 0)
			return true;
	return false;
}

bool
mca_lint_common_name(const struct mca_facts *facts, struct mca_fault *fault)
{
	const mca_name *subject = facts->holder;
	const mca_san *san = facts->san;

	if (!mca_lint_is_server(facts))
		return false;
	for (size_t i = 0; i < mca_name_count(subject); i++) {
		struct mca_attribute row = mca_name_at(subject, i);

		if (strcmp(row.type, "CN") == 0 && !is_name(san, row.value))
			return mca_fault(fault, "\"%s\" is none of the names",
			    MCA_SHOW_TEXT(row.value));
	}
	return false;
}

bool
mca_lint_ca_names(const struct mca_facts *facts, struct mca_fault *fault)
{
	const mca_san *san = facts->san;

	if (!facts->ca)
		return false;
	for (size_t i = 0; i < mca_san_count(san); i++)
		if (mca_san_at(san, i)->form == MCA_SAN_DNS ||
		    mca_san_at(san, i)->form == MCA_SAN_IP)
			return mca_fault(fault,
			    "a CA is named \"%s\" like a server",
			    MCA_SHOW_TEXT(mca_san_at(san, i)->text));
	return false;
}

/* Both ends belong to the validity (RFC 5280, 4.1.2.5). */
static bool
lives_longer(const struct mca_facts *facts, struct mca_fault *fault, int days)
{
	mca_time from = mca_cert_not_before(facts->cert);
	mca_time until = mca_cert_not_after(facts->cert);

	return mca_lint_is_server(facts) && from <= until &&
	    until - from + 1 > days * MCA_DAY &&
	    mca_fault(fault, "lasts %s, more than %d days",
		MCA_DURATION(until - from + 1), days);
}

bool
mca_lint_life_398(const struct mca_facts *facts, struct mca_fault *fault)
{
	/* What is longer still is told by the other rule. */
	return !lives_longer(facts, fault, 825) &&
	    lives_longer(facts, fault, 398);
}

bool
mca_lint_life_825(const struct mca_facts *facts, struct mca_fault *fault)
{
	return lives_longer(facts, fault, 825);
}

/* Keys and signatures that browsers do not take part in. */
bool
mca_lint_ed25519(const struct mca_facts *facts, struct mca_fault *fault)
{
	char group[64] = "";

	if (!mca_lint_is_server(facts) || facts->key == NULL)
		return false;
	if (EVP_PKEY_is_a(facts->key, "ED25519") ||
	    EVP_PKEY_is_a(facts->key, "ED448"))
		return mca_fault(fault, "%s, which no browser accepts",
		    EVP_PKEY_get0_type_name(facts->key));
	return EVP_PKEY_is_a(facts->key, "EC") &&
	    EVP_PKEY_get_group_name(facts->key, group, sizeof(group), NULL) ==
	    1 &&
	    OBJ_sn2nid(group) == NID_secp521r1 &&
	    mca_fault(fault, "P-521, which Chrome does not accept");
}
