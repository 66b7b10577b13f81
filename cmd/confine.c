/*
 * confine.c - see confine.h.
 */
#include "confine.h"

#include "fail.h"
#include "landlock.h"
#include "need.h"

#include <minica/owned.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What libcrypto, the C library and the sanitizers open on their own. */
static const char *const system_files[] = {
	"/etc/ssl/certs",
	"/etc/ssl/ca-bundle.pem",
	"/etc/ssl/cert.pem",
	"/etc/ssl/openssl.cnf",
	"/etc/pki/ca-trust",
	"/etc/pki/tls/certs",
	"/etc/ca-certificates",
	"/etc/crypto-policies",
	"/etc/localtime",
	"/etc/ld.so.cache",
	"/lib",
	"/lib64",
	"/usr/lib",
	"/usr/lib64",
	"/usr/share",
	"/usr/local/lib",
	"/usr/local/share",
	"/usr/local/ssl",
	"/var/lib/ca-certificates",
	"/nix/store",
	"/dev/random",
	"/dev/urandom",
	"/proc/self",
	"/proc/stat",
	"/proc/meminfo",
	"/sys/devices/system/cpu",
};

/* What finds the address of a host. */
static const char *const network_files[] = {
	"/etc",
	"/run",
};

static bool confined;

/* ---- rules ---- */

/* The file, and what it is a symbolic link to. */
static void
allow_links(const struct landlock *landlock, const char *path)
{
	const struct dirent *entry;
	DIR *dir = opendir(path);

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		owned(char) *whole = NULL;

		if (entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN)
			continue;
		if (asprintf(&whole, "%s/%s", path, entry->d_name) >= 0)
			landlock_allow(landlock, whole, LANDLOCK_READ);
		else
			whole = NULL;
	}
	if (dir != NULL)
		(void)closedir(dir);
}

static void
allow_read(const struct landlock *landlock, const char *path)
{
	landlock_allow(landlock, path, LANDLOCK_READ);
	allow_links(landlock, path);
}

/*
 * The directory that it is, or is in, or will be in: the nearest one that is
 * there.
 */
static char *
nearest(const char *path)
{
	char *at = strdup(path);
	struct stat there;

	while (at != NULL && *at != '\0' &&
	    (stat(at, &there) != 0 || !S_ISDIR(there.st_mode))) {
		char *slash = strrchr(at, '/');

		if (slash == NULL)
			*at = '\0';
		else if (slash > at)
			*slash = '\0';
		else
			slash[slash[1] != '\0'] = '\0';
	}
	if (at != NULL && *at == '\0') {
		free(at);
		at = strdup(".");
	}
	if (at == NULL)
		fail_memory();
	return at;
}

static void
allow_written(const struct landlock *landlock, const char *path)
{
	owned(char) *directory = nearest(path);

	landlock_allow(landlock, directory, LANDLOCK_WRITE);
}

/* Even a directory in its place is looked at from the one above it. */
static void
allow_file(const struct landlock *landlock, const char *path)
{
	const char *slash = strrchr(path, '/');
	owned(char) *directory = slash == NULL
	    ? strdup(".")
	    : strndup(path, (size_t)(slash - path) + 1);

	if (directory == NULL)
		fail_memory();
	allow_written(landlock, directory);
}

static void
allow_need(void *context, const char *path, enum need_how how)
{
	const struct landlock *landlock = context;

	if (how == NEED_READ)
		allow_read(landlock, path);
	else if (how == NEED_WRITE)
		allow_written(landlock, path);
	else
		allow_file(landlock, path);
}

static void
allow_home(const struct landlock *landlock, const char *home)
{
	static const char *const parts[] = { "", "/keys", "/policies" };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		owned(char) *path = NULL;

		if (asprintf(&path, "%s%s", home, parts[i]) < 0)
			path = NULL;
		else
			allow_links(landlock, path);
	}
	allow_written(landlock, home);
}

/* ---- confining ---- */

static void
allow_system(const struct landlock *landlock)
{
	const char *modules = getenv("OPENSSL_MODULES");

	for (size_t i = 0; i < sizeof(system_files) / sizeof(*system_files);
	     i++)
		landlock_allow(landlock, system_files[i], LANDLOCK_READ);
	if (modules != NULL)
		landlock_allow(landlock, modules, LANDLOCK_READ);
	landlock_allow(landlock, "/dev/null", LANDLOCK_WRITE);
	landlock_allow(landlock, "/dev/tty", LANDLOCK_WRITE);
}

static void
allow_network(const struct landlock *landlock)
{
	for (size_t i = 0; i < sizeof(network_files) / sizeof(*network_files);
	     i++)
		landlock_allow(landlock, network_files[i], LANDLOCK_READ);
}

/* libcrypto reads its configuration, wherever that is, when first used. */
static void
wake_libcrypto(void)
{
	uint8_t digest[MCA_SHA256_SIZE];
	struct mca_error ignored;

	(void)!mca_sha256(digest, "", 0, &ignored);
}

/* A large sort or a long transaction needs files of its own. */
static void
allow_temporary(const struct landlock *landlock, const char *home,
    unsigned needs)
{
	const char *const usual[] = { getenv("SQLITE_TMPDIR"), getenv("TMPDIR"),
		"/var/tmp", "/usr/tmp", "/tmp" };
	owned(char) *directory = nearest(home);
	struct mca_error ignored;

	if ((needs & NEED_MAKES) == 0 && access(home, F_OK) != 0)
		return;
	if (access(directory, W_OK | X_OK) == 0 &&
	    mca_store_temporary(directory, &ignored) == MCA_OK)
		return;
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (usual[i] != NULL)
			landlock_allow(landlock, usual[i], LANDLOCK_WRITE);
}

static void
confine(const struct session *s, unsigned needs)
{
	struct landlock landlock;

	if (!landlock_begin(&landlock, (needs & NEED_NETWORK) != 0))
		return;
	wake_libcrypto();
	allow_system(&landlock);
	needs_paths(s, allow_need, &landlock);
	allow_home(&landlock, s->home);
	allow_temporary(&landlock, s->home, needs);
	if (needs & NEED_NETWORK)
		allow_network(&landlock);
	if (needs & NEED_HERE)
		landlock_allow(&landlock, ".", LANDLOCK_WRITE);
	if (needs & NEED_TREES)
		landlock_allow(&landlock, "/", LANDLOCK_READ);
	if (needs & NEED_PLACES)
		landlock_allow(&landlock, "/", LANDLOCK_WRITE);
	confined |= landlock_enforce(&landlock);
}

/* For those who look for a fault: whoever sets it could do worse. */
static bool
is_switched_off(void)
{
	const char *value = getenv("MINICA_LANDLOCK");

	return value != NULL && strcmp(value, "off") == 0;
}

void
confine_early(const struct session *s)
{
	unsigned needs = needs_of(s);

	if ((needs & (NEED_RUNS | NEED_LATE | NEED_LATER)) == 0 &&
	    !is_switched_off() && !needs_elsewhere(s))
		confine(s, needs);
}

/* Whether an authority's key is a file of the home; a URI may be anywhere. */
static mca_code
look_at_key(void *context, const struct mca_authority *row,
    struct mca_error *err)
{
	bool *inside = context;

	(void)err;
	if (*row->key != '\0' && strncmp(row->key, "keys/", 5) != 0)
		*inside = false;
	return MCA_OK;
}

/* Not where others are run, or a key is used from elsewhere. */
static bool
can_be_confined(const struct session *s)
{
	bool inside = true;
	struct mca_error ignored;

	return (needs_of(s) & NEED_RUNS) == 0 && !is_switched_off() &&
	    !needs_elsewhere(s) &&
	    mca_store_authorities(mca_ca_store(s->ca), look_at_key, &inside,
		&ignored) == MCA_OK &&
	    inside;
}

void
confine_late(const struct session *s)
{
	unsigned needs = needs_of(s);

	if ((needs & (NEED_LATE | NEED_LATER)) == NEED_LATE &&
	    can_be_confined(s))
		confine(s, needs);
}

void
confine_further(const struct session *s)
{
	unsigned broad = NEED_TREES | NEED_PLACES;

	if (can_be_confined(s))
		confine(s, needs_of(s) & ~broad);
}

bool
confine_holds(void)
{
	return confined;
}
