/*
 * place.h - the files that hold a certificate of the store.
 */
#ifndef CMD_PLACE_H
#define CMD_PLACE_H

#include "session.h"

/* A file of ours, and how it holds its certificate. */
struct place {
	char *path;
	bool fullchain; /* its intermediates follow */
};

typedef struct places {
	struct place *rows;
	size_t count;
} places;

/*
 * places_find adds the files that were written for certificate row `noted`
 * and hold certificate row `held` as PEM.  One that is gone, or was changed by
 * somebody else, is not among them; of one in another form (minica export)
 * there is a warning.
 */
mca_code places_find(places *out, struct session *s, int64_t noted,
    int64_t held, struct mca_error *err);

/* places_add adds one. */
void places_add(places *list, const char *path, bool fullchain);

void places_clear(places *list);
MCA_SCOPED(places, places_clear)

#endif
