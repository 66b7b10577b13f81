/*
 * main.c - the commands, and how one is found and run.
 */
#include "confine.h"
#include "fail.h"
#include "guard.h"
#include "help.h"
#include "json.h"
#include "need.h"
#include "output.h"
#include "pass.h"
#include "session.h"
#include "version.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

extern const struct command apply_command, audit_head_command,
    audit_list_command, audit_verify_command, backup_command,
    completion_command, crl_command, csr_command, doctor_command, exec_command,
    export_command, fixtures_command, help_command, import_command,
    init_intermediate_command, init_root_command, inspect_command,
    issue_command, keygen_command, lint_command, list_command, ocsp_command,
    plan_command, policy_check_command, policy_list_command,
    policy_show_command, policy_test_command, renew_command, restore_command,
    review_command, revoke_command, rollover_cross_command,
    rollover_finish_command, rollover_start_command, rollover_status_command,
    rollover_switch_command, show_command, sign_command, status_command,
    trust_add_command, trust_export_command, trust_install_command,
    trust_list_command, trust_remove_command, trust_uninstall_command,
    verify_command, version_command;

const struct command *const commands[] = {
	&init_root_command,
	&init_intermediate_command,
	&rollover_start_command,
	&rollover_cross_command,
	&rollover_switch_command,
	&rollover_finish_command,
	&rollover_status_command,
	&keygen_command,
	&csr_command,
	&review_command,
	&sign_command,
	&issue_command,
	&verify_command,
	&inspect_command,
	&lint_command,
	&list_command,
	&show_command,
	&status_command,
	&export_command,
	&renew_command,
	&revoke_command,
	&crl_command,
	&ocsp_command,
	&plan_command,
	&apply_command,
	&trust_add_command,
	&trust_list_command,
	&trust_remove_command,
	&trust_export_command,
	&trust_install_command,
	&trust_uninstall_command,
	&exec_command,
	&fixtures_command,
	&policy_list_command,
	&policy_show_command,
	&policy_check_command,
	&policy_test_command,
	&audit_list_command,
	&audit_verify_command,
	&audit_head_command,
	&doctor_command,
	&backup_command,
	&restore_command,
	&import_command,
	&completion_command,
	&version_command,
	&help_command,
	NULL,
};

/*
 * A descriptor that came closed would be given to the next file opened, such
 * as the store.  What is put there instead fails when used: a result that
 * went nowhere must not look delivered.
 */
static void
keep_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		int way = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;

		if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", way) != fd)
			_exit(exit_status(MCA_ESYSTEM));
	}
}

/* Errors before --json could be read are JSON as well. */
static bool
wants_json(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--json") == 0)
			return true;
	return false;
}

static bool
is_group(const char *word)
{
	size_t length = strlen(word);

	for (const struct command *const *c = commands; *c != NULL; c++)
		if (strncmp((*c)->name, word, length) == 0 &&
		    (*c)->name[length] == ' ')
			return true;
	return false;
}

static void
add_usage(struct session *s)
{
	scoped(mca_text) usage = { 0 };

	help_usage(&usage, s->command);
	hint(s, "usage: %s", mca_text_get(&usage));
	hint(s, "minica help %s explains it", s->command->name);
}

/* Who asks for help or the version need not give every argument. */
static mca_code
parse(struct session *s, const struct opt_set *own, int argc, char **argv,
    struct mca_error *err)
{
	const struct opt_set sets[] = { { global_opts, &s->globals }, *own };

	if (opt_parse(sets, 2, argc, argv, err) != MCA_OK ||
	    session_begin(s, err) != MCA_OK)
		return err->code;
	if (s->globals.help || s->globals.version)
		return MCA_OK;
	return opt_require(own, err);
}

/* What one option took from standard input, no other would find there. */
static mca_code
check_stdin(const struct session *s, struct mca_error *err)
{
	size_t readers = needs_stdin(s);

	return readers < 2 ? MCA_OK
			   : fail(err, MCA_EUSAGE,
				 "standard input can be read once, and is "
				 "named %zu times: put what belongs together "
				 "into one file",
				 readers);
}

static mca_code
run_with(struct session *s, void *args, struct mca_error *err)
{
	s->args = args;
	if (check_stdin(s, err) != MCA_OK)
		return err->code;
	if (s->home == NULL && (needs_of(s) & NEED_NO_HOME) == 0)
		return fail(err, MCA_EUSAGE,
		    "no home: give --home DIR or set MINICA_HOME");
	confine_early(s);
	return s->command->run(s, args, err);
}

static mca_code
run_command(struct session *s, int argc, char **argv, struct mca_error *err)
{
	const struct command *command = s->command;
	void *args = calloc(1, command->args_size);
	struct opt_set own = { command->opts, args };
	mca_code code;

	if (args == NULL)
		fail_memory();
	/* The children of exec read roots in its memory, and it has no key. */
	if (command != &exec_command)
		guard_memory();
	code = parse(s, &own, argc, argv, err);
	if (code != MCA_OK)
		add_usage(s);
	else if (s->globals.help)
		help_about(s, command);
	else if (s->globals.version)
		version_tell(s);
	else
		code = run_with(s, args, err);

	/* A passphrase may be among the fields. */
	pass_forget();
	opt_clear(&own);
	explicit_bzero(args, command->args_size);
	free(args);
	return code;
}

/* What was asked for without a whole command. */
static mca_code
run_nothing(struct session *s, const char *group, struct mca_error *err)
{
	if (session_begin(s, err) != MCA_OK)
		return err->code;
	if (s->globals.version) {
		version_tell(s);
		return MCA_OK;
	}
	if (s->globals.help && group != NULL) {
		(void)help_members(s, group);
		return MCA_OK;
	}
	if (s->globals.help) {
		help_all(s);
		return MCA_OK;
	}
	hint(s, "minica help lists them");
	return fail(err, MCA_EUSAGE, "no command was given");
}

/*
 * Finds the command's one or two words among the global options before, and
 * between, them; `*next` is the index of its last word.  A group alone that
 * asks for help leaves the command NULL.
 */
static mca_code
find_command(struct session *s, int *next, int argc, char **argv,
    struct mca_error *err)
{
	struct opt_set globals = { global_opts, &s->globals };
	const char *words[2] = { argv[*next], NULL };
	size_t count = 1, used;
	int more;

	if (is_group(words[0])) {
		if (opt_parse_leading(&more, &globals, argc - *next,
			argv + *next, err) != MCA_OK)
			return err->code;
		*next += more;
		if (*next < argc)
			words[count++] = argv[*next];
		else if (s->globals.help || s->globals.version)
			return run_nothing(s, words[0], err);
	}
	s->command = help_find(&used, words, count, err);
	return s->command == NULL ? err->code : MCA_OK;
}

static mca_code
run(struct session *s, int argc, char **argv, struct mca_error *err)
{
	struct opt_set globals = { global_opts, &s->globals };
	int next;

	if (opt_parse_leading(&next, &globals, argc, argv, err) != MCA_OK) {
		hint(s, "a command's own options come after its name");
		return err->code;
	}
	if (next == argc)
		return run_nothing(s, NULL, err);
	if (find_command(s, &next, argc, argv, err) != MCA_OK)
		return err->code;
	if (s->command == NULL)
		return MCA_OK;
	return run_command(s, argc - next, argv + next, err);
}

int
main(int argc, char **argv)
{
	struct session s = { 0 };
	struct mca_error err = { 0 };
	mca_code code;
	int status;

	keep_descriptors();
	(void)signal(SIGPIPE, SIG_IGN);
	/* Whoever started us may ignore it, and then no child has a status. */
	(void)signal(SIGCHLD, SIG_DFL);
	(void)mca_cleanse_libraries();
	mca_heap_leave();
	(void)mca_ciphers_few();
	(void)mca_random_by_hash();
	(void)mca_store_lean();
	output_begin();
	json_begin();
	if (wants_json(argc, argv))
		s.doc = json_object();

	code = run(&s, argc, argv, &err);
	status = session_end(&s, code, &err);
	mca_cleanse_end();
	return status;
}
