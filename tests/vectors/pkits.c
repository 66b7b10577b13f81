/*
 * pkits.c - runs the cases of NIST PKITS in this process.
 *
 *	pkits [options of vectors.h] DIRECTORY
 *
 * DIRECTORY holds pkits.json, certs/ and crls/.
 */
#include "vectors.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* See docs/verification.md. */
static const struct exception exceptions[] = {
	{ "4.1.4", "it needs DSA of 1024 bits with SHA-1" },
	{ "4.1.5", "it needs DSA of 1024 bits with SHA-1" },
	{ NULL, NULL },
};

static const char *
path_to(char out[600], const char *directory, const char *kind,
    const char *name, const char *ending)
{
	snprintf(out, 600, "%s/%s/%s%s", directory, kind, name, ending);
	return out;
}

static bool
read_certs(struct vector *vector, const char *directory, const json_t *names,
    struct mca_error *err)
{
	size_t count = json_array_size(names);
	mca_certs one = { 0 };
	char path[600];
	mca_code code;

	for (size_t i = 0; i < count; i++) {
		code = mca_certs_read(&one,
		    path_to(path, directory, "certs",
			json_string_value(json_array_get(names, i)), ".crt"),
		    err);
		if (code == MCA_OK && i == count - 1)
			vector->target = mca_cert_ref(one.rows[0]);
		else if (code == MCA_OK)
			code = mca_certs_add(i == 0 ? &vector->anchors
						    : &vector->intermediates,
			    one.rows[0], err);
		mca_certs_clear(&one);
		if (code != MCA_OK)
			return false;
	}
	return true;
}

static bool
read_crls(struct vector *vector, const char *directory, const json_t *names,
    struct mca_error *err)
{
	char path[600];

	for (size_t i = 0; i < json_array_size(names); i++)
		if (mca_crls_read(&vector->crls,
			path_to(path, directory, "crls",
			    json_string_value(json_array_get(names, i)),
			    ".crl"),
			err) != MCA_OK)
			return false;
	return true;
}

static void
read_policy_inputs(struct vector *vector, const json_t *row,
    const char *policies[static 8])
{
	struct mca_verify_options *options = &vector->options;
	const json_t *names = json_object_get(row, "policies");

	for (size_t i = 0; i < 8 && i < json_array_size(names); i++)
		policies[options->policy_oid_count++] =
		    json_string_value(json_array_get(names, i));
	options->policy_oids = policies;
	options->require_explicit_policy =
	    json_is_true(json_object_get(row, "require_explicit_policy"));
	options->inhibit_policy_mapping =
	    json_is_true(json_object_get(row, "inhibit_policy_mapping"));
	options->inhibit_any_policy =
	    json_is_true(json_object_get(row, "inhibit_any_policy"));
}

static void
run_case(struct tally *tally, const char *directory, const json_t *row)
{
	struct vector vector = {
		.id = json_string_value(json_object_get(row, "id")),
		.accept = json_is_true(json_object_get(row, "valid")),
	};
	const char *policies[8];
	struct mca_error err = { 0 };
	mca_time at = 0;

	if (mca_time_parse(&at, "2011-04-15T00:00:00Z", &err) != MCA_OK)
		abort();
	mca_verify_defaults(&vector.options, at);
	vector.options.require_crl = true;
	read_policy_inputs(&vector, row, policies);
	if (!read_certs(&vector, directory, json_object_get(row, "certs"),
		&err) ||
	    !read_crls(&vector, directory, json_object_get(row, "crls"), &err))
		vector.unreadable = err.text;
	vector_run(tally, &vector);
	vector_clear(&vector);
}

int
main(int argc, char **argv)
{
	struct tally tally = { .exceptions = exceptions };
	json_error_t error;
	json_t *all, *rows;
	char path[600];
	int at = tally_options(&tally, argc, argv);

	snprintf(path, sizeof(path), "%s/pkits.json", at > 0 ? argv[at] : ".");
	all = json_load_file(path, 0, &error);
	if (at < 0 || all == NULL) {
		fprintf(stderr, "pkits: no pkits.json, or not JSON\n");
		return 2;
	}
	rows = json_object_get(all, "tests");
	for (size_t i = 0; i < json_array_size(rows); i++)
		run_case(&tally, argv[at], json_array_get(rows, i));
	json_decref(all);
	return tally_print(&tally, "pkits");
}
