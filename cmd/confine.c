/*
 * confine.c - see confine.h.
 */
#include "confine.h"

#include "fail.h"
#include "fence.h"
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
allow_links(const struct fence *fence, const char *path)
{
	const struct dirent *entry;
	DIR *dir = opendir(path);

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		owned(char) *whole = NULL;

		if (entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN)
			continue;
		if (asprintf(&whole, "%s/%s", path, entry->d_name) >= 0)
			fence_allow(fence, whole, FENCE_READ);
		else
			whole = NULL;
	}
	if (dir != NULL)
		(void)closedir(dir);
}

static void
allow_read(const struct fence *fence, const char *path)
{
	fence_allow(fence, path, FENCE_READ);
	allow_links(fence, path);
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
allow_written(const struct fence *fence, const char *path)
{
	owned(char) *directory = nearest(path);

	fence_allow(fence, directory, FENCE_WRITE);
}

/* Even a directory in its place is looked at from the one above it. */
static void
allow_file(const struct fence *fence, const char *path)
{
	const char *slash = strrchr(path, '/');
	owned(char) *directory = slash == NULL
	    ? strdup(".")
	    : strndup(path, (size_t)(slash - path) + 1);

	if (directory == NULL)
		fail_memory();
	allow_written(fence, directory);
}

static void
allow_need(void *context, const char *path, enum need_how how)
{
	const struct fence *fence = context;

	if (how == NEED_READ)
		allow_read(fence, path);
	else if (how == NEED_WRITE)
		allow_written(fence, path);
	else
		allow_file(fence, path);
}

static void
allow_home(const struct fence *fence, const char *home)
{
	static const char *const parts[] = { "", "/keys", "/policies" };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		owned(char) *path = NULL;

		if (asprintf(&path, "%s%s", home, parts[i]) < 0)
			path = NULL;
		else
			allow_links(fence, path);
	}
	allow_written(fence, home);
}

/* ---- confining ---- */

static void
allow_system(const struct fence *fence)
{
	const char *modules = getenv("OPENSSL_MODULES");

	for (size_t i = 0; i < sizeof(system_files) / sizeof(*system_files);
	     i++)
		fence_allow(fence, system_files[i], FENCE_READ);
	if (modules != NULL)
		fence_allow(fence, modules, FENCE_READ);
	fence_allow(fence, "/dev/null", FENCE_WRITE);
	fence_allow(fence, "/dev/tty", FENCE_WRITE);
}

static void
allow_network(const struct fence *fence)
{
	for (size_t i = 0; i < sizeof(network_files) / sizeof(*network_files);
	     i++)
		fence_allow(fence, network_files[i], FENCE_READ);
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
allow_temporary(const struct fence *fence, const char *home, unsigned needs)
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
			fence_allow(fence, usual[i], FENCE_WRITE);
}

static void
confine(const struct session *s, unsigned needs)
{
	struct fence fence;

	if (!fence_begin(&fence, (needs & NEED_NETWORK) != 0))
		return;
	wake_libcrypto();
	allow_system(&fence);
	needs_paths(s, allow_need, &fence);
	if (s->home != NULL) {
		allow_home(&fence, s->home);
		allow_temporary(&fence, s->home, needs);
	}
	if (needs & NEED_NETWORK)
		allow_network(&fence);
	if (needs & NEED_HERE)
		fence_allow(&fence, ".", FENCE_WRITE);
	if (needs & NEED_TREES)
		fence_allow(&fence, "/", FENCE_READ);
	if (needs & NEED_PLACES)
		fence_allow(&fence, "/", FENCE_WRITE);
	confined |= fence_enforce(&fence);
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
