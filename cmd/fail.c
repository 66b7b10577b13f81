/*
 * fail.c - see fail.h.
 */
#include "fail.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const int statuses[] = {
	[MCA_OK] = 0,
	[MCA_EPOLICY] = 1,
	[MCA_EUNTRUSTED] = 1,
	[MCA_EUSAGE] = 2,
	[MCA_EEXISTS] = 2,
	[MCA_EFORMAT] = 3,
	[MCA_ENOTFOUND] = 3,
	[MCA_EBUSY] = 5,
	[MCA_EKEY] = 6,
	[MCA_ESYSTEM] = 7,
	[MCA_EUNDECIDED] = 8,
};

static void
put_before(struct mca_error *err, const char *context)
{
	char inner[sizeof(err->text)];

	memcpy(inner, err->text, sizeof(inner));
	if (snprintf(err->text, sizeof(err->text), "%s: %s", context, inner) >=
	    (int)sizeof(err->text))
		memcpy(err->text + sizeof(err->text) - 4, "...", 4);
}

static void
record(struct mca_error *err, mca_code code, const char *fmt, va_list args)
{
	err->code = code;
	(void)vsnprintf(err->text, sizeof(err->text), fmt, args);
	mca_error_tame(err);
}

mca_code
fail(struct mca_error *err, mca_code code, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	record(err, code, fmt, args);
	va_end(args);
	return code;
}

mca_code
fail_errno(struct mca_error *err, mca_code code, const char *fmt, ...)
{
	struct mca_error context;
	int saved = errno;
	va_list args;

	/* Whatever was asked for: nobody knows (minica/heap.h). */
	if (saved == ENOMEM)
		code = MCA_ESYSTEM;
	va_start(args, fmt);
	record(&context, code, fmt, args);
	va_end(args);
	err->code = code;
	(void)snprintf(err->text, sizeof(err->text), "%s", strerror(saved));
	put_before(err, context.text);
	return code;
}

mca_code
within(struct mca_error *err, const char *fmt, ...)
{
	struct mca_error context;
	va_list args;

	va_start(args, fmt);
	record(&context, err->code, fmt, args);
	va_end(args);
	put_before(err, context.text);
	return err->code;
}

void
fail_memory(void)
{
	static const char words[] = "minica: out of memory\n";

	if (write(STDERR_FILENO, words, sizeof(words) - 1) < 0)
		_exit(statuses[MCA_ESYSTEM]);
	_exit(statuses[MCA_ESYSTEM]);
}

int
exit_status(mca_code code)
{
	return statuses[code];
}

mca_code
worse(mca_code a, mca_code b)
{
	return exit_status(b) > exit_status(a) ? b : a;
}
