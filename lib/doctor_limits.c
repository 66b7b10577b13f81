/*
 * doctor_limits.c - what the machine would stop us at.
 */
#include "doctor.h"

#include "minica/text.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

static void
check_file_size(struct mca_doctor *doctor, uint64_t size)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_FSIZE, &limit) != 0 ||
	    limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur / 2 > size)
		return;
	mca_doctor_find(doctor, MCA_AIL_LIMIT, "",
	    "files may not grow past %llu bytes here (ulimit -f), and the "
	    "store has %llu",
	    (unsigned long long)limit.rlim_cur, (unsigned long long)size);
}

/* A migration and a backup beside the store need as much again. */
static void
check_space(struct mca_doctor *doctor, const char *path, uint64_t size)
{
	struct statvfs disk;
	uint64_t left;

	if (statvfs(path, &disk) != 0)
		return;
	left = (uint64_t)disk.f_bavail * disk.f_frsize;
	if (left > size)
		return;
	mca_doctor_find(doctor, MCA_AIL_LIMIT, "",
	    "the disk of the home has %llu bytes left, and the store has %llu: "
	    "a copy would not fit",
	    (unsigned long long)left, (unsigned long long)size);
}

mca_code
mca_doctor_limits(struct mca_doctor *doctor, struct mca_error *err)
{
	owned(char) *path = NULL;
	struct stat st;

	if (asprintf(&path, "%s/minica.db", doctor->ca->options.home) < 0) {
		path = NULL;
		return mca_fail_memory(err);
	}
	if (stat(path, &st) != 0)
		return mca_fail_errno(err, MCA_ESYSTEM, "%s",
		    MCA_SHOW_TEXT(path));
	check_file_size(doctor, (uint64_t)st.st_size);
	check_space(doctor, path, (uint64_t)st.st_size);
	return MCA_OK;
}
