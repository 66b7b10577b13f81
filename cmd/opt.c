/*
 * opt.c - see opt.h.
 */
#include "opt.h"

#include "fail.h"

#include <minica/owned.h>

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <string.h>

/* What getopt_long returns for the row of that index; letters are below. */
#define FIRST_LONG 256

/* An option and the struct that it fills. */
struct entry {
	const struct opt *row;
	void *fields;
};

/* More than the options of any command and the global ones. */
#define MOST 64

/* The options of all sets in one list, as getopt_long wants them. */
struct merged {
	struct entry entries[MOST];
	struct option longs[MOST + 1];
	char letters[2 * MOST + 3]; /* "+:hqv" */
	size_t count;
};

bool
opt_is_argument(const struct opt *row)
{
	return row->kind >= OPT_ARG;
}

static void
merge_row(struct merged *all, const struct opt *row, void *fields)
{
	size_t at = all->count++;
	size_t letters = strlen(all->letters);
	bool takes = row->kind != OPT_FLAG;

	assert(at < MOST);
	all->entries[at] = (struct entry){ row, fields };
	all->longs[at].name = row->name;
	all->longs[at].has_arg = takes ? required_argument : no_argument;
	all->longs[at].val = FIRST_LONG + (int)at;
	if (row->letter == 0)
		return;
	all->letters[letters++] = row->letter;
	if (takes)
		all->letters[letters] = ':';
}

static void
merge(struct merged *all, const struct opt_set *sets, size_t count, char mode)
{
	all->letters[0] = mode;
	all->letters[1] = ':';
	for (size_t i = 0; i < count; i++)
		for (const struct opt *row = sets[i].rows; row->kind; row++)
			if (!opt_is_argument(row))
				merge_row(all, row, sets[i].fields);
}

/* Which option getopt_long speaks of, by letter or by number; or NULL. */
static const struct entry *
entry_of(const struct merged *all, int value)
{
	for (size_t i = 0; i < all->count; i++)
		if (value == FIRST_LONG + (int)i ||
		    value == all->entries[i].row->letter)
			return &all->entries[i];
	return NULL;
}

static mca_code
unknown_long(const struct merged *all, const char *word, struct mca_error *err)
{
	const char *name = word + 2;
	const char *names[MOST + 1] = { NULL };
	const char *near;
	owned(char) *plain = strndup(name, strcspn(name, "="));

	if (plain == NULL)
		fail_memory();
	for (size_t i = 0; i < all->count; i++)
		names[i] = all->entries[i].row->name;
	near = mca_text_nearest(plain, names);
	if (near == NULL)
		return fail(err, MCA_EUSAGE, "unknown option --%s",
		    MCA_SHOW_TEXT(plain));
	return fail(err, MCA_EUSAGE, "unknown option --%s: did you mean --%s?",
	    MCA_SHOW_TEXT(plain), near);
}

/*
 * getopt_long says "?" for an unknown option, for a long one that is the
 * start of several, and for a value where none belongs.
 */
static mca_code
bad_option(const struct merged *all, const char *word, struct mca_error *err)
{
	const struct entry *known = optopt == 0 ? NULL : entry_of(all, optopt);

	if (known != NULL)
		return fail(err, MCA_EUSAGE, "--%s takes no value",
		    known->row->name);
	if (optopt != 0)
		return fail(err, MCA_EUSAGE, "unknown option -%s",
		    MCA_SHOW(&(char){ (char)optopt }, 1));
	return unknown_long(all, word, err);
}

static bool
is_word_of(const char *text, const char *words)
{
	size_t length = strlen(text);

	for (const char *at = words; *at != '\0';) {
		size_t size = strcspn(at, "|");

		if (size == length && memcmp(at, text, size) == 0)
			return true;
		at += size + (at[size] == '|');
	}
	return false;
}

static mca_code
read_number(struct number *out, const char *text, struct mca_error *err)
{
	char *end = NULL;

	errno = 0;
	out->value = strtoll(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != '\0' || errno != 0)
		return fail(err, MCA_EUSAGE, "\"%s\" is not a whole number",
		    MCA_SHOW_TEXT(text));
	return MCA_OK;
}

/* A number alone is days; with units it is a duration ("12h"). */
static mca_code
read_life(struct number *out, const char *text, struct mca_error *err)
{
	bool days = text[strspn(text, "0123456789")] == '\0';
	mca_code code = days ? read_number(out, text, err)
			     : mca_duration_parse(&out->value, text, err);

	if (code != MCA_OK)
		return code;
	if (out->value == 0 || (days && out->value > INT64_MAX / MCA_DAY))
		return fail(err, MCA_EUSAGE,
		    "%s%s is no life: wanted days, as 90, or a duration, as "
		    "36h",
		    MCA_SHOW_TEXT(text), days ? " days" : "");
	if (days)
		out->value *= MCA_DAY;
	return MCA_OK;
}

static mca_code
store_text(const char **out, const char *text, struct mca_error *err)
{
	if (*out != NULL)
		return fail(err, MCA_EUSAGE, "given twice");
	*out = text;
	return MCA_OK;
}

static mca_code
store_word(const char **out, const char *text, const char *words,
    struct mca_error *err)
{
	if (!is_word_of(text, words))
		return fail(err, MCA_EUSAGE, "\"%s\" is not one of %s",
		    MCA_SHOW_TEXT(text), words);
	return store_text(out, text, err);
}

static mca_code
store_number(struct number *out, enum opt_kind kind, const char *text,
    struct mca_error *err)
{
	if (out->given)
		return fail(err, MCA_EUSAGE, "given twice");
	out->given = true;
	if (kind == OPT_TIME)
		return mca_time_parse(&out->value, text, err);
	if (kind == OPT_LIFE)
		return read_life(out, text, err);
	return read_number(out, text, err);
}

static mca_code
store(const struct opt *row, void *fields, const char *text,
    struct mca_error *err)
{
	void *field = (char *)fields + row->field;

	switch (row->kind) {
	case OPT_FLAG:
		*(bool *)field = true;
		return MCA_OK;
	case OPT_TEXTS:
	case OPT_ARGS:
	case OPT_ARGS_MAYBE:
		words_add(field, text);
		return MCA_OK;
	case OPT_WORD:
		return store_word(field, text, row->value, err);
	case OPT_NUMBER:
	case OPT_LIFE:
	case OPT_TIME:
		return store_number(field, row->kind, text, err);
	default:
		return store_text(field, text, err);
	}
}

/* The row that the next argument belongs to: the first that is not full. */
static mca_code
store_argument(const struct opt_set *set, const char *text,
    struct mca_error *err)
{
	for (const struct opt *row = set->rows; row->kind; row++) {
		void *field = (char *)set->fields + row->field;
		bool one = row->kind == OPT_ARG || row->kind == OPT_ARG_MAYBE;

		if (!opt_is_argument(row))
			continue;
		if (!one || *(const char **)field == NULL)
			return store(row, set->fields, text, err);
	}
	return fail(err, MCA_EUSAGE, "\"%s\" is one argument too many",
	    MCA_SHOW_TEXT(text));
}

static mca_code
store_option(const struct merged *all, int value, const char *word,
    struct mca_error *err)
{
	const struct entry *entry =
	    entry_of(all, value == ':' ? optopt : value);

	if (entry == NULL)
		return bad_option(all, word, err);
	if (value == ':')
		return fail(err, MCA_EUSAGE, "--%s needs a value: %s",
		    entry->row->name, entry->row->value);
	if (store(entry->row, entry->fields, optarg, err) != MCA_OK)
		return within(err, "--%s", entry->row->name);
	return MCA_OK;
}

/*
 * The mode "-" has getopt_long return arguments in their place among the
 * options, as the value 1, whatever POSIXLY_CORRECT says; "+" ends at the
 * first one.  An optind of 0 starts it anew.
 */
static mca_code
read_all(struct merged *all, const struct opt_set *last, int argc, char **argv,
    struct mca_error *err)
{
	int value;

	optind = 0;
	opterr = 0;
	while ((value = getopt_long(argc, argv, all->letters, all->longs,
		    NULL)) != -1) {
		const char *word = argv[optind - 1];
		mca_code code = value == 1
		    ? store_argument(last, optarg, err)
		    : store_option(all, value, word, err);

		if (code != MCA_OK)
			return code;
	}
	return MCA_OK;
}

mca_code
opt_parse(const struct opt_set *sets, size_t count, int argc, char **argv,
    struct mca_error *err)
{
	struct merged all = { 0 };
	mca_code code;

	merge(&all, sets, count, '-');
	code = read_all(&all, &sets[count - 1], argc, argv, err);
	for (int i = optind; code == MCA_OK && i < argc; i++)
		code = store_argument(&sets[count - 1], argv[i], err);
	return code;
}

mca_code
opt_parse_leading(int *next, const struct opt_set *set, int argc, char **argv,
    struct mca_error *err)
{
	struct merged all = { 0 };
	mca_code code;

	merge(&all, set, 1, '+');
	code = read_all(&all, set, argc, argv, err);
	*next = optind;
	return code;
}

mca_code
opt_require(const struct opt_set *set, struct mca_error *err)
{
	for (const struct opt *row = set->rows; row->kind; row++) {
		const void *field = (const char *)set->fields + row->field;
		const struct words *list = field;

		if (row->kind == OPT_ARG && *(const char *const *)field == NULL)
			return fail(err, MCA_EUSAGE, "%s is missing: %s",
			    row->name, row->help);
		if (row->kind == OPT_ARGS && list->count == 0)
			return fail(err, MCA_EUSAGE, "%s is missing: %s",
			    row->name, row->help);
	}
	return MCA_OK;
}

void
opt_clear(const struct opt_set *set)
{
	for (const struct opt *row = set->rows; row->kind; row++) {
		struct words *list = (void *)((char *)set->fields + row->field);

		if (row->kind == OPT_TEXTS || row->kind == OPT_ARGS ||
		    row->kind == OPT_ARGS_MAYBE)
			words_clear(list);
	}
}
