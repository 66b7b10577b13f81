/*
 * argv.c - the words of a command line, one to a line: the command is found
 * and its options are read, as main does before it runs anything.
 */
#include "fuzz.h"

int minica_main(int argc, char **argv);
#define main minica_main
#include "../../cmd/main.c"
#undef main

#define MOST 40

void
fuzz_begin(void)
{
	/* Help goes there; errors of libFuzzer and sanitizers to stderr. */
	fuzz_require(freopen("/dev/null", "w", stdout) != NULL);
	fuzz_require(setenv("HOME", "/nonexistent", 1) == 0);
}

static void
read_options(struct session *s, int argc, char **argv, struct mca_error *err)
{
	const struct command *command = s->command;
	void *args = calloc(1, command->args_size);
	struct opt_set own = { command->opts, args };

	fuzz_require(args != NULL);
	if (parse(s, &own, argc, argv, err) != MCA_OK) {
		show_error(err);
		add_usage(s);
	} else if (s->globals.help) {
		help_about(s, command);
	}
	opt_clear(&own);
	free(args);
}

static void
understand(struct session *s, int argc, char **argv)
{
	struct opt_set globals = { global_opts, &s->globals };
	struct mca_error err = { 0 };
	int next;

	if (opt_parse_leading(&next, &globals, argc, argv, &err) != MCA_OK)
		show_error(&err);
	else if (next == argc)
		(void)run_nothing(s, NULL, &err);
	else if (find_command(s, &next, argc, argv, &err) != MCA_OK)
		show_error(&err);
	else if (s->command != NULL)
		read_options(s, argc - next, argv + next, &err);
}

void
fuzz_one(const uint8_t *bytes, size_t length)
{
	owned(char) *text = fuzz_text(bytes, length);
	char *argv[MOST + 1] = { "minica" }, *rest = text, *word;
	struct session s = { 0 };
	int argc = 1;

	while (argc < MOST && (word = strsep(&rest, "\n")) != NULL)
		argv[argc++] = word;
	if (wants_json(argc, argv))
		s.doc = json_object();
	understand(&s, argc, argv);
	json_decref(s.doc);
	mca_text_clear(&s.hints);
	free(s.home);
}
