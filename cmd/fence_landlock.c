/*
 * fence_landlock.c - fence.h by Landlock.
 *
 * The numbers are the kernel's (linux/landlock.h), written here because the
 * headers of the machine that builds may be older than the kernel that runs.
 */
#include "fence.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CREATE_RULESET = 444, ADD_RULE, RESTRICT_SELF };
enum { ASK_VERSION = 1, PATH_BENEATH = 1 };

/* Rights to files, by the version that brought them. */
#define WRITE_FILE (UINT64_C(1) << 1)
#define READ_FILE (UINT64_C(1) << 2)
#define READ_DIR (UINT64_C(1) << 3)
#define REMOVE_FILE (UINT64_C(1) << 5)
#define MAKE_DIR (UINT64_C(1) << 7)
#define MAKE_REG (UINT64_C(1) << 8)
#define ALL_1 ((UINT64_C(1) << 13) - 1) /* with all above, and to run */
#define TRUNCATE (UINT64_C(1) << 14)	/* 3 */

#define NET_TCP UINT64_C(3)   /* 4: bind, connect */
#define SCOPE_ALL UINT64_C(3) /* 6: abstract sockets, signals */

struct attributes {
	uint64_t files, network, scope;
};

struct beneath {
	uint64_t rights;
	int32_t parent;
} __attribute__((packed));

static long
create_ruleset(const struct attributes *attributes, size_t size, unsigned flags)
{
	return syscall(CREATE_RULESET, attributes, size, flags);
}

const char *
fence_name(void)
{
	return "Landlock";
}

bool
fence_is_there(void)
{
	return fence_landlock() > 0;
}

int
fence_landlock(void)
{
	long version = create_ruleset(NULL, 0, ASK_VERSION);

	return version < 0 ? 0 : (int)version;
}

bool
fence_begin(struct fence *out, bool network)
{
	int version = fence_landlock();
	struct attributes all = {
		.files = ALL_1 | (version >= 3 ? TRUNCATE : 0),
		.network = network ? 0 : NET_TCP,
		.scope = SCOPE_ALL,
	};
	size_t size = version >= 6 ? sizeof(all)
	    : version >= 4	   ? 2 * sizeof(uint64_t)
				   : sizeof(uint64_t);

	if (version == 0)
		return false;
	*out = (struct fence){ .network = network,
		.files = all.files,
		.fd = (int)create_ruleset(&all, size, 0) };
	return out->fd >= 0;
}

/*
 * The kernel refuses rights to the entries of what is no directory (EINVAL);
 * trying costs no more than asking what it is.
 */
static void
add_rule(const struct fence *fence, struct beneath *rule)
{
	const uint64_t of_files = READ_FILE | WRITE_FILE | TRUNCATE;

	if (syscall(ADD_RULE, fence->fd, PATH_BENEATH, rule, 0) == 0 ||
	    errno != EINVAL)
		return;
	rule->rights &= of_files;
	(void)syscall(ADD_RULE, fence->fd, PATH_BENEATH, rule, 0);
}

void
fence_allow(const struct fence *fence, const char *path,
    enum fence_rights rights)
{
	struct beneath rule = {
		.rights = READ_FILE | READ_DIR,
		.parent = open(path, O_PATH | O_CLOEXEC),
	};

	if (rule.parent < 0)
		return;
	if (rights == FENCE_WRITE)
		rule.rights |=
		    WRITE_FILE | REMOVE_FILE | MAKE_DIR | MAKE_REG | TRUNCATE;
	rule.rights &= fence->files;
	add_rule(fence, &rule);
	(void)close(rule.parent);
}

bool
fence_enforce(struct fence *fence)
{
	bool done = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    syscall(RESTRICT_SELF, fence->fd, 0) == 0;

	(void)close(fence->fd);
	return done;
}
