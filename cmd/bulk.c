/*
 * bulk.c - see bulk.h.
 *
 * Workers take the next file from a counter and leave what they found in a
 * ring; the main thread tells it, in the order of the files.  A worker that is
 * a whole ring ahead waits, so that memory does not grow with the files.
 */
#include "bulk.h"

#include "fail.h"
#include "json.h"
#include "verdict.h"

#include <pthread.h>
#include <string.h>
#include <strings.h>

enum { RING = 256, MOST_WORKERS = 64 };

/* One file, and what became of it. */
struct job {
	mca_certs certs;
	mca_verdict verdicts[MCA_CLIENTS]; /* of each verifier */
	mca_code code;
	struct mca_error err;
	bool done;
};

struct bulk {
	const struct judge *judge;
	char **paths;
	size_t count, capacity;

	pthread_mutex_t lock;
	pthread_cond_t changed;
	size_t next, told; /* the first that nobody took; that was not told */
	struct job ring[RING];
};

/* ---- the files ---- */

static void
add_path(struct bulk *bulk, const char *path)
{
	size_t capacity = bulk->capacity == 0 ? 64 : 2 * bulk->capacity;
	char **paths;

	if (bulk->count == bulk->capacity) {
		paths = reallocarray(bulk->paths, capacity, sizeof(*paths));
		if (paths == NULL)
			fail_memory();
		bulk->paths = paths;
		bulk->capacity = capacity;
	}
	bulk->paths[bulk->count] = strdup(path);
	if (bulk->paths[bulk->count++] == NULL)
		fail_memory();
}

/* A private key beside its certificate is nothing to verify. */
static bool
looks_like_certificate(const char *path)
{
	static const char *const endings[] = { ".pem", ".crt", ".cer", ".der",
		".p7b", ".p7c", ".p12", ".pfx" };
	const char *ending = strrchr(path, '.');

	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (ending != NULL && strcasecmp(ending, endings[i]) == 0)
			return true;
	return false;
}

static mca_code
note_file(void *context, const char *path, struct mca_error *err)
{
	(void)err;
	if (looks_like_certificate(path))
		add_path(context, path);
	return MCA_OK;
}

static mca_code
list_directory(struct bulk *bulk, const char *path, struct mca_error *err)
{
	size_t before = bulk->count;

	if (mca_directory_walk(path, note_file, bulk, err) != MCA_OK)
		return err->code;
	if (bulk->count > before)
		return MCA_OK;
	return fail(err, MCA_EFORMAT,
	    "%s: the directory holds no file of certificates (.pem, .crt, "
	    ".cer, .der, .p7b, .p7c, .p12, .pfx)",
	    MCA_SHOW_TEXT(path));
}

static mca_code
list_files(struct bulk *bulk, const struct words *paths, struct mca_error *err)
{
	for (size_t i = 0; i < paths->count; i++) {
		if (!mca_directory_is(paths->rows[i]))
			add_path(bulk, paths->rows[i]);
		else if (list_directory(bulk, paths->rows[i], err) != MCA_OK)
			return err->code;
	}
	return MCA_OK;
}

/* ---- judging ---- */

static mca_code
look(struct job *job, const struct judge *judge, const char *path)
{
	mca_code code = judge_read(&job->certs, judge, path, &job->err);
	mca_certs others;

	if (code != MCA_OK)
		return code;
	others = (mca_certs){ job->certs.rows + 1, job->certs.count - 1, 0 };
	for (size_t i = 0; i < judge->count && code == MCA_OK; i++)
		code = mca_verify(&job->verdicts[i], judge->verifiers[i],
		    job->certs.rows[0], &others, judge_reference(judge),
		    &job->err);
	return code;
}

/* Takes the next file, or returns false when there is none left. */
static bool
take(struct bulk *bulk, size_t *at)
{
	bool there;

	(void)pthread_mutex_lock(&bulk->lock);
	while (bulk->next < bulk->count && bulk->next - bulk->told >= RING)
		(void)pthread_cond_wait(&bulk->changed, &bulk->lock);
	there = bulk->next < bulk->count;
	if (there)
		*at = bulk->next++;
	(void)pthread_mutex_unlock(&bulk->lock);
	return there;
}

static void
hand_in(struct bulk *bulk, struct job *job)
{
	(void)pthread_mutex_lock(&bulk->lock);
	job->done = true;
	(void)pthread_cond_broadcast(&bulk->changed);
	(void)pthread_mutex_unlock(&bulk->lock);
}

static void *
work(void *context)
{
	struct bulk *bulk = context;
	struct job *job;
	size_t at;

	while (take(bulk, &at)) {
		job = &bulk->ring[at % RING];
		job->code = look(job, bulk->judge, bulk->paths[at]);
		hand_in(bulk, job);
	}
	return NULL;
}

/* ---- telling ---- */

static mca_code
tell(struct session *s, const struct judge *judge, struct job *job,
    const char *path, bool whole)
{
	json_t *row = s->doc == NULL ? NULL : json_object();
	mca_code code = job->code;

	json_put(row, "file", json_text(path));
	if (code != MCA_OK)
		code = complain(s, row, &job->err);
	for (size_t i = 0; i < judge->count && job->code == MCA_OK; i++)
		code = worse(code,
		    verdict_tell(s, row, MCA_SHOW_TEXT(path), judge, i,
			&job->verdicts[i], whole));
	if (row != NULL)
		stream_row(s, row);
	return code;
}

static void
wait_for(struct bulk *bulk, const struct job *job)
{
	(void)pthread_mutex_lock(&bulk->lock);
	while (!job->done)
		(void)pthread_cond_wait(&bulk->changed, &bulk->lock);
	(void)pthread_mutex_unlock(&bulk->lock);
}

static void
give_back(struct bulk *bulk, struct job *job)
{
	mca_certs_clear(&job->certs);
	for (size_t i = 0; i < MCA_CLIENTS; i++)
		mca_verdict_clear(&job->verdicts[i]);
	memset(job, 0, sizeof(*job));
	(void)pthread_mutex_lock(&bulk->lock);
	bulk->told++;
	(void)pthread_cond_broadcast(&bulk->changed);
	(void)pthread_mutex_unlock(&bulk->lock);
}

static mca_code
tell_all(struct session *s, struct bulk *bulk, bool whole)
{
	mca_code worst = MCA_OK;

	stream_begin(s, "results");
	for (size_t i = 0; i < bulk->count; i++) {
		struct job *job = &bulk->ring[i % RING];

		wait_for(bulk, job);
		worst = worse(worst,
		    tell(s, bulk->judge, job, bulk->paths[i], whole));
		give_back(bulk, job);
	}
	return worst;
}

/* ---- all of it ---- */

static size_t
workers_for(size_t files)
{
	size_t most = mca_cores();

	if (most > MOST_WORKERS)
		most = MOST_WORKERS;
	return files < most ? files : most;
}

/* For a single file a thread would cost more than it brings. */
static mca_code
run(struct session *s, struct bulk *bulk, bool whole, struct mca_error *err)
{
	pthread_t workers[MOST_WORKERS];
	size_t wanted, started = 0;
	mca_code worst;

	if (bulk->count == 1) {
		(void)work(bulk);
		return tell_all(s, bulk, whole);
	}
	wanted = workers_for(bulk->count);
	while (started < wanted &&
	    pthread_create(&workers[started], NULL, work, bulk) == 0)
		started++;
	if (started == 0)
		return fail(err, MCA_ESYSTEM, "cannot start a thread");
	worst = tell_all(s, bulk, whole);
	while (started > 0)
		(void)pthread_join(workers[--started], NULL);
	return worst;
}

mca_code
bulk_verify(struct session *s, struct judge *judge, const struct words *paths,
    bool whole, struct mca_error *err)
{
	struct bulk *bulk = calloc(1, sizeof(*bulk));
	mca_code code;

	if (bulk == NULL)
		fail_memory();
	bulk->judge = judge;
	if (pthread_mutex_init(&bulk->lock, NULL) != 0 ||
	    pthread_cond_init(&bulk->changed, NULL) != 0)
		fail_memory();
	code = list_files(bulk, paths, err);
	if (code == MCA_OK)
		code = run(s, bulk, whole, err);
	(void)pthread_cond_destroy(&bulk->changed);
	(void)pthread_mutex_destroy(&bulk->lock);
	for (size_t i = 0; i < bulk->count; i++)
		free(bulk->paths[i]);
	free(bulk->paths);
	free(bulk);
	return code;
}
