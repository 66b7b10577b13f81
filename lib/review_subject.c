/*
 * review_subject.c - the subject of a request, and the one that is written.
 *
 * Each attribute is fixed by the policy, kept from the request where the
 * policy says so, or dropped.  A CN taken from the names is one of those that
 * were approved, so that it never says more than they do.
 */
#include "review.h"

#include "minica/text.h"
#include "minica/x509.h"
#include "ossl.h"

#include <openssl/err.h>

#include <string.h>
#include <strings.h>

#define RULE "RFC 5280, A.1"
#define MAX_CN 64	  /* ub-common-name (RFC 5280, A.1) */
#define MAX_ATTRIBUTES 64 /* of a subject that we write */

/* The subject while it is collected; kept values own their memory. */
struct subject {
	struct mca_attribute rows[MAX_ATTRIBUTES];
	ossl_bytes *values[MAX_ATTRIBUTES];
	size_t count;
};

static void
subject_clear(struct subject *subject)
{
	for (size_t i = 0; i < subject->count; i++)
		OPENSSL_free(subject->values[i]);
}
typedef struct subject subject_rows;
MCA_SCOPED(subject_rows, subject_clear)

const char *
mca_review_common_name(const struct mca_examination *x)
{
	const mca_name *subject = mca_csr_subject(x->csr);

	for (size_t i = mca_name_count(subject); i > 0; i--)
		if (strcmp(mca_name_at(subject, i - 1).type, "CN") == 0)
			return mca_name_at(subject, i - 1).value;
	return NULL;
}

static const struct mca_fixed_attribute *
find_fixed(const mca_policy *policy, const char *type)
{
	for (size_t i = 0; i < policy->fixed.count; i++)
		if (strcmp(policy->fixed.rows[i].type, type) == 0)
			return &policy->fixed.rows[i];
	return NULL;
}

static bool
is_kept(const mca_policy *policy, const char *type)
{
	return mca_words_has(&policy->keep, type) ||
	    mca_words_has(&policy->require, type);
}

static const char *
keep_reason(char *out, size_t size, const mca_policy *policy, const char *type)
{
	enum mca_policy_key key =
	    mca_words_has(&policy->keep, type) ? MCA_PK_KEEP : MCA_PK_REQUIRE;

	return mca_policy_because(out, size, policy, key, 0);
}

/* The CN follows a rule of its own when it is taken from the names. */
static bool
is_from_names(const mca_policy *policy, const char *type)
{
	return policy->common_name == MCA_CN_NAMES && strcmp(type, "CN") == 0;
}

static void
drop(struct mca_examination *x, const struct mca_attribute *asked)
{
	struct mca_review_row row = {
		.decision = MCA_DROPPED,
		.field = asked->type,
		.asked = asked->value,
		.because = MCA_BECAUSE(x->policy, MCA_PK_KEEP, 0),
	};

	mca_review_find(x->out, &row,
	    &(struct mca_remark){ .rule = "MC-P-SUBJECT-DROPPED" },
	    "\"%s\" is not written: the policy keeps no %s",
	    MCA_SHOW_TEXT(asked->value), MCA_SHOW_TEXT(asked->type));
	mca_review_add(x->out, &row);
}

static void
replace(struct mca_examination *x, const struct mca_attribute *asked,
    const struct mca_fixed_attribute *fixed)
{
	struct mca_review_row row = {
		.decision = strcmp(asked->value, fixed->value) == 0
		    ? MCA_KEPT
		    : MCA_CHANGED,
		.field = asked->type,
		.asked = asked->value,
		.written = MCA_SHOW_TEXT(fixed->value),
		.because = MCA_BECAUSE(x->policy, MCA_PK_FIXED, 0),
	};

	if (row.decision == MCA_CHANGED)
		mca_review_find(x->out, &row,
		    &(struct mca_remark){ .rule = "MC-P-SUBJECT-CHANGED" },
		    "\"%s\" is written as \"%s\"", MCA_SHOW_TEXT(row.asked),
		    row.written);
	mca_review_add(x->out, &row);
}

static void
refuse_value(struct mca_examination *x, const struct mca_attribute *asked,
    const char *source, const char *why)
{
	struct mca_review_row row = {
		.decision = MCA_REFUSED,
		.field = asked->type,
		.asked = asked->value,
		.because = source,
	};

	mca_review_find(x->out, &row,
	    &(struct mca_remark){ "MC-R-SUBJECT", "a value that can be written",
		"correct the subject, and make the request again" },
	    "%s", why);
	mca_review_add(x->out, &row);
}

/* A kept value passes the same gate as one that we would write ourselves. */
static void
keep(struct mca_examination *x, struct subject *subject,
    const struct mca_attribute *asked, const X509_NAME_ENTRY *entry)
{
	owned(ossl_bytes) *value = NULL;
	owned(mca_name) *probe = NULL;
	struct mca_error why = { 0 };
	int length =
	    ASN1_STRING_to_UTF8(&value, X509_NAME_ENTRY_get_data(entry));
	struct mca_attribute row = { asked->type, (const char *)value };
	mca_code code;

	ERR_clear_error();
	if (length < 0 || strlen(row.value) != (size_t)length) {
		refuse_value(x, asked, RULE, "the value is no text");
		return;
	}
	code = mca_name_new(&probe, &row, 1, &why);
	if (code == MCA_ESYSTEM)
		x->out->lost = true;
	if (code != MCA_OK) {
		refuse_value(x, asked, RULE, why.text);
		return;
	}
	if (subject->count == MAX_ATTRIBUTES) {
		refuse_value(x, asked, RULE, "one attribute too many");
		return;
	}
	mca_review_add(x->out,
	    &(struct mca_review_row){ .decision = MCA_KEPT,
		.field = asked->type,
		.asked = asked->value,
		.written = asked->value,
		.because = keep_reason((char[200]){ 0 }, 200, x->policy,
		    asked->type) });
	subject->rows[subject->count] = row;
	subject->values[subject->count++] = give(&value);
}

/*
 * Characters that are seen otherwise than they are read: control characters
 * (U+0000-001F, 007F-009F), and what is invisible or turns the direction of
 * writing (U+200B-200F, 2028-202E, 2060-2069, FEFF).
 */
static bool
is_deceptive(const uint8_t *at, size_t left)
{
	if (at[0] < 0x20 || at[0] == 0x7f)
		return true;
	if (left < 3)
		return left == 2 && at[0] == 0xc2 && at[1] < 0xa0;
	if (at[0] == 0xc2)
		return at[1] < 0xa0;
	if (at[0] == 0xef)
		return at[1] == 0xbb && at[2] == 0xbf;
	if (at[0] != 0xe2)
		return false;
	if (at[1] == 0x80)
		return (at[2] >= 0x8b && at[2] <= 0x8f) ||
		    (at[2] >= 0xa8 && at[2] <= 0xae);
	return at[1] == 0x81 && at[2] >= 0xa0 && at[2] <= 0xa9;
}

/* Who hides something in a subject is refused, even if it would be dropped. */
static const char *
deception(const X509_NAME_ENTRY *entry)
{
	owned(ossl_bytes) *value = NULL;
	int length =
	    ASN1_STRING_to_UTF8(&value, X509_NAME_ENTRY_get_data(entry));

	ERR_clear_error();
	if (length < 0)
		return "the value cannot be decoded";
	for (size_t i = 0; i < (size_t)length; i++)
		if (is_deceptive(value + i, (size_t)length - i))
			return "the value holds control characters, or some "
			       "that are not seen";
	return NULL;
}

static void
examine_attributes(struct mca_examination *x, struct subject *subject)
{
	const mca_name *asked = mca_csr_subject(x->csr);

	for (size_t i = 0; i < mca_name_count(asked); i++) {
		struct mca_attribute row = mca_name_at(asked, i);
		const struct mca_fixed_attribute *fixed =
		    find_fixed(x->policy, row.type);
		const X509_NAME_ENTRY *entry =
		    X509_NAME_get_entry(mca_name_get0_x509_name(asked), (int)i);
		const char *why = deception(entry);

		if (why != NULL)
			refuse_value(x, &row, "Unicode UTR 36, 3", why);
		else if (is_from_names(x->policy, row.type))
			continue;
		else if (fixed != NULL)
			replace(x, &row, fixed);
		else if (is_kept(x->policy, row.type))
			keep(x, subject, &row, entry);
		else
			drop(x, &row);
	}
}

static bool
was_asked(const struct mca_examination *x, const char *type)
{
	const mca_name *asked = mca_csr_subject(x->csr);

	for (size_t i = 0; i < mca_name_count(asked); i++)
		if (strcmp(mca_name_at(asked, i).type, type) == 0)
			return true;
	return false;
}

static void
add_fixed(struct mca_examination *x, struct subject *subject)
{
	const mca_policy *policy = x->policy;

	for (size_t i = 0; i < policy->fixed.count; i++) {
		const struct mca_fixed_attribute *row = &policy->fixed.rows[i];

		if (subject->count < MAX_ATTRIBUTES)
			subject->rows[subject->count++] =
			    (struct mca_attribute){ row->type, row->value };
		if (!was_asked(x, row->type))
			mca_review_add(x->out,
			    &(struct mca_review_row){ .decision = MCA_ADDED,
				.field = row->type,
				.written = MCA_SHOW_TEXT(row->value),
				.because =
				    MCA_BECAUSE(policy, MCA_PK_FIXED, 0) });
	}
}

static void
check_required(struct mca_examination *x)
{
	const struct mca_words *required = &x->policy->require;

	for (size_t i = 0; i < required->count; i++) {
		struct mca_review_row row = {
			.decision = MCA_REFUSED,
			.field = required->words[i],
			.because = MCA_BECAUSE(x->policy, MCA_PK_REQUIRE, 0),
		};

		if (was_asked(x, required->words[i]))
			continue;
		mca_review_find(x->out, &row,
		    &(struct mca_remark){ "MC-P-SUBJECT-REQUIRED",
			"a subject that has it",
			"make the request with it: openssl req -new -key KEY "
			"-subj \"/O=.../CN=...\"" },
		    "the policy requires %s in the subject",
		    required->words[i]);
		mca_review_add(x->out, &row);
	}
}

/* The approved name that the asked CN is, or else the first that fits. */
static const struct mca_san_name *
choose_name(const struct mca_examination *x, const char *asked)
{
	const struct mca_san_name *first = NULL;

	for (size_t i = 0; i < x->approved_count; i++) {
		const struct mca_san_name *name = x->approved[i];

		if (name->form == MCA_SAN_URI || strlen(name->text) > MAX_CN)
			continue;
		if (asked != NULL && strcasecmp(asked, name->text) == 0)
			return name;
		if (first == NULL)
			first = name;
	}
	return first;
}

static enum mca_decision
decide_cn(const char *asked, const struct mca_san_name *chosen)
{
	if (chosen == NULL)
		return MCA_DROPPED;
	if (asked == NULL)
		return MCA_ADDED;
	return strcmp(asked, chosen->text) == 0 ? MCA_KEPT : MCA_CHANGED;
}

static void
choose_common_name(struct mca_examination *x, struct subject *subject)
{
	const char *asked = mca_review_common_name(x);
	const struct mca_san_name *chosen = choose_name(x, asked);
	struct mca_review_row row = {
		.decision = decide_cn(asked, chosen),
		.field = "CN",
		.asked = asked,
		.written = chosen == NULL ? "" : chosen->text,
		.because = MCA_BECAUSE(x->policy, MCA_PK_COMMON_NAME, 0),
	};

	if (x->policy->common_name != MCA_CN_NAMES ||
	    (asked == NULL && chosen == NULL))
		return;
	if (chosen != NULL && subject->count < MAX_ATTRIBUTES)
		subject->rows[subject->count++] =
		    (struct mca_attribute){ "CN", chosen->text };
	if (row.decision == MCA_CHANGED && strcasecmp(asked, chosen->text) != 0)
		mca_review_find(x->out, &row,
		    &(struct mca_remark){ .rule = "MC-P-CN" },
		    "\"%s\" is none of the approved names; \"%s\" is written",
		    MCA_SHOW_TEXT(asked), chosen->text);
	if (row.decision == MCA_DROPPED && x->approved_count > 0)
		mca_review_find(x->out, &row,
		    &(struct mca_remark){ .rule = "MC-P-CN" },
		    "\"%s\" is not written: no approved name fits a CN",
		    MCA_SHOW_TEXT(asked));
	mca_review_add(x->out, &row);
}

/* An issuer without a name cannot be found (RFC 5280, 4.1.2.6). */
static void
check_empty(struct mca_examination *x, const struct subject *subject)
{
	struct mca_review_row row = {
		.decision = MCA_REFUSED,
		.field = "subject",
		.because = "RFC 5280, 4.1.2.6",
	};

	if (x->policy->kind == MCA_FOR_LEAF || subject->count > 0)
		return;
	mca_review_find(x->out, &row,
	    &(struct mca_remark){ "MC-P-SUBJECT-EMPTY", "a subject with a CN",
		"openssl req -new -key KEY -subj \"/O=Example/CN=Example "
		"CA\"" },
	    "a CA must have a subject, and nothing of this one is kept");
	mca_review_add(x->out, &row);
}

/* Rows in the usual order of attributes; those of one type as they came. */
static mca_code
make_name(mca_name **out, const struct subject *subject, struct mca_error *err)
{
	struct mca_attribute sorted[MAX_ATTRIBUTES];
	size_t count = 0;

	for (size_t t = 0; mca_policy_attributes[t] != NULL; t++)
		for (size_t i = 0; i < subject->count; i++)
			if (strcmp(mca_policy_attributes[t],
				subject->rows[i].type) == 0)
				sorted[count++] = subject->rows[i];
	return mca_name_new(out, sorted, count, err);
}

mca_code
mca_review_subject(struct mca_examination *x, struct mca_error *err)
{
	scoped(subject_rows) subject = { 0 };

	examine_attributes(x, &subject);
	add_fixed(x, &subject);
	choose_common_name(x, &subject);
	check_required(x);
	check_empty(x, &subject);
	return make_name(&x->out->subject, &subject, err);
}
