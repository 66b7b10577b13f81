/*
 * place.h - a directory of its own for a test, gone at its end.
 */
#ifndef TESTS_PLACE_H
#define TESTS_PLACE_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
	char path[256];
	char file[512]; /* the last path made by place_file */
};

static inline void
place_make(struct place *place)
{
	const char *top = getenv("TMPDIR");

	*place = (struct place){ 0 };
	(void)snprintf(place->path, sizeof(place->path), "%s/minica-XXXXXX",
	    top == NULL ? "/tmp" : top);
	if (mkdtemp(place->path) == NULL)
		abort();
}

/* place_file returns the path of `name` in the place. */
static inline const char *
place_file(struct place *place, const char *name)
{
	(void)snprintf(place->file, sizeof(place->file), "%s/%s", place->path,
	    name);
	return place->file;
}

/* place_count returns how many entries there are. */
static inline size_t
place_count(const struct place *place)
{
	DIR *dir = opendir(place->path);
	size_t count = 0;

	if (dir == NULL)
		return 0;
	while (readdir(dir) != NULL)
		count++;
	(void)closedir(dir);
	return count - 2;
}

static inline void
place_remove_tree(const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;
	char below[1024];

	if (dir == NULL) {
		(void)unlink(path);
		return;
	}
	while ((entry = readdir(dir)) != NULL) {
		struct stat st;

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if ((size_t)snprintf(below, sizeof(below), "%s/%s", path,
			entry->d_name) >= sizeof(below))
			continue;
		if (lstat(below, &st) == 0 && S_ISDIR(st.st_mode))
			place_remove_tree(below);
		else
			(void)unlink(below);
	}
	(void)closedir(dir);
	(void)rmdir(path);
}

static inline void
place_remove(struct place *place)
{
	place_remove_tree(place->path);
}

#endif
