/*
 * fixtures.c - minica fixtures: chains for the tests of other programs.
 */
#include "fail.h"
#include "json.h"
#include "output.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

/* The year 9000: a root still ends before the year 10000. */
#define LATEST INT64_C(221845392000)

struct args {
	const char *directory, *seed;
	bool force;
};

static const struct opt opts[] = {
	{ OPT_ARG, 0, "DIR", NULL, FIELD(directory),
	    "where to write them; made if it is not there" },
	{ OPT_TEXT, 0, "seed", "TEXT", FIELD(seed),
	    "what keys and signatures follow from (random)" },
	{ OPT_FLAG, 0, "force", NULL, FIELD(force),
	    "replace files that are there" },
	{ 0 },
};

/* ---- seed and time ---- */

static mca_code
choose_seed(mca_text *out, const char *given, struct mca_error *err)
{
	uint8_t random[32];

	if (given != NULL) {
		mca_text_add(out, given, strlen(given));
		return MCA_OK;
	}
	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return fail_errno(err, MCA_ESYSTEM, "no random numbers");
	mca_text_hex(out, random, sizeof(random));
	return MCA_OK;
}

/* https://reproducible-builds.org/specs/source-date-epoch/ */
static mca_code
choose_time(mca_time *out, const struct session *s, struct mca_error *err)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	char *end = NULL;

	*out = s->now;
	if (epoch == NULL || s->globals.now.given)
		return MCA_OK;
	errno = 0;
	*out = strtoll(epoch, &end, 10);
	if (*epoch < '0' || *epoch > '9' || *end != '\0' || errno != 0 ||
	    *out > LATEST)
		return fail(err, MCA_EUSAGE,
		    "SOURCE_DATE_EPOCH is \"%s\", not seconds since 1970",
		    MCA_SHOW_TEXT(epoch));
	return MCA_OK;
}

/* ---- one fixture ---- */

static mca_code
save(json_t *files, const struct args *args, const char *name, const char *what,
    const mca_blob *bytes, mode_t mode, struct mca_error *err)
{
	scoped(mca_text) path = { 0 };
	scoped(mca_text) below = { 0 };

	if (bytes->length == 0)
		return MCA_OK;
	mca_text_addf(&below, "%s/%s.pem", name, what);
	mca_text_addf(&path, "%s/%s", args->directory, mca_text_get(&below));
	if (path.failed || below.failed)
		fail_memory();
	json_put(files, what, json_text(mca_text_get(&below)));
	return mca_file_save(mca_text_get(&path), bytes->bytes, bytes->length,
	    mode, args->force ? MCA_FILE_REPLACE : MCA_FILE_NEW, err);
}

static mca_code
save_all(json_t *files, const struct args *args, const char *name,
    const mca_fixture_files *made, struct mca_error *err)
{
	scoped(mca_text) path = { 0 };

	mca_text_addf(&path, "%s/%s", args->directory, name);
	if (path.failed)
		fail_memory();
	if (mca_file_make_directory(mca_text_get(&path), 0755, err) != MCA_OK ||
	    save(files, args, name, "chain", &made->chain, MODE_PUBLIC, err) !=
		MCA_OK ||
	    save(files, args, name, "key", &made->key, MODE_SECRET, err) !=
		MCA_OK ||
	    save(files, args, name, "roots", &made->roots, MODE_PUBLIC, err) !=
		MCA_OK)
		return err->code;
	return save(files, args, name, "crls", &made->crls, MODE_PUBLIC, err);
}

static const char *
form_of(const char *host)
{
	struct mca_reference ignored;
	struct mca_error none;

	return mca_san_form_name(
	    mca_reference_parse(&ignored, MCA_SAN_IP, host, &none) == MCA_OK
		? MCA_SAN_IP
		: MCA_SAN_DNS);
}

static json_t *
describe(const struct mca_fixture *what)
{
	static const char *const verdicts[] = {
		[MCA_YES] = "accept",
		[MCA_NO] = "reject",
		[MCA_COULD_NOT_TELL] = "undecided",
	};
	bool client = what->purpose == MCA_PURPOSE_CLIENT;
	bool web = what->rules == MCA_RULES_WEBPKI;
	json_t *row = json_object();

	json_put(row, "name", json_string(what->name));
	json_put(row, "sentence", json_string(what->sentence));
	json_put(row, "host", json_string(what->host));
	json_put(row, "host_form", json_string(form_of(what->host)));
	json_put(row, "purpose", json_string(client ? "client" : "server"));
	json_put(row, "rules", json_string(web ? "webpki" : "rfc5280"));
	json_put(row, "require_crl", json_boolean(what->require_crl));
	json_put(row, "verdict", json_string(verdicts[what->answer]));
	if (*what->rule != '\0')
		json_put(row, "rule", json_string(what->rule));
	if (what->also != NULL)
		json_put(row, "also", json_string(what->also));
	if (what->lenient != NULL)
		json_put(row, "lenient", json_string(what->lenient));
	return row;
}

static mca_code
write_one(json_t *list, mca_fixtures *fixtures, const struct args *args,
    size_t i, struct mca_error *err)
{
	const struct mca_fixture *what = mca_fixture_at(i);
	scoped(mca_fixture_files) made = { 0 };
	json_t *row = describe(what), *files = json_object();

	json_append(list, row);
	json_put(row, "files", files);
	if (mca_fixtures_make(&made, fixtures, i, err) != MCA_OK)
		return err->code;
	return save_all(files, args, what->name, &made, err);
}

/* ---- all of them ---- */

static mca_code
write_list(const struct args *args, const json_t *doc, struct mca_error *err)
{
	owned(char) *text = json_dumps(doc, JSON_INDENT(2));
	scoped(mca_text) path = { 0 };

	mca_text_addf(&path, "%s/fixtures.json", args->directory);
	if (text == NULL || path.failed)
		fail_memory();
	return mca_file_save(mca_text_get(&path), text, strlen(text),
	    MODE_PUBLIC, args->force ? MCA_FILE_REPLACE : MCA_FILE_NEW, err);
}

static mca_code
write_all(json_t *doc, mca_fixtures *fixtures, const struct args *args,
    struct mca_error *err)
{
	json_t *list = json_array();

	json_put(doc, "fixtures", list);
	if (mca_file_make_directory(args->directory, 0755, err) != MCA_OK)
		return err->code;
	for (size_t i = 0; mca_fixture_at(i) != NULL; i++)
		if (write_one(list, fixtures, args, i, err) != MCA_OK)
			return err->code;
	return write_list(args, doc, err);
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	const struct args *args = opaque;
	owned(mca_fixtures) *fixtures = NULL;
	scoped(mca_text) seed = { 0 };
	json_t *doc = json_object();
	mca_time now;
	mca_code code;

	code = choose_time(&now, s, err);
	if (code == MCA_OK)
		code = choose_seed(&seed, args->seed, err);
	if (code == MCA_OK)
		code = mca_fixtures_new(&fixtures, mca_text_get(&seed),
		    seed.length, now, err);
	if (code == MCA_OK) {
		json_put(doc, "time", json_time(now));
		json_put(doc, "seed", json_text(mca_text_get(&seed)));
		code = write_all(doc, fixtures, args, err);
	}
	if (code == MCA_EEXISTS)
		hint(s, "name an empty directory, or replace with --force");
	if (code == MCA_OK) {
		scoped(mca_text) shown = { 0 };

		mca_text_tame(&shown, args->directory);
		print(s, "%s/fixtures.json\n", mca_text_get(&shown));
		if (s->doc != NULL)
			(void)json_object_update(s->doc, doc);
	}
	json_decref(doc);
	return code;
}

const struct command fixtures_command = {
	"fixtures",
	"Write good and broken chains for other programs' tests",
	opts,
	sizeof(struct args),
	run,
	"DIR/fixtures.json lists them, each with what is special about it, "
	"the\n"
	"files, and the verdict of a strict client.  They are valid around "
	"now:\n"
	"make them when the tests run.  Nothing of them enters the store.\n"
	"\n"
	"  minica fixtures certs\n"
	"  SOURCE_DATE_EPOCH=1767225600 minica fixtures certs --seed 1\n",
};
