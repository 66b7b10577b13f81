/*
 * memfile.c - see memfile.h.
 */
#include "memfile.h"

#include "fail.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void
memfile_clear(memfile *file)
{
	if (file->open)
		(void)close(file->fd);
	*file = (memfile){ 0 };
}

static mca_code
fill(int fd, const char *bytes, size_t length, struct mca_error *err)
{
	for (size_t done = 0; done < length;) {
		ssize_t n = write(fd, bytes + done, length - done);

		if (n < 0)
			return fail_errno(err, MCA_ESYSTEM,
			    "cannot keep roots in memory");
		done += (size_t)n;
	}
	return MCA_OK;
}

mca_code
memfile_make(memfile *out, const char *name, const void *bytes, size_t length,
    struct mca_error *err)
{
	const int seals =
	    F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;

	out->fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (out->fd < 0)
		return fail_errno(err, MCA_ESYSTEM,
		    "cannot keep roots in memory (memfd_create)");
	out->open = true;
	if (fill(out->fd, bytes, length, err) != MCA_OK)
		return err->code;
	if (fchmod(out->fd, 0400) != 0 ||
	    fcntl(out->fd, F_ADD_SEALS, seals) != 0)
		return fail_errno(err, MCA_ESYSTEM,
		    "cannot protect roots in memory");
	(void)snprintf(out->path, sizeof(out->path), "/proc/%ld/fd/%d",
	    (long)getpid(), out->fd);
	if (access(out->path, R_OK) != 0)
		return fail_errno(err, MCA_ESYSTEM,
		    "%s cannot be read: exec needs /proc", out->path);
	return MCA_OK;
}
