/*
 * help.c - see help.h; and the command of that name.
 */
#include "help.h"

#include "fail.h"
#include "json.h"

#include <stdio.h>
#include <string.h>

/* The column where explanations begin. */
#define HELP_COLUMN 28

/* Does `command` begin with the first `count` words of `words`? */
static bool
begins_with(const struct command *command, const char *const *words,
    size_t count)
{
	const char *at = command->name;

	for (size_t i = 0; i < count; i++) {
		size_t length = strcspn(at, " ");

		if (length == 0 || strlen(words[i]) != length ||
		    memcmp(at, words[i], length) != 0)
			return false;
		at += length + (at[length] == ' ');
	}
	return true;
}

static const struct command *
named(const char *const *words, size_t count)
{
	for (const struct command *const *c = commands; *c != NULL; c++)
		if (begins_with(*c, words, count) &&
		    strlen((*c)->name) ==
			strlen(words[0]) +
			    (count > 1 ? 1 + strlen(words[1]) : 0))
			return *c;
	return NULL;
}

/* "trust add, trust list, trust remove, trust export" */
static void
add_members(mca_text *out, const char *word)
{
	for (const struct command *const *c = commands; *c != NULL; c++)
		if (begins_with(*c, &word, 1))
			mca_text_addf(out, "%sminica %s",
			    out->length == 0 ? "" : ", ", (*c)->name);
}

/* More commands than there will be, with room for a longer name. */
#define MOST 64
#define LONGEST 32

/* The nearest of all names, cut to one word when only one was given. */
static bool
nearest(char out[LONGEST], const char *const *words, size_t count)
{
	char names[MOST][LONGEST];
	const char *list[MOST + 1] = { NULL };
	char asked[LONGEST];
	const char *near;

	for (size_t i = 0; i < MOST && commands[i] != NULL; i++) {
		const char *name = commands[i]->name;
		size_t length = count > 1 ? strlen(name) : strcspn(name, " ");

		(void)snprintf(names[i], LONGEST, "%.*s", (int)length, name);
		list[i] = names[i];
	}
	(void)snprintf(asked, sizeof(asked), "%s%s%s", words[0],
	    count > 1 ? " " : "", count > 1 ? words[1] : "");
	near = mca_text_nearest(asked, list);
	(void)snprintf(out, LONGEST, "%s", near == NULL ? "" : near);
	return near != NULL;
}

static void
tell_unknown(const char *const *words, size_t count, struct mca_error *err)
{
	scoped(mca_text) members = { 0 };
	scoped(mca_text) asked = { 0 };
	char near[LONGEST];

	add_members(&members, words[0]);
	mca_text_addf(&asked, "%s", words[0]);
	if (members.length > 0 && count > 1)
		mca_text_addf(&asked, " %s", words[1]);
	if (members.length > 0 && count == 1)
		(void)fail(err, MCA_EUSAGE, "%s needs one word more: %s",
		    MCA_SHOW_TEXT(words[0]), mca_text_get(&members));
	else if (nearest(near, words, members.length == 0 ? 1 : count))
		(void)fail(err, MCA_EUSAGE,
		    "unknown command %s: did you mean %s?",
		    MCA_SHOW_TEXT(mca_text_get(&asked)), near);
	else if (members.length > 0)
		(void)fail(err, MCA_EUSAGE, "unknown command %s: one of %s",
		    MCA_SHOW_TEXT(mca_text_get(&asked)),
		    mca_text_get(&members));
	else
		(void)fail(err, MCA_EUSAGE,
		    "unknown command %s: minica help lists them",
		    MCA_SHOW_TEXT(words[0]));
}

const struct command *
help_find(size_t *used, const char *const *words, size_t count,
    struct mca_error *err)
{
	for (*used = 1; *used <= 2 && *used <= count; (*used)++) {
		const struct command *command = named(words, *used);

		if (command != NULL)
			return command;
	}
	tell_unknown(words, count, err);
	return NULL;
}

void
help_usage(mca_text *out, const struct command *command)
{
	mca_text_addf(out, "minica %s [OPTION]...", command->name);
	for (const struct opt *row = command->opts; row->kind; row++) {
		if (row->kind == OPT_ARG)
			mca_text_addf(out, " %s", row->name);
		else if (row->kind == OPT_ARG_MAYBE)
			mca_text_addf(out, " [%s]", row->name);
		else if (row->kind == OPT_ARGS)
			mca_text_addf(out, " %s...", row->name);
		else if (row->kind == OPT_ARGS_MAYBE)
			mca_text_addf(out, " [%s]...", row->name);
	}
}

/* "  -p, --policy NAME      issue under it" */
static void
print_row(const struct session *s, const struct opt *row)
{
	scoped(mca_text) left = { 0 };

	if (row->letter != 0)
		mca_text_addf(&left, "  -%c, --%s", row->letter, row->name);
	else
		mca_text_addf(&left, "      --%s", row->name);
	if (row->value != NULL)
		mca_text_addf(&left, " %s", row->value);
	if (left.length < HELP_COLUMN)
		print(s, "%-*s", HELP_COLUMN, mca_text_get(&left));
	else
		print(s, "%s\n%*s", mca_text_get(&left), HELP_COLUMN, "");
	print(s, "%s\n", row->help);
}

static void
print_options(const struct session *s, const struct opt *rows)
{
	for (const struct opt *row = rows; row->kind; row++)
		if (!opt_is_argument(row))
			print_row(s, row);
}

static bool
has_options(const struct opt *rows)
{
	while (rows->kind && opt_is_argument(rows))
		rows++;
	return rows->kind != OPT_END;
}

static void
json_options(json_t *doc, const struct opt *rows)
{
	for (const struct opt *row = rows; row->kind; row++) {
		bool argument = opt_is_argument(row);
		json_t *object =
		    json_row(doc, argument ? "arguments" : "options");

		json_put(object, "name", json_text(row->name));
		if (row->value != NULL)
			json_put(object, "value", json_text(row->value));
		json_put(object, "help", json_text(row->help));
	}
}

void
help_about(struct session *s, const struct command *command)
{
	scoped(mca_text) usage = { 0 };

	help_usage(&usage, command);
	if (s->doc != NULL) {
		json_put(s->doc, "command", json_text(command->name));
		json_put(s->doc, "summary", json_text(command->summary));
		json_put(s->doc, "usage", json_text(mca_text_get(&usage)));
		json_options(s->doc, command->opts);
		return;
	}

	print(s, "%s.\n\nUsage: %s\n\n", command->summary,
	    mca_text_get(&usage));
	for (const struct opt *row = command->opts; row->kind; row++)
		if (opt_is_argument(row))
			print(s, "  %-*s%s\n", HELP_COLUMN - 2, row->name,
			    row->help);
	if (has_options(command->opts)) {
		print(s, "\nOptions:\n");
		print_options(s, command->opts);
	}
	print(s, "\nOptions of every command:\n");
	print_options(s, global_opts);
	if (command->more != NULL)
		print(s, "\n%s", command->more);
}

void
help_all(struct session *s)
{
	print(s,
	    "A certificate authority in one program and one file.\n\n"
	    "Usage: minica COMMAND [OPTION]... [ARGUMENT]...\n\n"
	    "Commands:\n");
	for (const struct command *const *c = commands; *c != NULL; c++) {
		json_t *row = json_row(s->doc, "commands");

		json_put(row, "name", json_text((*c)->name));
		json_put(row, "summary", json_text((*c)->summary));
		print(s, "  %-20s%s\n", (*c)->name, (*c)->summary);
	}
	print(s, "\nOptions of every command, in any position:\n");
	print_options(s, global_opts);
	print(s,
	    "\nThe first three commands of a new authority:\n"
	    "  minica init-root\n"
	    "  minica sign web.csr --out web.pem\n"
	    "  minica verify web.pem --host example.com\n"
	    "\nminica help COMMAND explains one of them.\n");
}

bool
help_members(struct session *s, const char *word)
{
	bool any = false;

	for (const struct command *const *c = commands; *c != NULL; c++) {
		json_t *row;

		if (!begins_with(*c, &word, 1) || !strchr((*c)->name, ' '))
			continue;
		row = json_row(s->doc, "commands");
		json_put(row, "name", json_text((*c)->name));
		json_put(row, "summary", json_text((*c)->summary));
		print(s, "  minica %-16s%s\n", (*c)->name, (*c)->summary);
		any = true;
	}
	return any;
}

struct args {
	struct words words;
};

static const struct opt opts[] = {
	{ OPT_ARGS_MAYBE, 0, "COMMAND", NULL, FIELD(words),
	    "the command to explain" },
	{ 0 },
};

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	const struct args *args = opaque;
	const struct words *words = &args->words;
	const struct command *command;
	size_t used;

	if (words->count == 0) {
		help_all(s);
		return MCA_OK;
	}
	if (words->count == 1 && help_members(s, words->rows[0]))
		return MCA_OK;
	command = help_find(&used, words->rows, words->count, err);
	if (command == NULL)
		return err->code;
	if (used < words->count)
		return fail(err, MCA_EUSAGE, "\"%s\" is one word too many",
		    MCA_SHOW_TEXT(words->rows[used]));
	help_about(s, command);
	return MCA_OK;
}

const struct command help_command = {
	"help",
	"Explain minica, or one command",
	opts,
	sizeof(struct args),
	run,
	NULL,
};
