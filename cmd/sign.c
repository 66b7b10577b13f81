/*
 * sign.c - minica sign: requests examined, signed, recorded, delivered.
 *
 * Requests are taken in groups.  All of a group is read, and all its outputs
 * are opened, before any of it is signed; one bad request does not stop the
 * others.
 */
#include "fail.h"
#include "json.h"
#include "pass.h"
#include "request.h"
#include "signing.h"

#include <string.h>

/* Each output is an open file: fewer than most systems let a process have. */
#define GROUP 500

struct args {
	struct words requests, labels;
	struct signing signing;
	const char *out, *out_dir, *from;
	bool fullchain, dry_run, force;
	struct pass pass;
};

static const struct opt opts[] = {
	{ OPT_ARGS_MAYBE, 0, "CSR", NULL, FIELD(requests),
	    "request to sign, PEM or DER" },
	SIGNING_OPTS,
	LABEL_OPT,
	{ OPT_TEXT, 'o', "out", "FILE", FIELD(out),
	    "write the certificate to FILE" },
	{ OPT_TEXT, 0, "out-dir", "DIR", FIELD(out_dir),
	    "write web.csr's certificate to DIR/web.pem" },
	{ OPT_TEXT, 0, "from", "FILE", FIELD(from),
	    "sign the requests that FILE lists, one path per line" },
	{ OPT_FLAG, 0, "fullchain", NULL, FIELD(fullchain),
	    "write the intermediates after the certificate" },
	{ OPT_FLAG, 'n', "dry-run", NULL, FIELD(dry_run),
	    "show what would be issued; sign and record nothing" },
	{ OPT_FLAG, 0, "force", NULL, FIELD(force),
	    "replace files that minica did not write" },
	PASS_OPTS,
	{ 0 },
};

/* One request on its way through. */
struct item {
	const char *path; /* of the request */
	output out;
	mca_csr *csr; /* NULL: it is out of the race */
	json_t *row;
	size_t job;
};

static mca_code
check(const struct args *args, const struct words *paths, struct mca_error *err)
{
	if (paths->count == 0)
		return fail(err, MCA_EUSAGE,
		    "CSR is missing: name a request, or a list with --from");
	if (args->out != NULL && args->out_dir != NULL)
		return fail(err, MCA_EUSAGE, "one of --out and --out-dir");
	if (args->out != NULL && paths->count > 1)
		return fail(err, MCA_EUSAGE,
		    "--out is for one request, and there are %zu: use "
		    "--out-dir DIR",
		    paths->count);
	return MCA_OK;
}

/* Where a request's certificate goes: "requests/web.csr", to "DIR/web.pem". */
struct target {
	const char *request, *base; /* `length` characters of it are "web" */
	size_t length;
};

static struct target
target_of(const char *request)
{
	static const char *const endings[] = { ".csr", ".req", ".p10", ".pem",
		".der" };
	const char *slash = strrchr(request, '/');
	const char *base = slash == NULL ? request : slash + 1;
	size_t length = strlen(base);

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (length > 4 && strcmp(base + length - 4, endings[i]) == 0) {
			length -= 4;
			break;
		}
	return (struct target){ request, base, length };
}

static char *
path_in(const char *directory, const struct target *target)
{
	char *path = NULL;

	if (asprintf(&path, "%s/%.*s.pem", directory, (int)target->length,
		target->base) < 0)
		fail_memory();
	return path;
}

static int
by_name(const void *a, const void *b)
{
	const struct target *first = a;
	const struct target *second = b;
	size_t shared =
	    first->length < second->length ? first->length : second->length;
	int order = memcmp(first->base, second->base, shared);

	return order != 0 ? order
			  : (first->length > second->length) -
		(first->length < second->length);
}

static mca_code
refuse_twins(struct target *targets, size_t count, const char *directory,
    struct mca_error *err)
{
	owned(char) *path = NULL;

	qsort(targets, count, sizeof(*targets), by_name);
	for (size_t i = 1; i < count; i++) {
		if (by_name(&targets[i - 1], &targets[i]) != 0)
			continue;
		path = path_in(directory, &targets[i]);
		return fail(err, MCA_EUSAGE,
		    "%s and %s would both go to %s: nothing was signed",
		    MCA_SHOW_TEXT(targets[i - 1].request),
		    MCA_SHOW_TEXT(targets[i].request), MCA_SHOW_TEXT(path));
	}
	return MCA_OK;
}

/* Two certificates for one file: the second would be all that is left. */
static mca_code
refuse_collisions(const struct words *paths, const char *directory,
    struct mca_error *err)
{
	struct target *targets = calloc(paths->count, sizeof(*targets));
	mca_code code;

	if (targets == NULL)
		fail_memory();
	for (size_t i = 0; i < paths->count; i++)
		targets[i] = target_of(paths->rows[i]);
	code = refuse_twins(targets, paths->count, directory, err);
	free(targets);
	return code;
}

static mca_code
check_outputs(const struct words *paths, const struct args *args,
    struct mca_error *err)
{
	if (args->out_dir == NULL)
		return MCA_OK;
	for (size_t i = 0; i < paths->count; i++)
		if (strcmp(paths->rows[i], "-") == 0)
			return fail(err, MCA_EUSAGE,
			    "--out-dir: a request from standard input has no "
			    "name; use --out FILE");
	return refuse_collisions(paths, args->out_dir, err);
}

static mca_code
open_output(struct session *s, struct item *item, const output *other,
    const struct args *args, struct mca_error *err)
{
	const struct target target = target_of(item->path);
	owned(char) *path =
	    args->out_dir == NULL ? NULL : path_in(args->out_dir, &target);

	return output_open_beside(&item->out, other, s,
	    path == NULL ? args->out : path, MODE_PUBLIC, args->force, err);
}

/* Opens the output of a request that was read; one that fails is told of. */
static mca_code
prepare(struct session *s, struct item *item, const output *other,
    const struct mca_csr_file *file, const struct args *args)
{
	struct mca_error bad = file->err;

	item->csr = file->csr;
	item->row = s->doc == NULL ? NULL : json_object();
	json_put(item->row, "file", json_text(item->path));
	if (file->code == MCA_OK &&
	    open_output(s, item, other, args, &bad) == MCA_OK)
		return MCA_OK;

	mca_csr_free(give(&item->csr));
	return complain(s, item->row, &bad);
}

static mca_code
prepare_all(struct session *s, struct item *items, size_t count,
    const struct args *args)
{
	struct mca_csr_file *files = calloc(count, sizeof(*files));
	const output *other = NULL;
	mca_code worst = MCA_OK;

	if (files == NULL)
		fail_memory();
	for (size_t i = 0; i < count; i++)
		files[i].path = items[i].path;
	mca_csr_read(files, count);
	for (size_t i = 0; i < count; i++) {
		worst =
		    worse(worst, prepare(s, &items[i], other, &files[i], args));
		if (items[i].out.file != NULL)
			other = &items[i].out;
	}
	free(files);
	return worst;
}

/* Signs what was prepared; `jobs` has room for all. */
static mca_code
sign(struct session *s, struct item *items, size_t count, struct mca_job *jobs,
    const struct args *args, struct mca_error *err)
{
	struct mca_signing how =
	    signing_describe(&args->signing, args->fullchain, &args->labels);
	size_t ready = 0;

	for (size_t i = 0; i < count; i++) {
		if (items[i].csr == NULL)
			continue;
		items[i].job = ready;
		jobs[ready].csr = items[i].csr;
		jobs[ready].path = items[i].out.path;
		ready++;
	}
	return ready == 0 ? MCA_OK : signing_sign(s, &how, jobs, ready, err);
}

/* Whatever has a certificate is recorded, and may be written. */
static void
write_files(struct item *items, size_t count, const struct mca_job *jobs)
{
	output **outs = calloc(count, sizeof(*outs));
	const mca_blob **bytes = calloc(count, sizeof(*bytes));
	size_t ready = 0;

	if (outs == NULL || bytes == NULL)
		fail_memory();
	for (size_t i = 0; i < count; i++) {
		const struct mca_job *job = &jobs[items[i].job];

		if (items[i].csr == NULL || job->cert == NULL)
			continue;
		outs[ready] = &items[i].out;
		bytes[ready++] = &job->output;
	}
	output_write_many(outs, bytes, ready);
	free(outs);
	free(bytes);
}

/*
 * Delivers what is recorded, which after a failure of mca_ca_sign is what has
 * a certificate.
 */
static mca_code
finish(struct session *s, struct item *items, size_t count,
    const struct mca_job *jobs, bool failed)
{
	mca_code worst = MCA_OK;

	for (size_t i = 0; i < count; i++) {
		const struct mca_job *job = &jobs[items[i].job];
		struct mca_error bad = { 0 };
		mca_code code;

		if (items[i].csr == NULL || (failed && job->cert == NULL))
			continue;
		code = signing_finish(s, items[i].row, items[i].path, job,
		    &items[i].out, &bad);
		if (bad.text[0] != '\0')
			code = complain(s, items[i].row, &bad);
		worst = worse(worst, code);
	}
	return worst;
}

static mca_code
rehearse(struct session *s, struct item *items, size_t count,
    const struct args *args, struct mca_error *err)
{
	struct mca_signing how =
	    signing_describe(&args->signing, args->fullchain, &args->labels);
	mca_code worst = MCA_OK;

	for (size_t i = 0; i < count; i++) {
		struct mca_job job = { .csr = items[i].csr };
		mca_code code;

		if (job.csr == NULL)
			continue;
		code = signing_rehearse(s, &how, &job, err);
		if (code == MCA_OK)
			worst = worse(worst,
			    signing_review(s, items[i].row, items[i].path,
				&args->signing, &job));
		mca_job_clear(&job);
		if (code != MCA_OK)
			return code;
	}
	return worst;
}

static mca_code
sign_group(struct session *s, struct item *items, size_t count,
    const struct args *args, struct mca_error *err)
{
	struct mca_job *jobs;
	mca_code worst = prepare_all(s, items, count, args);
	mca_code code;

	if (args->dry_run)
		return worse(worst, rehearse(s, items, count, args, err));

	jobs = calloc(count, sizeof(*jobs));
	if (jobs == NULL)
		fail_memory();
	code = sign(s, items, count, jobs, args, err);
	write_files(items, count, jobs);
	worst = worse(worst, finish(s, items, count, jobs, code != MCA_OK));
	for (size_t i = 0; i < count; i++)
		mca_job_clear(&jobs[i]);
	free(jobs);
	return worse(worst, code);
}

/* Of a group that was told nothing stays. */
static void
end_group(struct session *s, struct item *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		output_clear(&items[i].out);
		mca_csr_free(items[i].csr);
		if (items[i].row != NULL)
			stream_row(s, items[i].row);
	}
	memset(items, 0, count * sizeof(*items));
}

/*
 * An error of the authority's own ends it, and so does an output that takes no
 * more; those of requests do not.
 */
static mca_code
sign_all(struct session *s, const struct words *paths, const struct args *args,
    struct mca_error *err)
{
	struct item *items = calloc(GROUP, sizeof(*items));
	mca_code worst = MCA_OK;
	size_t at = 0;

	if (items == NULL)
		fail_memory();
	stream_begin(s, "results");
	while (err->text[0] == '\0' && at < paths->count) {
		size_t left = paths->count - at;
		size_t count = left < GROUP ? left : GROUP;

		for (size_t i = 0; i < count; i++)
			items[i].path = paths->rows[at + i];
		worst = worse(worst, sign_group(s, items, count, args, err));
		end_group(s, items, count);
		at += count;
		if (!output_arrived(s)) {
			worst = worse(worst, MCA_ESYSTEM);
			break;
		}
	}
	free(items);
	return worst;
}

static mca_code
run(struct session *s, void *opaque, struct mca_error *err)
{
	struct args *args = opaque;
	enum mca_store_mode mode =
	    args->dry_run ? MCA_STORE_READ : MCA_STORE_WRITE;
	const struct mca_passphrase *passphrase;
	scoped(mca_blob) list = { 0 };

	if (args->from != NULL &&
	    request_paths(&args->requests, &list, args->from, err) != MCA_OK)
		return err->code;
	if (check(args, &args->requests, err) != MCA_OK ||
	    check_outputs(&args->requests, args, err) != MCA_OK ||
	    pass_source(&passphrase, &args->pass, false, err) != MCA_OK ||
	    session_open(s, mode, passphrase, err) != MCA_OK)
		return err->code;
	return sign_all(s, &args->requests, args, err);
}

const struct command sign_command = {
	"sign",
	"Examine requests and sign them",
	opts,
	sizeof(struct args),
	run,
	"Certificates go to standard output in the order of the requests "
	"unless\n"
	"--out or --out-dir says otherwise.  A request that is refused does "
	"not\n"
	"stop the others; the exit status is that of the worst.\n"
	"\n"
	"  minica sign web.csr --out web.pem\n"
	"  minica sign --policy client --days 30 *.csr --out-dir certs\n"
	"  find . -name '*.csr' -print0 | minica sign --from - --out-dir "
	"certs\n",
};
