/*
 * audit_test.c - the log takes entries in their order alone, and whatever is
 * done to it behind our back is found, by number.
 */
#include "rows.h"

#include "minica/audit.h"
#include "minica/owned.h"
#include "place.h"

#include <sqlite3.h>

#define NOW INT64_C(1800000000)
#define ENTRIES 6

static struct mca_error err;

static mca_store *
open_store(const struct place *place)
{
	mca_store *store;

	CHECK(mca_store_open(&store, place->path, MCA_STORE_CREATE, NOW,
		  &err) == MCA_OK,
	    "%s", err.text);
	return store;
}

static void
add(mca_store *store, const char *action, const char *object,
    const char *detail)
{
	const struct mca_audit_entry entry = {
		.at = NOW,
		.actor = "uid 1000",
		.action = action,
		.object = object,
		.detail = detail,
	};

	assert_int_equal(mca_store_begin(store, &err), MCA_OK);
	CHECK(mca_audit_add(store, &entry, &err) == MCA_OK, "%s", err.text);
	assert_int_equal(mca_store_commit(store, &err), MCA_OK);
}

static void
fill(struct place *place)
{
	owned(mca_store) *store = NULL;
	char object[8];

	place_make(place);
	store = open_store(place);
	for (int i = 1; i <= ENTRIES; i++) {
		(void)snprintf(object, sizeof(object), "0%d", i);
		add(store, "issue", object, "");
	}
}

/* tamper returns what SQLite says against `sql`, or NULL. */
static char *
tamper(struct place *place, const char *sql)
{
	sqlite3 *db;
	char *why = NULL;

	assert_int_equal(sqlite3_open(place_file(place, "minica.db"), &db),
	    SQLITE_OK);
	(void)sqlite3_exec(db, sql, NULL, NULL, &why);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return why;
}

static void
an_untouched_log_fits(void **state)
{
	struct place place;
	mca_store *store;
	int64_t broken = -1, count = -1;

	(void)state;
	place_make(&place);
	store = open_store(&place);
	assert_int_equal(mca_audit_verify(store, &broken, &count, &err),
	    MCA_OK);
	assert_int_equal(broken, 0);
	assert_int_equal(count, 0);
	mca_store_close(store);
	place_remove(&place);

	fill(&place);
	store = open_store(&place);
	assert_int_equal(mca_audit_verify(store, &broken, &count, &err),
	    MCA_OK);
	assert_int_equal(broken, 0);
	assert_int_equal(count, ENTRIES);
	mca_store_close(store);
	place_remove(&place);
}

/* What was seen of the log, one line for each entry. */
static mca_code
see(void *context, const struct mca_audit_entry *entry, struct mca_error *error)
{
	char *text = context;
	size_t used = strlen(text);

	(void)error;
	assert_int_equal(strlen(entry->hash), 64);
	(void)snprintf(text + used, 500 - used, "%lld %lld %s %s %s %s\n",
	    (long long)entry->number, (long long)(entry->at - NOW),
	    entry->actor, entry->action, entry->object, entry->detail);
	return MCA_OK;
}

static void
entries_are_listed_in_their_order(void **state)
{
	struct place place;
	mca_store *store;
	char text[500] = "";

	(void)state;
	place_make(&place);
	store = open_store(&place);
	add(store, "init-root", "root", "EC P-384");
	add(store, "issue", "0a", "policy server");
	assert_int_equal(mca_audit_list(store, NULL, see, text, &err), MCA_OK);
	assert_string_equal(text,
	    "1 0 uid 1000 init-root root EC P-384\n"
	    "2 0 uid 1000 issue 0a policy server\n");
	mca_store_close(store);
	place_remove(&place);
}

/*
 * The format of the hash is a promise: entries of today are checked by the
 * programs of later years.  These were computed apart from it.
 */
static mca_code
keep_hash(void *context, const struct mca_audit_entry *entry,
    struct mca_error *error)
{
	(void)error;
	(void)snprintf(context, 65, "%s", entry->hash);
	return MCA_OK;
}

static void
the_hash_is_what_its_description_says(void **state)
{
	struct place place;
	mca_store *store;
	char hash[65];

	(void)state;
	place_make(&place);
	store = open_store(&place);
	add(store, "init-root", "root", "EC P-384");
	assert_int_equal(mca_audit_list(store, NULL, keep_hash, hash, &err),
	    MCA_OK);
	assert_string_equal(hash,
	    "1415d2b1ed8b50533722dcf1cc2177de23c5dddb8351c55139d043cebc79f756");
	add(store, "issue", "0a", "");
	assert_int_equal(mca_audit_list(store, NULL, keep_hash, hash, &err),
	    MCA_OK);
	assert_string_equal(hash,
	    "3b2cee6acd71ab67789985f4cdc2d59e1a8a72c4d1b6f03c55d05780b109376c");
	mca_store_close(store);
	place_remove(&place);
}

static void
the_table_refuses_all_but_the_next_entry(void **state)
{
	static const struct {
		const char *why, *sql, *says;
	} cases[] = {
		{ "a change", "UPDATE audit SET detail = 'x'",
		    "never changed" },
		{ "a change of nothing", "UPDATE audit SET at = at",
		    "never changed" },
		{ "a removal", "DELETE FROM audit WHERE number = 6",
		    "nothing leaves" },
		{ "all removed", "DELETE FROM audit", "nothing leaves" },
		{ "a replacement",
		    "INSERT OR REPLACE INTO audit SELECT number, at, 'x', "
		    "action, object, detail, rows, hash FROM audit "
		    "WHERE number = 2",
		    "without gaps" },
		{ "an upsert",
		    "INSERT INTO audit SELECT number, at, 'x', action, object, "
		    "detail, rows, hash FROM audit WHERE number = 2 "
		    "ON CONFLICT DO UPDATE SET actor = 'x'",
		    "without gaps" },
		{ "a gap",
		    "INSERT INTO audit SELECT 8, at, actor, action, object, "
		    "detail, rows, hash FROM audit WHERE number = 2",
		    "without gaps" },
		{ "no number",
		    "INSERT INTO audit SELECT NULL, at, actor, action, object, "
		    "detail, rows, hash FROM audit WHERE number = 2",
		    "without gaps" },
		{ "no hash",
		    "INSERT INTO audit VALUES (7, 1, '', '', '', '', x'', "
		    "x'00')",
		    "CHECK" },
	};
	struct place place;
	mca_store *store;
	int64_t broken, count;

	(void)state;
	fill(&place);
	for (size_t i = 0; i < ROWS(cases); i++) {
		char *why = tamper(&place, cases[i].sql);

		CHECK(why != NULL && strstr(why, cases[i].says) != NULL,
		    "%s: %s", cases[i].why, why == NULL ? "accepted" : why);
		sqlite3_free(why);
	}
	store = open_store(&place);
	assert_int_equal(mca_audit_verify(store, &broken, &count, &err),
	    MCA_OK);
	assert_int_equal(broken, 0);
	assert_int_equal(count, ENTRIES);
	mca_store_close(store);
	place_remove(&place);
}

#define DROP                                                                   \
	"DROP TRIGGER audit_is_not_changed;"                                   \
	"DROP TRIGGER audit_is_not_cut;"                                       \
	"DROP TRIGGER audit_has_no_gaps;"

static void
what_was_done_behind_our_back_is_found(void **state)
{
	static const struct {
		const char *why, *sql;
		int64_t broken, count;
	} cases[] = {
		{ "a text", "UPDATE audit SET detail = 'x' WHERE number = 3", 3,
		    6 },
		{ "a time", "UPDATE audit SET at = at + 1 WHERE number = 4", 4,
		    6 },
		{ "an actor",
		    "UPDATE audit SET actor = 'uid 0' "
		    "WHERE number = 1",
		    1, 6 },
		{ "a hash",
		    "UPDATE audit SET hash = zeroblob(32) "
		    "WHERE number = 6",
		    6, 6 },
		{ "text moved to the next field",
		    "UPDATE audit SET action = 'issue0', object = '2' "
		    "WHERE number = 2",
		    2, 6 },
		{ "text hidden after a NUL",
		    "UPDATE audit SET detail = detail || char(0) || 'x' "
		    "WHERE number = 5",
		    5, 6 },
		{ "the first removed", "DELETE FROM audit WHERE number = 1", 1,
		    5 },
		{ "one removed", "DELETE FROM audit WHERE number = 3", 3, 5 },
		{ "one removed, the rest renumbered",
		    "DELETE FROM audit WHERE number = 3;"
		    "UPDATE audit SET number = 3 WHERE number = 4;"
		    "UPDATE audit SET number = 4 WHERE number = 5;"
		    "UPDATE audit SET number = 5 WHERE number = 6",
		    3, 5 },
		{ "two exchanged",
		    "UPDATE audit SET number = 99 WHERE number = 2;"
		    "UPDATE audit SET number = 2 WHERE number = 3;"
		    "UPDATE audit SET number = 3 WHERE number = 99",
		    2, 6 },
		{ "one added at the end",
		    "INSERT INTO audit SELECT 7, at, actor, action, object, "
		    "detail, rows, hash FROM audit WHERE number = 6",
		    7, 7 },
		{ "one added before the first",
		    "INSERT INTO audit SELECT 0, at, actor, action, object, "
		    "detail, rows, hash FROM audit WHERE number = 1",
		    1, 7 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		struct place place;
		mca_store *store;
		int64_t broken = -1, count = -1;
		char *why;

		fill(&place);
		assert_null(tamper(&place, DROP));
		why = tamper(&place, cases[i].sql);
		CHECK(why == NULL, "%s: %s", cases[i].why, why);
		store = open_store(&place);
		assert_int_equal(mca_audit_verify(store, &broken, &count, &err),
		    MCA_OK);
		CHECK(broken == cases[i].broken && count == cases[i].count,
		    "%s: found %lld of %lld", cases[i].why, (long long)broken,
		    (long long)count);
		mca_store_close(store);
		place_remove(&place);
	}
}

/* Misfits as a person writes them: "2 4-5" */
static mca_code
see_misfit(void *context, const struct mca_audit_misfit *misfit,
    struct mca_error *error)
{
	char *text = context;
	size_t used = strlen(text);

	(void)error;
	(void)snprintf(text + used, 100 - used, "%s%s%lld-%lld",
	    used == 0 ? "" : " ", misfit->missing ? "lacks " : "",
	    (long long)misfit->first, (long long)misfit->last);
	return MCA_OK;
}

static void
every_entry_that_does_not_fit_is_named_once(void **state)
{
	static const struct {
		const char *why, *sql, *misfits;
	} cases[] = {
		{ "nothing", "", "" },
		{ "a text", "UPDATE audit SET detail = 'x' WHERE number = 3",
		    "3-3" },
		{ "a hash",
		    "UPDATE audit SET hash = zeroblob(32) WHERE number = 3",
		    "3-3" },
		{ "the rows it tells of",
		    "UPDATE audit SET rows = zeroblob(32) WHERE number = 4",
		    "4-4" },
		{ "two texts",
		    "UPDATE audit SET actor = 'x' WHERE number IN (2, 5)",
		    "2-2 5-5" },
		{ "two removed", "DELETE FROM audit WHERE number IN (3, 4)",
		    "lacks 3-4" },
		{ "the first removed, and another changed",
		    "DELETE FROM audit WHERE number = 1;"
		    "UPDATE audit SET at = 0 WHERE number = 5",
		    "lacks 1-1 5-5" },
		{ "one before the first",
		    "INSERT INTO audit SELECT -3, at, actor, action, object, "
		    "detail, rows, hash FROM audit WHERE number = 1",
		    "-3--3" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		struct place place;
		mca_store *store;
		int64_t count;
		char text[100] = "", *why;

		fill(&place);
		assert_null(tamper(&place, DROP));
		why = tamper(&place, cases[i].sql);
		CHECK(why == NULL, "%s: %s", cases[i].why, why);
		store = open_store(&place);
		assert_int_equal(mca_audit_examine(store, &count, see_misfit,
				     text, &err),
		    MCA_OK);
		CHECK(strcmp(text, cases[i].misfits) == 0, "%s: \"%s\"",
		    cases[i].why, text);
		mca_store_close(store);
		place_remove(&place);
	}
}

/* A whole new chain, or one that was cut, fits: only a pin shows it. */
static void
a_pinned_head_shows_what_the_chain_cannot(void **state)
{
	struct mca_audit_head head, none = { 0 };
	struct place place;
	mca_store *store;
	int64_t broken, count;
	bool there;

	(void)state;
	memset(none.hash, '0', 64);
	fill(&place);
	store = open_store(&place);
	assert_int_equal(mca_audit_head(store, &head, &err), MCA_OK);
	assert_int_equal(head.number, ENTRIES);
	assert_int_equal(mca_audit_has(store, &there, &head, &err), MCA_OK);
	assert_true(there);
	assert_int_equal(mca_audit_has(store, &there, &none, &err), MCA_OK);
	assert_true(there);
	add(store, "issue", "07", "");
	assert_int_equal(mca_audit_has(store, &there, &head, &err), MCA_OK);
	assert_true(there);
	mca_store_close(store);

	assert_null(tamper(&place, DROP "DELETE FROM audit WHERE number > 5"));
	store = open_store(&place);
	assert_int_equal(mca_audit_verify(store, &broken, &count, &err),
	    MCA_OK);
	assert_int_equal(broken, 0);
	assert_int_equal(mca_audit_has(store, &there, &head, &err), MCA_OK);
	assert_false(there);
	mca_store_close(store);
	place_remove(&place);
}

static void
a_filter_lets_through_what_it_says(void **state)
{
	static const struct {
		struct mca_audit_filter filter;
		const char *numbers;
	} cases[] = {
		{ { .action = "issue" }, "2 3 5 " },
		{ { .action = "iss" }, "" },
		{ { .object = "0a" }, "2 4 " },
		{ { .action = "issue", .last = 2 }, "3 5 " },
		{ { .last = 9 }, "1 2 3 4 5 " },
		{ { .since = NOW + 1 }, "" },
		{ { .until = NOW, .last = 1 }, "5 " },
	};
	struct place place;
	mca_store *store;

	(void)state;
	place_make(&place);
	store = open_store(&place);
	add(store, "init-root", "root", "");
	add(store, "issue", "0a", "");
	add(store, "issue", "0b", "");
	add(store, "revoke", "0a", "");
	add(store, "issue", "0c", "");
	for (size_t i = 0; i < ROWS(cases); i++) {
		char text[500] = "", numbers[50] = "", *at = text;

		assert_int_equal(mca_audit_list(store, &cases[i].filter, see,
				     text, &err),
		    MCA_OK);
		for (; *at != '\0'; at = strchr(at, '\n') + 1)
			(void)snprintf(numbers + strlen(numbers), 10, "%c ",
			    *at);
		CHECK(strcmp(numbers, cases[i].numbers) == 0, "row %zu: %s", i,
		    numbers);
	}
	mca_store_close(store);
	place_remove(&place);
}

static void
an_entry_goes_with_its_transaction(void **state)
{
	static const struct mca_audit_entry entry = { .actor = "uid 0",
		.action = "a",
		.object = "",
		.detail = "" };
	struct place place;
	mca_store *store;
	int64_t broken, count;

	(void)state;
	place_make(&place);
	store = open_store(&place);
	assert_int_equal(mca_store_begin(store, &err), MCA_OK);
	assert_int_equal(mca_audit_add(store, &entry, &err), MCA_OK);
	assert_int_equal(mca_audit_add(store, &entry, &err), MCA_OK);
	mca_store_rollback(store);
	add(store, "b", "", "");
	assert_int_equal(mca_audit_verify(store, &broken, &count, &err),
	    MCA_OK);
	assert_int_equal(broken, 0);
	assert_int_equal(count, 1);
	mca_store_close(store);
	place_remove(&place);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_untouched_log_fits),
		cmocka_unit_test(entries_are_listed_in_their_order),
		cmocka_unit_test(the_hash_is_what_its_description_says),
		cmocka_unit_test(the_table_refuses_all_but_the_next_entry),
		cmocka_unit_test(what_was_done_behind_our_back_is_found),
		cmocka_unit_test(every_entry_that_does_not_fit_is_named_once),
		cmocka_unit_test(a_pinned_head_shows_what_the_chain_cannot),
		cmocka_unit_test(a_filter_lets_through_what_it_says),
		cmocka_unit_test(an_entry_goes_with_its_transaction),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
