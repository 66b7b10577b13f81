/*
 * confine.c - see confine.h.
 */
#include "confine.h"

#include "fail.h"
#include "landlock.h"

#include <minica/owned.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- what each command needs beside its home and the files it is given ----
 */

enum {
	RUNS = 1,    /* other programs, which need what they need */
	LATE = 2,    /* an authority's key: where it is, the open home tells */
	HERE = 4,    /* writes into the working directory */
	TREES = 8,   /* reads what no option names */
	PLACES = 16, /* writes where the store says that it wrote before */
	NETWORK = 32,
	MAKES = 64, /* a home, where none may be yet */
};

/* Of every command; a row with an option counts when that is given. */
static const struct need {
	const char *command, *option;
	unsigned needs;
} table[] = {
	{ "init-root", NULL, LATE },
	{ "init-intermediate", NULL, LATE },
	{ "rollover start", NULL, LATE },
	{ "rollover cross", NULL, LATE },
	{ "rollover switch", NULL, LATE },
	{ "rollover finish", NULL, LATE | TREES },
	{ "rollover status", NULL, TREES },
	{ "keygen", NULL, 0 },
	{ "csr", NULL, HERE },
	{ "review", NULL, TREES }, /* requests of --from, policies of links */
	{ "sign", NULL, LATE },
	{ "sign", "from", TREES },
	{ "issue", NULL, LATE | HERE },
	{ "verify", NULL, 0 },
	{ "verify", "connect", NETWORK },
	{ "inspect", NULL, 0 },
	{ "lint", NULL, 0 },
	{ "list", NULL, 0 },
	{ "show", NULL, 0 },
	{ "status", NULL, TREES },
	{ "status", "live", NETWORK },
	{ "export", NULL, 0 },
	{ "renew", NULL, LATE | TREES | PLACES },
	{ "renew", "exec", RUNS },
	{ "revoke", NULL, LATE },
	{ "crl", NULL, LATE },
	{ "ocsp", NULL, LATE },
	{ "plan", NULL, TREES },
	{ "apply", NULL, RUNS },
	{ "trust add", NULL, MAKES },
	{ "trust list", NULL, 0 },
	{ "trust remove", NULL, 0 },
	{ "trust export", NULL, 0 },
	{ "trust install", NULL, RUNS },
	{ "trust uninstall", NULL, RUNS },
	{ "exec", NULL, RUNS },
	{ "fixtures", NULL, 0 },
	{ "policy list", NULL, 0 },
	{ "policy show", NULL, 0 },
	{ "policy check", NULL, 0 },
	{ "policy test", NULL, TREES }, /* requests that policies name */
	{ "audit list", NULL, 0 },
	{ "audit verify", NULL, 0 },
	{ "audit head", NULL, 0 },
	{ "doctor", NULL, LATE },
	{ "backup", NULL, LATE },
	{ "restore", NULL, MAKES },
	{ "import", NULL, LATE | TREES },
	{ "completion", NULL, 0 },
	{ "version", NULL, 0 },
	{ "help", NULL, 0 },
};

/* Options that name what is written; other paths are read. */
static const char *const written[] = { "out", "out-dir", "key-out", "csr-out",
	"save" };

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

/* ---- the options of a command ---- */

/* The words of an option that takes some; `*count` is 0 if none was given. */
static const char *const *
words_of(const struct opt *row, const void *args, size_t *count)
{
	const void *field = (const char *)args + row->field;
	const struct words *list = field;
	const char *const *one = field;

	*count = 0;
	switch (row->kind) {
	case OPT_TEXT:
	case OPT_ARG:
	case OPT_ARG_MAYBE:
		*count = *one != NULL;
		return one;
	case OPT_TEXTS:
	case OPT_ARGS:
	case OPT_ARGS_MAYBE:
		*count = list->count;
		return list->rows;
	default:
		return NULL;
	}
}

static bool
is_given(const struct command *command, const void *args, const char *option)
{
	for (const struct opt *row = command->opts; row->kind != OPT_END;
	     row++) {
		size_t count;

		if (strcmp(row->name, option) != 0)
			continue;
		if (row->kind == OPT_FLAG)
			return *(const bool *)((const char *)args + row->field);
		(void)words_of(row, args, &count);
		return count > 0;
	}
	return false;
}

static unsigned
needs_of(const struct command *command, const void *args)
{
	unsigned needs = 0;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].command, command->name) == 0 &&
		    (table[i].option == NULL ||
			is_given(command, args, table[i].option)))
			needs |= table[i].needs;
	return needs;
}

/* Names of certificates and policies may be those of files as well. */
static bool
takes_path(const struct opt *row)
{
	static const char *const words[] = { "FILE", "DIR", "CERT", "CSR",
		"KEY", "ID", "NAME", "PATH" };
	const char *shown = row->value == NULL ? row->name : row->value;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(shown, words[i]) != NULL)
			return true;
	return false;
}

/* A key behind a URI: who fetches it, and from where, is not known here. */
static bool
is_elsewhere(const struct command *command, const void *args)
{
	for (const struct opt *row = command->opts; row->kind != OPT_END;
	     row++) {
		const char *const *words;
		size_t count;

		words = words_of(row, args, &count);
		for (size_t i = 0; i < count; i++)
			if (takes_path(row) && mca_key_is_uri(words[i]))
				return true;
	}
	return false;
}

static bool
names_directory(const struct opt *row)
{
	return strcmp(row->value == NULL ? row->name : row->value, "DIR") == 0;
}

static bool
is_written(const struct opt *row)
{
	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++)
		if (!opt_is_argument(row) && strcmp(row->name, written[i]) == 0)
			return true;
	return strcmp(row->name, "DIR") == 0; /* of fixtures */
}

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
allow_options(const struct landlock *landlock, const struct command *command,
    const void *args)
{
	for (const struct opt *row = command->opts; row->kind != OPT_END;
	     row++) {
		const char *const *words;
		size_t count;

		words = words_of(row, args, &count);
		for (size_t i = 0; i < count; i++) {
			if (!takes_path(row) || strcmp(words[i], "-") == 0)
				continue;
			if (is_written(row) && names_directory(row))
				allow_written(landlock, words[i]);
			else if (is_written(row))
				allow_file(landlock, words[i]);
			else
				allow_read(landlock, words[i]);
		}
	}
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

	if ((needs & MAKES) == 0 && access(home, F_OK) != 0)
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

	if (!landlock_begin(&landlock, (needs & NETWORK) != 0))
		return;
	wake_libcrypto();
	allow_system(&landlock);
	allow_options(&landlock, s->command, s->args);
	allow_home(&landlock, s->home);
	allow_temporary(&landlock, s->home, needs);
	if (needs & NETWORK)
		allow_network(&landlock);
	if (needs & HERE)
		landlock_allow(&landlock, ".", LANDLOCK_WRITE);
	if (needs & TREES)
		landlock_allow(&landlock, "/", LANDLOCK_READ);
	if (needs & PLACES)
		landlock_allow(&landlock, "/", LANDLOCK_WRITE);
	confined = landlock_enforce(&landlock);
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
	unsigned needs = needs_of(s->command, s->args);

	if ((needs & (RUNS | LATE)) == 0 && !is_switched_off() &&
	    !is_elsewhere(s->command, s->args))
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

void
confine_late(const struct session *s)
{
	unsigned needs = needs_of(s->command, s->args);
	bool inside = true;
	struct mca_error ignored;

	if ((needs & (RUNS | LATE)) == LATE && !is_switched_off() &&
	    !is_elsewhere(s->command, s->args) &&
	    mca_store_authorities(mca_ca_store(s->ca), look_at_key, &inside,
		&ignored) == MCA_OK &&
	    inside)
		confine(s, needs);
}

bool
confine_holds(void)
{
	return confined;
}
