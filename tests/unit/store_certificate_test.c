/*
 * store_certificate_test.c - certificates are recorded whole, found by what
 * people call them, and listed by index.
 */
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

static sqlite3 *
raw_open(const struct filled *filled)
{
	char path[512];
	sqlite3 *db;

	(void)snprintf(path, sizeof(path), "%s/minica.db", filled->place.path);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	(void)sqlite3_busy_timeout(db, 5000);
	return db;
}

static void
raw(const struct filled *filled, const char *sql)
{
	sqlite3 *db = raw_open(filled);
	char *why = NULL;

	CHECK(sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK, "%s: %s",
	    sql, why);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
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

static void
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

static void
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

static int
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

static int
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

static mca_code
see(void *context, const struct mca_record *row, struct mca_error *error)
{
	struct seen *seen = context;

	(void)error;
	seen->rows[seen->count++] = (char)('0' + row->id);
	return MCA_OK;
}

static mca_code
compare(void *context, const struct mca_record *row, struct mca_error *error)
{
	const mca_cert *cert = context;
	scoped(mca_text) digest = { 0 };
	const uint8_t *der;
	size_t length;

	(void)error;
	der = mca_cert_der(cert, &length);
	mca_text_hex(&digest, mca_cert_sha256(cert), 32);
	assert_string_equal(row->sha256, mca_text_get(&digest));
	assert_int_equal(row->der_length, length);
	assert_memory_equal(row->der, der, length);
	assert_string_equal(row->serial, mca_cert_serial(cert));
	assert_string_equal(row->subject,
	    mca_name_text(mca_cert_subject(cert)));
	assert_string_equal(row->issuer, mca_name_text(mca_cert_issuer(cert)));
	assert_int_equal(row->not_before, mca_cert_not_before(cert));
	assert_int_equal(row->not_after, mca_cert_not_after(cert));
	assert_int_equal(row->is_ca, mca_cert_is_ca(cert));
	mca_text_clear(&digest);
	mca_text_hex(&digest, mca_spki_sha256(mca_cert_spki(cert)), 32);
	assert_string_equal(row->key_sha256, mca_text_get(&digest));
	assert_string_equal(row->key_algorithm, "ed25519");
	return MCA_OK;
}

static void
a_record_says_what_the_certificate_says(void **state)
{
	struct filled *filled = *state;

	for (size_t i = 0; i < ROWS(inventory); i++) {
		scoped(mca_text) digest = { 0 };
		size_t count;

		mca_text_hex(&digest, mca_cert_sha256(filled->certs[i]), 32);
		assert_int_equal(mca_store_find(filled->store,
				     mca_text_get(&digest), compare,
				     filled->certs[i], &count, &err),
		    MCA_OK);
		CHECK(count == 1, "row %zu is not found by fingerprint", i);
	}
}

static mca_code
keep_row(void *context, const struct mca_record *row, struct mca_error *error)
{
	char *text = context;

	(void)error;
	(void)snprintf(text, 300, "%s|%s|%s|%d|%s|%lld|%lld", row->names,
	    row->authority, row->policy, row->origin == MCA_ORIGIN_IMPORTED,
	    row->reason, (long long)(row->recorded - NOW),
	    (long long)(row->revoked == 0 ? 0 : row->revoked - NOW));
	return MCA_OK;
}

static void
a_record_says_how_it_came_and_whether_it_is_revoked(void **state)
{
	static const struct {
		const char *id, *row;
	} cases[] = {
		{ "0a", "|||0||0|0" },
		{ "9f3c00aa11223344",
		    "dNSName:www.example.org dNSName:*.example.org "
		    "iPAddress:10.0.0.1|Root|server|0||1|0" },
		{ "78",
		    "dNSName:gone.example.net|Root|server|0|keyCompromise|4|"
		    "-5" },
		{ "old", "uniformResourceIdentifier:https://[::1]/a|||1||5|0" },
	};
	struct filled *filled = *state;

	for (size_t i = 0; i < ROWS(cases); i++) {
		char text[300] = "";
		size_t count;

		assert_int_equal(mca_store_find(filled->store, cases[i].id,
				     keep_row, text, &count, &err),
		    MCA_OK);
		CHECK(strcmp(text, cases[i].row) == 0, "%s: %s", cases[i].id,
		    text);
	}
}

static void
an_identifier_finds_what_it_may_mean(void **state)
{
	static const struct {
		const char *why, *id, *rows;
	} cases[] = {
		{ "a serial number", "9f3c00aa11223344", "2" },
		{ "in upper case", "9F3C00AA11223344", "2" },
		{ "with colons", "9F:3C:00:AA:11:22:33:44", "2" },
		{ "with leading zeros", "00009f3c00aa11223344", "2" },
		{ "without the zero of its byte", "a", "1" },
		{ "an odd number of digits", "12ab", "3" },
		{ "an odd number of digits after zeros", "0012AB", "3" },
		{ "part of a serial number is none", "9f3c00", "" },
		{ "a negative one", "-5", "7" },
		{ "that is not the positive one", "5", "" },
		{ "zero", "000", "8" },
		{ "no digits", ":", "" },
		{ "nothing", "", "" },
		{ "a label", "root", "1" },
		{ "a label in another case", "ROOT", "1" },
		{ "a name", "mail.example.com", "3" },
		{ "a name with a trailing dot", "Mail.Example.Com.", "3" },
		{ "a wildcard name is a name", "*.example.org", "2" },
		{ "but no pattern here", "*.example.net", "" },
		{ "an address in normal form", "2001:db8::1", "4" },
		{ "an address in another form", "2001:DB8:0:0:0::1", "4" },
		{ "a common name", "Test Root", "1" },
		{ "a common name in another case", "test root", "1" },
		{ "a mail address", "Joe@example.net", "7" },
		{ "a URI", "https://[::1]/a", "6" },
		{ "quotes are text", "' OR 1=1 --", "" },
		{ "too many digits for a fingerprint",
		    "000000000000000000000000000000000000000000000000000000000"
		    "0000000000000077",
		    "4" },
	};
	struct filled *filled = *state;

	for (size_t i = 0; i < ROWS(cases); i++) {
		struct seen seen = { 0 };
		size_t count;

		CHECK(mca_store_find(filled->store, cases[i].id, see, &seen,
			  &count, &err) == MCA_OK,
		    "%s: %s", cases[i].why, err.text);
		CHECK(strcmp(seen.rows, cases[i].rows) == 0 &&
			count == strlen(cases[i].rows),
		    "%s: \"%s\" finds \"%s\"", cases[i].why, cases[i].id,
		    seen.rows);
	}
}

static void
a_fingerprint_may_be_shortened_to_eight_digits(void **state)
{
	struct filled *filled = *state;
	scoped(mca_text) digest = { 0 };
	char text[65];

	mca_text_hex(&digest, mca_cert_sha256(filled->certs[3]), 32);
	for (size_t length = 7; length <= 64; length++) {
		struct seen seen = { 0 };
		size_t count;

		(void)snprintf(text, length + 1, "%s", mca_text_get(&digest));
		assert_int_equal(mca_store_find(filled->store, text, see, &seen,
				     &count, &err),
		    MCA_OK);
		CHECK(strcmp(seen.rows, length < 8 ? "" : "4") == 0,
		    "%zu digits of a fingerprint find \"%s\"", length,
		    seen.rows);
	}
}

static void
the_newest_of_a_name_comes_first(void **state)
{
	static const struct made again = { "555500", "mail again", "Test Root",
		"DNS:mail.example.com", NOW, NOW + 50, false };
	struct filled *filled = *state;
	struct seen seen = { 0 };
	mca_cert *cert = made_cert(&again);
	size_t count;
	int64_t id;

	assert_int_equal(mca_store_begin(filled->store, &err), MCA_OK);
	assert_int_equal(mca_store_add(filled->store, &id, cert,
			     MCA_ORIGIN_ISSUED, "root", "server", NOW, &err),
	    MCA_OK);
	assert_int_equal(mca_store_find(filled->store, "mail.example.com", see,
			     &seen, &count, &err),
	    MCA_OK);
	assert_string_equal(seen.rows, "93");
	mca_store_rollback(filled->store);
	mca_cert_free(cert);
}

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

static mca_code
stop(void *context, const struct mca_record *row, struct mca_error *error)
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

	assert_int_equal(mca_store_list(filled->store, &filter, stop, &calls,
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

static void
a_serial_number_is_recorded_once(void **state)
{
	static const struct {
		const char *why;
		struct made made;
		enum mca_origin origin;
		mca_code code;
	} cases[] = {
		{ "the same issuer", { .serial = "77", .issuer = "Test Root" },
		    MCA_ORIGIN_ISSUED, MCA_EEXISTS },
		{ "ours are unique in the whole store",
		    { .serial = "01", .issuer = "Test Root" },
		    MCA_ORIGIN_ISSUED, MCA_EEXISTS },
		{ "imported, of the same issuer",
		    { .serial = "77", .issuer = "Test Root" },
		    MCA_ORIGIN_IMPORTED, MCA_EEXISTS },
		{ "imported, of another issuer",
		    { .serial = "77", .issuer = "Third CA" },
		    MCA_ORIGIN_IMPORTED, MCA_OK },
	};
	struct filled *filled = *state;

	for (size_t i = 0; i < ROWS(cases); i++) {
		mca_cert *cert = made_cert(&cases[i].made);
		struct seen seen = { 0 };
		const struct mca_filter all = { 0 };
		int64_t id;

		assert_int_equal(mca_store_begin(filled->store, &err), MCA_OK);
		CHECK(mca_store_add(filled->store, &id, cert, cases[i].origin,
			  NULL, NULL, NOW, &err) == cases[i].code,
		    "%s", cases[i].why);
		if (cases[i].code != MCA_OK)
			assert_non_null(
			    strstr(err.text, "is in the store already"));
		mca_store_rollback(filled->store);
		assert_int_equal(mca_store_list(filled->store, &all, see, &seen,
				     &err),
		    MCA_OK);
		assert_string_equal(seen.rows, "12345678");
		mca_cert_free(cert);
	}
}

static void
an_unknown_authority_issues_nothing(void **state)
{
	struct filled *filled = *state;
	int64_t id;

	assert_int_equal(mca_store_begin(filled->store, &err), MCA_OK);
	assert_int_equal(mca_store_add(filled->store, &id, filled->certs[0],
			     MCA_ORIGIN_ISSUED, "nobody", NULL, NOW, &err),
	    MCA_ENOTFOUND);
	mca_store_rollback(filled->store);
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
		    strncmp(step, "SCAN (subquery", 14) == 0)
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
		"record+when_expiring+by_recorded",
		"record+when_valid+when_expiring+by_expiry",
		"record+with_policy+when_valid+when_expiring+by_name",
		"serial_taken",
		"authority_id",
		"authority_install",
		"issuer_add",
		"certificate_add",
		"file_note",
		"file_ours",
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
		cmocka_unit_test(a_record_says_what_the_certificate_says),
		cmocka_unit_test(
		    a_record_says_how_it_came_and_whether_it_is_revoked),
		cmocka_unit_test(an_identifier_finds_what_it_may_mean),
		cmocka_unit_test(
		    a_fingerprint_may_be_shortened_to_eight_digits),
		cmocka_unit_test(the_newest_of_a_name_comes_first),
		cmocka_unit_test(a_filter_lets_through_what_it_says),
		cmocka_unit_test(an_unknown_order_is_refused),
		cmocka_unit_test(a_walk_ends_when_told),
		cmocka_unit_test(the_same_question_may_be_asked_within_a_walk),
		cmocka_unit_test(a_serial_number_is_recorded_once),
		cmocka_unit_test(an_unknown_authority_issues_nothing),
		cmocka_unit_test(every_lookup_uses_an_index),
		cmocka_unit_test(a_lookup_begins_with_its_index),
	};

	return cmocka_run_group_tests(tests, fill, empty);
}
