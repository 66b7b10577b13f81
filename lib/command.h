/*
 * command.h - other people's programs: run closed in, and not for ever.
 *
 * A command gets no shell, no input, no descriptor of ours and no variable but
 * those given; what it says is kept for messages, up to a cap.  It is the
 * leader of a session of its own; one that hangs is ended with all it started
 * there, and so is one whose caller is killed.
 */
#ifndef MCA_COMMAND_H
#define MCA_COMMAND_H

#include "error.h"
#include "minica/text.h"

struct mca_command {
	char *const *words;	  /* ended by NULL; the first is looked up */
	char *const *environment; /* ended by NULL: "NAME=value" */
	const char *directory;	  /* it runs in */
	int64_t seconds;	  /* limit */
	bool stoppable;		  /* ended by a signal held (interrupt.h) */
	void (*leave)(void);	  /* or NULL: in the child, before exec */
};

/*
 * mca_command_run runs one and adds what it said to `said`.  MCA_EPOLICY when
 * it exits with another status than 0, MCA_EUNDECIDED when it took too long,
 * was killed or nobody can know how it ended, for the process ignores SIGCHLD;
 * MCA_ENOTFOUND when it cannot be started, MCA_ESYSTEM when nothing could be.
 */
mca_code mca_command_run(mca_text *said, const struct mca_command *command,
    struct mca_error *err);

#endif
