/*
 * store_schema_test.c - a store in which somebody put more than rows is
 * refused before any of it runs.
 */
#include "stored.h"

#define HAND "PRAGMA writable_schema = ON; PRAGMA legacy_alter_table = ON;"

static void
what_minica_did_not_make_is_refused(void **state)
{
	static const struct {
		const char *why, *sql;
		const char *named; /* what the error calls it; NULL: no error */
	} rows[] = {
		{ "as it was made", "SELECT 1", NULL },
		{ "statistics of SQLite's own", "ANALYZE", NULL },
		{ "a view without end in place of a table",
		    HAND "ALTER TABLE trust_anchor RENAME TO x;"
			 "CREATE VIEW trust_anchor AS WITH RECURSIVE "
			 "n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
			 "SELECT x.* FROM x, n",
		    "\"x\"" },
		{ "a view", "CREATE VIEW v AS SELECT 1", "\"v\"" },
		{ "a view with a name of SQLite's own",
		    HAND
		    "INSERT INTO sqlite_schema VALUES ('view', 'sqlite_v', "
		    "'sqlite_v', 0, 'CREATE VIEW sqlite_v AS SELECT 1')",
		    "sqlite_v" },
		{ "a table", "CREATE TABLE t (a)", "\"t\"" },
		{ "an index", "CREATE INDEX i ON certificate (subject)",
		    "\"i\"" },
		{ "a trigger",
		    "CREATE TRIGGER t AFTER INSERT ON certificate BEGIN "
		    "SELECT 1; END",
		    "\"t\"" },
		{ "a column that is computed",
		    HAND "UPDATE sqlite_schema SET sql = replace(sql, "
			 "'subject', 'x AS (1), subject') "
			 "WHERE name = 'certificate'",
		    "certificate" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		static const enum mca_store_mode modes[] = { MCA_STORE_READ,
			MCA_STORE_WRITE, MCA_STORE_CREATE };
		mca_code wanted = rows[i].named == NULL ? MCA_OK : MCA_ESYSTEM;
		struct place place;

		place_make(&place);
		make_store(&place);
		raw(&place, rows[i].sql);
		for (size_t k = 0; k < ROWS(modes); k++) {
			owned(mca_store) *store = NULL;
			mca_code code = open_quick(&store, place.path, modes[k],
			    mca_embedded_schema);

			CHECK(code == wanted, "%s: %s", rows[i].why,
			    code == MCA_OK ? "opened" : err.text);
			CHECK(rows[i].named == NULL ||
				strstr(err.text, rows[i].named) != NULL,
			    "%s: %s", rows[i].why, err.text);
		}
		place_remove(&place);
	}
}

static void
what_the_migrations_make_is_known(void **state)
{
	owned(mca_store) *store = NULL;
	scoped(mca_text) found = { 0 };
	struct place place;
	bool knows;

	(void)state;
	place_make(&place);
	make_store(&place);
	assert_int_equal(open_quick(&store, place.path, MCA_STORE_READ,
			     mca_embedded_schema),
	    MCA_OK);
	assert_int_equal(mca_store_knows_schema(store, &knows, &found, &err),
	    MCA_OK);
	CHECK(knows,
	    "lib/store_schema.c: the schema is another, known is now \"%s\"",
	    mca_text_get(&found));
	place_remove(&place);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_migrations_make_is_known),
		cmocka_unit_test(what_minica_did_not_make_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
