/*
 * renewal.c - see renewal.h.
 */
#include "renewal.h"

#include "fail.h"
#include "json.h"
#include "keyfile.h"

#include <stdio.h>
#include <string.h>

void
target_clear(target *t)
{
	mca_cert_free(t->cert);
	free(t->authority);
	places_clear(&t->places);
	*t = (target){ 0 };
}
static mca_code
read_target(void *context, const struct mca_record *record,
    struct mca_error *err)
{
	target *t = context;

	t->id = record->id;
	t->renews = record->renews;
	t->authority = strdup(record->authority);
	if (t->authority == NULL)
		fail_memory();
	return mca_cert_parse(&t->cert, record->der, record->der_length, err);
}

mca_code
target_get(target *t, const struct renewal *r, int64_t id,
    struct mca_error *err)
{
	return mca_store_get(mca_ca_store(r->s->ca), id, read_target, t, err);
}

const char *
target_name(const target *t)
{
	const mca_san *san = mca_cert_san(t->cert);

	return mca_san_count(san) > 0 ? mca_san_at(san, 0)->text
				      : mca_cert_serial(t->cert);
}

static mca_code
find_places(target *t, const struct renewal *r, struct mca_error *err)
{
	const struct renewal_args *args = r->args;
	const mca_san *san = mca_cert_san(t->cert);

	if (args->out != NULL) {
		places_add(&t->places, args->out, args->fullchain);
		return MCA_OK;
	}
	if (places_find(&t->places, r->s, t->id, t->id, err) != MCA_OK)
		return err->code;
	if (t->places.count == 0 && args->out_dir != NULL &&
	    mca_san_count(san) > 0) {
		owned(char) *name = output_name(san, ".pem");
		owned(char) *path = NULL;

		if (asprintf(&path, "%s/%s", args->out_dir, name) < 0)
			fail_memory();
		places_add(&t->places, path, args->fullchain);
	}
	if (t->places.count == 0 && args->due)
		return fail(err, MCA_EUSAGE,
		    "%s is due, and there is no file of it to write again: "
		    "give --out-dir DIR, or renew it alone with --out FILE "
		    "(minica renew %s), or revoke it if nobody needs it",
		    MCA_SHOW_TEXT(target_name(t)), mca_cert_serial(t->cert));
	return MCA_OK;
}

/* The outputs of a renewal: the first is the job's own, the rest are copies. */
struct outputs {
	output *rows;
	struct mca_copy *copies;
	size_t count;
};

static void
clear_outputs(struct outputs *o)
{
	for (size_t i = 0; i < o->count; i++)
		output_clear(&o->rows[i]);
	free(o->rows);
	free(o->copies);
}

static mca_code
open_outputs(struct outputs *o, const struct renewal *r, const target *t,
    struct mca_error *err)
{
	size_t count = t->places.count == 0 ? 1 : t->places.count;

	o->rows = calloc(count, sizeof(*o->rows));
	o->copies = calloc(count, sizeof(*o->copies));
	if (o->rows == NULL || o->copies == NULL)
		fail_memory();
	o->count = count;
	for (size_t i = 0; i < t->places.count; i++) {
		const struct place *place = &t->places.rows[i];

		if (output_open(&o->rows[i], r->s, place->path, MODE_PUBLIC,
			r->args->force, err) != MCA_OK)
			return err->code;
		o->copies[i] = (struct mca_copy){ .path = o->rows[i].path,
			.fullchain = place->fullchain };
	}
	return MCA_OK;
}

/* One that a run which came to no end left is as new as any. */
static mca_code
make_key(mca_key **key, bool *left, mca_csr **csr, const struct renewal *r,
    const target *t, struct mca_error *err)
{
	const struct renewal_args *args = r->args;
	const mca_spki *spki = mca_cert_spki(t->cert);
	const char *algorithm = args->key;

	if (algorithm == NULL)
		algorithm = spki == NULL ? "ec-p256" : mca_spki_algorithm(spki);
	if (!args->force &&
	    keyfile_left(key, r->s, args->key_out, algorithm, err) != MCA_OK)
		return err->code;
	*left = *key != NULL;
	if (!*left && mca_key_generate(key, algorithm, err) != MCA_OK)
		return err->code;
	return mca_csr_new(csr, *key, mca_cert_subject(t->cert),
	    mca_cert_san(t->cert), err);
}

static mca_code
sign(const struct renewal *r, const struct mca_signing *how,
    struct mca_job *job, bool rehearse, struct mca_error *err)
{
	mca_code code = mca_ca_renew(r->s->ca, how, job, rehearse, err);

	if (code == MCA_OK)
		err->text[0] = '\0';
	return code;
}

/* Neither a refusal nor a wrong passphrase leaves a new key behind. */
static mca_code
save_key(bool *refused, const struct renewal *r, const struct mca_signing *how,
    struct mca_job *job, const struct outputs *o, const mca_key *key,
    struct mca_error *err)
{
	struct mca_job trial = { .csr = job->csr, .renews = job->renews };
	struct mca_signing first = *how;
	scoped(output) out = { 0 };
	mca_code code;

	first.open_key = true;
	code = sign(r, &first, &trial, true, err);
	*refused = code == MCA_OK && signing_refused(&trial);
	mca_job_clear(&trial);
	if (code != MCA_OK || *refused)
		return code;
	if (output_open(&out, r->s, r->args->key_out, MODE_SECRET,
		r->args->force, err) != MCA_OK)
		return err->code;
	for (size_t i = 0; i < o->count; i++)
		if (output_check_apart(&out, &o->rows[i], err) != MCA_OK)
			return err->code;
	return keyfile_write(&out, r->s, key, NULL, err);
}

static mca_code
deliver(struct renewal *r, json_t *row, struct outputs *o, struct mca_job *job,
    const target *t, struct mca_error *err)
{
	if (signing_finish(r->s, row, target_name(t), job, &o->rows[0], err) !=
	    MCA_OK)
		return signing_refused(job) ? MCA_EPOLICY : err->code;
	r->changed++;
	json_put(row, "renews", json_text(mca_cert_serial(t->cert)));
	for (size_t i = 1; i < o->count; i++) {
		if (output_deliver(&o->rows[i], r->s, &o->copies[i].output,
			mca_cert_serial(job->cert), err) != MCA_OK)
			return err->code;
		talk(r->s, "%s: in %s too", MCA_SHOW_TEXT(target_name(t)),
		    MCA_SHOW_TEXT(o->rows[i].path));
	}
	return MCA_OK;
}

static mca_code
renew_into(struct renewal *r, json_t *row, struct outputs *o, const target *t,
    struct mca_error *err)
{
	struct mca_signing how = signing_describe(r->signing,
	    t->places.count == 0 ? r->args->fullchain
				 : t->places.rows[0].fullchain,
	    NULL);
	struct mca_job job = { .path = o->rows[0].path,
		.renews = t->id,
		.copies = o->copies + 1,
		.copy_count = o->count - 1 };
	owned(mca_key) *key = NULL;
	owned(mca_csr) *csr = NULL;
	bool refused = false, left = false;
	mca_code code = MCA_OK;

	if (r->args->rekey) {
		code = make_key(&key, &left, &csr, r, t, err);
		job.csr = csr;
		if (code == MCA_OK && !left)
			code = save_key(&refused, r, &how, &job, o, key, err);
	}
	if (code == MCA_OK)
		code = sign(r, &how, &job, refused, err);
	if (code == MCA_OK)
		code = deliver(r, row, o, &job, t, err);
	mca_job_clear(&job);
	return code;
}

mca_code
renewal_make(struct renewal *r, json_t *row, int64_t id, struct mca_error *err)
{
	scoped(target) t = { 0 };
	struct outputs o = { 0 };
	mca_code code;

	if (target_get(&t, r, id, err) != MCA_OK ||
	    find_places(&t, r, err) != MCA_OK)
		return err->code;
	code = open_outputs(&o, r, &t, err);
	if (code == MCA_OK)
		code = renew_into(r, row, &o, &t, err);
	clear_outputs(&o);
	return code;
}
