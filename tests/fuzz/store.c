/*
 * store.c - a store that somebody had their hands on: opened, listed, searched
 * and examined by the doctor.
 *
 * The input begins with a letter.  After 'b' come changes of the file's bytes:
 * three octets of place and one of value.  After 's' comes SQL that an enemy
 * who has the file may run.
 */
#include "ocsp_world.h"

#include "embedded.h"
#include "minica/audit.h"
#include "minica/doctor.h"
#include "minica/file.h"
#include "store.h"

#include <sqlite3.h>
#include <stdio.h>

static char home[300], path[320];
static mca_blob honest;
static struct ocsp_world world;

static void
fill(mca_store *store)
{
	const struct mca_issuance issuance = { "root", "server", 0, NULL, 0 };
	struct mca_revocation revoked = { "superseded", FUZZ_NOW, 0 };
	struct mca_audit_entry entry = { 0, FUZZ_NOW, "uid 1", "issue", "1234",
		"", NULL };
	struct mca_authority root = { .label = "root",
		.kind = "root",
		.parent = "",
		.key = "keys/root.pem",
		.created = FUZZ_NOW };
	struct mca_error err;
	bool added;
	int64_t id;

	fuzz_require(mca_store_begin(store, &err) == MCA_OK);
	fuzz_require(
	    mca_store_add(store, &root.certificate, world.issuer,
		MCA_ORIGIN_IMPORTED, NULL, NULL, FUZZ_NOW, &err) == MCA_OK);
	fuzz_require(mca_store_add_authority(store, &root, &err) == MCA_OK);
	fuzz_require(mca_store_add_anchor(store, &added, world.issuer,
			 "init-root", FUZZ_NOW, &err) == MCA_OK);
	fuzz_require(mca_audit_add(store, &entry, &err) == MCA_OK);
	fuzz_require(mca_store_commit(store, &err) == MCA_OK);
	fuzz_require(mca_store_begin(store, &err) == MCA_OK);
	if (mca_store_add_issued(store, &id, world.leaf, &issuance, FUZZ_NOW,
		&err) != MCA_OK)
		fuzz_fail(__FILE__, __LINE__, err.text);
	fuzz_require(mca_store_revoke(store,
			 mca_name_text(mca_cert_subject(world.issuer)), "1235",
			 &revoked, &err) == MCA_OK);
	fuzz_require(mca_audit_add(store, &entry, &err) == MCA_OK);
	fuzz_require(mca_store_commit(store, &err) == MCA_OK);
}

/* Removes what SQLite keeps beside the file. */
static void
remove_sides(void)
{
	static const char *const endings[] = { "-wal", "-shm", "-journal" };
	char side[340];

	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		(void)snprintf(side, sizeof(side), "%s%s", path, endings[i]);
		(void)remove(side);
	}
}

void
fuzz_begin(void)
{
	owned(mca_store) *store = NULL;
	struct mca_error err;

	resign_begin();
	ocsp_world_make(&world);
	(void)snprintf(home, sizeof(home), "%s/home", fuzz_directory());
	(void)snprintf(path, sizeof(path), "%s/minica.db", home);
	fuzz_require(mca_store_open(&store, home, MCA_STORE_CREATE, FUZZ_NOW,
			 &err) == MCA_OK);
	fill(store);
	mca_store_close(give(&store));
	fuzz_require(
	    mca_file_read(&honest, path, SIZE_MAX / 2, &err) == MCA_OK);
}

/* An enemy's SQL ends at some time too. */
static int
enough(void *context)
{
	return ++*(int *)context > 20;
}

static void
run_sql(const uint8_t *bytes, size_t length)
{
	owned(char) *text = fuzz_text(bytes, length);
	int count = 0;
	sqlite3 *db;

	fuzz_require(sqlite3_open(path, &db) == SQLITE_OK);
	sqlite3_progress_handler(db, 1000, enough, &count);
	(void)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 1 << 20);
	(void)sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	(void)sqlite3_exec(db,
	    "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;"
	    "PRAGMA writable_schema = ON",
	    NULL, NULL, NULL);
	(void)sqlite3_exec(db, text, NULL, NULL, NULL);
	(void)sqlite3_close(db);
}

static void
doctored(const uint8_t *bytes, size_t length)
{
	mca_blob copy = { 0 };
	struct mca_error err;

	remove_sides();
	fuzz_require(
	    mca_blob_copy(&copy, honest.bytes, honest.length, &err) == MCA_OK);
	for (size_t i = 1; bytes[0] == 'b' && i + 4 <= length; i += 4) {
		size_t place = ((size_t)bytes[i] << 16 |
				   (size_t)bytes[i + 1] << 8 | bytes[i + 2]) %
		    copy.length;

		copy.bytes[place] = bytes[i + 3];
	}
	fuzz_save(path, copy.bytes, copy.length);
	mca_blob_clear(&copy);
	if (bytes[0] == 's')
		run_sql(bytes + 1, length - 1);
}

static mca_code
record(void *context, const struct mca_record *row, struct mca_error *err)
{
	owned(mca_cert) *cert = NULL;

	(void)context;
	/* What the bytes say is another thing than what the columns do. */
	if (mca_cert_parse(&cert, row->der, row->der_length, err) == MCA_OK)
		show_cert(cert);
	fuzz_require(
	    row->serial != NULL && row->names != NULL && row->labels != NULL);
	return MCA_OK;
}

static mca_code
misfit(void *context, const struct mca_audit_misfit *row, struct mca_error *err)
{
	(void)context;
	(void)err;
	fuzz_require(row->action != NULL && row->object != NULL);
	return MCA_OK;
}

static void
use(enum mca_store_mode mode)
{
	const struct mca_ca_options options = { .home = home,
		.now = FUZZ_NOW,
		.actor = "fuzz" };
	const struct mca_filter filters[] = { { 0 },
		{ .covers = "leaf.test", .latest = true, .now = FUZZ_NOW },
		{ .name = "*.t?st",
		    .sort = "expiry",
		    .now = FUZZ_NOW,
		    .status = MCA_STATUS_REVOKED } };
	owned(mca_ca) *ca = NULL;
	scoped(mca_findings) findings = { 0 };
	struct mca_error err = { 0 };
	int64_t count;
	size_t found;

	if (mca_ca_open(&ca, &options, mode, &err) != MCA_OK) {
		show_error(&err);
		return;
	}
	for (size_t i = 0; i < sizeof(filters) / sizeof(*filters); i++)
		if (mca_store_list(mca_ca_store(ca), &filters[i], record, NULL,
			&err) != MCA_OK)
			show_error(&err);
	if (mca_store_find(mca_ca_store(ca), "1234", record, NULL, &found,
		&err) != MCA_OK ||
	    mca_audit_examine(mca_ca_store(ca), &count, misfit, NULL, &err) !=
		MCA_OK)
		show_error(&err);
	if (mca_doctor(ca, false, &findings, &err) != MCA_OK)
		show_error(&err);
	show_findings(&findings);
}

void
fuzz_one(const uint8_t *bytes, size_t length)
{
	if (length < 1)
		return;
	doctored(bytes, length);
	use(MCA_STORE_READ);
	use(MCA_STORE_WRITE);
}
