/*
 * place.c - see place.h.
 */
#include "place.h"

#include "fail.h"

#include <string.h>
#include <sys/stat.h>

struct search {
	places *out;
	struct session *s;
	int64_t held;
};

void
places_clear(places *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->rows[i].path);
	free(list->rows);
	*list = (places){ 0 };
}

void
places_add(places *list, const char *path, bool fullchain)
{
	struct place *rows =
	    reallocarray(list->rows, list->count + 1, sizeof(*rows));

	if (rows == NULL)
		fail_memory();
	list->rows = rows;
	rows[list->count] = (struct place){ strdup(path), fullchain };
	if (rows[list->count++].path == NULL)
		fail_memory();
}

/* How many certificates it holds; 0 for what is not only that. */
static size_t
count_certificates(const mca_blob *bytes)
{
	scoped(mca_pem) pem = { 0 };
	struct mca_error bad;
	mca_code code = mca_pem_parse(&pem, bytes->bytes, bytes->length, &bad);

	if (code == MCA_ESYSTEM)
		fail_memory();
	if (code != MCA_OK)
		return 0;
	for (size_t i = 0; i < pem.count; i++)
		if (strcmp(pem.blocks[i].label, "CERTIFICATE") != 0)
			return 0;
	return pem.count;
}

static mca_code
look_at(void *context, const char *path, struct mca_error *err)
{
	struct search *search = context;
	struct session *s = search->s;
	uint8_t sha256[MCA_SHA256_SIZE];
	scoped(mca_blob) bytes = { 0 };
	struct stat there;
	int64_t id;
	size_t count;

	if (lstat(path, &there) != 0 || !S_ISREG(there.st_mode) ||
	    there.st_size > MCA_LIMIT_BUNDLE) {
		detail(s, "%s is not there any more", MCA_SHOW_TEXT(path));
		return MCA_OK;
	}
	/* A file that cannot be read is not one that is gone. */
	if (mca_file_read(&bytes, path, MCA_LIMIT_BUNDLE, err) != MCA_OK ||
	    mca_sha256(sha256, bytes.bytes, bytes.length, err) != MCA_OK ||
	    mca_store_file_of(mca_ca_store(s->ca), &id, path, sha256, err) !=
		MCA_OK)
		return err->code;
	if (id != search->held) {
		detail(s, "%s holds something else by now",
		    MCA_SHOW_TEXT(path));
		return MCA_OK;
	}
	count = count_certificates(&bytes);
	if (count == 0)
		warn(s,
		    "%s is left as it is: it is not PEM certificates alone; "
		    "write it again with minica export",
		    MCA_SHOW_TEXT(path));
	else
		places_add(search->out, path, count > 1);
	return MCA_OK;
}

mca_code
places_find(places *out, struct session *s, int64_t noted, int64_t held,
    struct mca_error *err)
{
	struct search search = { out, s, held };

	return mca_store_files(mca_ca_store(s->ca), noted, look_at, &search,
	    err);
}
