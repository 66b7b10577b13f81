/*
 * json_has.c - is a file one JSON document that holds a value?
 *
 *	json_has FILE results.0.answer yes
 *
 * Path steps are keys and, in arrays, indices; without a value it is enough
 * that something is there.  Exit status 0 for yes, 1 for no, with a word why.
 */
#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *
step(json_t *at, const char *key, size_t length)
{
	if (json_is_array(at))
		return json_array_get(at, strtoul(key, NULL, 10));
	for (void *i = json_object_iter(at); i != NULL;
	     i = json_object_iter_next(at, i))
		if (strlen(json_object_iter_key(i)) == length &&
		    memcmp(json_object_iter_key(i), key, length) == 0)
			return json_object_iter_value(i);
	return NULL;
}

static json_t *
walk(json_t *at, const char *path)
{
	while (at != NULL && *path != '\0') {
		size_t length = strcspn(path, ".");

		at = step(at, path, length);
		path += length + (path[length] == '.');
	}
	return at;
}

/* Strings as they are, everything else as JSON writes it. */
static int
is_value(json_t *at, const char *wanted)
{
	char *text = NULL;
	int same;

	if (json_is_string(at))
		return strcmp(json_string_value(at), wanted) == 0;
	text = json_dumps(at, JSON_ENCODE_ANY | JSON_COMPACT);
	same = text != NULL && strcmp(text, wanted) == 0;
	free(text);
	return same;
}

int
main(int argc, char **argv)
{
	json_error_t error;
	json_t *doc;
	json_t *at;
	int found;

	if (argc < 3)
		return 2;
	doc = json_load_file(argv[1], JSON_REJECT_DUPLICATES, &error);
	if (doc == NULL) {
		(void)fprintf(stderr, "not one JSON document: line %d: %s\n",
		    error.line, error.text);
		return 1;
	}
	at = walk(doc, argv[2]);
	found = at != NULL && (argc == 3 || is_value(at, argv[3]));
	json_decref(doc);
	return found ? 0 : 1;
}
