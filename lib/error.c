/*
 * error.c - see error.h.
 */
#include "error.h"

#include "minica/heap.h"
#include "minica/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/proverr.h>

/* What is defined below is what the macros call. */
#undef mca_fail
#undef mca_fail_errno
#undef mca_fail_ssl
#undef mca_fail_memory
#undef mca_within

static const char *const names[] = {
	[MCA_OK] = "OK",
	[MCA_EUSAGE] = "EUSAGE",
	[MCA_EFORMAT] = "EFORMAT",
	[MCA_EPOLICY] = "EPOLICY",
	[MCA_EUNTRUSTED] = "EUNTRUSTED",
	[MCA_ENOTFOUND] = "ENOTFOUND",
	[MCA_EEXISTS] = "EEXISTS",
	[MCA_EBUSY] = "EBUSY",
	[MCA_EKEY] = "EKEY",
	[MCA_ESYSTEM] = "ESYSTEM",
	[MCA_EUNDECIDED] = "EUNDECIDED",
};

const char *
mca_code_name(mca_code code)
{
	return names[code];
}

/* A message that does not fit ends in dots rather than in half a word. */
static void
mark_cut(char *text, size_t size, int wanted)
{
	if (wanted >= (int)size)
		memcpy(text + size - 4, "...", 4);
}

void
mca_error_tame(struct mca_error *err)
{
	const size_t size = sizeof(err->text);
	char wild[sizeof(err->text)];
	size_t n = 0;

	if (memchr(err->text, '\0', size) == NULL)
		err->text[size - 1] = '\0';
	memcpy(wild, err->text, size);
	for (const char *c = wild; *c != '\0'; c++) {
		char one[5];

		if (n + 5 > size) {
			mark_cut(err->text, size, (int)size);
			n = size - 1;
			break;
		}
		(void)mca_show_tame(one, sizeof(one), (char[2]){ *c, '\0' });
		memcpy(err->text + n, one, strlen(one));
		n += strlen(one);
	}
	err->text[n] = '\0';
}

static void
record(struct mca_error *err, mca_code code, const char *fmt, va_list args)
{
	int n;

	err->code = code;
	n = vsnprintf(err->text, sizeof(err->text), fmt, args);
	mark_cut(err->text, sizeof(err->text), n);
	mca_error_tame(err);
}

static void
append(struct mca_error *err, const char *reason)
{
	size_t used = strlen(err->text);
	size_t left = sizeof(err->text) - used;

	mark_cut(err->text, sizeof(err->text),
	    (int)used + snprintf(err->text + used, left, ": %s", reason));
}

/* What it looks like is no answer (minica/heap.h). */
static mca_code
out_of_memory(struct mca_error *err)
{
	err->code = MCA_ESYSTEM;
	(void)snprintf(err->text, sizeof(err->text), "out of memory");
	return err->code;
}

static bool
is_refusal(unsigned long reason)
{
	return ERR_GET_REASON(reason) == ERR_R_MALLOC_FAILURE;
}

/* A key that gets no random numbers is not the wrong key. */
static bool
is_of_system(unsigned long reason)
{
	static const int of_providers[] = { PROV_R_ERROR_RETRIEVING_ENTROPY,
		PROV_R_ERROR_RETRIEVING_NONCE, PROV_R_ERROR_INSTANTIATING_DRBG,
		PROV_R_PARENT_CANNOT_GENERATE_RANDOM_NUMBERS,
		PROV_R_PARENT_CANNOT_SUPPLY_ENTROPY_SEED };

	for (size_t i = 0; ERR_GET_LIB(reason) == ERR_LIB_PROV &&
	     i < sizeof(of_providers) / sizeof(of_providers[0]);
	     i++)
		if (ERR_GET_REASON(reason) == of_providers[i])
			return true;
	return ERR_GET_LIB(reason) == ERR_LIB_RAND;
}

mca_code
mca_fail(struct mca_error *err, mca_code code, const char *fmt, ...)
{
	va_list args;

	if (mca_heap_failed())
		return out_of_memory(err);
	va_start(args, fmt);
	record(err, code, fmt, args);
	va_end(args);
	return code;
}

mca_code
mca_fail_errno(struct mca_error *err, mca_code code, const char *fmt, ...)
{
	int saved = errno;
	va_list args;

	if (mca_heap_failed() || saved == ENOMEM)
		return out_of_memory(err);
	va_start(args, fmt);
	record(err, code, fmt, args);
	va_end(args);
	append(err, strerror(saved));
	return code;
}

mca_code
mca_fail_ssl(struct mca_error *err, mca_code code, const char *fmt, ...)
{
	unsigned long first = ERR_peek_error();
	const char *reason = ERR_reason_error_string(first);
	bool refused = is_refusal(first) || is_refusal(ERR_peek_last_error());
	va_list args;

	if (refused || mca_heap_failed()) {
		ERR_clear_error();
		return out_of_memory(err);
	}
	if (is_of_system(first))
		code = MCA_ESYSTEM;
	va_start(args, fmt);
	record(err, code, fmt, args);
	va_end(args);
	if (reason != NULL)
		append(err, reason);
	ERR_clear_error();
	return code;
}

mca_code
mca_fail_memory(struct mca_error *err)
{
	return out_of_memory(err);
}

mca_code
mca_within(struct mca_error *err, const char *fmt, ...)
{
	char inner[sizeof(err->text)];
	va_list args;

	memcpy(inner, err->text, sizeof(inner));
	va_start(args, fmt);
	record(err, err->code, fmt, args);
	va_end(args);
	append(err, inner);
	return err->code;
}
