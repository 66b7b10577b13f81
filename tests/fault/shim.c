/*
 * shim.c - preloaded: makes one call of a kind fail, or the process die there.
 *
 *	FAULT=KIND:N:ACTION	what happens at the N-th call of the kind
 *	FAULT_REPORT=FILE	a line is added there when it has happened
 *
 * KIND is a row of kinds[]; "step" is every call that changes a disk.  ACTION
 * is an errno by name, "short" (half of what was asked is done, and said to
 * be), "kill" (SIGKILL before the call) or "count" (nothing but its number).
 *
 * libc's own calls within libc (stdio, getrandom of malloc) cannot be reached
 * from here; fopen, fflush and fwrite stand for those of stdio.  SQLite's and
 * libcrypto's calls are reached like ours.
 *
 * The report tells where the call came from and, when a signal follows, where
 * that was: the return address in the program itself (`entry`) is the same for
 * both when the library that was called lost the failure all by itself.
 *
 * With "count" it has a line for each new way to such a call (its innermost
 * return addresses), the same in every run whatever the loader does.
 */
#include "shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <unwind.h>

static const char *const kinds[FAULT_KINDS] = {
	[FAULT_ALLOC] = "alloc",
	[FAULT_OPEN] = "open",
	[FAULT_READ] = "read",
	[FAULT_WRITE] = "write",
	[FAULT_SYNC] = "sync",
	[FAULT_NAME] = "name",
	[FAULT_SIZE] = "size",
	[FAULT_FLUSH] = "flush",
	[FAULT_RANDOM] = "random",
};

static const struct {
	const char *name;
	int number;
} errors[] = {
	{ "ENOMEM", ENOMEM },
	{ "EIO", EIO },
	{ "EINTR", EINTR },
	{ "EMFILE", EMFILE },
	{ "ENOSPC", ENOSPC },
	{ "EACCES", EACCES },
};

enum action { NOTHING, FAIL, SHORT, KILL, COUNT };

/* Constant once the constructor has run. */
static struct {
	enum action action;
	bool step; /* all kinds that change a disk */
	enum fault_kind kind;
	long at;
	int number; /* errno */
	int report;
} plan;

/* What is loaded: the program first. */
enum { MODULES = 64, FRAMES = 64, WAY = 8, LENT = 4, KNOWN = 1 << 16 };

static struct module {
	uintptr_t first, last;
	bool own; /* this very file */
} modules[MODULES];
static size_t module_count;

static long seen;
static pid_t planned_for;

/* ---- the report ---- */

/* Out of the way of those that the program opens. */
enum { HIGH_DESCRIPTOR = 500 };

/*
 * By system calls: whatever is wrapped must not be counted here.  It is opened
 * before the program confines itself to its own files.
 */
static int
open_report(const char *path)
{
	long fd = syscall(SYS_openat, AT_FDCWD, path,
	    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	long high = fd < 0
	    ? fd
	    : syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, HIGH_DESCRIPTOR);

	if (fd >= 0)
		(void)syscall(SYS_close, fd);
	return (int)high;
}

static void
report(const char *line)
{
	(void)syscall(SYS_write, plan.report, line, strlen(line));
}

/* ---- where a call comes from ---- */

struct stack {
	uintptr_t frames[FRAMES];
	int count;
};

static const struct module *
module_of(uintptr_t at)
{
	for (size_t i = 0; i < module_count; i++)
		if (at >= modules[i].first && at < modules[i].last)
			return &modules[i];
	return NULL;
}

/* All but the frames of this file. */
static _Unwind_Reason_Code
add_frame(struct _Unwind_Context *context, void *opaque)
{
	struct stack *stack = opaque;
	uintptr_t at = _Unwind_GetIP(context);
	const struct module *module = module_of(at);

	if (at == 0 || stack->count == FRAMES)
		return _URC_END_OF_STACK;
	if (module == NULL || !module->own)
		stack->frames[stack->count++] = at;
	return _URC_NO_REASON;
}

typedef void *allocate(size_t size, const char *file, int line);
typedef void *reallocate(void *old, size_t size, const char *file, int line);
typedef void release(void *old, const char *file, int line);

/* Whether a function is of the allocator that libcrypto was lent (heap.c). */
static bool
is_lent(const void *function)
{
	void (*get)(allocate **, reallocate **, release **);
	allocate *allocator = NULL;
	reallocate *reallocator = NULL;

	*(void **)&get = dlsym(RTLD_DEFAULT, "CRYPTO_get_mem_functions");
	if (get == NULL || function == NULL)
		return false;
	get(&allocator, &reallocator, NULL);
	return function == *(void **)&allocator ||
	    function == *(void **)&reallocator;
}

/* The innermost return address that is in the program but below is_lent. */
static uintptr_t
entry_of(const struct stack *stack)
{
	const struct module *program = &modules[0];
	int first = 0;

	for (int i = 0; i < stack->count && i < LENT; i++)
		if (is_lent(_Unwind_FindEnclosingFunction(
			(void *)(stack->frames[i] - 1))))
			first = i + 1;
	for (int i = first; i < stack->count; i++)
		if (module_of(stack->frames[i]) == program)
			return stack->frames[i] - program->first;
	return 0;
}

/* The nearest exported names of the innermost frames. */
static void
name_frames(char *out, size_t size, const struct stack *stack)
{
	size_t used = 0;

	for (int i = 0; i < stack->count && i < WAY && used < size; i++) {
		void *const *at = (void *const *)&stack->frames[i];
		const char *file;
		Dl_info info;

		if (dladdr(*at, &info) == 0 || info.dli_fname == NULL)
			continue;
		file = strrchr(info.dli_fname, '/');
		file = file == NULL ? info.dli_fname : file + 1;
		used += (size_t)snprintf(out + used, size - used, " %s(%s)",
		    file, info.dli_sname == NULL ? "?" : info.dli_sname);
	}
}

static void
report_place(const char *what, const char *detail)
{
	struct stack stack = { .count = 0 };
	char names[1024] = "";
	char line[1600];

	(void)_Unwind_Backtrace(add_frame, &stack);
	name_frames(names, sizeof(names), &stack);
	(void)snprintf(line, sizeof(line), "%s %s entry %lx frames%s\n", what,
	    detail, (unsigned long)entry_of(&stack), names);
	report(line);
}

/* A line for the N-th call if none came this way before. */
static void
report_way(long n)
{
	static uint64_t known[KNOWN];
	struct stack stack = { .count = 0 };
	uint64_t hash = 14695981039346656037u;
	char line[64];
	size_t at;

	(void)_Unwind_Backtrace(add_frame, &stack);
	for (int i = 0; i < stack.count && i < WAY; i++) {
		const struct module *module = module_of(stack.frames[i]);

		hash ^= stack.frames[i] - (module == NULL ? 0 : module->first);
		hash = (hash ^ (uint64_t)(module - modules)) * 1099511628211u;
	}
	for (at = hash % KNOWN; known[at] != 0; at = (at + 1) % KNOWN)
		if (known[at] == hash)
			return;
	known[at] = hash;
	(void)snprintf(line, sizeof(line), "site %ld %lx\n", n,
	    (unsigned long)hash);
	report(line);
}

static void
when_signal(int number)
{
	char name[32];

	(void)snprintf(name, sizeof(name), "%d", number);
	report_place("signal", name);
	(void)signal(number, SIG_DFL);
	(void)raise(number);
}

/* ---- the plan ---- */

static bool
parse_action(const char *text)
{
	plan.action = FAIL;
	if (strcmp(text, "short") == 0)
		plan.action = SHORT;
	else if (strcmp(text, "kill") == 0)
		plan.action = KILL;
	else if (strcmp(text, "count") == 0)
		plan.action = COUNT;
	if (plan.action != FAIL)
		return true;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (strcmp(text, errors[i].name) == 0) {
			plan.number = errors[i].number;
			return true;
		}
	return false;
}

static bool
parse_plan(const char *text)
{
	size_t length = strcspn(text, ":");
	char *end;

	plan.step = length == 4 && strncmp(text, "step", 4) == 0;
	plan.kind = FAULT_KINDS;
	for (enum fault_kind kind = 0; kind < FAULT_KINDS; kind++)
		if (strncmp(kinds[kind], text, length) == 0 &&
		    kinds[kind][length] == '\0')
			plan.kind = kind;
	if ((!plan.step && plan.kind == FAULT_KINDS) || text[length] != ':')
		return false;
	plan.at = strtol(text + length + 1, &end, 10);
	return *end == ':' && parse_action(end + 1);
}

static int
add_module(struct dl_phdr_info *info, size_t size, void *context)
{
	struct module *module = &modules[module_count];
	uintptr_t here = (uintptr_t)context;

	(void)size;
	if (module_count == MODULES)
		return 1;
	module->first = info->dlpi_addr;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		uintptr_t end = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr +
		    info->dlpi_phdr[i].p_memsz;

		if (info->dlpi_phdr[i].p_type == PT_LOAD && end > module->last)
			module->last = end;
	}
	module->own = here >= module->first && here < module->last;
	module_count++;
	return 0;
}

__attribute__((constructor)) static void
begin(void)
{
	static const int fatal[] = { SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE };
	const char *text = getenv("FAULT");
	const char *path;

	fault_trace_begin();
	if (text == NULL)
		return;
	path = getenv("FAULT_REPORT");
	if (path == NULL || (plan.report = open_report(path)) < 0 ||
	    !parse_plan(text)) {
		(void)fprintf(stderr, "shim: cannot read FAULT=%s\n", text);
		_exit(99);
	}
	(void)dl_iterate_phdr(add_module, modules);
	for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		(void)signal(fatal[i], when_signal);
	/* What the program runs is not what is examined. */
	(void)unsetenv("FAULT");
	(void)unsetenv("LD_PRELOAD");
	planned_for = getpid();
}

__attribute__((destructor)) static void
end(void)
{
	char line[64];

	if (plan.action != COUNT || planned_for != getpid())
		return;
	(void)snprintf(line, sizeof(line), "total %ld\n", seen);
	report(line);
}

/* What fwrite takes is in memory yet. */
static bool
is_step(enum fault_kind kind, const char *call)
{
	return kind == FAULT_WRITE || kind == FAULT_SYNC ||
	    kind == FAULT_NAME || kind == FAULT_SIZE ||
	    (kind == FAULT_FLUSH && strcmp(call, "fflush") == 0);
}

/* Whether this very call is the one, and how it ends. */
enum fault
fault_now(enum fault_kind kind, const char *call)
{
	long n;

	/* Constructors before ours, and children. */
	if (planned_for == 0 ||
	    (plan.step ? !is_step(kind, call) : kind != plan.kind))
		return FAULT_NONE;
	n = __atomic_add_fetch(&seen, 1, __ATOMIC_RELAXED);
	if (plan.action == COUNT && plan.kind == FAULT_ALLOC)
		report_way(n);
	if (n != plan.at || plan.action == COUNT || planned_for != getpid())
		return FAULT_NONE;
	report_place("hit", call);
	if (plan.action == KILL)
		(void)syscall(SYS_kill, getpid(), SIGKILL);
	errno = plan.number;
	return plan.action == SHORT ? FAULT_SHORT : FAULT_FAIL;
}
