/*
 * sql.h - SQLite, one statement at a time, by name.
 *
 * Statements are the "-- name:" pieces of schema/, migrations left out.
 * Several pieces joined with '+' ("record+by_serial") make one statement.  Each
 * is prepared when first used and kept until close; parameters are bound and
 * columns read by name.  Only sql.c knows SQLite.
 *
 * Errors of every function: MCA_EBUSY when the file stayed locked past the
 * wait, MCA_EEXISTS when a row is unique and there already, MCA_ESYSTEM when
 * memory or the disk failed or the file is damaged.
 */
#ifndef MCA_SQL_H
#define MCA_SQL_H

#include "error.h"
#include "minica/owned.h"
#include "minica/text.h"

typedef struct mca_sql mca_sql;	    /* a connection */
typedef struct mca_query mca_query; /* a statement in use */

enum mca_sql_access {
	MCA_SQL_WRITE,	   /* reading alone where the file permits no more */
	MCA_SQL_IMMUTABLE, /* no locks: nobody can be writing */
};

/*
 * mca_sql_open opens an existing file, waiting up to `wait_ms` for others now
 * and at each later statement.  `path` is absolute, and no part of it may be a
 * symbolic link.  A file that is no database is MCA_EFORMAT.
 */
mca_code mca_sql_open(mca_sql **out, const char *path,
    enum mca_sql_access access, int wait_ms, struct mca_error *err);
void mca_sql_close(mca_sql *sql);
MCA_OWNED(mca_sql, mca_sql_close)

/* mca_sql_open_empty opens a database of its own, in memory. */
mca_code mca_sql_open_empty(mca_sql **out, struct mca_error *err);

/*
 * mca_sql_lean has SQLite, in all of the process, take memory for a page when
 * it reads one, not for 20 at once, and keep no account of what it took; false
 * when it is in use already.
 */
bool mca_sql_lean(void);

/*
 * mca_sql_temporary has SQLite, in all of the process, put what does not fit
 * into memory into `directory`; the first to ask decides.
 */
mca_code mca_sql_temporary(const char *directory, struct mca_error *err);

/* mca_sql_path returns the path, escaped so that it can be shown. */
const char *mca_sql_path(const mca_sql *sql);

bool mca_sql_is_read_only(const mca_sql *sql);
bool mca_sql_in_transaction(const mca_sql *sql);

/*
 * mca_sql_is_damaged says whether anything failed so far because of what is in
 * the file, not because the system could not read it.
 */
bool mca_sql_is_damaged(const mca_sql *sql);

/*
 * mca_sql_was_unread says whether a line of SQLite's own check of a file tells
 * of a page that could not be read: by the system, or for want of memory.
 */
bool mca_sql_was_unread(const char *line);

/* mca_sql_use_wal turns the write-ahead log on, which the file remembers. */
mca_code mca_sql_use_wal(mca_sql *sql, struct mca_error *err);

/*
 * mca_sql_replace makes `to` what `from` is, page by page, in one transaction
 * that others who hold it open see at once.
 */
mca_code mca_sql_replace(mca_sql *to, mca_sql *from, struct mca_error *err);

/* mca_sql_text adds the SQL of `name` to `out`. */
void mca_sql_text(mca_text *out, const char *name);

/* mca_sql_script runs the statements of `text`, which return no rows. */
mca_code mca_sql_script(mca_sql *sql, const char *text, struct mca_error *err);

/* mca_sql_run runs the statements called `name`, without parameters. */
mca_code mca_sql_run(mca_sql *sql, const char *name, struct mca_error *err);

/* mca_sql_number puts the one number that `name` asks for in `*out`. */
mca_code mca_sql_number(mca_sql *sql, int64_t *out, const char *name,
    struct mca_error *err);

/* The row number of the last insertion, and how many rows a query changed. */
int64_t mca_sql_inserted(const mca_sql *sql);
int64_t mca_sql_changed(const mca_sql *sql);

/*
 * mca_sql_query takes the statement `name` into use.  It is handed back with
 * mca_query_free; until then the same name gives another one.
 */
mca_code mca_sql_query(mca_query **out, mca_sql *sql, const char *name,
    struct mca_error *err);
void mca_query_free(mca_query *query);
MCA_OWNED(mca_query, mca_query_free)

/*
 * Values for parameters, called with their colon: ":serial".  What is bound
 * is not copied and must outlive the query; a NULL pointer binds NULL.  A
 * failure is kept for the next mca_query_step.
 */
void mca_query_bind_int(mca_query *query, const char *name, int64_t value);
void mca_query_bind_text(mca_query *query, const char *name, const char *value);
void mca_query_bind_blob(mca_query *query, const char *name,
    const uint8_t *bytes, size_t length);

/* mca_query_step goes to the next row; `*row` is false past the last. */
mca_code mca_query_step(mca_query *query, bool *row, struct mca_error *err);

/* mca_query_run makes the change that a statement without rows is. */
mca_code mca_query_run(mca_query *query, struct mca_error *err);

/*
 * The columns of the row; what they return lives until the next step.  NULL
 * reads as 0, "" and no bytes.  A failure is kept for mca_query_check.
 */
int64_t mca_query_int(mca_query *query, const char *column);
const char *mca_query_text(mca_query *query, const char *column);
const uint8_t *mca_query_blob(mca_query *query, const char *column,
    size_t *length);

/*
 * mca_query_shown is mca_query_text for what people are shown: nothing but
 * printable ASCII was written there, and whoever has the file may have changed
 * it.  What else it holds now is escaped.
 */
const char *mca_query_shown(mca_query *query, const char *column);

/*
 * mca_query_pack adds the whole row to `out`, so that no two rows that differ
 * give the same bytes: each column as its kind, its length and its value.
 */
void mca_query_pack(mca_text *out, mca_query *query);

/* mca_query_check returns the failure that binding or reading kept. */
mca_code mca_query_check(mca_query *query, struct mca_error *err);

#endif
