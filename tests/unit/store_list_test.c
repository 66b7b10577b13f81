/*
 * store_list_test.c - a filter lets through what it says, by index.
 */
#include "inventory.h"

static void
a_filter_lets_through_what_it_says(void **state)
{
	static const struct {
		const char *why;
		struct mca_filter filter;
		const char *rows;
	} cases[] = {
		{ "no filter", { 0 }, "12345678" },
		{ "a whole name", { .name = "mail.example.com" }, "3" },
		{ "names in any case", { .name = "MAIL.Example.com" }, "3" },
		{ "a common name", { .name = "test root" }, "1" },
		{ "fixed at its end", { .name = "*.example.net" }, "45" },
		{ "fixed at its beginning", { .name = "www*" }, "2" },
		{ "fixed at both", { .name = "d*.example.net" }, "4" },
		{ "fixed in the middle", { .name = "*team*" }, "4" },
		{ "a question mark is one character",
		    { .name = "?ail.example.com" }, "3" },
		{ "and not two", { .name = "?il.example.com" }, "" },
		{ "everything with a name", { .name = "*" }, "12345678" },
		{ "brackets are text", { .name = "https://[::1]/*" }, "6" },
		{ "no class in brackets", { .name = "[mdw]*" }, "" },
		{ "a wildcard name matches its pattern",
		    { .name = "*.example.org" }, "2" },
		{ "an address", { .name = "10.0.0.*" }, "2" },
		{ "a subject", { .name = "cn=t*root" }, "1" },
		{ "part of a subject is not the subject", { .name = "CN=Test" },
		    "" },
		{ "an empty name", { .name = "" }, "" },
		{ "a host by its name", { .covers = "mail.example.com" }, "3" },
		{ "a host in any case", { .covers = "WWW.example.ORG." }, "2" },
		{ "a host by a wildcard", { .covers = "api.example.org" },
		    "2" },
		{ "a wildcard is one label", { .covers = "a.b.example.org" },
		    "" },
		{ "a wildcard's own parent", { .covers = "example.org" }, "" },
		{ "a host by its address", { .covers = "10.0.0.1" }, "2" },
		{ "an address in another spelling",
		    { .covers = "2001:0db8:0::1" }, "4" },
		{ "a common name covers nothing", { .covers = "mail" }, "" },
		{ "no label", { .label = "team=web" }, "" },
		{ "leaves", { .leaf = true }, "2345678" },
		{ "all are their own latest", { .latest = true }, "12345678" },
		{ "an authority", { .authority = "root" }, "2345" },
		{ "an unknown authority", { .authority = "none" }, "" },
		{ "a policy", { .policy = "server" }, "235" },
		{ "a key algorithm", { .key_algorithm = "ec-p256" }, "" },
		{ "another", { .key_algorithm = "ed25519" }, "12345678" },
		{ "valid: the last second counts",
		    { .status = MCA_STATUS_VALID, .now = NOW }, "124678" },
		{ "valid: a second later",
		    { .status = MCA_STATUS_VALID, .now = NOW + 1 }, "12678" },
		{ "expired", { .status = MCA_STATUS_EXPIRED, .now = NOW },
		    "3" },
		{ "revoked", { .status = MCA_STATUS_REVOKED, .now = NOW },
		    "5" },
		{ "revoked wins over expired",
		    { .status = MCA_STATUS_REVOKED, .now = NOW + 9999 }, "5" },
		{ "expired is not revoked",
		    { .status = MCA_STATUS_EXPIRED, .now = NOW + 9999 },
		    "1234678" },
		{ "expiring, what expired included",
		    { .expires_until = NOW + 500 }, "234" },
		{ "expiring, still valid",
		    { .expires_until = NOW + 500,
			.now = NOW,
			.status = MCA_STATUS_VALID },
		    "24" },
		{ "several at once",
		    { .name = "*.example.*",
			.policy = "server",
			.authority = "root",
			.status = MCA_STATUS_VALID,
			.now = NOW,
			.expires_until = NOW + 500 },
		    "2" },
		{ "by expiry", { .sort = "expiry" }, "34267851" },
		{ "by name", { .sort = "name" }, "45673812" },
		{ "by serial", { .sort = "serial" }, "86145732" },
		{ "in order recorded", { .sort = "recorded" }, "12345678" },
	};
	struct filled *filled = *state;

	for (size_t i = 0; i < ROWS(cases); i++) {
		struct seen seen = { 0 };

		CHECK(mca_store_list(filled->store, &cases[i].filter, see,
			  &seen, &err) == MCA_OK,
		    "%s: %s", cases[i].why, err.text);
		CHECK(strcmp(seen.rows, cases[i].rows) == 0, "%s: \"%s\"",
		    cases[i].why, seen.rows);
	}
}

static void
an_unknown_order_is_refused(void **state)
{
	struct filled *filled = *state;
	const struct mca_filter filter = { .sort = "date" };
	struct seen seen = { 0 };

	assert_int_equal(mca_store_list(filled->store, &filter, see, &seen,
			     &err),
	    MCA_EUSAGE);
	assert_non_null(strstr(err.text, "\"date\""));
	assert_non_null(strstr(err.text, "expiry"));
}

static void
what_is_no_host_is_refused(void **state)
{
	static const char *const hosts[] = { "*.example.org", "a@example.org",
		"https://example.org/", "-", "" };
	struct filled *filled = *state;

	for (size_t i = 0; i < ROWS(hosts); i++) {
		const struct mca_filter filter = { .covers = hosts[i] };
		struct seen seen = { 0 };

		CHECK(mca_store_list(filled->store, &filter, see, &seen,
			  &err) == MCA_EUSAGE,
		    "%s is taken for a host", hosts[i]);
	}
}

static mca_code
halt(void *context, const struct mca_record *row, struct mca_error *error)
{
	(void)row;
	++*(int *)context;
	error->code = MCA_EPOLICY;
	return MCA_EPOLICY;
}

static void
a_walk_ends_when_told(void **state)
{
	struct filled *filled = *state;
	const struct mca_filter filter = { 0 };
	int calls = 0;

	assert_int_equal(mca_store_list(filled->store, &filter, halt, &calls,
			     &err),
	    MCA_EPOLICY);
	assert_int_equal(calls, 1);
}

static mca_code
ask_within(void *context, const struct mca_record *row, struct mca_error *error)
{
	struct filled *filled = context;
	const struct mca_filter filter = { 0 };
	struct seen seen = { 0 };

	(void)row;
	assert_int_equal(mca_store_list(filled->store, &filter, see, &seen,
			     error),
	    MCA_OK);
	assert_string_equal(seen.rows, "12345678");
	return MCA_OK;
}

static void
the_same_question_may_be_asked_within_a_walk(void **state)
{
	struct filled *filled = *state;
	const struct mca_filter filter = { 0 };

	assert_int_equal(mca_store_list(filled->store, &filter, ask_within,
			     filled, &err),
	    MCA_OK);
}

/* Each step of a plan, with "SCAN" where no index is used. */
static bool
scans(sqlite3 *db, const char *name, char *where, size_t size)
{
	scoped(mca_text) text = { 0 };
	sqlite3_stmt *stmt = NULL;
	bool found = false;

	mca_text_addf(&text, "EXPLAIN QUERY PLAN ");
	mca_sql_text(&text, name);
	CHECK(sqlite3_prepare_v2(db, mca_text_get(&text), -1, &stmt, NULL) ==
		SQLITE_OK,
	    "%s: %s", name, sqlite3_errmsg(db));
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		const char *step = (const char *)sqlite3_column_text(stmt, 3);

		if (strncmp(step, "SCAN", 4) != 0 ||
		    strcmp(step, "SCAN CONSTANT ROW") == 0 ||
		    strncmp(step, "SCAN (subquery", 14) == 0 ||
		    /* as SQLite said it until 3.37 */
		    strncmp(step, "SCAN SUBQUERY", 13) == 0)
			continue;
		(void)snprintf(where, size, "%s", step);
		found = true;
	}
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	return found;
}

static void
every_lookup_uses_an_index(void **state)
{
	static const char *const lookups[] = {
		"record+with_any_id+by_newest",
		"record+with_name+by_recorded",
		"record+with_name+by_name",
		"record+with_name+by_expiry",
		"record+with_name+by_serial",
		"record+with_reversed+by_recorded",
		"record+with_reversed+when_valid+by_expiry",
		"record+with_host+by_recorded",
		"record+with_label+by_expiry",
		"record+when_expiring+by_recorded",
		"record+when_valid+when_expiring+by_expiry",
		"record+with_policy+when_valid+when_expiring+by_name",
		"key_uses",
		"key_use_names",
		"serial_taken",
		"authority_id",
		"authority_install",
		"issuer_add",
		"certificate_add",
		"file_note",
		"file_ours",
		"file_of",
		"files_of",
		"label_add",
		"anchor_remove",
		"audit_add",
	};
	sqlite3 *db = raw_open(*state);

	for (size_t i = 0; i < ROWS(lookups); i++) {
		char where[200] = "";

		CHECK(!scans(db, lookups[i], where, sizeof(where)), "%s: %s",
		    lookups[i], where);
	}
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* What a plan of one index looks like is not enough: it must be the driver. */
static void
a_lookup_begins_with_its_index(void **state)
{
	static const struct {
		const char *name, *index;
	} cases[] = {
		{ "record+with_name+by_recorded", "name_text" },
		{ "record+with_reversed+by_recorded", "name_reversed" },
		{ "record+when_expiring+by_recorded", "certificate_not_after" },
		{ "record+when_valid+when_expiring+by_expiry",
		    "certificate_not_after" },
		{ "record+with_any_id+by_newest", "certificate_serial" },
		{ "record+with_any_id+by_newest", "certificate_sha256" },
		{ "record+with_any_id+by_newest", "name_text" },
		{ "record+by_expiry", "certificate_not_after" },
	};
	sqlite3 *db = raw_open(*state);

	for (size_t i = 0; i < ROWS(cases); i++) {
		scoped(mca_text) text = { 0 };
		sqlite3_stmt *stmt = NULL;
		bool found = false;

		mca_text_addf(&text, "EXPLAIN QUERY PLAN ");
		mca_sql_text(&text, cases[i].name);
		assert_int_equal(sqlite3_prepare_v2(db, mca_text_get(&text), -1,
				     &stmt, NULL),
		    SQLITE_OK);
		while (sqlite3_step(stmt) == SQLITE_ROW) {
			const char *step =
			    (const char *)sqlite3_column_text(stmt, 3);

			found |= strstr(step, cases[i].index) != NULL;
		}
		assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
		CHECK(found, "%s does not use %s", cases[i].name,
		    cases[i].index);
	}
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_filter_lets_through_what_it_says),
		cmocka_unit_test(an_unknown_order_is_refused),
		cmocka_unit_test(what_is_no_host_is_refused),
		cmocka_unit_test(a_walk_ends_when_told),
		cmocka_unit_test(the_same_question_may_be_asked_within_a_walk),
		cmocka_unit_test(every_lookup_uses_an_index),
		cmocka_unit_test(a_lookup_begins_with_its_index),
	};

	return cmocka_run_group_tests(tests, fill, empty);
}
