/* idna_test.c - U-labels, A-labels, and what they look like. */
#include "rows.h"

#include "idna.h"
#include "minica/owned.h"

/* Both are nothing, or what was found has the wanted words. */
static bool
agrees(const char *found, const char *wanted)
{
	if (found == NULL || wanted == NULL)
		return found == wanted;
	return strstr(found, wanted) != NULL;
}

static const char *
shown(const char *text)
{
	return text == NULL ? "(nothing)" : text;
}

static void
what_people_write_becomes_a_labels(void **state)
{
	static const struct {
		const char *why, *written, *ascii; /* NULL: refused */
	} rows[] = {
		{ "an umlaut", "b\u00fccher.example", "xn--bcher-kva.example" },
		{ "capitals", "B\u00dcCHER.Example", "xn--bcher-kva.example" },
		{ "composed", "bu\u0308cher.example", "xn--bcher-kva.example" },
		{ "full width", "\uff57\uff57\uff57.example", "www.example" },
		{ "a sharp s is a letter", "fa\u00df.example",
		    "xn--fa-hia.example" },
		{ "a wildcard stays", "*.b\u00fccher.example",
		    "*.xn--bcher-kva.example" },
		{ "so does a first dot", ".b\u00fccher.example",
		    ".xn--bcher-kva.example" },
		{ "an ideographic dot is a dot", "b\u00fccher\u3002example",
		    "xn--bcher-kva.example" },
		{ "half of it is not UTF-8", "b\xfc.example", NULL },
		{ "a mark that turns the direction",
		    "b\u202e\u00fccher.example", NULL },
		{ "Hebrew within Latin", "a\u05d0b.example", NULL },
	};

	(void)state;
	if (!mca_idna_known())
		skip();
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct mca_error err = { 0 };
		owned(char) *ascii = NULL;
		mca_code code = mca_idna_to_ascii(&ascii, rows[i].written,
		    strlen(rows[i].written), &err);

		if (rows[i].ascii == NULL) {
			CHECK(code == MCA_EUSAGE, "%s: %s", rows[i].why,
			    shown(ascii));
			continue;
		}
		CHECK(code == MCA_OK, "%s: %s", rows[i].why, err.text);
		CHECK(agrees(ascii, rows[i].ascii), "%s: %s", rows[i].why,
		    shown(ascii));
	}
}

static void
a_labels_decode_and_go_back(void **state)
{
	static const struct {
		const char *name, *unicode, *flaw;
	} rows[] = {
		{ "xn--bcher-kva.example", "b\u00fccher.example", NULL },
		{ "*.xn--bcher-kva.example", "*.b\u00fccher.example", NULL },
		{ "www.example.org", NULL, NULL },
		{ "www.axn--x.example", NULL, NULL },
		{ "www.xn--99999999999.example", NULL, "does not decode" },
		{ "xn--www-a.example", NULL, "IDNA does not allow" },
		{ "xn--ber-ska.example", NULL, "IDNA does not allow" },
		{ "xn--cafe-yvc.example", NULL, "not composed" },
		{ "xn--ab-vld.example", NULL, "directions" },
		{ "xn--.example", NULL, "does not decode" },
	};

	(void)state;
	if (!mca_idna_known())
		skip();
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *name = rows[i].name;
		const char *flaw = mca_idna_flaw(name, strlen(name));
		owned(char) *unicode = mca_idna_unicode(name, strlen(name));

		CHECK(agrees(flaw, rows[i].flaw), "%s: %s", name, shown(flaw));
		CHECK(agrees(unicode, rows[i].unicode), "%s: %s", name,
		    shown(unicode));
	}
}

static void
look_alikes_are_seen(void **state)
{
	static const struct {
		const char *why, *unicode, *says; /* NULL: nothing */
	} rows[] = {
		{ "Latin", "b\u00fccher.example", NULL },
		{ "Russian", "\u043c\u043e\u0441\u043a\u0432\u0430.com", NULL },
		{ "Greek", "\u03b5\u03bb\u03bb\u03ac\u03b4\u03b1.gr", NULL },
		{ "Japanese with Latin", "ascii\u3068\u6f22\u5b57.jp", NULL },
		{ "Korean with Chinese", "\ud55c\u6f22.kr", NULL },
		{ "each label for itself", "\u043c\u0438\u0440.paypal.org",
		    NULL },
		{ "digits and hyphens", "24-\u043c\u0438\u0440.org", NULL },
		{ "below a domain of its own script",
		    "\u0441\u0430\u0445\u0430.\u0440\u0444", NULL },
		{ "a Cyrillic a", "p\u0430ypal.com",
		    "Latin and Cyrillic (U+0430)" },
		{ "a Latin a", "\u043c\u043e\u0441\u043a\u0432a.com",
		    "Cyrillic and Latin (U+0061)" },
		{ "an omicron", "g\u03bfogle.com", "Latin and Greek" },
		{ "in any label", "www.p\u0430ypal.com", "Cyrillic" },
		{ "two that are no CJK", "\u05d0\u0627.com",
		    "Hebrew and Arabic" },
		{ "Thai with Latin", "a\u0e01.com", "Latin and Thai" },
		{ "Korean with kana", "\ud55c\u3042.com",
		    "Hangul and Hiragana" },
		{ "apple", "\u0430\u0440\u0440\u04cf\u0435.com",
		    "each of which looks Latin" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char out[120];
		const char *says =
		    mca_idna_lookalike(out, sizeof(out), rows[i].unicode);

		CHECK(agrees(says, rows[i].says), "%s: %s", rows[i].why,
		    shown(says));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_people_write_becomes_a_labels),
		cmocka_unit_test(a_labels_decode_and_go_back),
		cmocka_unit_test(look_alikes_are_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
