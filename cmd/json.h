/*
 * json.h - everything that --json shows, each kind of object in one place.
 *
 * Field names are stable.  Times are RFC 3339, numbers are numbers, hex is
 * lower-case.  Memory that runs out ends the program (fail_memory), so that a
 * document is never short of a field; an absent field means it has no value.
 */
#ifndef CMD_JSON_H
#define CMD_JSON_H

#include <minica.h>

#include <jansson.h>

/*
 * json_begin comes before all else: jansson cleanses from then on what it
 * frees.
 */
void json_begin(void);

/*
 * json_put sets a field and takes `value` over.  An object of NULL, which is
 * what there is without --json, takes everything and keeps nothing.
 */
void json_put(json_t *object, const char *key, json_t *value);

/* json_append adds to an array, and json_push to the one of that key. */
void json_append(json_t *array, json_t *value);
void json_push(json_t *object, const char *key, json_t *value);

/* json_row appends a new object to the array of that key and returns it. */
json_t *json_row(json_t *object, const char *key);

/* json_text makes a string; bytes that are not UTF-8 are escaped. */
json_t *json_text(const char *text);
json_t *json_bytes(const mca_blob *bytes);
json_t *json_time(mca_time time);
json_t *json_hex(const uint8_t *bytes, size_t length);

/* json_put_clients sets "clients", an array of the names in "apple, go". */
void json_put_clients(json_t *object, const char *names);

json_t *json_error(const struct mca_error *err);
json_t *json_findings(const mca_findings *list);
json_t *json_review(const mca_review *review);
json_t *json_cert(const mca_cert *cert);
json_t *json_csr(const mca_csr *csr);
json_t *json_crl(const mca_crl *crl);
json_t *json_spki(const mca_spki *spki);
json_t *json_record(const struct mca_record *record, mca_time now);
json_t *json_anchor(const struct mca_anchor *anchor);

#endif
