/*
 * manifest_settle.c - what a certificate of a manifest means, and whether it
 * agrees with itself (manifest_parts.h).
 */
#include "manifest_parts.h"

#include "minica/owned.h"
#include "minica/text.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct settling {
	const mca_manifest *manifest;
	const struct mca_wanted *wanted;
	struct mca_error *err;
};

/* disagree fails at the line of an output, or of its certificate. */
static mca_code
disagree(const struct settling *s, const struct mca_output *output,
    const char *message)
{
	return mca_manifest_fail(s->err, s->manifest,
	    output == NULL ? s->wanted->line : output->line,
	    "certificate \"%s\": %s", s->wanted->name, message);
}

/* "{name}" stands for the name of the certificate. */
static mca_code
fill_name(const struct settling *s, char **text)
{
	scoped(mca_text) out = { 0 };
	const char *at = *text, *found;

	if (at == NULL || strstr(at, "{name}") == NULL)
		return MCA_OK;
	while ((found = strstr(at, "{name}")) != NULL) {
		mca_text_add(&out, at, (size_t)(found - at));
		mca_text_addf(&out, "%s", s->wanted->name);
		at = found + strlen("{name}");
	}
	mca_text_addf(&out, "%s", at);
	free(give(text));
	return mca_text_take(text, &out, s->err);
}

static mca_code
fill_words(const struct settling *s, const struct mca_words *words)
{
	mca_code code = MCA_OK;

	for (size_t i = 0; i < words->count && code == MCA_OK; i++)
		code = fill_name(s, &words->words[i]);
	return code;
}

/* A path is relative to the manifest, whoever runs it from where. */
static mca_code
make_absolute(const struct settling *s, char **path)
{
	char *absolute;

	if (*path == NULL)
		return MCA_OK;
	if (fill_name(s, path) != MCA_OK)
		return s->err->code;
	if (**path == '/')
		return MCA_OK;
	if (asprintf(&absolute, "%s/%s", s->manifest->directory, *path) < 0)
		return mca_fail_memory(s->err);
	free(*path);
	*path = absolute;
	return MCA_OK;
}

/* ---- owners ---- */

#define DATABASE 16384

static mca_code
unknown(const struct settling *s, const struct mca_output *output,
    const char *what, const char *name)
{
	return mca_manifest_fail(s->err, s->manifest, output->line,
	    "certificate \"%s\": %s: \"%s\" is unknown on this machine",
	    s->wanted->name, what, MCA_SHOW_TEXT(name));
}

/* Digits are an id, whether or not anybody has it. */
static bool
is_id(unsigned long *id, const char *text)
{
	char *end;

	*id = strtoul(text, &end, 10);
	return *text >= '0' && *text <= '9' && *end == '\0' && *id < UINT32_MAX;
}

static mca_code
find_owner(const struct settling *s, struct mca_output *output)
{
	char space[DATABASE];
	struct passwd row, *found = NULL;
	unsigned long id;

	if (output->owner == NULL)
		return MCA_OK;
	output->has_owner = true;
	if (is_id(&id, output->owner)) {
		output->uid = (uid_t)id;
		return MCA_OK;
	}
	if (getpwnam_r(output->owner, &row, space, sizeof(space), &found) !=
		0 ||
	    found == NULL)
		return unknown(s, output, "owner", output->owner);
	output->uid = row.pw_uid;
	return MCA_OK;
}

static mca_code
find_group(const struct settling *s, struct mca_output *output)
{
	char space[DATABASE];
	struct group row, *found = NULL;
	unsigned long id;

	if (output->group == NULL)
		return MCA_OK;
	output->has_group = true;
	if (is_id(&id, output->group)) {
		output->gid = (gid_t)id;
		return MCA_OK;
	}
	if (getgrnam_r(output->group, &row, space, sizeof(space), &found) !=
		0 ||
	    found == NULL)
		return unknown(s, output, "group", output->group);
	output->gid = row.gr_gid;
	return MCA_OK;
}

/* ---- outputs ---- */

static mca_code
name_file(const struct settling *s, struct mca_output *output,
    enum mca_role role)
{
	const char *name = mca_output_default(output->layout, role);
	char **out = &output->names[role];
	bool takes_key = s->wanted->csr == NULL;

	if (*out != NULL && name == NULL && role != MCA_ROLE_CA &&
	    role != MCA_ROLE_CHAIN)
		return disagree(s, output,
		    "files: the layout has no file of that kind; ca and chain "
		    "may be added to all");
	if (!takes_key && name != NULL && mca_role_has_key(role)) {
		if (role != MCA_ROLE_KEY)
			return disagree(s, output,
			    "the layout holds the private key, which stays "
			    "with whoever made the csr");
		if (*out != NULL)
			return disagree(s, output,
			    "files: there is no key to be written with a csr");
		return MCA_OK;
	}
	if (*out == NULL && name != NULL) {
		*out = strdup(name);
		if (*out == NULL)
			return mca_fail_memory(s->err);
	}
	return fill_name(s, out);
}

static mca_code
settle_hooks(const struct settling *s, struct mca_output *output)
{
	struct mca_error inner = { 0 };
	mca_code code;

	if ((code = fill_words(s, &output->check)) != MCA_OK ||
	    (code = fill_words(s, &output->reload)) != MCA_OK ||
	    (code = fill_name(s, &output->probe)) != MCA_OK ||
	    (code = fill_name(s, &output->servername)) != MCA_OK)
		return code;
	if (output->shell &&
	    (output->check.count > 1 || output->reload.count > 1))
		return disagree(s, output,
		    "with shell: true a command is one text, as in "
		    "[\"nginx -t && echo good\"]");
	if (output->probe == NULL &&
	    (output->servername != NULL || output->starttls != 0))
		return disagree(s, output,
		    "servername and starttls belong to a probe");
	if (output->probe != NULL &&
	    mca_endpoint_parse(&output->endpoint, output->probe, &inner) !=
		MCA_OK)
		return mca_manifest_fail(s->err, s->manifest, output->line,
		    "certificate \"%s\": probe: %s", s->wanted->name,
		    inner.text);
	return MCA_OK;
}

static bool
has_store(const struct mca_output *output)
{
	return output->names[MCA_ROLE_KEYSTORE] != NULL ||
	    output->names[MCA_ROLE_TRUSTSTORE] != NULL;
}

static mca_code
settle_output(const struct settling *s, struct mca_output *output)
{
	mca_code code = MCA_OK;

	if (output->directory == NULL)
		return disagree(s, output, "an output without a directory");
	for (int role = 0; role < MCA_ROLES && code == MCA_OK; role++)
		code = name_file(s, output, (enum mca_role)role);
	if (code != MCA_OK ||
	    (code = make_absolute(s, &output->directory)) != MCA_OK ||
	    (code = make_absolute(s, &output->password_file)) != MCA_OK ||
	    (code = find_owner(s, output)) != MCA_OK ||
	    (code = find_group(s, output)) != MCA_OK ||
	    (code = settle_hooks(s, output)) != MCA_OK)
		return code;
	if (has_store(output) != (output->password_file != NULL))
		return disagree(s, output,
		    has_store(output)
			? "the layout needs a password_file, which holds its "
			  "password in its first line"
			: "password_file: the layout has no place for a "
			  "password");
	if (output->name_space != NULL &&
	    output->names[MCA_ROLE_SECRET] == NULL)
		return disagree(s, output,
		    "namespace: only the layout kubernetes has one");
	return MCA_OK;
}

/* A policy's path is relative to the manifest too; a name is none. */
static mca_code
settle_policy(const struct settling *s, char **policy)
{
	size_t length;

	if (*policy == NULL) {
		*policy = strdup("server");
		return *policy == NULL ? mca_fail_memory(s->err) : MCA_OK;
	}
	length = strlen(*policy);
	if (strchr(*policy, '/') == NULL &&
	    (length < 5 || strcmp(*policy + length - 5, ".yaml") != 0))
		return MCA_OK;
	return make_absolute(s, policy);
}

static mca_code
settle_identity(const struct settling *s, struct mca_wanted *wanted)
{
	if (wanted->csr != NULL && wanted->key_file != NULL)
		return disagree(s, NULL, "one of csr and key_file");
	if ((wanted->csr == NULL) == (wanted->hosts == NULL))
		return disagree(s, NULL,
		    wanted->csr == NULL
			? "hosts is missing: the names it is for"
			: "hosts: the names are those of the csr");
	if (wanted->life != 0 && wanted->renew_before >= wanted->life)
		return disagree(s, NULL,
		    "renew_before is not shorter than life: it would be due "
		    "as soon as it is made");
	if (make_absolute(s, &wanted->csr) != MCA_OK ||
	    make_absolute(s, &wanted->key_file) != MCA_OK ||
	    settle_policy(s, &wanted->policy) != MCA_OK)
		return s->err->code;
	if (wanted->key == NULL)
		wanted->key = strdup("ec-p256");
	return wanted->key == NULL ? mca_fail_memory(s->err) : MCA_OK;
}

mca_code
mca_manifest_settle(const mca_manifest *manifest, struct mca_wanted *wanted,
    struct mca_error *err)
{
	const struct settling s = { manifest, wanted, err };

	return settle_identity(&s, wanted);
}

mca_code
mca_manifest_settle_output(const mca_manifest *manifest,
    const struct mca_wanted *wanted, struct mca_output *output,
    struct mca_error *err)
{
	const struct settling s = { manifest, wanted, err };

	return settle_output(&s, output);
}
