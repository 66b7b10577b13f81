/*
 * live_wire.c - bytes to and from a server, within a time limit
 * (live_parts.h).
 *
 * The socket never blocks; poll waits, and no longer than the step may last.
 */
#include "error.h"
#include "live_parts.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static int64_t
milliseconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
mca_wire_step(struct mca_wire *wire, const char *step)
{
	wire->step = step;
	wire->began = milliseconds();
}

int
mca_wire_left(const struct mca_wire *wire)
{
	int64_t end = wire->began + wire->seconds * 1000;
	int64_t left = end - milliseconds();

	return left < 0 ? 0 : left > 3600 * 1000 ? 3600 * 1000 : (int)left;
}

mca_code
mca_wire_fail(const struct mca_wire *wire, struct mca_error *err,
    const char *fmt, ...)
{
	int64_t spent = milliseconds() - wire->began;
	char what[800];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	return mca_fail(err, MCA_EUNDECIDED, "%s: %s (after %lld.%lld s)",
	    wire->step, what, (long long)(spent / 1000),
	    (long long)(spent % 1000 / 100));
}

mca_code
mca_wire_late(const struct mca_wire *wire, struct mca_error *err)
{
	return mca_fail(err, MCA_EUNDECIDED,
	    "%s: not done within the limit of %lld s", wire->step,
	    (long long)wire->seconds);
}

/* Waits until the socket is ready for `events`. */
static mca_code
wait_for(struct mca_wire *wire, short events, struct mca_error *err)
{
	struct pollfd ready = { .fd = wire->fd, .events = events };
	int left, found;

	do {
		left = mca_wire_left(wire);
		if (left == 0)
			return mca_wire_late(wire, err);
		found = poll(&ready, 1, left);
	} while (found == 0 || (found < 0 && errno == EINTR));
	if (found < 0)
		return mca_fail_errno(err, MCA_ESYSTEM, "poll");
	return MCA_OK;
}

static bool
not_yet(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

mca_code
mca_wire_read(struct mca_wire *wire, uint8_t *out, size_t size, size_t *got,
    struct mca_error *err)
{
	ssize_t n;

	do {
		if (wait_for(wire, POLLIN, err) != MCA_OK)
			return err->code;
		n = recv(wire->fd, out, size, 0);
	} while (n < 0 && not_yet());
	if (n < 0)
		return mca_wire_fail(wire, err, "%s", strerror(errno));
	if (n == 0)
		return mca_wire_fail(wire, err,
		    "the server closed the connection");
	wire->received += (size_t)n;
	if (wire->received > MCA_LIMIT_LIVE_BYTES)
		return mca_wire_fail(wire, err,
		    "the server sent more than the limit of %d bytes",
		    MCA_LIMIT_LIVE_BYTES);
	*got = (size_t)n;
	return MCA_OK;
}

mca_code
mca_wire_write(struct mca_wire *wire, const uint8_t *bytes, size_t length,
    struct mca_error *err)
{
	while (length > 0) {
		ssize_t n;

		if (wait_for(wire, POLLOUT, err) != MCA_OK)
			return err->code;
		n = send(wire->fd, bytes, length, MSG_NOSIGNAL);
		if (n < 0 && !not_yet())
			return mca_wire_fail(wire, err, "%s", strerror(errno));
		if (n > 0) {
			bytes += n;
			length -= (size_t)n;
		}
	}
	return MCA_OK;
}

bool
mca_wire_is_quiet(const struct mca_wire *wire)
{
	uint8_t byte;

	return recv(wire->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
}
