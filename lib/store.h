/*
 * store.h - what the store's own files share.
 */
#ifndef MCA_STORE_PRIVATE_H
#define MCA_STORE_PRIVATE_H

#include "minica/store.h"
#include "sql.h"

struct mca_embedded;

struct mca_store {
	mca_sql *sql;
	char *home, *path; /* `path` of the file, absolute */

	/*
	 * SHA-256 of the rows that came and went in the open transaction, until
	 * an audit entry takes them.
	 */
	mca_text sealed;
};

/*
 * mca_store_seal notes, for the next audit entry, the row that `query` finds:
 * one that was just written, or is about to be removed or changed.  Nothing
 * is noted when there is none.
 */
mca_code mca_store_seal(mca_store *store, mca_query *query,
    struct mca_error *err);

/* mca_store_seal_hash hashes the row that `query` is at. */
mca_code mca_store_seal_hash(uint8_t out[32], mca_query *query,
    struct mca_error *err);

/* mca_store_open with what is otherwise fixed; tests give their own. */
struct mca_store_options {
	const char *home;
	enum mca_store_mode mode;
	mca_time now;
	int wait_ms;
	const struct mca_embedded *schema; /* migrations */
};
mca_code mca_store_open_with(mca_store **out,
    const struct mca_store_options *options, struct mca_error *err);

/*
 * mca_store_check_schema refuses, as damaged, a store that holds a table, view,
 * index or trigger other than the migrations up to `version` make: whoever had
 * the file could otherwise have a query run forever, or answer what they like.
 */
mca_code mca_store_check_schema(mca_store *store,
    const struct mca_embedded *schema, int64_t version, struct mca_error *err);

/*
 * mca_store_knows_schema says whether the file's schema is that of all the
 * migrations, by its digest, which it adds to `found` in hexadecimal.
 */
mca_code mca_store_knows_schema(mca_store *store, bool *knows, mca_text *found,
    struct mca_error *err);

/*
 * mca_store_is_damaged says whether anything failed so far because of what is
 * in the file, not because the system could not read it.
 */
bool mca_store_is_damaged(const mca_store *store);

/* mca_store_is_ours refuses a file that is no store, or an empty or newer one.
 */
mca_code mca_store_is_ours(mca_store *store, struct mca_error *err);

/*
 * mca_store_copy writes all of the store to the file `to`, which is empty or
 * not there, as it is at one moment; others may work meanwhile.  With
 * mca_store_copy_file the store is named by its path.
 */
mca_code mca_store_copy(mca_store *store, const char *to,
    struct mca_error *err);
mca_code mca_store_copy_file(const char *from, const char *to, int wait_ms,
    struct mca_error *err);

/* mca_store_open_copy opens such a copy where it is; its home is "". */
mca_code mca_store_open_copy(mca_store **out, const char *path,
    struct mca_error *err);

/*
 * mca_store_overwrite makes the store of `home`, which is made if it is not
 * there, what the file `from` is: in one transaction, or not at all.
 */
mca_code mca_store_overwrite(const char *home, const char *from,
    struct mca_error *err);

/*
 * mca_store_locate puts the absolute path of the file, which the caller frees,
 * in `*path`, after making file and home if the mode says so.
 */
mca_code mca_store_locate(char **path, const struct mca_store_options *options,
    struct mca_error *err);

/*
 * mca_store_access says how `path` can be opened.  A mode that writes where
 * nothing can be written is MCA_ESYSTEM.
 */
mca_code mca_store_access(enum mca_sql_access *access, const char *path,
    enum mca_store_mode mode, struct mca_error *err);

/* mca_store_sync makes a file, or the names in a directory, durable. */
mca_code mca_store_sync(const char *path, struct mca_error *err);

/* mca_store_newest returns the version that `schema` leads to. */
int64_t mca_store_newest(const struct mca_embedded *schema);

/*
 * mca_store_migrate brings the file at `path` to the newest version in one
 * transaction, after a backup beside it if it is not new.
 */
mca_code mca_store_migrate(mca_store *store, const char *path,
    const struct mca_store_options *options, struct mca_error *err);

/*
 * mca_store_bind_certificate binds the parameters of a row of `certificate`
 * that follow from the certificate itself; `serial` as mca_serial_parse makes
 * it.
 */
void mca_store_bind_certificate(mca_query *query, const mca_cert *cert,
    const mca_blob *serial);

/* A row of `name`; its strings live until the function it is for returns. */
struct mca_name_row {
	size_t position;
	const char *form, *text, *reversed;
};
typedef mca_code mca_store_take_name(void *context,
    const struct mca_name_row *name, struct mca_error *err);

/*
 * mca_store_each_name walks the names of a certificate as they are recorded,
 * and mca_store_bind_name binds one of them.
 */
mca_code mca_store_each_name(const mca_cert *cert, mca_store_take_name *take,
    void *context, struct mca_error *err);
void mca_store_bind_name(mca_query *query, int64_t certificate,
    const struct mca_name_row *name);

/* A certificate of a key, as far as it bears on another one for that key. */
struct mca_key_use {
	int64_t id;
	bool is_ca;
	const char *reason; /* of its revocation, or "" */
};
typedef mca_code mca_store_each_use(void *context,
    const struct mca_key_use *use, struct mca_error *err);

/*
 * mca_store_key_uses walks the certificates of a key, newest first, and counts
 * them: a key may have hundreds, whose records would cost ten times as much.
 * `each` may be NULL.
 */
mca_code mca_store_key_uses(mca_store *store, const mca_spki *spki,
    mca_store_each_use *each, void *context, size_t *count,
    struct mca_error *err);

/*
 * mca_store_use_names calls `take` with the subject and the names of a
 * certificate, as a record has them.
 */
typedef mca_code mca_store_take_names(void *context, const char *subject,
    const char *names, struct mca_error *err);
mca_code mca_store_use_names(mca_store *store, int64_t id,
    mca_store_take_names *take, void *context, struct mca_error *err);

/* A rollover as it is kept; 0 is NULL. */
struct mca_rollover_row {
	int64_t id;
	char old_label[80], new_label[80];
	int64_t old_certificate, new_certificate, old_by_new, new_by_old;
	mca_time started, crossed, switched, finished;
};
typedef mca_code mca_store_each_rollover(void *context,
    const struct mca_rollover_row *row, struct mca_error *err);

/* mca_store_rollovers walks them, oldest first. */
mca_code mca_store_rollovers(mca_store *store, mca_store_each_rollover *each,
    void *context, struct mca_error *err);

/*
 * mca_store_put_rollover adds one whose `id` is 0, which it fills, or brings
 * the row of that number up to date.
 */
mca_code mca_store_put_rollover(mca_store *store, struct mca_rollover_row *row,
    struct mca_error *err);

/*
 * mca_store_dependents walks the certificates, good at `now`, that only the
 * old root of a rollover vouches for.
 */
mca_code mca_store_dependents(mca_store *store,
    const struct mca_rollover_row *row, mca_time now, size_t *count,
    mca_store_each *each, void *context, struct mca_error *err);

/* mca_store_certificate reads the certificate of that row. */
mca_code mca_store_certificate(mca_store *store, mca_cert **out, int64_t id,
    struct mca_error *err);

/* A path, the certificate that was last written to it, and when. */
struct mca_deployed {
	const char *path;
	int64_t certificate; /* its row */
	mca_time noted;
};
typedef mca_code mca_store_each_deployed(void *context,
    const struct mca_deployed *deployed, struct mca_error *err);

/*
 * mca_store_deployed walks the paths that were written for certificates that
 * are no CA's and have not ended.
 */
mca_code mca_store_deployed(mca_store *store, mca_time now,
    mca_store_each_deployed *each, void *context, struct mca_error *err);

/*
 * mca_store_certificate_of says which row an authority's certificate is, 0
 * while it is awaited; mca_store_move gives it another one, and another parent
 * ("" for none).
 */
mca_code mca_store_certificate_of(mca_store *store, int64_t *id,
    const char *label, struct mca_error *err);
mca_code mca_store_move(mca_store *store, const char *label,
    int64_t certificate, const char *parent, struct mca_error *err);

/* What can be wrong with a store; `object` is "" where none is to blame. */
enum mca_store_fault {
	MCA_FAULT_PAGES,       /* SQLite's own structure */
	MCA_FAULT_SCHEMA,      /* a table, index or trigger is not there */
	MCA_FAULT_REFERENCE,   /* a row refers to one that is not there */
	MCA_FAULT_CERTIFICATE, /* a row against its certificate's bytes */
	MCA_FAULT_ANCHOR,      /* the same of a trust anchor */
	MCA_FAULT_SEAL,	       /* a row against the audit log */
};
struct mca_store_check {
	mca_code (*each)(void *context, enum mca_store_fault fault,
	    const char *object, const char *text, struct mca_error *err);
	void *context;
};

/*
 * mca_store_check looks for all faults of one kind and calls `each` for every
 * one.  The kinds are meant to be looked for in their order.
 */
mca_code mca_store_check(mca_store *store, enum mca_store_fault what,
    const struct mca_store_check *check, struct mca_error *err);

/*
 * mca_store_authority_id finds an authority; MCA_ENOTFOUND if there is none.
 * NULL and "" are no authority: 0.
 */
mca_code mca_store_authority_id(mca_store *store, int64_t *id,
    const char *label, struct mca_error *err);

/* mca_store_walk calls `each` for every row of a query over records. */
mca_code mca_store_walk(mca_query *query, size_t *count, mca_store_each *each,
    void *context, struct mca_error *err);

/*
 * mca_hex_digits copies the hexadecimal digits of `text` without its colons
 * and returns how many there are; 0 if anything else is there, or more than
 * fits.
 */
size_t mca_hex_digits(char *out, size_t size, const char *text);

/*
 * mca_serial_parse makes hexadecimal (a "-" before a negative number, colons
 * and leading zeros allowed) the bytes that the store keeps; `out` stays empty
 * if `text` is no number.
 */
mca_code mca_serial_parse(mca_blob *out, const char *text,
    struct mca_error *err);

/*
 * mca_store_add_modulus adds the modulus of a key that is new to the store, and
 * RSA, to the products that mca_store_sharing asks.
 */
mca_code mca_store_add_modulus(mca_store *store, int64_t certificate,
    const mca_spki *spki, struct mca_error *err);

/* mca_query_bind_id binds a row number, 0 as NULL. */
void mca_query_bind_id(mca_query *query, const char *name, int64_t id);

#endif
