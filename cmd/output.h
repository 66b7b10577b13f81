/*
 * output.h - where results go: stdout, or files that are whole or nothing.
 *
 * A command opens every output before it does what cannot be undone, and
 * fills it afterwards.
 */
#ifndef CMD_OUTPUT_H
#define CMD_OUTPUT_H

#include "session.h"

#define MODE_PUBLIC 0644
#define MODE_SECRET 0600

/* An output of zeros is stdout. */
typedef struct output {
	mca_file *file;
	char *path; /* absolute; NULL for stdout */

	/* output_write_many has been here, with this outcome. */
	bool tried;
	struct mca_error outcome;
} output;

/*
 * output_begin gives stdout a buffer that output_finish can cleanse: a key may
 * go through it.
 */
void output_begin(void);

/*
 * output_open makes `out` ready for `path`, NULL or "-" meaning stdout.  What
 * is there already is replaced with `force`, or when the open store knows that
 * minica wrote it just so; else it is MCA_EEXISTS.
 */
mca_code output_open(output *out, const struct session *s, const char *path,
    mode_t mode, bool force, struct mca_error *err);

/*
 * output_open_beside is output_open of one of many, of which `other` (or NULL)
 * was opened before: what they have in common is not opened twice.
 */
mca_code output_open_beside(output *out, const output *other,
    const struct session *s, const char *path, mode_t mode, bool force,
    struct mca_error *err);

/*
 * output_check_apart refuses what would have a key and the file that goes with
 * it in one place, where the later one would replace the key.
 */
mca_code output_check_apart(const output *key, const output *other,
    struct mca_error *err);

/* output_write writes all there is and makes it durable. */
mca_code output_write(output *out, const struct session *s,
    const mca_blob *bytes, struct mca_error *err);

/*
 * output_write_many is output_write of those among `count` outputs that are
 * files, all at once, which is much faster.  output_write of one of them then
 * only tells what came of it.
 */
void output_write_many(output *const *outs, const mca_blob *const *bytes,
    size_t count);

/*
 * output_deliver is output_write of a certificate that is recorded already:
 * should it fail, what is told says how to get it again.
 */
mca_code output_deliver(output *out, struct session *s, const mca_blob *bytes,
    const char *serial, struct mca_error *err);

/* output_clear leaves nothing behind of an output that was not written. */
void output_clear(output *out);

MCA_SCOPED(output, output_clear)

/*
 * output_name makes the name of a file that belongs to the first name of
 * `san`: "example.org.pem", "_wildcard.example.org.pem".
 */
char *output_name(const mca_san *san, const char *ending);

/*
 * output_check_binary refuses to put what is not text, and is called `what`,
 * on a terminal or into a document.
 */
mca_code output_check_binary(const struct session *s, const char *path,
    const char *what, struct mca_error *err);

/* output_is_stdout says whether `path` means stdout. */
bool output_is_stdout(const char *path);

/*
 * output_arrived hands on what stdout holds so far, as much of it as there is,
 * and forgets the hints of how to get it again.  False when it did not arrive,
 * which output_finish then tells.
 */
bool output_arrived(struct session *s);

/*
 * output_finish ends stdout.  MCA_ESYSTEM if anything that was written to it
 * did not arrive.
 */
mca_code output_finish(struct mca_error *err);

#endif
