/*
 * help.h - what the option rows and the list of commands say to people.
 */
#ifndef CMD_HELP_H
#define CMD_HELP_H

#include "session.h"

/*
 * help_find returns the command of these words, "sign" or "trust" and "add";
 * `*used` is how many of the `count` words belong to its name.  NULL, with
 * `err` naming the nearest, when there is none.
 */
const struct command *help_find(size_t *used, const char *const *words,
    size_t count, struct mca_error *err);

/* help_usage adds "minica sign [OPTION]... CSR..." */
void help_usage(mca_text *out, const struct command *command);

/* help_about prints all that is known of a command, help_all the list. */
void help_about(struct session *s, const struct command *command);
void help_all(struct session *s);

/* help_members lists the commands of a group, "trust"; false if it is none. */
bool help_members(struct session *s, const char *word);

#endif
