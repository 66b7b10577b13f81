/*
 * completion.c - minica completion: what a shell needs to know to complete
 * commands, options and their words, from the same rows that parse them.
 */
#include "fail.h"
#include "json.h"
#include "session.h"

#include <string.h>

struct args {
	const char *shell;
};

static const struct opt opts[] = {
	{ OPT_ARG, 0, "SHELL", NULL, FIELD(shell), "bash, zsh or fish" },
	{ 0 },
};

/* ---- what there is to complete ---- */

/* "add" of "trust add", NULL of a command of one word. */
static const char *
second_word(const struct command *command)
{
	const char *space = strchr(command->name, ' ');

	return space == NULL ? NULL : space + 1;
}

static int
first_length(const struct command *command)
{
	return (int)strcspn(command->name, " ");
}

/* Whether `c` is the first command that begins with its first word. */
static bool
is_first(const struct command *const *c)
{
	return c == commands || first_length(c[0]) != first_length(c[-1]) ||
	    strncmp(c[0]->name, c[-1]->name, (size_t)first_length(c[0])) != 0;
}

/* Files, folders and what is read from them. */
static bool
is_path(const struct opt *row)
{
	static const char *const words[] = { "FILE", "DIR", "CERT", "CSR",
		"KEY" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (row->value != NULL && strstr(row->value, words[i]) != NULL)
			return true;
	return false;
}

/* Adds the words that an option takes; false if any text will do. */
static bool
add_values(mca_text *out, const struct opt *row)
{
	const char *at = row->value;

	if (row->kind == OPT_TEXT && strcmp(at, "CLIENT,...") == 0) {
		for (size_t i = 0; i < MCA_CLIENTS; i++)
			mca_text_addf(out, "%s ", mca_clients()[i].name);
		mca_text_addf(out, "all");
		return true;
	}
	if (row->kind != OPT_WORD)
		return false;
	for (; *at != '\0'; at++)
		mca_text_addf(out, "%c", *at == '|' ? ' ' : *at);
	return true;
}

static bool
takes_value(const struct opt *row)
{
	return !opt_is_argument(row) && row->kind != OPT_FLAG;
}

/* 'in single quotes', which all three shells read alike. */
static void
add_quoted(mca_text *out, const char *text)
{
	mca_text_addf(out, "'");
	for (; *text != '\0'; text++)
		if (*text == '\'')
			mca_text_addf(out, "'\\''");
		else
			mca_text_addf(out, "%c", *text);
	mca_text_addf(out, "'");
}

/* ---- bash and zsh ---- */

/* Finds in $command the words of the command that stand before the cursor. */
static void
add_walk(mca_text *out)
{
	mca_text_addf(out, "\t\tcase \"$command $word\" in\n");
	for (const struct command *const *c = commands; *c != NULL; c++)
		if (is_first(c))
			mca_text_addf(out, "\t\t' %.*s') command=$word ;;\n",
			    first_length(*c), (*c)->name);
	for (const struct command *const *c = commands; *c != NULL; c++)
		if (second_word(*c) != NULL)
			mca_text_addf(out,
			    "\t\t'%s') command=\"$command $word\" ;;\n",
			    (*c)->name);
	mca_text_addf(out, "\t\tesac\n\tdone\n");
}

/* What may follow an option: words, or a path, which the shell knows best. */
static void
add_after(mca_text *out, const struct command *command, const char *give)
{
	for (const struct opt *row = command->opts; row->kind; row++) {
		scoped(mca_text) values = { 0 };

		if (!takes_value(row))
			continue;
		mca_text_addf(out, "\t'%s --%s')", command->name, row->name);
		if (add_values(&values, row))
			mca_text_addf(out, " %s%s%s; return ;;\n", give,
			    mca_text_get(&values),
			    strchr(give, '"') == NULL ? ""
						      : "\" -- \"$cur\"))");
		else
			mca_text_addf(out, " %s return ;;\n",
			    strchr(give, '"') == NULL && is_path(row)
				? "_files;"
				: "");
	}
}

/* The words that may follow no command, or the first word of a group. */
static void
add_words(mca_text *out, const struct command *const *group)
{
	for (const struct command *const *c = commands; *c != NULL; c++) {
		bool member = group != NULL && second_word(*c) != NULL &&
		    first_length(*c) == first_length(*group) &&
		    strncmp((*c)->name, (*group)->name,
			(size_t)first_length(*c)) == 0;

		if (group == NULL && is_first(c))
			mca_text_addf(out, " %.*s", first_length(*c),
			    (*c)->name);
		else if (member)
			mca_text_addf(out, " %s", second_word(*c));
	}
}

static void
add_all_words(mca_text *out)
{
	mca_text_addf(out, "\t'') values='");
	add_words(out, NULL);
	mca_text_addf(out, "' ;;\n");
	for (const struct command *const *c = commands; *c != NULL; c++) {
		if (!is_first(c) || second_word(*c) == NULL)
			continue;
		mca_text_addf(out, "\t%.*s) values='", first_length(*c),
		    (*c)->name);
		add_words(out, c);
		mca_text_addf(out, "' ;;\n");
	}
}

static void
add_names(mca_text *out, const struct opt *rows)
{
	for (const struct opt *row = rows; row->kind; row++)
		if (!opt_is_argument(row))
			mca_text_addf(out, " --%s", row->name);
}

static void
add_bash(mca_text *out)
{
	mca_text_addf(out,
	    "# minica completion bash\n"
	    "_minica()\n{\n"
	    "\tlocal cur=${COMP_WORDS[COMP_CWORD]}\n"
	    "\tlocal prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
	    "\tlocal command='' word values='' options=''\n"
	    "\tCOMPREPLY=()\n"
	    "\tif [[ $prev == '=' ]]; then\n"
	    "\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}\n"
	    "\tfi\n"
	    "\tfor word in \"${COMP_WORDS[@]:1:COMP_CWORD - 1}\"; do\n");
	add_walk(out);
	mca_text_addf(out, "\tcase \"$command $prev\" in\n");
	for (const struct command *const *c = commands; *c != NULL; c++)
		add_after(out, *c, "COMPREPLY=($(compgen -W \"");
	mca_text_addf(out, "\tesac\n\tcase $command in\n");
	add_all_words(out);
	for (const struct command *const *c = commands; *c != NULL; c++) {
		mca_text_addf(out, "\t'%s') options='", (*c)->name);
		add_names(out, (*c)->opts);
		mca_text_addf(out, "' ;;\n");
	}
	mca_text_addf(out,
	    "\tesac\n\tif [[ $cur == -* ]]; then\n\t\toptions+='");
	add_names(out, global_opts);
	mca_text_addf(out,
	    "'\n"
	    "\t\tCOMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n"
	    "\telif [[ -n $values ]]; then\n"
	    "\t\tCOMPREPLY=($(compgen -W \"$values\" -- \"$cur\"))\n"
	    "\tfi\n}\n"
	    "complete -o bashdefault -o default -F _minica minica\n");
}

/* Rows for _describe: '--host:it must be for this DNS name'. */
static void
add_described(mca_text *out, const struct opt *rows)
{
	for (const struct opt *row = rows; row->kind; row++) {
		scoped(mca_text) both = { 0 };

		if (opt_is_argument(row))
			continue;
		mca_text_addf(&both, "--%s:%s", row->name, row->help);
		mca_text_addf(out, "\n\t\t");
		add_quoted(out, mca_text_get(&both));
	}
}

static void
add_zsh(mca_text *out)
{
	mca_text_addf(out,
	    "#compdef minica\n"
	    "_minica()\n{\n"
	    "\tlocal command='' word values=''\n"
	    "\tlocal -a options\n"
	    "\tfor word in \"${words[@]:1:CURRENT-2}\"; do\n");
	add_walk(out);
	mca_text_addf(out, "\tcase \"$command ${words[CURRENT-1]}\" in\n");
	for (const struct command *const *c = commands; *c != NULL; c++)
		add_after(out, *c, "compadd -- ");
	mca_text_addf(out, "\tesac\n\tcase $command in\n");
	add_all_words(out);
	for (const struct command *const *c = commands; *c != NULL; c++) {
		mca_text_addf(out, "\t'%s') options=(", (*c)->name);
		add_described(out, (*c)->opts);
		mca_text_addf(out, "\n\t\t) ;;\n");
	}
	mca_text_addf(out,
	    "\tesac\n\tif [[ ${words[CURRENT]} == -* ]]; then\n\t\toptions+=(");
	add_described(out, global_opts);
	mca_text_addf(out,
	    "\n\t\t)\n"
	    "\t\t_describe -o option options\n"
	    "\telif [[ -n $values ]]; then\n"
	    "\t\tcompadd -- ${=values}\n"
	    "\telse\n\t\t_files\n\tfi\n}\n"
	    "if [ \"$funcstack[1]\" = _minica ]; then\n"
	    "\t_minica \"$@\"\nelse\n\tcompdef _minica minica\nfi\n");
}

/* ---- fish ---- */

static void
add_fish_walk(mca_text *out)
{
	mca_text_addf(out,
	    "# minica completion fish\n"
	    "function __minica_command\n"
	    "\tset -l command ''\n"
	    "\tfor word in (commandline -opc)[2..]\n"
	    "\t\tswitch \"$command $word\"\n\t\t\tcase");
	for (const struct command *const *c = commands; *c != NULL; c++)
		if (is_first(c))
			mca_text_addf(out, " ' %.*s'", first_length(*c),
			    (*c)->name);
	mca_text_addf(out, "\n\t\t\t\tset command $word\n\t\t\tcase");
	for (const struct command *const *c = commands; *c != NULL; c++)
		if (second_word(*c) != NULL)
			mca_text_addf(out, " '%s'", (*c)->name);
	mca_text_addf(out,
	    "\n\t\t\t\tset command \"$command $word\"\n"
	    "\t\tend\n\tend\n\techo $command\nend\n");
}

static void
add_fish_option(mca_text *out, const char *when, const struct opt *row)
{
	scoped(mca_text) values = { 0 };

	if (opt_is_argument(row))
		return;
	mca_text_addf(out, "complete -c minica%s -l %s", when, row->name);
	if (row->letter != 0)
		mca_text_addf(out, " -s %c", row->letter);
	if (takes_value(row) && add_values(&values, row))
		mca_text_addf(out, " -x -a '%s'", mca_text_get(&values));
	else if (takes_value(row))
		mca_text_addf(out, is_path(row) ? " -r -F" : " -x");
	mca_text_addf(out, " -d ");
	add_quoted(out, row->help);
	mca_text_addf(out, "\n");
}

static void
add_fish(mca_text *out)
{
	add_fish_walk(out);
	for (const struct opt *row = global_opts; row->kind; row++)
		add_fish_option(out, "", row);
	for (const struct command *const *c = commands; *c != NULL; c++) {
		const char *second = second_word(*c);
		scoped(mca_text) when = { 0 };
		int first = first_length(*c);

		if (is_first(c)) {
			mca_text_addf(out,
			    "complete -c minica -f -n 'test "
			    "\"$(__minica_command)\" = \"\"' -a %.*s",
			    first, (*c)->name);
			if (second == NULL) {
				mca_text_addf(out, " -d ");
				add_quoted(out, (*c)->summary);
			}
			mca_text_addf(out, "\n");
		}
		if (second != NULL) {
			mca_text_addf(out,
			    "complete -c minica -f -n 'test "
			    "\"$(__minica_command)\" = \"%.*s\"' -a %s -d ",
			    first, (*c)->name, second);
			add_quoted(out, (*c)->summary);
			mca_text_addf(out, "\n");
		}
		mca_text_addf(&when,
		    " -n 'test \"$(__minica_command)\" = \"%s\"'", (*c)->name);
		for (const struct opt *row = (*c)->opts; row->kind; row++)
			add_fish_option(out, mca_text_get(&when), row);
	}
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	static const struct {
		const char *name;
		void (*add)(mca_text *out);
	} shells[] = { { "bash", add_bash }, { "zsh", add_zsh },
		{ "fish", add_fish } };
	const struct args *args = opaque;
	scoped(mca_text) script = { 0 };

	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
		if (strcmp(args->shell, shells[i].name) == 0)
			shells[i].add(&script);
	if (script.failed)
		fail_memory();
	if (script.length == 0)
		return fail(err, MCA_EUSAGE, "%s: bash, zsh or fish",
		    MCA_SHOW_TEXT(args->shell));
	print_bytes(s, script.bytes, script.length);
	json_put(s->doc, "script", json_text(mca_text_get(&script)));
	return MCA_OK;
}

const struct command completion_command = {
	"completion",
	"Print what a shell needs to complete the command line",
	opts,
	sizeof(struct args),
	run,
	"  minica completion bash >~/.local/share/bash-completion/"
	"completions/minica\n"
	"  minica completion zsh >\"${fpath[1]}/_minica\"\n"
	"  minica completion fish >~/.config/fish/completions/minica.fish\n",
};
