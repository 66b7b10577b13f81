/*
 * limbo.c - runs the path validation cases of x509-limbo in this process.
 *
 *	limbo [options of vectors.h] LIMBO.JSON
 */
#include "vectors.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* See docs/verification.md. */
static const struct exception exceptions[] = {
	{ "rfc5280::aki::cross-signed-root-missing-aki",
	    "a published CVE's case demands the opposite" },
	{ NULL, NULL },
};

static const char *
text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static bool
read_certs(mca_certs *out, const json_t *list, struct mca_error *err)
{
	const char *pem;

	for (size_t i = 0; i < json_array_size(list); i++) {
		pem = json_string_value(json_array_get(list, i));
		if (mca_certs_parse(out, (const uint8_t *)pem, strlen(pem),
			err) != MCA_OK)
			return false;
	}
	return true;
}

static bool
add_crl(mca_crls *out, const char *text, struct mca_error *err)
{
	scoped(mca_pem) pem = { 0 };
	mca_crl *crl;

	if (mca_pem_parse(&pem, (const uint8_t *)text, strlen(text), err) !=
		MCA_OK ||
	    pem.count != 1 ||
	    mca_crl_parse(&crl, pem.blocks[0].der.bytes,
		pem.blocks[0].der.length, err) != MCA_OK)
		return false;
	out->rows = realloc(out->rows, (out->count + 1) * sizeof(*out->rows));
	out->rows[out->count++] = crl;
	return true;
}

static bool
read_crls(struct vector *vector, const json_t *list, struct mca_error *err)
{
	vector->options.require_crl = json_array_size(list) > 0;
	for (size_t i = 0; i < json_array_size(list); i++)
		if (!add_crl(&vector->crls,
			json_string_value(json_array_get(list, i)), err))
			return false;
	return true;
}

static bool
read_reference(struct vector *vector, const json_t *peer, struct mca_error *err)
{
	const char *kind;
	enum mca_san_form form = MCA_SAN_DNS;

	if (!json_is_object(peer))
		return true;
	kind = text_of(peer, "kind");
	if (strcmp(kind, "IP") == 0)
		form = MCA_SAN_IP;
	else if (strcmp(kind, "RFC822") == 0)
		form = MCA_SAN_EMAIL;
	vector->has_reference = true;
	return mca_reference_parse(&vector->reference, form,
		   text_of(peer, "value"), err) == MCA_OK;
}

static bool
read_options(struct vector *vector, const json_t *row, struct mca_error *err)
{
	const char *at = text_of(row, "validation_time");
	const json_t *depth = json_object_get(row, "max_chain_depth");
	mca_time time_at = time(NULL);

	if (at != NULL && mca_time_parse(&time_at, at, err) != MCA_OK)
		return false;
	mca_verify_defaults(&vector->options, time_at);
	vector->options.purpose =
	    strcmp(text_of(row, "validation_kind"), "CLIENT") == 0
	    ? MCA_PURPOSE_CLIENT
	    : MCA_PURPOSE_SERVER;
	if (strncmp(vector->id, "webpki::", 8) == 0)
		vector->options.rules = MCA_RULES_WEBPKI;
	vector->options.strict =
	    strcmp(vector->id, "rfc5280::pc::ica-noncritical-pc") == 0;
	if (json_is_integer(depth))
		vector->options.max_depth = (int)json_integer_value(depth);
	return true;
}

static void
run_case(struct tally *tally, const json_t *row)
{
	struct vector vector = { .id = text_of(row, "id") };
	const char *peer = text_of(row, "peer_certificate");
	mca_certs target = { 0 };
	struct mca_error err = { 0 };

	vector.accept = strcmp(text_of(row, "expected_result"), "SUCCESS") == 0;
	if (!read_options(&vector, row, &err) ||
	    !read_crls(&vector, json_object_get(row, "crls"), &err) ||
	    !read_reference(&vector, json_object_get(row, "expected_peer_name"),
		&err) ||
	    !read_certs(&vector.anchors, json_object_get(row, "trusted_certs"),
		&err) ||
	    !read_certs(&vector.intermediates,
		json_object_get(row, "untrusted_intermediates"), &err) ||
	    mca_certs_parse(&target, (const uint8_t *)peer, strlen(peer),
		&err) != MCA_OK)
		vector.unreadable = err.text;
	else
		vector.target = mca_cert_ref(target.rows[0]);
	vector_run(tally, &vector);
	mca_certs_clear(&target);
	vector_clear(&vector);
}

int
main(int argc, char **argv)
{
	struct tally tally = { .exceptions = exceptions };
	json_error_t error;
	json_t *all, *rows;
	int at = tally_options(&tally, argc, argv);

	all = at > 0 ? json_load_file(argv[at], 0, &error) : NULL;
	if (all == NULL) {
		fprintf(stderr, "limbo: no file of cases, or not JSON\n");
		return 2;
	}
	rows = json_object_get(all, "testcases");
	for (size_t i = 0; i < json_array_size(rows); i++)
		run_case(&tally, json_array_get(rows, i));
	json_decref(all);
	return tally_print(&tally, "limbo");
}
