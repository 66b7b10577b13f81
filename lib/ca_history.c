/*
 * ca_history.c - what the store knows of a key and of names that are asked for.
 *
 * Asked twice: when a request is examined, and again in the transaction that
 * records its certificate, where what others did meanwhile, and what the same
 * batch holds, is seen.
 */
#include "ca_parts.h"

#include "minica/text.h"
#include "policy.h"
#include "store.h"

#include <string.h>
#include <strings.h>

#define KEY "subjectPublicKeyInfo"
#define NEW_KEY "make a new key: minica keygen"

struct asking {
	mca_store *store;
	const struct mca_key_question *question;
	mca_findings *out;
	const struct mca_san_name *name; /* the one being looked for */
	size_t before;			 /* findings that were there already */
};

static bool
told(const struct asking *a, const char *rule)
{
	for (size_t i = a->before; i < a->out->count; i++)
		if (strcmp(a->out->rows[i].rule, rule) == 0)
			return true;
	return false;
}

/* ---- the key ---- */

static bool
is_compromised(const struct mca_key_use *use)
{
	return strcmp(use->reason, "keyCompromise") == 0 ||
	    strcmp(use->reason, "cACompromise") == 0 ||
	    strcmp(use->reason, "aACompromise") == 0;
}

static bool
lists(const char *names, const char *form, const char *text)
{
	size_t form_length = strlen(form), length = strlen(text);

	for (const char *at = names; *at != '\0';) {
		size_t word = strcspn(at, " ");

		if (word == form_length + 1 + length &&
		    strncmp(at, form, form_length) == 0 &&
		    at[form_length] == ':' &&
		    strncasecmp(at + form_length + 1, text, length) == 0)
			return true;
		at += word + (at[word] == ' ');
	}
	return false;
}

static size_t
count_words(const char *names)
{
	size_t count = *names == '\0' ? 0 : 1;

	for (const char *c = names; *c != '\0'; c++)
		count += *c == ' ';
	return count;
}

/* What is to be said about one use of the key. */
struct use {
	const struct asking *asking;
	bool compromised, other_kind, reused;
};

/* The same alternative names; without any, the same subject. */
static bool
same_names(const struct mca_key_question *q, const char *subject,
    const char *names)
{
	size_t count = mca_san_count(q->san);

	if (count == 0)
		return *names == '\0' &&
		    strcmp(mca_name_text(q->subject), subject) == 0;
	if (count_words(names) != count)
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct mca_san_name *name = mca_san_at(q->san, i);

		if (!lists(names, mca_san_form_name(name->form), name->text))
			return false;
	}
	return true;
}

static mca_code
compare_names(void *context, const char *subject, const char *names,
    struct mca_error *err)
{
	struct use *use = context;

	(void)err;
	use->reused = !same_names(use->asking->question, subject, names);
	return MCA_OK;
}

static mca_code
judge_reuse(struct use *use, int64_t id, struct mca_error *err)
{
	const struct asking *a = use->asking;
	enum mca_key_reuse reuse = a->question->policy->key_reuse;

	if (a->question->san == NULL || told(a, "MC-P-KEY-REUSE"))
		return MCA_OK;
	if (reuse == MCA_REUSE_SAME_NAMES)
		return mca_store_use_names(a->store, id, compare_names, use,
		    err);
	use->reused = reuse == MCA_REUSE_REFUSE;
	return MCA_OK;
}

static void
say_compromised(const struct asking *a, const struct mca_record *record)
{
	mca_findings_addf(a->out,
	    &(struct mca_finding){ .severity = MCA_ERROR,
		.depth = MCA_NO_DEPTH,
		.rule = "MC-K-COMPROMISED",
		.source = "RFC 5280, 5.3.1; CABF BR, 6.1.1.3",
		.field = KEY,
		.found = record->serial,
		.wanted = "a key that was never revoked for a compromise",
		.hint = NEW_KEY },
	    "the certificate %s of this key was revoked for %s", record->serial,
	    record->reason);
}

static void
say_authority(const struct asking *a, const struct mca_record *record)
{
	mca_findings_addf(a->out,
	    &(struct mca_finding){ .severity = MCA_ERROR,
		.depth = MCA_NO_DEPTH,
		.rule = "MC-K-AUTHORITY",
		.source = "RFC 5280, 4.2.1.3; CABF BR, 6.1.7",
		.field = KEY,
		.found = record->serial,
		.wanted = "a key that is either an authority's or a leaf's",
		.hint = NEW_KEY },
	    "the certificate %s of this key is %s, this would be %s",
	    record->serial, record->is_ca ? "an authority's" : "a leaf's",
	    record->is_ca ? "a leaf's" : "an authority's");
}

static void
say_reuse(const struct asking *a, const struct mca_record *record)
{
	const mca_policy *policy = a->question->policy;
	bool never = policy->key_reuse == MCA_REUSE_REFUSE;

	mca_findings_addf(a->out,
	    &(struct mca_finding){ .severity = MCA_ERROR,
		.depth = MCA_NO_DEPTH,
		.rule = "MC-P-KEY-REUSE",
		.source = MCA_BECAUSE(policy, MCA_PK_KEY_REUSE, 0),
		.field = KEY,
		.found = record->serial,
		.wanted = never ? "a key without a certificate"
				: "a key without a certificate for others",
		.hint = NEW_KEY },
	    "the key has the certificate %s for %s already%s", record->serial,
	    *record->names == '\0' ? record->subject : record->names,
	    never ? "" : ", and this is for other names");
}

static mca_code
say(void *context, const struct mca_record *record, struct mca_error *err)
{
	const struct use *use = context;

	(void)err;
	if (use->compromised)
		say_compromised(use->asking, record);
	if (use->other_kind)
		say_authority(use->asking, record);
	if (use->reused)
		say_reuse(use->asking, record);
	return MCA_OK;
}

/* The record is read when there is something to say of it. */
static mca_code
judge_use(void *context, const struct mca_key_use *earlier,
    struct mca_error *err)
{
	const struct asking *a = context;
	bool ca = mca_policy_for(a->question->policy) != MCA_FOR_LEAF;
	struct use use = { .asking = a };
	mca_code code = judge_reuse(&use, earlier->id, err);

	if (code != MCA_OK)
		return code;
	use.compromised =
	    is_compromised(earlier) && !told(a, "MC-K-COMPROMISED");
	use.other_kind = earlier->is_ca != ca && !told(a, "MC-K-AUTHORITY");
	if (!use.compromised && !use.other_kind && !use.reused)
		return MCA_OK;
	return mca_store_get(a->store, earlier->id, say, &use, err);
}

static mca_code
say_shared(void *context, const struct mca_record *record,
    struct mca_error *err)
{
	const struct asking *a = context;

	(void)err;
	if (told(a, "MC-K-RSA-SHARED"))
		return MCA_OK;
	mca_findings_addf(a->out,
	    &(struct mca_finding){ .severity = MCA_ERROR,
		.depth = MCA_NO_DEPTH,
		.rule = "MC-K-RSA-SHARED",
		.source = "Heninger and others, 2012; CABF BR, 6.1.1.3",
		.field = KEY,
		.found = record->serial,
		.wanted = "primes that no other key has",
		.hint = "make a new key where randomness is good, and revoke "
			"the other certificate for keyCompromise" },
	    "its modulus shares a prime with the key of certificate %s: both "
	    "can be computed by anyone",
	    record->serial);
	return MCA_OK;
}

/* ---- the names ---- */

static mca_code
judge_holder(void *context, const struct mca_record *record,
    struct mca_error *err)
{
	const struct asking *a = context;
	const struct mca_key_question *q = a->question;
	scoped(mca_text) key = { 0 };

	mca_text_hex(&key, mca_spki_sha256(q->spki), MCA_SHA256_SIZE);
	if (key.failed)
		return mca_fail_memory(err);
	if (record->id == q->renews ||
	    strcmp(record->key_sha256, mca_text_get(&key)) == 0 ||
	    !lists(record->names, mca_san_form_name(a->name->form),
		a->name->text))
		return MCA_OK;
	mca_findings_addf(a->out,
	    &(struct mca_finding){ .severity = MCA_ERROR,
		.depth = MCA_NO_DEPTH,
		.rule = "MC-P-NAME-HELD",
		.source = MCA_BECAUSE(q->policy, MCA_PK_HELD_NAMES, 0),
		.field = mca_san_form_name(a->name->form),
		.found = a->name->text,
		.wanted = "a name that no valid certificate has for another "
			  "key",
		.hint = "renew that certificate, or revoke it first: minica "
			"revoke" },
	    "\"%s\" is held by certificate %s, with another key, until %s",
	    MCA_SHOW_TEXT(a->name->text), record->serial,
	    MCA_TIME(record->not_after));
	return MCA_OK;
}

static mca_code
ask_holders(mca_ca *ca, struct asking *a, struct mca_error *err)
{
	const mca_san *san = a->question->san;
	mca_code code = MCA_OK;

	if (san == NULL || a->question->policy->held_names != MCA_HELD_REFUSE)
		return MCA_OK;
	for (size_t i = 0; code == MCA_OK && i < mca_san_count(san); i++) {
		a->name = mca_san_at(san, i);
		code = mca_store_of_name(ca->store, a->name->text,
		    ca->options.now, judge_holder, a, err);
	}
	return code;
}

mca_code
mca_ca_ask_history(mca_ca *ca, mca_findings *out,
    const struct mca_key_question *question, struct mca_error *err)
{
	struct asking a = { .store = ca->store,
		.question = question,
		.out = out,
		.before = out->count };
	size_t uses;
	mca_code code;

	/* A plan may be made before there is a store, and so any history. */
	if (ca->store == NULL)
		return MCA_OK;
	code = mca_store_key_uses(ca->store, question->spki, judge_use, &a,
	    &uses, err);
	if (code == MCA_OK && uses == 0)
		code = mca_store_sharing(ca->store, question->spki,
		    question->since, say_shared, &a, err);
	if (code == MCA_OK)
		code = ask_holders(ca, &a, err);
	if (code == MCA_OK && out->lost)
		code = mca_fail_memory(err);
	return code;
}
