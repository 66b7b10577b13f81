/* doctor_test.c - what is out of order is found, and nothing else is. */
#include "world.h"

#include "minica/doctor.h"
#include "minica/file.h"
#include "minica/limits.h"

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

static int
run_shell(const char *line)
{
	pid_t child = fork();
	int status = -1;

	if (child == 0) {
		(void)execl("/bin/sh", "sh", "-c", line, (char *)NULL);
		_exit(127);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static mca_code
swallow(void *context, const void *bytes, size_t length,
    struct mca_error *ignored)
{
	(void)context;
	(void)bytes;
	(void)length;
	(void)ignored;
	return MCA_OK;
}

/* A home with a row of everything; its store is closed. */
static void
make(struct world *world)
{
	const struct mca_new_authority what = { 0 };
	const struct mca_signing how = { 0 };
	const struct mca_crl_request list = { .authority = "intermediate",
		.this_update = NOW,
		.next_update = NOW + MCA_DAY };
	const char *const names[] = { "a.example.org", "b.example.org",
		"c.example.org" };
	scoped(mca_findings) notes = { 0 };
	owned(mca_cert) *cert = NULL;
	struct mca_crl_record crl;
	const char *label;
	bool changed;

	begin(world);
	mca_cert_free(make_root(world, what));
	assert_int_equal(mca_ca_init_intermediate(world->ca, &cert, &label,
			     &what, &notes, &err),
	    MCA_OK);
	for (size_t i = 0; i < ROWS(names); i++) {
		struct mca_job job = { 0 };

		assert_int_equal(sign_one(world, &job, &how, names[i]), MCA_OK);
		if (i > 0) {
			const struct mca_revoking revoking = {
				.authority = "intermediate",
				.serial = mca_cert_serial(job.cert),
				.reason =
				    i == 1 ? "certificateHold" : "superseded",
			};

			assert_int_equal(mca_ca_revoke(world->ca, &changed,
					     &revoking, &err),
			    MCA_OK);
			if (i == 1)
				assert_int_equal(mca_ca_release(world->ca,
						     &revoking, &err),
				    MCA_OK);
		}
		mca_job_clear(&job);
	}
	assert_int_equal(mca_ca_crl(world->ca, &crl, &label, &list, swallow,
			     NULL, &err),
	    MCA_OK);
	mca_ca_close(give(&world->ca));
}

/* Making keys takes time, so all tests begin with a copy of one home. */
static struct world original;

static int
make_original(void **state)
{
	(void)state;
	make(&original);
	return 0;
}

static int
end_original(void **state)
{
	(void)state;
	end(&original);
	return 0;
}

static void
fill(struct world *world)
{
	char line[1200];

	*world = original;
	place_make(&world->place);
	(void)snprintf(world->home, sizeof(world->home), "%s",
	    place_file(&world->place, "home"));
	world->options.home = world->home;
	(void)snprintf(line, sizeof(line), "cp -Rp '%s' '%s'", original.home,
	    world->home);
	assert_int_equal(run_shell(line), 0);
}

static const char *
store_path(struct world *world)
{
	static char path[600];

	(void)snprintf(path, sizeof(path), "%s/minica.db", world->home);
	return path;
}

static void
tamper(struct world *world, const char *sql)
{
	char *why = NULL;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(store_path(world), &db), SQLITE_OK);
	(void)sqlite3_exec(db, sql, NULL, NULL, &why);
	CHECK(why == NULL, "%s: %s", sql, why);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Opens the store and examines it; false when it cannot be opened at all. */
static bool
examine(struct world *world, bool repair, mca_findings *out)
{
	mca_code code = mca_ca_open(&world->ca, &world->options,
	    repair ? MCA_STORE_WRITE : MCA_STORE_READ, &err);

	if (code == MCA_OK)
		code = mca_doctor(world->ca, repair, out, &err);
	mca_ca_close(give(&world->ca));
	return code == MCA_OK;
}

static const struct mca_finding *
find(const mca_findings *list, const char *rule)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->rows[i].rule, rule) == 0)
			return &list->rows[i];
	return NULL;
}

static const char *
first_of(const mca_findings *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->rows[i].severity > MCA_NOTE)
			return list->rows[i].detail;
	return "nothing";
}

static void
a_home_in_order_needs_nothing(void **state)
{
	struct world world;
	scoped(mca_findings) found = { 0 };

	(void)state;
	fill(&world);
	assert_true(examine(&world, false, &found));
	CHECK(mca_findings_worst(&found) == MCA_NOTE, "%s", first_of(&found));
	assert_non_null(find(&found, "MC-D-KEY-PLAIN"));
	end(&world);
}

#define OPEN_LOG                                                               \
	"DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_cut;"

static void
whatever_was_changed_in_the_store_is_found(void **state)
{
	static const struct {
		const char *sql, *rule, *says;
	} rows[] = {
		{ "UPDATE certificate SET not_after = not_after + 1 "
		  "WHERE id = 3",
		    "MC-D-CERTIFICATE", "not_after" },
		{ "UPDATE certificate SET subject = 'CN=x' WHERE id = 3",
		    "MC-D-CERTIFICATE", "subject" },
		{ "UPDATE certificate SET is_ca = 1 WHERE id = 3",
		    "MC-D-CERTIFICATE", "is_ca" },
		{ "UPDATE certificate SET key_algorithm = 'rsa-2048' "
		  "WHERE id = 4",
		    "MC-D-CERTIFICATE", "key_algorithm" },
		{ "UPDATE certificate SET serial = x'0102' WHERE id = 4",
		    "MC-D-CERTIFICATE", "serial" },
		{ "UPDATE certificate SET policy = 'x' WHERE id = 4",
		    "MC-D-SEAL", "certificate" },
		{ "UPDATE certificate SET recorded = 1 WHERE id = 4",
		    "MC-D-SEAL", "certificate" },
		{ "UPDATE certificate SET origin = 'imported' WHERE id = 4",
		    "MC-D-SEAL", "certificate" },
		{ "UPDATE certificate SET authority = 1 WHERE id = 4",
		    "MC-D-SEAL", "certificate" },
		{ "UPDATE issuer SET name = 'CN=x' WHERE id = 1", "MC-D-SEAL",
		    "certificate" },
		{ "UPDATE certificate_der SET der = (SELECT der "
		  "FROM certificate_der WHERE certificate = 4) "
		  "WHERE certificate = 3",
		    "MC-D-CERTIFICATE", "sha256" },
		{ "UPDATE certificate_der SET der = x'30' "
		  "WHERE certificate = 3",
		    "MC-D-CERTIFICATE", "" },
		{ "DELETE FROM certificate_der WHERE certificate = 3",
		    "MC-D-CERTIFICATE", "bytes are not there" },
		{ "UPDATE name SET text = 'x.example.org' "
		  "WHERE certificate = 3",
		    "MC-D-CERTIFICATE", "a name" },
		{ "UPDATE name SET text = upper(text) WHERE certificate = 3",
		    "MC-D-CERTIFICATE", "a name" },
		{ "INSERT INTO name VALUES (3, 9, 'dNSName', 'x', 'x')",
		    "MC-D-CERTIFICATE", "number of names" },
		{ "PRAGMA foreign_keys = OFF; DELETE FROM certificate "
		  "WHERE id = 4",
		    "MC-D-SEAL", "removed" },
		{ "PRAGMA foreign_keys = OFF; DELETE FROM certificate "
		  "WHERE id = 4",
		    "MC-D-REFERENCE", "certificate_der" },
		{ "UPDATE certificate SET id = 77 WHERE id = 4;"
		  "UPDATE certificate_der SET certificate = 77 "
		  "WHERE certificate = 4;"
		  "UPDATE name SET certificate = 77 WHERE certificate = 4",
		    "MC-D-SEAL", "certificate" },
		{ "INSERT INTO revocation SELECT issuer, serial, 1, "
		  "'superseded', NULL FROM certificate WHERE id = 3",
		    "MC-D-SEAL", "revocation" },
		{ "DELETE FROM revocation", "MC-D-SEAL", "(revoke)" },
		{ "UPDATE revocation SET reason = 'keyCompromise'", "MC-D-SEAL",
		    "revocation" },
		{ "UPDATE crl SET number = 7", "MC-D-SEAL", "crl" },
		{ "DELETE FROM trust_anchor", "MC-D-SEAL", "(init-root)" },
		{ "UPDATE trust_anchor SET subject = 'CN=x'", "MC-D-ANCHOR",
		    "" },
		{ "UPDATE trust_anchor SET origin = 'x'", "MC-D-SEAL",
		    "trust_anchor" },
		{ "UPDATE authority SET key = '/tmp/x' WHERE id = 2",
		    "MC-D-SEAL", "authority" },
		{ OPEN_LOG "UPDATE audit SET detail = 'x' WHERE number = 3",
		    "MC-D-AUDIT", "entry 3" },
		{ OPEN_LOG "DELETE FROM audit WHERE number = 3", "MC-D-AUDIT",
		    "entries 3 to 3" },
		{ OPEN_LOG "DELETE FROM audit WHERE number = 3", "MC-D-SEAL",
		    "certificate" },
		{ OPEN_LOG "UPDATE audit SET number = -3 WHERE number = 3;"
			   "UPDATE audit SET number = 3 WHERE number = 4;"
			   "UPDATE audit SET number = 4 WHERE number = -3",
		    "MC-D-AUDIT", "entry 3" },
		{ "INSERT INTO audit SELECT number + 1, at, actor, action, "
		  "object, detail, rows, hash FROM audit "
		  "ORDER BY number DESC LIMIT 1",
		    "MC-D-AUDIT", "slipped in" },
		{ "INSERT INTO certificate SELECT 77, x'0102', issuer, "
		  "authority, origin, is_ca, not_before, not_after, recorded, "
		  "policy, renews, subject, key_algorithm, key_sha256, sha256 "
		  "FROM certificate WHERE id = 3",
		    "MC-D-SEAL", "slipped in" },
		{ "PRAGMA foreign_keys = OFF;"
		  "UPDATE certificate SET id = -3 WHERE id = 3;"
		  "UPDATE certificate SET id = 3 WHERE id = 4;"
		  "UPDATE certificate SET id = 4 WHERE id = -3",
		    "MC-D-CERTIFICATE", "serial" },
		{ "DROP TRIGGER audit_is_not_changed", "MC-D-SCHEMA",
		    "the trigger \"audit_is_not_changed\"" },
		{ "DROP INDEX certificate_serial", "MC-D-SCHEMA",
		    "the index \"certificate_serial\"" },
		{ "DROP TABLE label", "MC-D-SCHEMA", "the table \"label\"" },
		{ "DROP TABLE name", "MC-D-SCHEMA", "the table \"name\"" },
		{ "DROP TABLE audit", "MC-D-SCHEMA", "the table \"audit\"" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct world world;
		scoped(mca_findings) found = { 0 };
		const struct mca_finding *row = NULL;

		fill(&world);
		tamper(&world, rows[i].sql);
		assert_true(examine(&world, false, &found));
		for (size_t f = 0; f < found.count && row == NULL; f++)
			if (strcmp(found.rows[f].rule, rows[i].rule) == 0 &&
			    strstr(found.rows[f].detail, rows[i].says) != NULL)
				row = &found.rows[f];
		CHECK(row != NULL && row->severity == MCA_ERROR &&
			*row->hint != '\0',
		    "%s: %s", rows[i].sql, first_of(&found));
		end(&world);
	}
}

/*
 * Where a byte is of no content (free space on a page, and what the store does
 * not seal) it may change; all others must be seen.  Free space is told apart
 * by the content: a dump of all tables that is the same as before.
 */
static char *
dump(struct world *world)
{
	static const char *const tables[] = { "issuer", "authority",
		"certificate", "certificate_der", "name", "revocation", "crl",
		"trust_anchor", "audit" };
	scoped(mca_text) text = { 0 };
	sqlite3 *db = NULL;
	char *out = NULL;

	if (sqlite3_open(store_path(world), &db) != SQLITE_OK)
		goto end;
	for (size_t i = 0; i < ROWS(tables); i++) {
		sqlite3_stmt *stmt = NULL;
		char sql[80];

		(void)snprintf(sql, sizeof(sql), "SELECT * FROM %s", tables[i]);
		if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
			goto end;
		while (sqlite3_step(stmt) == SQLITE_ROW)
			for (int c = 0; c < sqlite3_column_count(stmt); c++) {
				int size = sqlite3_column_bytes(stmt, c);

				mca_text_addf(&text,
				    "%d:%d:", sqlite3_column_type(stmt, c),
				    size);
				if (size > 0)
					mca_text_add(&text,
					    sqlite3_column_blob(stmt, c),
					    (size_t)size);
				else
					mca_text_addf(&text, "%lld",
					    (long long)
						sqlite3_column_int64(stmt, c));
			}
		sqlite3_finalize(stmt);
	}
	assert_int_equal(mca_text_take(&out, &text, &err), MCA_OK);
end:
	sqlite3_close(db);
	return out;
}

static void
a_changed_byte_of_content_is_found(void **state)
{
	struct world world;
	scoped(mca_blob) bytes = { 0 };
	size_t every = getenv("EVERY_BYTE") == NULL ? 127 : 1;
	size_t seen = 0, tried = 0, nonzero = 0;
	owned(char) *before = NULL;

	(void)state;
	fill(&world);
	before = dump(&world);
	assert_non_null(before);
	assert_int_equal(mca_file_read(&bytes, store_path(&world),
			     MCA_LIMIT_CRL, &err),
	    MCA_OK);
	for (size_t at = 0; at < bytes.length; at++) {
		scoped(mca_findings) found = { 0 };
		owned(char) *after = NULL;

		/*
		 * Free space is zeros, mostly: look at what is none, and at
		 * the header of the file.
		 */
		if (at >= 100 &&
		    (bytes.bytes[at] == 0 || ++nonzero % every != 0))
			continue;
		tried++;
		bytes.bytes[at] ^= 0x41;
		assert_int_equal(mca_file_save(store_path(&world), bytes.bytes,
				     bytes.length, 0600, MCA_FILE_REPLACE,
				     &err),
		    MCA_OK);
		if (!examine(&world, false, &found) ||
		    mca_findings_worst(&found) == MCA_ERROR) {
			seen++;
		} else {
			after = dump(&world);
			CHECK(after != NULL && strcmp(before, after) == 0,
			    "byte %zu of %zu", at, bytes.length);
		}
		bytes.bytes[at] ^= 0x41;
	}
	print_message("%zu of %zu changed bytes were of content\n", seen,
	    tried);
	CHECK(seen > 40, "seen %zu of %zu", seen, tried);
	end(&world);
}

/* ---- keys and files ---- */

static void
shell(struct world *world, const char *command)
{
	char line[1200];

	(void)snprintf(line, sizeof(line), "cd '%s' && %s", world->home,
	    command);
	assert_int_equal(run_shell(line), 0);
}

static void
files_and_keys_that_are_not_right_are_found(void **state)
{
	static const struct {
		const char *command, *rule;
		bool repaired;
	} rows[] = {
		{ "chmod 755 .", "MC-D-MODE", true },
		{ "chmod 644 minica.db", "MC-D-MODE", true },
		{ "chmod 640 keys/root-*.key", "MC-D-MODE", true },
		{ "chmod 770 keys", "MC-D-MODE", true },
		{ "rm keys/root-*.key", "MC-D-KEY-MISSING", false },
		{ "cp keys/intermediate-*.key $(echo keys/root-*.key)",
		    "MC-D-KEY-MISMATCH", false },
		{ "echo x > $(echo keys/root-*.key)", "MC-D-KEY-UNREADABLE",
		    false },
		{ "cp keys/root-*.key keys/other.key", "MC-D-KEY-ORPHAN",
		    false },
		{ "mkdir policies; echo 'policy: [' >policies/bad.yaml",
		    "MC-D-POLICY", false },
		{ "ln -s /etc/passwd keys/link", "MC-D-KIND", false },
		{ "touch -d @1780000000 keys/.minica-0123456789abcdef",
		    "MC-D-LEFTOVER", true },
		{ "touch -d @1780000000 .crl-abcdef", "MC-D-LEFTOVER", true },
		{ "touch -d @1780000000 .minica-0123456789abcdef-journal",
		    "MC-D-LEFTOVER", true },
		{ "touch -d @1780000000 minica.db.backup-v1.abcdef",
		    "MC-D-LEFTOVER", true },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct world world;
		scoped(mca_findings) found = { 0 };
		scoped(mca_findings) repairs = { 0 };
		scoped(mca_findings) again = { 0 };
		const struct mca_finding *row;

		fill(&world);
		shell(&world, rows[i].command);
		assert_true(examine(&world, false, &found));
		row = find(&found, rows[i].rule);
		CHECK(row != NULL && row->severity >= MCA_WARNING &&
			*row->hint != '\0',
		    "%s: %s", rows[i].command, first_of(&found));

		assert_true(examine(&world, true, &repairs));
		assert_true(examine(&world, false, &again));
		CHECK((mca_findings_worst(&again) == MCA_NOTE) ==
			rows[i].repaired,
		    "%s: %s", rows[i].command, first_of(&again));
		if (rows[i].repaired)
			CHECK(find(&repairs, rows[i].rule) != NULL, "%s",
			    rows[i].command);
		end(&world);
	}
}

static void
a_young_temporary_file_is_left_alone(void **state)
{
	struct world world;
	scoped(mca_findings) found = { 0 };

	(void)state;
	fill(&world);
	shell(&world, "touch -d @1790000000 .minica-0123456789abcdef");
	assert_true(examine(&world, true, &found));
	CHECK(mca_findings_worst(&found) == MCA_NOTE, "%s", first_of(&found));
	shell(&world, "test -e .minica-0123456789abcdef");
	end(&world);
}

static void
time_and_unfinished_steps_are_told(void **state)
{
	struct world world;
	scoped(mca_findings) found = { 0 };
	const struct mca_new_authority what = { .label = "late" };
	owned(mca_csr) *csr = NULL;
	const char *label;

	(void)state;
	fill(&world);
	reopen(&world, NOW);
	assert_int_equal(mca_ca_request_intermediate(world.ca, &csr, &label,
			     &what, &err),
	    MCA_OK);
	mca_ca_close(give(&world.ca));
	world.options.now = NOW + 3000 * MCA_DAY;
	assert_true(examine(&world, false, &found));
	assert_non_null(find(&found, "MC-D-AWAITED"));
	assert_non_null(find(&found, "MC-D-CRL-STALE"));
	assert_non_null(find(&found, "MC-D-ENDED"));
	end(&world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_home_in_order_needs_nothing),
		cmocka_unit_test(whatever_was_changed_in_the_store_is_found),
		cmocka_unit_test(a_changed_byte_of_content_is_found),
		cmocka_unit_test(files_and_keys_that_are_not_right_are_found),
		cmocka_unit_test(a_young_temporary_file_is_left_alone),
		cmocka_unit_test(time_and_unfinished_steps_are_told),
	};

	return cmocka_run_group_tests(tests, make_original, end_original);
}
