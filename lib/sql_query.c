/*
 * sql_query.c - statements by name: see sql.h.
 */
#include "sql_parts.h"

#include "embedded.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { COLUMNS = 24 };

/* A text of the row as it may be shown. */
struct shown {
	struct shown *next;
	mca_text text;
};

struct mca_query {
	mca_query *next;
	mca_sql *sql;
	sqlite3_stmt *stmt;
	int rc;		     /* the first failure of binding or reading */
	int nearest;	     /* where the next column is probably found */
	struct shown *shown; /* of this row */

	/* Of the first columns, SQLite's, as long as the statement runs. */
	const char *columns[COLUMNS];
	char name[];
};

/* find_in returns what follows the line "-- name: NAME" in `text`. */
static const char *
find_in(const char *text, const char *name, size_t length)
{
	static const char mark[] = "-- name: ";
	const char *p = text;

	while ((p = strstr(p, mark)) != NULL) {
		p += sizeof(mark) - 1;
		if (strncmp(p, name, length) == 0 && p[length] == '\n')
			return p + length + 1;
	}
	return NULL;
}

/* The files of schema/ that are no migrations, which begin with a number. */
static const char *
find_piece(const char *name, size_t length)
{
	const char *found = NULL;

	for (const struct mca_embedded *file = mca_embedded_schema;
	     file->name != NULL && found == NULL; file++)
		if (!isdigit((unsigned char)file->name[0]))
			found = find_in(file->text, name, length);
	return found;
}

void
mca_sql_text(mca_text *out, const char *name)
{
	while (*name != '\0') {
		size_t length = strcspn(name, "+");
		const char *piece = find_piece(name, length);
		const char *end;

		assert(piece != NULL);
		end = strstr(piece, "-- name: ");
		if (end == NULL)
			end = piece + strlen(piece);
		mca_text_add(out, piece, (size_t)(end - piece));
		name += length + (name[length] == '+');
	}
}

mca_code
mca_sql_script(mca_sql *sql, const char *text, struct mca_error *err)
{
	int rc;

	sql->waited_ms = 0;
	rc = sqlite3_exec(sql->db, text, NULL, NULL, NULL);
	return rc == SQLITE_OK ? MCA_OK : mca_sql_fail(sql, rc, err);
}

mca_code
mca_sql_run(mca_sql *sql, const char *name, struct mca_error *err)
{
	scoped(mca_text) text = { 0 };

	mca_sql_text(&text, name);
	if (text.failed)
		return mca_fail_memory(err);
	return mca_sql_script(sql, mca_text_get(&text), err);
}

mca_code
mca_sql_number(mca_sql *sql, int64_t *out, const char *name,
    struct mca_error *err)
{
	owned(mca_query) *query = NULL;
	bool row;
	mca_code code;

	code = mca_sql_query(&query, sql, name, err);
	if (code != MCA_OK)
		return code;
	code = mca_query_step(query, &row, err);
	if (code != MCA_OK)
		return code;
	*out = row ? sqlite3_column_int64(query->stmt, 0) : 0;
	return MCA_OK;
}

static void
finalize(mca_query *query)
{
	sqlite3_finalize(query->stmt);
	free(query);
}

void
mca_sql_drop_idle(mca_sql *sql)
{
	mca_query *next;

	for (mca_query *query = sql->idle; query != NULL; query = next) {
		next = query->next;
		finalize(query);
	}
}

static mca_query *
take_idle(mca_sql *sql, const char *name)
{
	for (mca_query **at = &sql->idle; *at != NULL; at = &(*at)->next) {
		mca_query *query = *at;

		if (strcmp(query->name, name) == 0) {
			*at = query->next;
			return query;
		}
	}
	return NULL;
}

static mca_code
prepare(mca_query *query, const char *name, struct mca_error *err)
{
	mca_sql *sql = query->sql;
	scoped(mca_text) text = { 0 };
	int rc;

	mca_sql_text(&text, name);
	if (text.failed)
		return mca_fail_memory(err);
	sql->waited_ms = 0;
	rc = sqlite3_prepare_v3(sql->db, mca_text_get(&text), -1,
	    SQLITE_PREPARE_PERSISTENT, &query->stmt, NULL);
	return rc == SQLITE_OK ? MCA_OK : mca_sql_fail(sql, rc, err);
}

mca_code
mca_sql_query(mca_query **out, mca_sql *sql, const char *name,
    struct mca_error *err)
{
	size_t size = strlen(name) + 1;
	mca_query *query;
	mca_code code;

	*out = take_idle(sql, name);
	if (*out != NULL)
		return MCA_OK;

	query = calloc(1, sizeof(*query) + size);
	if (query == NULL)
		return mca_fail_memory(err);
	query->sql = sql;
	memcpy(query->name, name, size);
	code = prepare(query, name, err);
	if (code != MCA_OK) {
		finalize(query);
		return code;
	}
	*out = query;
	return MCA_OK;
}

static void
forget_shown(mca_query *query)
{
	while (query->shown != NULL) {
		struct shown *next = query->shown->next;

		mca_text_clear(&query->shown->text);
		free(query->shown);
		query->shown = next;
	}
}

void
mca_query_free(mca_query *query)
{
	if (query == NULL)
		return;
	forget_shown(query);
	sqlite3_reset(query->stmt);
	sqlite3_clear_bindings(query->stmt);
	query->rc = SQLITE_OK;
	memset(query->columns, 0, sizeof(query->columns));
	query->next = query->sql->idle;
	query->sql->idle = query;
}

static void
keep_failure(mca_query *query, int rc)
{
	if (query->rc == SQLITE_OK)
		query->rc = rc;
}

static int
parameter(mca_query *query, const char *name)
{
	int index = sqlite3_bind_parameter_index(query->stmt, name);

	assert(index != 0);
	return index;
}

void
mca_query_bind_int(mca_query *query, const char *name, int64_t value)
{
	keep_failure(query,
	    sqlite3_bind_int64(query->stmt, parameter(query, name), value));
}

void
mca_query_bind_text(mca_query *query, const char *name, const char *value)
{
	keep_failure(query,
	    sqlite3_bind_text(query->stmt, parameter(query, name), value, -1,
		SQLITE_STATIC));
}

void
mca_query_bind_blob(mca_query *query, const char *name, const uint8_t *bytes,
    size_t length)
{
	keep_failure(query,
	    sqlite3_bind_blob64(query->stmt, parameter(query, name), bytes,
		length, SQLITE_STATIC));
}

mca_code
mca_query_check(mca_query *query, struct mca_error *err)
{
	return query->rc == SQLITE_OK
	    ? MCA_OK
	    : mca_sql_fail(query->sql, query->rc, err);
}

mca_code
mca_query_step(mca_query *query, bool *row, struct mca_error *err)
{
	mca_code code;
	int rc;

	code = mca_query_check(query, err);
	if (code != MCA_OK)
		return code;
	forget_shown(query);
	query->nearest = 0;
	query->sql->waited_ms = 0;
	rc = sqlite3_step(query->stmt);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return mca_sql_fail(query->sql, rc, err);
	*row = rc == SQLITE_ROW;
	return MCA_OK;
}

mca_code
mca_query_run(mca_query *query, struct mca_error *err)
{
	bool row;
	mca_code code;

	code = mca_query_step(query, &row, err);
	assert(code != MCA_OK || !row);
	return code;
}

/* SQLite takes a lock to say it. */
static const char *
column_name(mca_query *query, int at)
{
	if (at >= COLUMNS)
		return sqlite3_column_name(query->stmt, at);
	if (query->columns[at] == NULL)
		query->columns[at] = sqlite3_column_name(query->stmt, at);
	return query->columns[at];
}

/* Columns are mostly asked for in their order: the next is tried first. */
static int
column_at(mca_query *query, const char *column)
{
	int count = sqlite3_column_count(query->stmt);

	for (int i = 0; i < count; i++) {
		int at = (query->nearest + i) % count;

		if (strcmp(column_name(query, at), column) == 0) {
			query->nearest = at + 1;
			return at;
		}
	}
	assert(false); /* the statement has no such column */
	return 0;
}

int64_t
mca_query_int(mca_query *query, const char *column)
{
	return sqlite3_column_int64(query->stmt, column_at(query, column));
}

const char *
mca_query_text(mca_query *query, const char *column)
{
	int at = column_at(query, column);
	const unsigned char *text;

	if (sqlite3_column_type(query->stmt, at) == SQLITE_NULL)
		return "";
	text = sqlite3_column_text(query->stmt, at);
	if (text == NULL)
		keep_failure(query, SQLITE_NOMEM);
	return text == NULL ? "" : (const char *)text;
}

const char *
mca_query_shown(mca_query *query, const char *column)
{
	const char *text = mca_query_text(query, column);
	struct shown *shown;

	if (mca_text_is_tame(text))
		return text;
	shown = calloc(1, sizeof(*shown));
	if (shown == NULL) {
		keep_failure(query, SQLITE_NOMEM);
		return "";
	}
	shown->next = query->shown;
	query->shown = shown;
	mca_text_tame(&shown->text, text);
	if (shown->text.failed)
		keep_failure(query, SQLITE_NOMEM);
	return mca_text_get(&shown->text);
}

const uint8_t *
mca_query_blob(mca_query *query, const char *column, size_t *length)
{
	int at = column_at(query, column);
	const void *bytes = sqlite3_column_blob(query->stmt, at);

	*length = (size_t)sqlite3_column_bytes(query->stmt, at);
	if (bytes == NULL && *length != 0)
		keep_failure(query, SQLITE_NOMEM);
	return bytes;
}

static void
pack(mca_text *out, char kind, const void *bytes, size_t length)
{
	char head[9] = { kind };

	for (size_t i = 0; i < 8; i++)
		head[1 + i] = (char)((uint64_t)length >> (56 - 8 * i) & 0xff);
	mca_text_add(out, head, sizeof(head));
	if (bytes == NULL && length != 0)
		out->failed = true; /* SQLite had no memory for it */
	else if (length != 0)
		mca_text_add(out, bytes, length);
}

static void
pack_column(mca_text *out, sqlite3_stmt *stmt, int at)
{
	char number[24];

	switch (sqlite3_column_type(stmt, at)) {
	case SQLITE_NULL:
		pack(out, 'n', NULL, 0);
		return;
	case SQLITE_BLOB:
		pack(out, 'b', sqlite3_column_blob(stmt, at),
		    (size_t)sqlite3_column_bytes(stmt, at));
		return;
	case SQLITE_INTEGER:
		(void)snprintf(number, sizeof(number), "%lld",
		    (long long)sqlite3_column_int64(stmt, at));
		pack(out, 'i', number, strlen(number));
		return;
	default:
		pack(out, 't', sqlite3_column_text(stmt, at),
		    (size_t)sqlite3_column_bytes(stmt, at));
	}
}

void
mca_query_pack(mca_text *out, mca_query *query)
{
	int count = sqlite3_column_count(query->stmt);

	for (int i = 0; i < count; i++)
		pack_column(out, query->stmt, i);
	if (sqlite3_errcode(query->sql->db) == SQLITE_NOMEM)
		keep_failure(query, SQLITE_NOMEM);
}
