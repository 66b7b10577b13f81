/*
 * live_connect.c - a connection to the first address that answers
 * (live_parts.h).
 *
 * As RFC 8305 has it: IPv6 and IPv4 take turns, each attempt has a quarter of
 * a second before the next one begins beside it, and the first to stand wins.
 */
#include "error.h"
#include "live_parts.h"

#include "minica/text.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* RFC 8305, 5: the "Connection Attempt Delay". */
#define HEAD_START 250

struct race {
	struct mca_wire *wire;
	const struct addrinfo *to[MCA_LIMIT_LIVE_ADDRESSES];
	struct pollfd sockets[MCA_LIMIT_LIVE_ADDRESSES]; /* fd -1: given up */
	size_t total, started;
	int pending;
	int next_at; /* with so many milliseconds left, the next one begins */
	mca_text failures;
};

static void
address_text(char *out, size_t size, const struct addrinfo *address)
{
	char host[64] = "?", port[8] = "?";
	bool six = address->ai_family == AF_INET6;

	(void)getnameinfo(address->ai_addr, address->ai_addrlen, host,
	    sizeof(host), port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV);
	(void)snprintf(out, size, "%s%s%s:%s", six ? "[" : "", host,
	    six ? "]" : "", port);
}

/* The addresses in turns, in the order of preference within each family. */
static void
line_up(struct race *race, const struct addrinfo *found)
{
	int first = found->ai_family;
	const struct addrinfo *same = found, *other = found;
	bool turn = false;

	while (race->total < MCA_LIMIT_LIVE_ADDRESSES) {
		while (same != NULL && same->ai_family != first)
			same = same->ai_next;
		while (other != NULL && other->ai_family == first)
			other = other->ai_next;
		if (same == NULL && other == NULL)
			return;
		turn = same == NULL ? false : other == NULL ? true : !turn;
		if (turn) {
			race->to[race->total++] = same;
			same = same->ai_next;
		} else {
			race->to[race->total++] = other;
			other = other->ai_next;
		}
	}
}

static void
give_up(struct race *race, size_t i, int error)
{
	char address[80];

	address_text(address, sizeof(address), race->to[i]);
	mca_text_addf(&race->failures, "%s%s: %s",
	    race->failures.length == 0 ? "" : "; ", address, strerror(error));
	if (race->sockets[i].fd >= 0) {
		(void)close(race->sockets[i].fd);
		race->pending--;
	}
	race->sockets[i].fd = -1;
}

static void
start(struct race *race)
{
	size_t i = race->started++;
	const struct addrinfo *to = race->to[i];
	int fd = socket(to->ai_family,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, to->ai_protocol);

	race->sockets[i] = (struct pollfd){ .fd = fd, .events = POLLOUT };
	race->next_at = mca_wire_left(race->wire) - HEAD_START;
	if (fd < 0) {
		give_up(race, i, errno);
		return;
	}
	race->pending++;
	if (connect(fd, to->ai_addr, to->ai_addrlen) != 0 &&
	    errno != EINPROGRESS && errno != EINTR)
		give_up(race, i, errno);
}

static bool
stands(struct race *race, size_t i)
{
	int error = 0;
	socklen_t size = sizeof(error);

	if (race->sockets[i].fd < 0 || race->sockets[i].revents == 0)
		return false;
	if (getsockopt(race->sockets[i].fd, SOL_SOCKET, SO_ERROR, &error,
		&size) != 0)
		error = errno;
	if (error != 0)
		give_up(race, i, error);
	return error == 0;
}

/* Returns the attempt that stands, or `total` when there is none yet. */
static size_t
winner(struct race *race)
{
	for (size_t i = 0; i < race->started; i++)
		if (stands(race, i))
			return i;
	return race->total;
}

/* Waits until something happens or the next attempt is due. */
static void
wait_for(struct race *race)
{
	int wait = mca_wire_left(race->wire);

	if (race->started < race->total && wait > race->next_at)
		wait -= race->next_at < 0 ? 0 : race->next_at;
	if (poll(race->sockets, race->started, wait) < 0)
		for (size_t i = 0; i < race->started; i++)
			race->sockets[i].revents = 0;
}

static size_t
run(struct race *race)
{
	size_t won = race->total;

	while (won == race->total && mca_wire_left(race->wire) > 0) {
		bool more = race->started < race->total;

		if (!more && race->pending == 0)
			break;
		if (more &&
		    (race->pending == 0 ||
			mca_wire_left(race->wire) <= race->next_at)) {
			start(race);
			continue;
		}
		wait_for(race);
		won = winner(race);
	}
	return won;
}

static mca_code
lost(struct race *race, struct mca_error *err)
{
	const char *failures = mca_text_get(&race->failures);

	if (race->pending == 0)
		return mca_wire_fail(race->wire, err, "%s", failures);
	(void)mca_wire_late(race->wire, err);
	if (*failures == '\0')
		return err->code;
	return mca_within(err, "%s", failures);
}

mca_code
mca_live_connect(struct mca_wire *wire, char *address, size_t size,
    const struct addrinfo *found, struct mca_error *err)
{
	struct race race = { .wire = wire };
	mca_code code = MCA_OK;
	size_t won;

	mca_wire_step(wire, "connecting");
	line_up(&race, found);
	won = run(&race);
	if (won < race.total) {
		wire->fd = race.sockets[won].fd;
		race.sockets[won].fd = -1;
		address_text(address, size, race.to[won]);
	} else {
		code = lost(&race, err);
	}
	for (size_t i = 0; i < race.started; i++)
		if (race.sockets[i].fd >= 0)
			(void)close(race.sockets[i].fd);
	mca_text_clear(&race.failures);
	return code;
}
