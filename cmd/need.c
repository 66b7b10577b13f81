/*
 * need.c - see need.h.
 */
#include "need.h"

#include "fail.h"

#include <minica/owned.h>

#include <stdlib.h>
#include <string.h>

/* Of every command; a row with an option counts when that is given. */
static const struct need {
	const char *command, *option;
	unsigned needs;
} table[] = {
	{ "init-root", NULL, NEED_LATE },
	{ "init-intermediate", NULL, NEED_LATE },
	{ "rollover start", NULL, NEED_LATE },
	{ "rollover cross", NULL, NEED_LATE },
	{ "rollover switch", NULL, NEED_LATE },
	{ "rollover finish", NULL, NEED_LATE | NEED_TREES },
	{ "rollover status", NULL, NEED_TREES },
	{ "keygen", NULL, NEED_NO_HOME },
	{ "csr", NULL, NEED_HERE | NEED_NO_HOME },
	{ "review", NULL, NEED_TREES }, /* --from, policies of links */
	{ "sign", NULL, NEED_LATE },
	{ "sign", "from", NEED_TREES },
	{ "issue", NULL, NEED_LATE | NEED_HERE },
	{ "verify", NULL, 0 },
	{ "verify", "connect", NEED_NETWORK },
	{ "verify", "roots", NEED_NO_HOME },
	{ "inspect", NULL, NEED_NO_HOME },
	{ "lint", NULL, NEED_NO_HOME },
	{ "list", NULL, 0 },
	{ "show", NULL, 0 },
	{ "status", NULL, NEED_TREES },
	{ "status", "live", NEED_NETWORK },
	{ "export", NULL, 0 },
	{ "renew", NULL, NEED_LATE | NEED_TREES | NEED_PLACES },
	{ "renew", "exec", NEED_RUNS },
	{ "revoke", NULL, NEED_LATE },
	{ "crl", NULL, NEED_LATE },
	{ "ocsp", NULL, NEED_LATE },
	{ "plan", NULL, NEED_TREES },
	{ "apply", NULL, NEED_LATER }, /* and what the manifest says */
	{ "trust add", NULL, NEED_MAKES },
	{ "trust list", NULL, 0 },
	{ "trust remove", NULL, 0 },
	{ "trust export", NULL, 0 },
	{ "trust install", NULL, NEED_RUNS },
	{ "trust uninstall", NULL, NEED_RUNS },
	{ "exec", NULL, NEED_RUNS },
	{ "exec", "roots", NEED_NO_HOME },
	{ "fixtures", NULL, NEED_NO_HOME },
	{ "policy list", NULL, 0 },
	{ "policy show", NULL, 0 },
	{ "policy check", NULL, 0 },
	{ "policy test", NULL, NEED_TREES }, /* requests that policies name */
	{ "audit list", NULL, 0 },
	{ "audit verify", NULL, 0 },
	{ "audit head", NULL, 0 },
	{ "doctor", NULL, NEED_LATE },
	{ "backup", NULL, NEED_LATE },
	{ "restore", NULL, NEED_MAKES },
	{ "import", NULL, NEED_LATE | NEED_TREES },
	{ "completion", NULL, NEED_NO_HOME },
	{ "version", NULL, NEED_NO_HOME },
	{ "help", NULL, NEED_NO_HOME },
};

/* Options that name what is written; other paths are read. */
static const char *const written[] = { "out", "out-dir", "key-out", "csr-out",
	"save" };

/* ---- the options of a command ---- */

/* The words of an option that takes some; `*count` is 0 if none was given. */
static const char *const *
words_of(const struct opt *row, const void *args, size_t *count)
{
	const void *field = (const char *)args + row->field;
	const struct words *list = field;
	const char *const *one = field;

	*count = 0;
	switch (row->kind) {
	case OPT_TEXT:
	case OPT_ARG:
	case OPT_ARG_MAYBE:
		*count = *one != NULL;
		return one;
	case OPT_TEXTS:
	case OPT_ARGS:
	case OPT_ARGS_MAYBE:
		*count = list->count;
		return list->rows;
	default:
		return NULL;
	}
}

static bool
is_given(const struct command *command, const void *args, const char *option)
{
	for (const struct opt *row = command->opts; row->kind != OPT_END;
	     row++) {
		size_t count;

		if (strcmp(row->name, option) != 0)
			continue;
		if (row->kind == OPT_FLAG)
			return *(const bool *)((const char *)args + row->field);
		(void)words_of(row, args, &count);
		return count > 0;
	}
	return false;
}

unsigned
needs_of(const struct session *s)
{
	const struct command *command = s->command;
	unsigned needs = s->needs;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].command, command->name) == 0 &&
		    (table[i].option == NULL ||
			is_given(command, s->args, table[i].option)))
			needs |= table[i].needs;
	return needs;
}

static bool
takes_any(const struct opt *row, const char *const *words, size_t count)
{
	const char *shown = row->value == NULL ? row->name : row->value;

	for (size_t i = 0; i < count; i++)
		if (strstr(shown, words[i]) != NULL)
			return true;
	return false;
}

static bool
takes_name(const struct opt *row)
{
	static const char *const words[] = { "ID", "NAME" };

	return takes_any(row, words, sizeof(words) / sizeof(words[0]));
}

/* Names of certificates and policies may be those of files as well. */
static bool
takes_path(const struct opt *row)
{
	static const char *const words[] = { "FILE", "DIR", "CERT", "CSR",
		"KEY", "PATH" };

	return takes_name(row) ||
	    takes_any(row, words, sizeof(words) / sizeof(words[0]));
}

static bool
names_directory(const struct opt *row)
{
	return strcmp(row->value == NULL ? row->name : row->value, "DIR") == 0;
}

static bool
is_written(const struct opt *row)
{
	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++)
		if (!opt_is_argument(row) && strcmp(row->name, written[i]) == 0)
			return true;
	return strcmp(row->name, "DIR") == 0; /* of fixtures */
}

/* ---- all of them ---- */

static void
take_word(const struct opt *row, const char *word, need_take *take,
    void *context)
{
	if (!takes_path(row) || strcmp(word, "-") == 0)
		return;
	if (!is_written(row))
		take(context, word, NEED_READ);
	else
		take(context, word,
		    names_directory(row) ? NEED_WRITE : NEED_REPLACE);
}

void
needs_paths(const struct session *s, need_take *take, void *context)
{
	for (const struct opt *row = s->command->opts; row->kind != OPT_END;
	     row++) {
		const char *const *words;
		size_t count;

		words = words_of(row, s->args, &count);
		for (size_t i = 0; i < count; i++)
			take_word(row, words[i], take, context);
	}
	for (size_t i = 0; i < s->wanted_count; i++)
		take(context, s->wanted[i].path, s->wanted[i].how);
}

/* What a name stands for is found out later: it may be a command's word. */
size_t
needs_stdin(const struct session *s)
{
	size_t readers = 0;

	for (const struct opt *row = s->command->opts; row->kind != OPT_END;
	     row++) {
		const char *const *words;
		size_t count;

		words = words_of(row, s->args, &count);
		if (takes_path(row) && !takes_name(row) && !is_written(row))
			for (size_t i = 0; i < count; i++)
				readers += strcmp(words[i], "-") == 0;
	}
	return readers;
}

static void
look_for_uri(void *context, const char *path, enum need_how how)
{
	bool *found = context;

	(void)how;
	*found |= mca_key_is_uri(path);
}

bool
needs_elsewhere(const struct session *s)
{
	bool found = false;

	needs_paths(s, look_for_uri, &found);
	return found;
}

/* Many files share few directories, and are told one after the other. */
static bool
is_known(const struct session *s, const char *path, enum need_how how)
{
	for (size_t i = 1; i <= 8 && i <= s->wanted_count; i++) {
		const struct wanted *row = &s->wanted[s->wanted_count - i];

		if (row->how == how && strcmp(row->path, path) == 0)
			return true;
	}
	return false;
}

void
need_path(struct session *s, const char *path, enum need_how how)
{
	struct wanted *rows;

	if (is_known(s, path, how))
		return;
	rows = reallocarray(s->wanted, s->wanted_count + 1, sizeof(*rows));
	if (rows == NULL)
		fail_memory();
	s->wanted = rows;
	rows[s->wanted_count] = (struct wanted){ strdup(path), how };
	if (rows[s->wanted_count++].path == NULL)
		fail_memory();
}

void
need_beside(struct session *s, const char *path, enum need_how how)
{
	const char *slash = strrchr(path, '/');
	owned(char) *directory = slash == NULL
	    ? strdup(".")
	    : strndup(path, (size_t)(slash - path) + (slash == path));

	if (directory == NULL)
		fail_memory();
	need_path(s, directory, how);
}

void
needs_forget(struct session *s)
{
	for (size_t i = 0; i < s->wanted_count; i++)
		free(s->wanted[i].path);
	free(s->wanted);
}

void
needs_others(void (
		 *each)(void *context, const char *command, const char *option),
    void *context)
{
	/* Which the manifest says, and no option. */
	each(context, "apply of a manifest with hooks", NULL);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].needs & NEED_RUNS)
			each(context, table[i].command, table[i].option);
}
