/*
 * idna.c - see idna.h.
 */
#include "idna.h"

#include "minica/owned.h"
#include "minica/text.h"

#include <stdio.h>
#include <string.h>

#ifdef MINICA_IDN2
#include <idn2.h>
#endif

#define PREFIX "xn--"
#define MAX_LABEL 63

bool
mca_idna_is_ascii(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] >= 0x80)
			return false;
	return true;
}

static bool
is_alabel(const char *label, size_t length)
{
	return length >= strlen(PREFIX) &&
	    strncmp(label, PREFIX, strlen(PREFIX)) == 0;
}

/* The length of the label that begins at `at`. */
static size_t
label_length(const char *at, const char *end)
{
	const char *dot = memchr(at, '.', (size_t)(end - at));

	return (size_t)((dot == NULL ? end : dot) - at);
}

#ifdef MINICA_IDN2

/* Memory that libidn2 gave. */
typedef char idn2_text;
MCA_OWNED(idn2_text, idn2_free)

bool
mca_idna_known(void)
{
	return true;
}

/* What may stand before the name itself: "*." and ".". */
static size_t
lead(const char *name, size_t length)
{
	if (length > 2 && strncmp(name, "*.", 2) == 0)
		return 2;
	return length > 1 && name[0] == '.';
}

mca_code
mca_idna_to_ascii(char **out, const char *name, size_t length,
    struct mca_error *err)
{
	size_t skipped = lead(name, length);
	owned(char) *text = strndup(name + skipped, length - skipped);
	owned(idn2_text) *ascii = NULL;
	int code;

	if (text == NULL)
		return mca_fail_memory(err);
	code = idn2_to_ascii_8z(text, &ascii,
	    IDN2_NONTRANSITIONAL | IDN2_USE_STD3_ASCII_RULES);
	if (code == IDN2_MALLOC)
		return mca_fail_memory(err);
	if (code != IDN2_OK)
		return mca_fail(err, MCA_EUSAGE,
		    "\"%s\" has no A-label: %s (RFC 5891, 4)",
		    MCA_SHOW_TEXT(text), idn2_strerror(code));
	if (asprintf(out, "%.*s%s", (int)skipped, name, ascii) < 0)
		return mca_fail_memory(err);
	return MCA_OK;
}

/* The words for what libidn2 finds in one A-label. */
static const char *
words_for(int code)
{
	switch (code) {
	case IDN2_OK:
		return NULL;
	case IDN2_UALABEL_MISMATCH:
	case IDN2_ALABEL_ROUNDTRIP_FAILED:
		return "has an A-label that is not the one of what it decodes "
		       "to";
	case IDN2_NOT_NFC:
	case IDN2_NFC:
		return "has an A-label of letters that are not composed";
	case IDN2_2HYPHEN:
	case IDN2_HYPHEN_STARTEND:
		return "has an A-label with hyphens where none may be";
	case IDN2_LEADING_COMBINING:
	case IDN2_DISALLOWED:
	case IDN2_UNASSIGNED:
	case IDN2_CONTEXTJ:
	case IDN2_CONTEXTJ_NO_RULE:
	case IDN2_CONTEXTO:
	case IDN2_CONTEXTO_NO_RULE:
		return "has an A-label with a character that IDNA does not "
		       "allow there";
	case IDN2_BIDI:
		return "has an A-label that mixes directions of writing";
	default:
		return "has an A-label that does not decode";
	}
}

/* IDNA2008 as for a registration, which is stricter than a look-up. */
static const char *
label_flaw(const char *label, size_t length)
{
	owned(idn2_text) *again = NULL;
	char text[MAX_LABEL + 1] = { 0 };
	int code;

	if (length > MAX_LABEL)
		return "has a label of more than 63 characters";
	memcpy(text, label, length);
	code = idn2_register_u8(NULL, (const uint8_t *)text, (uint8_t **)&again,
	    0);
	if (code == IDN2_OK && strcmp(again, text) != 0)
		code = IDN2_ALABEL_ROUNDTRIP_FAILED;
	return words_for(code);
}

static bool
has_alabel(const char *name, size_t length)
{
	const char *end = name + length;

	for (const char *at = name; at < end;) {
		size_t label = label_length(at, end);

		if (is_alabel(at, label))
			return true;
		at += label + 1;
	}
	return false;
}

char *
mca_idna_unicode(const char *name, size_t length)
{
	size_t skipped = lead(name, length);
	owned(char) *text = strndup(name + skipped, length - skipped);
	owned(idn2_text) *unicode = NULL;
	char *out = NULL;

	if (text == NULL || !has_alabel(name, length) ||
	    mca_idna_flaw(name, length) != NULL ||
	    idn2_to_unicode_8z8z(text, &unicode,
		IDN2_NONTRANSITIONAL | IDN2_USE_STD3_ASCII_RULES) != IDN2_OK ||
	    asprintf(&out, "%.*s%s", (int)skipped, name, unicode) < 0)
		return NULL;
	return out;
}

#else

bool
mca_idna_known(void)
{
	return false;
}

mca_code
mca_idna_to_ascii(char **out, const char *name, size_t length,
    struct mca_error *err)
{
	(void)out;
	return mca_fail(err, MCA_EUSAGE,
	    "\"%s\" holds letters outside ASCII; this minica was built "
	    "without libidn2 and cannot convert them: write the A-label "
	    "(xn--...)",
	    MCA_SHOW(name, length));
}

static const char *
label_flaw(const char *label, size_t length)
{
	(void)label;
	(void)length;
	return NULL;
}

char *
mca_idna_unicode(const char *name, size_t length)
{
	(void)name;
	(void)length;
	return NULL;
}

#endif

const char *
mca_idna_flaw(const char *name, size_t length)
{
	const char *end = name + length;
	const char *flaw = NULL;

	for (const char *at = name; flaw == NULL && at < end;) {
		size_t label = label_length(at, end);

		if (is_alabel(at, label))
			flaw = label_flaw(at, label);
		at += label + 1;
	}
	return flaw;
}
