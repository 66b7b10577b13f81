/*
 * inventory.h - a store with one certificate of every sort.
 */
#ifndef TESTS_INVENTORY_H
#define TESTS_INVENTORY_H

#include "rows.h"

#include "made.h"
#include "place.h"
#include "sql.h"
#include "store.h"

#include <sqlite3.h>

#define NOW INT64_C(1800000000)

static struct mca_error err;

/* The inventory of these tests, in the order recorded. */
static const struct {
	struct made made;
	enum mca_origin origin;
	const char *policy, *revoked;
} inventory[] = {
	{ { "0a", "Test Root", "Test Root", NULL, NOW - 100, NOW + 9000, true },
	    MCA_ORIGIN_ISSUED, NULL, NULL },
	{ { "9f3c00aa11223344", "www.example.org", "Test Root",
	      "DNS:www.example.org,DNS:*.EXAMPLE.org,IP:10.0.0.1", NOW - 100,
	      NOW + 500, false },
	    MCA_ORIGIN_ISSUED, "server", NULL },
	{ { "0012ab", "mail", "Test Root", "DNS:mail.example.com", NOW - 100,
	      NOW - 1, false },
	    MCA_ORIGIN_ISSUED, "server", NULL },
	{ { "77", "db", "Test Root", "DNS:db.team.example.net,IP:2001:DB8::1",
	      NOW - 100, NOW, false },
	    MCA_ORIGIN_ISSUED, "peer", NULL },
	{ { "78", "gone", "Test Root", "DNS:gone.example.net", NOW - 100,
	      NOW + 700, false },
	    MCA_ORIGIN_ISSUED, "server", "keyCompromise" },
	{ { "01", "old", "Other CA", "URI:https://[::1]/a", NOW - 100,
	      NOW + 600, false },
	    MCA_ORIGIN_IMPORTED, NULL, NULL },
	{ { "-05", "odd", "Other CA", "email:Joe@Example.net", NOW - 100,
	      NOW + 600, false },
	    MCA_ORIGIN_IMPORTED, NULL, NULL },
	{ { "0", "nil", "Other CA", NULL, NOW - 100, NOW + 600, false },
	    MCA_ORIGIN_IMPORTED, NULL, NULL },
};

struct filled {
	struct place place;
	mca_store *store;
	mca_cert *certs[ROWS(inventory)];
};

static inline sqlite3 *
raw_open(const struct filled *filled)
{
	char path[512];
	sqlite3 *db;

	(void)snprintf(path, sizeof(path), "%s/minica.db", filled->place.path);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	(void)sqlite3_busy_timeout(db, 5000);
	return db;
}

static inline void
raw(const struct filled *filled, const char *sql)
{
	sqlite3 *db = raw_open(filled);
	char *why = NULL;

	CHECK(sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK, "%s: %s",
	    sql, why);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static inline void
add_authority(mca_store *store, int64_t root)
{
	const struct mca_authority authority = {
		.label = "Root",
		.kind = "root",
		.parent = "",
		.key = "keys/root.pem",
		.certificate = root,
		.created = NOW,
	};

	assert_int_equal(mca_store_add_authority(store, &authority, &err),
	    MCA_OK);
}

static inline void
record(struct filled *filled, size_t i)
{
	bool ours = inventory[i].origin == MCA_ORIGIN_ISSUED && i > 0;
	int64_t id;

	filled->certs[i] = made_cert(&inventory[i].made);
	CHECK(mca_store_add(filled->store, &id, filled->certs[i],
		  inventory[i].origin, ours ? "root" : NULL,
		  inventory[i].policy, NOW + (mca_time)i, &err) == MCA_OK,
	    "row %zu: %s", i, err.text);
	assert_int_equal(id, i + 1);
	if (i == 0)
		add_authority(filled->store, id);
}

static inline void
record_revocation(const struct filled *filled, size_t i)
{
	char sql[300];

	(void)snprintf(sql, sizeof(sql),
	    "INSERT INTO revocation (issuer, serial, revoked, reason) "
	    "SELECT issuer, serial, %lld, '%s' FROM certificate "
	    "WHERE id = %zu",
	    (long long)NOW - 5, inventory[i].revoked, i + 1);
	raw(filled, sql);
}

static inline int
fill(void **state)
{
	struct filled *filled = calloc(1, sizeof(*filled));

	assert_non_null(filled);
	place_make(&filled->place);
	assert_int_equal(mca_store_open(&filled->store, filled->place.path,
			     MCA_STORE_CREATE, NOW, &err),
	    MCA_OK);
	assert_int_equal(mca_store_begin(filled->store, &err), MCA_OK);
	for (size_t i = 0; i < ROWS(inventory); i++)
		record(filled, i);
	assert_int_equal(mca_store_commit(filled->store, &err), MCA_OK);
	for (size_t i = 0; i < ROWS(inventory); i++) {
		if (inventory[i].revoked != NULL)
			record_revocation(filled, i);
	}
	*state = filled;
	return 0;
}

static inline int
empty(void **state)
{
	struct filled *filled = *state;

	for (size_t i = 0; i < ROWS(inventory); i++)
		mca_cert_free(filled->certs[i]);
	mca_store_close(filled->store);
	place_remove(&filled->place);
	free(filled);
	return 0;
}

/* What was walked, as the digits of row numbers: "254". */
struct seen {
	char rows[32];
	size_t count;
};

static inline mca_code
see(void *context, const struct mca_record *row, struct mca_error *error)
{
	struct seen *seen = context;

	(void)error;
	seen->rows[seen->count++] = (char)('0' + row->id);
	return MCA_OK;
}

#endif
