/*
 * policy.c - minica policy: what may be asked, as data.
 */
#include "fail.h"
#include "json.h"
#include "policies.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

static const char *
kind_name(const mca_policy *policy)
{
	static const char *const names[] = {
		[MCA_FOR_LEAF] = "leaf",
		[MCA_FOR_INTERMEDIATE] = "intermediate",
		[MCA_FOR_ROOT] = "root",
	};

	return names[mca_policy_for(policy)];
}

char *
policies_directory(const struct session *s)
{
	char *path;

	if (asprintf(&path, "%s/policies", s->home) < 0)
		fail_memory();
	return path;
}

static json_t *
policy_json(const mca_policy *policy)
{
	json_t *object = json_object();

	json_put(object, "name", json_text(mca_policy_name(policy)));
	json_put(object, "for", json_text(kind_name(policy)));
	json_put(object, "file", json_text(mca_policy_file(policy)));
	json_put(object, "summary", json_text(mca_policy_summary(policy)));
	return object;
}

/* ---- list ---- */

/* One that cannot be read is told of; the others are listed all the same. */
static mca_code
list_one(struct session *s, const char *name, const char *directory)
{
	owned(mca_policy) *policy = NULL;
	struct mca_error bad = { 0 };
	mca_code code = mca_policy_find(&policy, name, directory, &bad);

	if (code != MCA_OK) {
		json_t *row = json_row(s->doc, "policies");

		json_put(row, "name", json_text(name));
		return complain(s, row, &bad);
	}
	if (s->doc != NULL)
		json_push(s->doc, "policies", policy_json(policy));
	print(s, "%-16s %-12s %s  %s\n", MCA_SHOW_TEXT(name), kind_name(policy),
	    MCA_SHOW_TEXT(mca_policy_summary(policy)),
	    MCA_SHOW_TEXT(mca_policy_file(policy)));
	return MCA_OK;
}

static bool
is_builtin(const char *name)
{
	const struct mca_builtin_policy *builtin = mca_policy_builtins();

	while (builtin->name != NULL && strcmp(builtin->name, name) != 0)
		builtin++;
	return builtin->name != NULL;
}

static int
is_policy(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return length > 5 && entry->d_name[0] != '.' &&
	    strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

/* Those of the home that do not stand in for one of the library's. */
static mca_code
each_of_home(struct session *s, const char *directory,
    mca_code (
	*each)(struct session *s, const char *name, const char *directory),
    struct mca_error *err)
{
	struct dirent **entries = NULL;
	int count = scandir(directory, &entries, is_policy, alphasort);
	mca_code worst = MCA_OK;

	if (count < 0 && errno == ENOENT)
		return MCA_OK;
	if (count < 0)
		return fail_errno(err, MCA_ENOTFOUND, "%s",
		    MCA_SHOW_TEXT(directory));
	for (int i = 0; i < count; i++) {
		char *name = entries[i]->d_name;

		name[strlen(name) - 5] = '\0';
		if (!is_builtin(name))
			worst = worse(worst, each(s, name, directory));
		free(entries[i]);
	}
	free(entries);
	return worst;
}

mca_code
policies_each(struct session *s, const char *directory,
    mca_code (
	*each)(struct session *s, const char *name, const char *directory),
    struct mca_error *err)
{
	const struct mca_builtin_policy *builtin = mca_policy_builtins();
	mca_code worst = MCA_OK;

	for (; builtin->name != NULL; builtin++)
		worst = worse(worst, each(s, builtin->name, directory));
	return worse(worst, each_of_home(s, directory, each, err));
}

static mca_code
run_list(struct session *s, void *opaque, struct mca_error *err)
{
	owned(char) *directory = policies_directory(s);

	(void)opaque;
	return policies_each(s, directory, list_one, err);
}

static const struct opt no_opts[] = {
	{ 0 },
};

const struct command policy_list_command = {
	"policy list",
	"List the policies there are",
	no_opts,
	1,
	run_list,
	"Built in, and HOME/policies/NAME.yaml, which comes first.\n",
};

/* ---- show ---- */

struct show_args {
	const char *name;
};

static const struct opt show_opts[] = {
	{ OPT_ARG, 0, "NAME", NULL, offsetof(struct show_args, name),
	    "a policy's name, or its file" },
	{ 0 },
};

/* The text as it was written, comments and all. */
static mca_code
read_text(mca_blob *out, const mca_policy *policy, struct mca_error *err)
{
	const struct mca_builtin_policy *builtin = mca_policy_builtins();
	const char *file = mca_policy_file(policy);

	if (strcmp(file, "(built in)") != 0)
		return mca_file_read(out, file, MCA_LIMIT_YAML, err);
	while (builtin->name != NULL &&
	    strcmp(builtin->name, mca_policy_name(policy)) != 0)
		builtin++;
	if (builtin->name == NULL)
		return fail(err, MCA_ENOTFOUND, "the policy has no text");
	return mca_blob_copy(out, builtin->text, strlen(builtin->text), err);
}

static mca_code
run_show(struct session *s, void *opaque, struct mca_error *err)
{
	const struct show_args *args = opaque;
	owned(char) *directory = policies_directory(s);
	owned(mca_policy) *policy = NULL;
	scoped(mca_blob) text = { 0 };

	if (mca_policy_find(&policy, args->name, directory, err) != MCA_OK ||
	    read_text(&text, policy, err) != MCA_OK)
		return err->code;
	if (s->doc != NULL) {
		json_put(s->doc, "policy", policy_json(policy));
		json_put(s->doc, "text", json_bytes(&text));
	}
	detail(s, "%s", MCA_SHOW_TEXT(mca_policy_file(policy)));
	print_bytes(s, text.bytes, text.length);
	return MCA_OK;
}

const struct command policy_show_command = {
	"policy show",
	"Print a policy",
	show_opts,
	sizeof(struct show_args),
	run_show,
	"A policy of one's own begins as a copy:\n"
	"\n"
	"  minica policy show server >web.yaml\n"
	"  minica policy check web.yaml\n",
};

/* ---- check ---- */

struct check_args {
	struct words files;
};

static const struct opt check_opts[] = {
	{ OPT_ARGS, 0, "FILE", NULL, offsetof(struct check_args, files),
	    "policy to read" },
	{ 0 },
};

static mca_code
check(mca_policy **out, const char *path, struct mca_error *err)
{
	scoped(mca_blob) text = { 0 };

	if (mca_file_read(&text, path, MCA_LIMIT_YAML, err) != MCA_OK)
		return err->code;
	return mca_policy_parse(out, path, text.bytes, text.length, err);
}

static mca_code
run_check(struct session *s, void *opaque, struct mca_error *err)
{
	const struct check_args *args = opaque;
	mca_code worst = MCA_OK;

	(void)err;
	for (size_t i = 0; i < args->files.count; i++) {
		json_t *row = json_row(s->doc, "results");
		const char *path = args->files.rows[i];
		owned(mca_policy) *policy = NULL;
		struct mca_error bad = { 0 };

		json_put(row, "file", json_text(path));
		if (check(&policy, path, &bad) != MCA_OK) {
			worst = worse(worst, complain(s, row, &bad));
			continue;
		}
		if (row != NULL)
			json_put(row, "policy", policy_json(policy));
		print(s, "%s: OK: policy %s\n", MCA_SHOW_TEXT(path),
		    MCA_SHOW_TEXT(mca_policy_name(policy)));
	}
	return worst;
}

const struct command policy_check_command = {
	"policy check",
	"Read policies strictly, and tell what is wrong",
	check_opts,
	sizeof(struct check_args),
	run_check,
	NULL,
};
