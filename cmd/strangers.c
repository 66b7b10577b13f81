/*
 * strangers.c - see strangers.h.
 */
#include "strangers.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Below `at`; `forbidden` are the mode bits that nobody else may have. */
static void
look(struct session *s, int at, const char *name, mode_t forbidden,
    const char *shown)
{
	struct stat there;
	unsigned mode;

	if (fstatat(at, name, &there, AT_SYMLINK_NOFOLLOW) != 0 ||
	    S_ISLNK(there.st_mode))
		return;
	mode = there.st_mode & 07777;
	if (there.st_uid != geteuid() && there.st_uid != 0)
		warn(s,
		    "%s belongs to uid %lu, who can exchange keys; run minica "
		    "as that user, or make it yours (minica doctor tells more)",
		    MCA_SHOW_TEXT(shown), (unsigned long)there.st_uid);
	if ((mode & forbidden) != 0)
		warn(s,
		    "%s has mode %04o, and others can %s; minica doctor "
		    "--repair sets it right",
		    MCA_SHOW_TEXT(shown), mode,
		    (mode & forbidden & 0022) != 0
			? "exchange keys"
			: "read a key: take it for known to them");
}

static void
look_at_keys(struct session *s, int home)
{
	int fd = openat(home, "keys",
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *keys = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	while (keys != NULL && (entry = readdir(keys)) != NULL) {
		char shown[300];

		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(shown, sizeof(shown), "keys/%s", entry->d_name);
		look(s, fd, entry->d_name, 0077, shown);
	}
	if (keys != NULL)
		(void)closedir(keys);
	else if (fd >= 0)
		(void)close(fd);
}

void
strangers_warn(struct session *s)
{
	int home = open(s->home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (home < 0)
		return;
	look(s, home, ".", 0022, s->home);
	look(s, home, "keys", 0022, "keys");
	look_at_keys(s, home);
	(void)close(home);
}
