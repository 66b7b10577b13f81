/*
 * live_resolve.c - the addresses of a name, within a time limit
 * (live_parts.h).
 *
 * getaddrinfo cannot be told when to give up, so a thread of its own asks it.
 * When the time is up the thread is left behind: whoever of the two is done
 * last frees the question.
 */
#include "error.h"
#include "live_parts.h"

#include "minica/owned.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

struct question {
	pthread_mutex_t lock;
	pthread_cond_t answered;
	char host[320], port[8];
	bool done, left_alone;
	struct addrinfo *found;
	int status, error;
};

static void
question_free(struct question *question)
{
	if (question->found != NULL)
		freeaddrinfo(question->found);
	(void)pthread_cond_destroy(&question->answered);
	(void)pthread_mutex_destroy(&question->lock);
	free(question);
}

static struct question *
question_new(const struct mca_endpoint *endpoint)
{
	struct question *question = calloc(1, sizeof(*question));
	pthread_condattr_t attributes;

	if (question == NULL)
		return NULL;
	(void)snprintf(question->host, sizeof(question->host), "%s",
	    endpoint->host.text);
	(void)snprintf(question->port, sizeof(question->port), "%u",
	    (unsigned)endpoint->port);
	(void)pthread_mutex_init(&question->lock, NULL);
	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&question->answered, &attributes);
	(void)pthread_condattr_destroy(&attributes);
	return question;
}

static void
look_up(struct question *question, int flags, struct addrinfo **found)
{
	const struct addrinfo wanted = {
		.ai_flags = flags | AI_NUMERICSERV,
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
	};

	question->status =
	    getaddrinfo(question->host, question->port, &wanted, found);
	question->error = errno;
}

static void *
answer(void *opaque)
{
	struct question *question = opaque;
	struct addrinfo *found = NULL;
	bool left_alone;

	look_up(question, 0, &found);
	(void)pthread_mutex_lock(&question->lock);
	question->found = found;
	question->done = true;
	left_alone = question->left_alone;
	(void)pthread_cond_signal(&question->answered);
	(void)pthread_mutex_unlock(&question->lock);
	if (left_alone)
		question_free(question);
	return NULL;
}

static bool
start(struct question *question)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int failed;

	(void)pthread_attr_init(&attributes);
	(void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	failed = pthread_create(&thread, &attributes, answer, question);
	(void)pthread_attr_destroy(&attributes);
	return failed == 0;
}

/* Waits for the thread; false if the question was left to it. */
static bool
wait_for(struct question *question, const struct mca_wire *wire)
{
	int left = mca_wire_left(wire);
	struct timespec end;
	bool done;

	(void)clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += left / 1000;
	end.tv_nsec += (left % 1000) * 1000000L;
	if (end.tv_nsec >= 1000000000L) {
		end.tv_sec++;
		end.tv_nsec -= 1000000000L;
	}
	(void)pthread_mutex_lock(&question->lock);
	while (!question->done &&
	    pthread_cond_timedwait(&question->answered, &question->lock,
		&end) != ETIMEDOUT)
		continue;
	done = question->done;
	question->left_alone = !done;
	(void)pthread_mutex_unlock(&question->lock);
	return done;
}

static mca_code
take(struct addrinfo **out, struct question *question,
    const struct mca_wire *wire, struct mca_error *err)
{
	const char *why = question->status == EAI_SYSTEM
	    ? strerror(question->error)
	    : gai_strerror(question->status);

	if (question->status != 0)
		return mca_wire_fail(wire, err, "%s", why);
	*out = give(&question->found);
	return MCA_OK;
}

mca_code
mca_live_resolve(struct addrinfo **out, struct mca_wire *wire,
    const struct mca_endpoint *endpoint, struct mca_error *err)
{
	struct question *question = question_new(endpoint);
	mca_code code;

	if (question == NULL)
		return mca_fail_memory(err);
	mca_wire_step(wire, "resolving the name");
	if (endpoint->host.form == MCA_SAN_IP) {
		look_up(question, AI_NUMERICHOST, &question->found);
	} else if (!start(question)) {
		question_free(question);
		return mca_fail(err, MCA_ESYSTEM,
		    "%s: no thread can be started", wire->step);
	} else if (!wait_for(question, wire)) {
		return mca_wire_late(wire, err);
	}
	code = take(out, question, wire, err);
	question_free(question);
	return code;
}
