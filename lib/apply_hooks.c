/*
 * apply_hooks.c - see apply_hooks.h.
 */
#include "apply_hooks.h"

#include "command.h"
#include "interrupt.h"
#include "minica/live.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* ---- commands ---- */

/* All that a hook finds in its environment (minica-manifest(5)). */
enum { VARIABLES = 8 };

struct environment {
	char *rows[VARIABLES + 1];
	size_t count;
};

static void
environment_clear(struct environment *environment)
{
	for (size_t i = 0; i < environment->count; i++)
		free(environment->rows[i]);
}
typedef struct environment hook_environment;
MCA_SCOPED(hook_environment, environment_clear)

static bool
set(struct environment *environment, const char *name, const char *value)
{
	char *row;

	if (value == NULL)
		return true;
	if (asprintf(&row, "%s=%s", name, value) < 0)
		return false;
	environment->rows[environment->count++] = row;
	return true;
}

static const char *
inherited(const mca_plan *plan, const char *name)
{
	return plan->options.variable == NULL
	    ? NULL
	    : plan->options.variable(plan->options.context, name);
}

static bool
fill(struct environment *environment, const struct mca_hooking *h,
    const char *step)
{
	const mca_plan *plan = h->plan;
	const char *path = inherited(plan, "PATH");
	char count[24];

	(void)snprintf(count, sizeof(count), "%zu", h->count);
	return set(environment, "PATH",
		   path == NULL ? "/usr/sbin:/usr/bin:/sbin:/bin" : path) &&
	    set(environment, "HOME", inherited(plan, "HOME")) &&
	    set(environment, "MINICA_STEP", step) &&
	    set(environment, "MINICA_MANIFEST", plan->manifest->name) &&
	    set(environment, "MINICA_COUNT", count) &&
	    set(environment, "MINICA_NAME",
		h->only == NULL ? NULL : h->only->name) &&
	    set(environment, "MINICA_SERIAL",
		h->only == NULL ? NULL : h->only->serial) &&
	    set(environment, "MINICA_DIRECTORY",
		h->only == NULL ? NULL : h->output->directory);
}

/* The last lines of what a command said, fit to be shown. */
static void
add_said(mca_text *out, const mca_text *said)
{
	size_t length = said->length;
	const char *bytes = mca_text_get(said);
	size_t skip = length > 400 ? length - 400 : 0;

	while (length > skip && bytes[length - 1] == '\n')
		length--;
	if (length == skip)
		return;
	mca_text_addf(out, ": ");
	for (size_t i = skip; i < length; i++)
		if (bytes[i] == '\n')
			mca_text_addf(out, "; ");
		else
			mca_text_escape(out, bytes + i, 1);
}

static mca_code
run(const struct mca_hooking *h, char **words, const char *step,
    struct mca_error *err)
{
	scoped(hook_environment) environment = { 0 };
	scoped(mca_text) said = { 0 };
	scoped(mca_text) shown = { 0 };
	const struct mca_command command = { .words = words,
		.environment = environment.rows,
		.directory = h->plan->manifest->directory,
		.seconds = h->output->timeout,
		.stoppable = !h->way_back,
		.leave = h->plan->options.leave };
	struct mca_error ended = { 0 };
	mca_code code;

	if (!fill(&environment, h, step))
		return mca_fail_memory(err);
	code = mca_command_run(&said, &command, &ended);
	if (code == MCA_OK)
		return MCA_OK;
	add_said(&shown, &said);
	return mca_fail(err, code, "%s: %s%s", step, ended.text,
	    mca_text_get(&shown));
}

mca_code
mca_apply_hook(const struct mca_hooking *h, const char *step,
    struct mca_error *err)
{
	const struct mca_words *said =
	    strcmp(step, "check") == 0 ? &h->output->check : &h->output->reload;
	static char sh[] = "/bin/sh", c[] = "-c";
	char **words;
	mca_code code;

	if (said->count == 0)
		return MCA_OK;
	words = calloc(said->count + 3, sizeof(*words));
	if (words == NULL)
		return mca_fail_memory(err);
	if (h->output->shell) {
		words[0] = sh;
		words[1] = c;
		words[2] = said->words[0];
	} else {
		memcpy(words, said->words, said->count * sizeof(*words));
	}
	code = run(h, words, step, err);
	free(words);
	return code;
}

/* ---- probes ---- */

static time_t
monotonic(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static const char *
key_of(const mca_cert *cert)
{
	return mca_spki_algorithm(mca_cert_spki(cert));
}

/* The name that is asked for: what is said, or the first host. */
static const char *
servername(const struct mca_entry *entry, const struct mca_output *output)
{
	const mca_san *san = mca_cert_san(entry->cert);

	if (output->servername != NULL)
		return output->servername;
	for (size_t i = 0; i < mca_san_count(san); i++) {
		const struct mca_san_name *name = mca_san_at(san, i);

		if (name->form == MCA_SAN_DNS && name->text[0] != '*')
			return name->text;
	}
	return NULL;
}

/* `key` is what alone is taken, or NULL. */
static mca_code
look_for(const struct mca_entry *entry, const struct mca_output *output,
    const char *key, bool *other, struct mca_error *err)
{
	const struct mca_live_options options = {
		.endpoint = &output->endpoint,
		.starttls = (enum mca_starttls)output->starttls,
		.servername = servername(entry, output),
		.key = key,
		.seconds = output->timeout,
	};
	scoped(mca_live) live = { 0 };
	const mca_cert *sent;
	mca_code code = mca_live_fetch(&live, &options, err);

	if (code != MCA_OK)
		return code;
	sent = live.sent.rows[0];
	if (memcmp(mca_cert_sha256(sent), mca_cert_sha256(entry->cert),
		MCA_SHA256_SIZE) == 0)
		return MCA_OK;
	*other = strcmp(key_of(sent), key_of(entry->cert)) != 0;
	return mca_fail(err, MCA_EUNTRUSTED,
	    "%s serves the certificate with serial %s, not %s",
	    output->endpoint.text, mca_cert_serial(sent), entry->serial);
}

/* A server may have one of EC and one of RSA, and sends what is taken. */
static mca_code
look(const struct mca_entry *entry, const struct mca_output *output,
    struct mca_error *err)
{
	struct mca_error again;
	bool other = false;
	mca_code code = look_for(entry, output, NULL, &other, err);

	if (other &&
	    look_for(entry, output, key_of(entry->cert), &other, &again) ==
		MCA_OK)
		code = MCA_OK;
	return code;
}

/* A reload returns before the last old worker is gone: ask again. */
mca_code
mca_apply_probe(const struct mca_entry *entry, const struct mca_output *output,
    struct mca_error *err)
{
	const struct timespec pause = { .tv_nsec = 200000000 };
	time_t deadline = monotonic() + (time_t)output->timeout;
	struct mca_error seen = { 0 };
	mca_code code;

	if (output->probe == NULL)
		return MCA_OK;
	while ((code = look(entry, output, &seen)) != MCA_OK &&
	    monotonic() < deadline && !mca_interrupt_came())
		(void)nanosleep(&pause, NULL);
	return code == MCA_OK ? code
			      : mca_fail(err, code, "probe: %s", seen.text);
}
