/*
 * idna_script.c - scripts, and letters that look like those of another.
 *
 * Scripts are told by the blocks of Unicode, which is coarser than Unicode's
 * own table and never takes two scripts for one.
 */
#include "idna.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum script {
	COMMON,
	LATIN,
	GREEK,
	CYRILLIC,
	ARMENIAN,
	HEBREW,
	ARABIC,
	THAI,
	GEORGIAN,
	CHEROKEE,
	HAN,
	HIRAGANA,
	KATAKANA,
	BOPOMOFO,
	HANGUL,
	OTHER, /* and all above: one for each block of 128 */
};

static const struct {
	uint32_t first, last;
	unsigned script;
} blocks[] = {
	{ 0x0000, 0x0040, COMMON }, /* digits, hyphen, dot */
	{ 0x0041, 0x007a, LATIN },
	{ 0x00b7, 0x00b7, COMMON }, /* between two l */
	{ 0x00c0, 0x02af, LATIN },
	{ 0x02b0, 0x036f, COMMON }, /* modifiers, combining marks */
	{ 0x0370, 0x03ff, GREEK },
	{ 0x0400, 0x052f, CYRILLIC },
	{ 0x0530, 0x058f, ARMENIAN },
	{ 0x0590, 0x05ff, HEBREW },
	{ 0x0600, 0x06ff, ARABIC },
	{ 0x0750, 0x077f, ARABIC },
	{ 0x08a0, 0x08ff, ARABIC },
	{ 0x0e00, 0x0e7f, THAI },
	{ 0x10a0, 0x10ff, GEORGIAN },
	{ 0x1100, 0x11ff, HANGUL },
	{ 0x13a0, 0x13ff, CHEROKEE },
	{ 0x1c80, 0x1c8f, CYRILLIC },
	{ 0x1c90, 0x1cbf, GEORGIAN },
	{ 0x1e00, 0x1eff, LATIN },
	{ 0x1f00, 0x1fff, GREEK },
	{ 0x2c60, 0x2c7f, LATIN },
	{ 0x2d00, 0x2d2f, GEORGIAN },
	{ 0x2de0, 0x2dff, CYRILLIC },
	{ 0x3005, 0x3007, HAN },
	{ 0x3041, 0x309f, HIRAGANA },
	{ 0x30a0, 0x30fa, KATAKANA },
	{ 0x30fb, 0x30fc, COMMON }, /* the dot and the long vowel */
	{ 0x30fd, 0x30ff, KATAKANA },
	{ 0x3100, 0x312f, BOPOMOFO },
	{ 0x3130, 0x318f, HANGUL },
	{ 0x31a0, 0x31bf, BOPOMOFO },
	{ 0x31f0, 0x31ff, KATAKANA },
	{ 0x3400, 0x9fff, HAN },
	{ 0xa640, 0xa69f, CYRILLIC },
	{ 0xa720, 0xa7ff, LATIN },
	{ 0xab30, 0xab6f, LATIN },
	{ 0xab70, 0xabbf, CHEROKEE },
	{ 0xac00, 0xd7ff, HANGUL },
	{ 0xf900, 0xfaff, HAN },
	{ 0x20000, 0x3ffff, HAN },
};

static const char *const names[] = { "Common", "Latin", "Greek", "Cyrillic",
	"Armenian", "Hebrew", "Arabic", "Thai", "Georgian", "Cherokee", "Han",
	"Hiragana", "Katakana", "Bopomofo", "Hangul" };

/* Letters of other scripts that most fonts draw like Latin ones. */
static const char latin_like[] =
    "\u0430\u0441\u0501\u0435\u04bb\u0456\u0458"
    "\u04cf\u043e\u0440\u051b\u0455\u051d\u0445"
    "\u0443\u044a\u044c\u04bd\u043f\u0433\u0475"
    "\u0461" /* Cyrillic */
    "\u03b1\u03bf\u03bd\u03c1\u03c5\u03b9\u03ba"
    "\u03c7\u03b3\u03b7\u03c9\u03c4" /* Greek */
    "\u0585\u0578\u0570\u057d\u0581\u0566\u0584"
    "\u0561\u0582\u0575\u0563\u056c"; /* Armenian */

static unsigned
script_of(uint32_t c)
{
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (c >= blocks[i].first && c <= blocks[i].last)
			return blocks[i].script;
	return OTHER + (c >> 7);
}

static const char *
name_of(unsigned script)
{
	return script < OTHER ? names[script] : "another script";
}

/* The next character of well-formed UTF-8; 0 at the end. */
static uint32_t
next(const char **at)
{
	const unsigned char *bytes = (const unsigned char *)*at;
	size_t more = bytes[0] < 0xc0 ? 0
	    : bytes[0] < 0xe0	      ? 1
	    : bytes[0] < 0xf0	      ? 2
				      : 3;
	uint32_t c = more == 0 ? bytes[0] : bytes[0] & (0x3fU >> more);

	if (bytes[0] == 0)
		return 0;
	for (size_t i = 1; i <= more; i++)
		c = c << 6 | (bytes[i] & 0x3f);
	*at += more + 1;
	return c;
}

static bool
looks_latin(uint32_t letter)
{
	const char *at = latin_like;
	uint32_t c;

	while ((c = next(&at)) != 0)
		if (c == letter)
			return true;
	return false;
}

/* One label: its first two scripts that do not go together, and its looks. */
struct label {
	unsigned first, second; /* COMMON: there is none */
	uint32_t letter;	/* of the second */
	bool latin_like;
};

/* Chinese, Japanese and Korean mix scripts, and take Latin in (UTS #39). */
static bool
go_together(unsigned a, unsigned b)
{
	unsigned low = a < b ? a : b;
	unsigned high = a < b ? b : a;

	if (low == high || low == COMMON)
		return true;
	if (low == LATIN)
		return high >= HAN && high <= HANGUL;
	if (low == HAN)
		return high <= HANGUL;
	return low == HIRAGANA && high == KATAKANA;
}

/* Reads up to the dot or the end. */
static struct label
read_label(const char **at)
{
	struct label label = { COMMON, COMMON, 0, true };
	uint32_t c;

	while (**at != '.' && (c = next(at)) != 0) {
		unsigned script = script_of(c);

		if (script == COMMON)
			continue;
		label.latin_like = label.latin_like && looks_latin(c);
		if (go_together(label.first, script)) {
			if (label.first <= LATIN ||
			    (label.first == HAN && script != LATIN))
				label.first = script;
		} else if (label.second == COMMON) {
			label.second = script;
			label.letter = c;
		}
	}
	return label;
}

/* Below a top-level domain of its own script a whole label deceives nobody. */
static bool
has_ascii_top(const char *unicode)
{
	const char *dot = strrchr(unicode, '.');

	return dot != NULL && mca_idna_is_ascii(dot, strlen(dot));
}

const char *
mca_idna_lookalike(char *out, size_t size, const char *unicode)
{
	bool ascii_top = has_ascii_top(unicode);
	const char *at = unicode;

	while (*at != '\0') {
		struct label label = read_label(&at);

		if (label.second != COMMON &&
		    snprintf(out, size,
			"letters of %s and %s (U+%04X) stand in one label",
			name_of(label.first), name_of(label.second),
			(unsigned)label.letter) > 0)
			return out;
		if (label.first != COMMON && label.latin_like && ascii_top &&
		    snprintf(out, size,
			"a label of %s letters, each of which looks Latin",
			name_of(label.first)) > 0)
			return out;
		at += *at == '.';
	}
	return NULL;
}
