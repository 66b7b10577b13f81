/*
 * names.c - a word that is taken for every kind of name, time and identifier
 * that people or certificates write.
 *
 * A line that follows is a second word, which the first is matched with.
 */
#include "fuzz.h"

#include "idna.h"
#include "minica/host.h"
#include "minica/live.h"
#include "minica/store.h"
#include "minica/text.h"
#include "minica/time.h"
#include "pattern.h"

void
fuzz_begin(void)
{
}

static void
convert(const char *word, size_t length)
{
	owned(char) *ascii = NULL;
	owned(char) *unicode = NULL;
	struct mca_error err = { 0 };
	char words[200];

	if (mca_idna_to_ascii(&ascii, word, length, &err) != MCA_OK)
		show_error(&err);
	else
		show_text(ascii);
	(void)mca_idna_flaw(word, length);
	unicode = mca_idna_unicode(word, length);
	if (unicode != NULL)
		(void)mca_idna_lookalike(words, sizeof(words), unicode);
}

/* Names as they are written, matched with the second word as a host. */
static void
match(const char *word, const char *host)
{
	static const enum mca_san_form forms[] = { MCA_SAN_DNS, MCA_SAN_IP,
		MCA_SAN_EMAIL };
	owned(mca_san) *san = NULL;
	struct mca_reference reference;
	struct mca_error err = { 0 };

	if (mca_san_new(&san, &word, 1, &err) != MCA_OK)
		show_error(&err);
	else
		show_names(san);
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		if (mca_reference_parse(&reference, forms[i], host, &err) !=
		    MCA_OK) {
			show_error(&err);
			continue;
		}
		show_text(reference.text);
		if (san != NULL)
			(void)mca_reference_matches(&reference,
			    mca_san_at(san, 0));
	}
}

/* What a pattern covers, it also touches. */
static void
cover(const char *word, const char *name)
{
	owned(mca_san) *san = NULL;
	struct mca_error err = { 0 };

	if (mca_san_new(&san, &name, 1, &err) != MCA_OK)
		return;
	for (int form = MCA_SAN_DNS; form <= MCA_SAN_URI; form++) {
		struct mca_patterns patterns = { 0 };
		const struct mca_san_name *row = mca_san_at(san, 0);

		if (mca_patterns_add(&patterns, (enum mca_san_form)form, word,
			1, &err) != MCA_OK)
			show_error(&err);
		else if (mca_patterns_cover(&patterns, row) != NULL)
			fuzz_require(
			    mca_patterns_touch(&patterns, row) != NULL);
		mca_patterns_clear(&patterns);
	}
	(void)mca_uri_unclear(word);
}

/* A time that was read is written, and read again. */
static void
read_times(const char *word)
{
	struct mca_error err = { 0 };
	int64_t seconds;
	mca_time time, twice;

	if (mca_time_parse(&time, word, &err) != MCA_OK)
		show_error(&err);
	else
		fuzz_require(
		    mca_time_parse(&twice, MCA_TIME(time), &err) == MCA_OK &&
		    twice == time);
	if (mca_duration_parse(&seconds, word, &err) != MCA_OK)
		show_error(&err);
	else
		show_text(MCA_DURATION(seconds));
}

/* The second word is the type of an attribute. */
static void
read_attribute(const char *type, const char *word)
{
	const struct mca_attribute rows[] = { { "CN", word }, { type, word } };
	owned(mca_name) *name = NULL;
	struct mca_error err = { 0 };

	if (mca_name_new(&name, rows, 2, &err) != MCA_OK)
		show_error(&err);
	else
		show_name(name);
}

static void
read_others(const char *word, size_t length)
{
	struct mca_endpoint endpoint;
	struct mca_error err = { 0 };
	uint8_t bytes[32];

	if (mca_endpoint_parse(&endpoint, word, &err) != MCA_OK)
		show_error(&err);
	else
		show_text(endpoint.text);
	(void)mca_text_unhex(bytes, sizeof(bytes), word);
	(void)mca_label_flaw(word);
	show_text(MCA_SHOW(word, length));
}

void
fuzz_one(const uint8_t *bytes, size_t length)
{
	owned(char) *word = fuzz_text(bytes, length);
	char *second = strchr(word, '\n');

	if (second != NULL)
		*second++ = '\0';
	else
		second = word;
	convert(word, strlen(word));
	match(word, second);
	cover(word, second);
	read_attribute(second, word);
	read_times(word);
	read_others(word, strlen(word));
	(void)mca_dns_flaw((const char *)bytes, length, true);
}
