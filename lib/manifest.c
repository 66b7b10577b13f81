/*
 * manifest.c - a manifest as an object, and its messages (manifest.h).
 */
#include "manifest.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void
clear_output(struct mca_output *output)
{
	free(output->directory);
	for (size_t role = 0; role < MCA_ROLES; role++)
		free(output->names[role]);
	free(output->owner);
	free(output->group);
	free(output->password_file);
	free(output->name_space);
	mca_words_clear(&output->check);
	mca_words_clear(&output->reload);
	free(output->probe);
	free(output->servername);
}

static void
clear_wanted(struct mca_wanted *wanted)
{
	free(wanted->name);
	free(wanted->policy);
	free(wanted->issuer);
	free(wanted->key);
	free(wanted->key_file);
	free(wanted->csr);
	mca_san_free(wanted->hosts);
	mca_words_clear(&wanted->labels);
	for (size_t i = 0; i < wanted->output_count; i++)
		clear_output(&wanted->outputs[i]);
	free(wanted->outputs);
}

static void
clear_authority(struct mca_wanted_authority *authority)
{
	free(authority->name);
	free(authority->issuer);
	free(authority->common_name);
	free(authority->organization);
	free(authority->key);
	mca_words_clear(&authority->permit);
	mca_words_clear(&authority->exclude);
}

void
mca_manifest_free(mca_manifest *manifest)
{
	if (manifest == NULL)
		return;
	for (size_t i = 0; i < manifest->authority_count; i++)
		clear_authority(&manifest->authorities[i]);
	for (size_t i = 0; i < manifest->count; i++)
		clear_wanted(&manifest->certificates[i]);
	free(manifest->authorities);
	free(manifest->certificates);
	free(manifest->file);
	free(manifest->directory);
	free(manifest->name);
	free(manifest);
}

const char *
mca_manifest_name(const mca_manifest *manifest)
{
	return manifest->name;
}

const char *
mca_manifest_file(const mca_manifest *manifest)
{
	return manifest->file;
}

#undef mca_manifest_fail

mca_code
mca_manifest_fail(struct mca_error *err, const mca_manifest *manifest,
    size_t line, const char *fmt, ...)
{
	char message[sizeof(err->text)];
	va_list args;

	va_start(args, fmt);
	if (vsnprintf(message, sizeof(message), fmt, args) < 0)
		message[0] = '\0';
	va_end(args);
	return mca_fail(err, MCA_EFORMAT, "%s:%zu: %s", manifest->file, line,
	    message);
}
