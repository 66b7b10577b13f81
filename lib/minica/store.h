/*
 * minica/store.h - the record: one SQLite file, HOME/minica.db.
 *
 * Every change is made inside one IMMEDIATE transaction that the caller
 * begins and commits; when commit has returned MCA_OK, what was written
 * survives a power cut.  Many processes may hold the store open and wait for
 * each other; one store object belongs to one thread at a time.
 *
 * Errors of every function: MCA_EBUSY when the store stayed locked past
 * MCA_LIMIT_BUSY_SECONDS, MCA_ESYSTEM when SQLite or the disk failed or the
 * file is damaged.
 */
#ifndef MINICA_STORE_H
#define MINICA_STORE_H

#include "minica/cert.h"
#include "minica/text.h"
#include "minica/time.h"

typedef struct mca_store mca_store;

enum mca_store_mode {
	MCA_STORE_READ,	  /* an existing store: no row will be changed */
	MCA_STORE_WRITE,  /* an existing store, migrated first if it is old */
	MCA_STORE_CREATE, /* made, with its home (mode 0700), if missing */
};

/*
 * mca_store_open opens HOME/minica.db.  MCA_ENOTFOUND if it is not there and
 * may not be created, or is still empty and is to be read; MCA_EFORMAT if it
 * is not SQLite, a symbolic link or no regular file, belongs to another
 * program (application_id), or was written by a newer minica (user_version);
 * MCA_ESYSTEM if it is to be written and cannot be.
 *
 * An old store becomes one of today's first, in every mode, and a copy of the
 * old one stays beside it (minica.db.backup-v1); `now` is noted as the time.
 */
MCA_API mca_code mca_store_open(mca_store **out, const char *home,
    enum mca_store_mode mode, mca_time now, struct mca_error *err);
MCA_API void mca_store_close(mca_store *store);
MCA_OWNED(mca_store, mca_store_close)

/*
 * mca_store_is_writable says whether the store in `home` is there and whoever
 * runs this may change it; it is not opened.
 */
MCA_API bool mca_store_is_writable(const char *home);

/*
 * mca_store_keeps says whether the absolute `path` is a place of the home's
 * own: the store, the keys, and what apply has under way.  Nothing else may be
 * written there, whoever asks.
 */
MCA_API bool mca_store_keeps(const char *home, const char *path);

/* mca_store_home returns the home it was opened in. */
MCA_API const char *mca_store_home(const mca_store *store);

/* One transaction at a time; rollback may be called without one. */
MCA_API mca_code mca_store_begin(mca_store *store, struct mca_error *err);
MCA_API mca_code mca_store_commit(mca_store *store, struct mca_error *err);
MCA_API void mca_store_rollback(mca_store *store);

/* How a certificate came into the store. */
enum mca_origin { MCA_ORIGIN_ISSUED, MCA_ORIGIN_IMPORTED };

/*
 * A certificate as recorded.  What it points to lives until the function that
 * was handed the record returns.
 */
struct mca_record {
	int64_t id;
	const char *serial;	      /* lower-case hex */
	const char *sha256;	      /* lower-case hex */
	const char *subject, *issuer; /* RFC 4514 */
	const char *names;     /* "dNSName:example.org iPAddress:10.0.0.1" */
	const char *labels;    /* "team=web staging", "" without any */
	const char *authority; /* label of the issuing authority, or "" */
	const char *policy;    /* "" if none */
	const char *key_algorithm; /* this and the next are "" */
	const char *key_sha256;	   /* for a key that cannot be decoded */
	enum mca_origin origin;
	bool is_ca;
	mca_time not_before, not_after, recorded;
	int64_t renews;	    /* row of what it replaces, or 0 */
	bool renewed;	    /* another one replaces it */
	mca_time revoked;   /* 0 when not */
	const char *reason; /* of the revocation, or "" */
	const uint8_t *der;
	size_t der_length;
};

/*
 * mca_store_lean has SQLite, in all of the process, take memory for a page of
 * the store when it reads one, and keep no account of its memory
 * (sqlite3_memory_used says 0): most commands read few pages.  It is for a
 * program's first lines; false when SQLite is in use already, which does no
 * harm.
 */
MCA_API bool mca_store_lean(void);

/*
 * mca_store_temporary has SQLite, in all of the process, put what does not fit
 * into memory (a large sort, a long transaction) into files of `directory`
 * that have no name; the first to ask decides.  Without it they are in
 * /var/tmp or where TMPDIR says.
 */
MCA_API mca_code mca_store_temporary(const char *directory,
    struct mca_error *err);

/*
 * mca_store_add records one certificate and its names, and puts its row
 * number in `*id`.  `authority` is the label of the authority that issued it,
 * or NULL; `policy` may be NULL.  A serial number that is taken is MCA_EEXISTS:
 * for one we issued by any certificate of the store, for an imported one by
 * another of its issuer.  An unknown authority is MCA_ENOTFOUND.
 */
MCA_API mca_code mca_store_add(mca_store *store, int64_t *id,
    const mca_cert *cert, enum mca_origin origin, const char *authority,
    const char *policy, mca_time now, struct mca_error *err);

/* What is recorded with a certificate that is issued; NULL and 0: nothing. */
struct mca_issuance {
	const char *authority, *policy;
	int64_t renews; /* row of the certificate that it replaces */
	const char *const *labels;
	size_t label_count;
};

/*
 * mca_store_add_issued is mca_store_add of a certificate that we issued, with
 * its labels, which must be without flaws; a repeated one counts once.
 */
MCA_API mca_code mca_store_add_issued(mca_store *store, int64_t *id,
    const mca_cert *cert, const struct mca_issuance *issuance, mca_time now,
    struct mca_error *err);

/*
 * mca_label_flaw says why `text` cannot label a certificate, or returns NULL:
 * letters, digits and . _ : / = @ + - after a letter or a digit, at most
 * MCA_LIMIT_LABEL of them.  Case does not matter.
 */
MCA_API const char *mca_label_flaw(const char *text);

/* mca_store_has says whether the certificate of that SHA-256 is recorded. */
MCA_API mca_code mca_store_has(mca_store *store, bool *out,
    const uint8_t sha256[32], struct mca_error *err);

/*
 * Called for each row; a code other than MCA_OK ends the walk with it.  It may
 * ask the store anything meanwhile.
 */
typedef mca_code mca_store_each(void *context, const struct mca_record *record,
    struct mca_error *err);

/* A certificate has one status: what is revoked is not expired as well. */
enum mca_status {
	MCA_STATUS_ANY,
	MCA_STATUS_VALID,
	MCA_STATUS_EXPIRED,
	MCA_STATUS_REVOKED,
};

/*
 * What to list; zeros and NULLs do not narrow.  A name is a subject alternative
 * name or a common name or, if it has an '=', the whole subject; * and ? are as
 * in a glob, and case does not matter.
 */
struct mca_filter {
	const char *name;
	const char *covers; /* a host: DNS name or address; wildcards count */
	const char *label;
	const char *authority, *policy, *key_algorithm;
	bool latest;		/* that no renewal has replaced */
	bool unmanaged;		/* that no manifest has (minica apply) */
	bool renewing;		/* that is a renewal */
	bool leaf;		/* no CA */
	enum mca_status status; /* at `now` */
	mca_time now;
	mca_time expires_until; /* notAfter at or before this */
	mca_time expires_from;	/* with that one: and not before this */
	const char *sort; /* "recorded" (default), "name", "expiry", "serial" */
};

/*
 * mca_store_list walks the certificates that `filter` lets through.  A `sort`
 * that is none of the words above, and a host that is none, is MCA_EUSAGE.
 */
MCA_API mca_code mca_store_list(mca_store *store,
    const struct mca_filter *filter, mca_store_each *each, void *context,
    struct mca_error *err);

/*
 * mca_store_find walks what `id` may mean, newest first: a serial number (hex
 * in either case, colons and leading zeros allowed), a SHA-256 fingerprint (the
 * same, and it may be shortened to 8 digits or more), an authority's label, or
 * a name, all of them whole.  `*count` is how many there were.
 */
MCA_API mca_code mca_store_find(mca_store *store, const char *id,
    mca_store_each *each, void *context, size_t *count, struct mca_error *err);

/*
 * mca_store_of_key walks the certificates of a key, newest first, and counts
 * them; mca_store_of_name those that hold exactly this name (in normal form)
 * and are valid at `now`.
 */
MCA_API mca_code mca_store_of_key(mca_store *store, const mca_spki *spki,
    mca_store_each *each, void *context, size_t *count, struct mca_error *err);
MCA_API mca_code mca_store_of_name(mca_store *store, const char *text,
    mca_time now, mca_store_each *each, void *context, struct mca_error *err);

/* mca_store_newest_row asks for the last row there is, 0 for none. */
MCA_API mca_code mca_store_newest_row(mca_store *store, int64_t *id,
    struct mca_error *err);

/*
 * mca_store_sharing walks certificates whose RSA modulus has a prime in common
 * with that of `spki`, a key that is not in the store; one or more if there are
 * any.  With `since`, certificates up to that row may be passed over.
 */
MCA_API mca_code mca_store_sharing(mca_store *store, const mca_spki *spki,
    int64_t since, mca_store_each *each, void *context, struct mca_error *err);

/*
 * mca_store_count_leaves counts the certificates that are no CA's by their
 * status at `now`.
 */
MCA_API mca_code mca_store_count_leaves(mca_store *store, int64_t *valid,
    int64_t *expired, int64_t *revoked, mca_time now, struct mca_error *err);

/*
 * mca_store_get calls `each` for the certificate of row `id`; MCA_ENOTFOUND
 * when there is none.
 */
MCA_API mca_code mca_store_get(mca_store *store, int64_t id,
    mca_store_each *each, void *context, struct mca_error *err);

/* An authority: a CA certificate whose key we hold, or will hold. */
struct mca_authority {
	const char *label;
	const char *kind;    /* "root" or "intermediate" */
	const char *parent;  /* label of its issuer, "" for a root */
	const char *key;     /* path below the home, absolute path, or URI */
	int64_t certificate; /* row of its certificate; 0: still awaited */
	const uint8_t *der;  /* of its certificate; NULL while awaited */
	size_t der_length;
	mca_time created;
};
typedef mca_code mca_store_each_authority(void *context,
    const struct mca_authority *authority, struct mca_error *err);

/*
 * mca_store_add_authority adds one whose certificate is recorded already, or
 * awaited (0).  MCA_EEXISTS when the label is taken.
 */
MCA_API mca_code mca_store_add_authority(mca_store *store,
    const struct mca_authority *authority, struct mca_error *err);

/*
 * mca_store_install gives an awaiting authority its certificate, and its
 * parent if that is known here (else NULL).  MCA_EEXISTS when it has one.
 */
MCA_API mca_code mca_store_install(mca_store *store, const char *label,
    int64_t certificate, const char *parent, struct mca_error *err);

/* mca_store_authorities walks them, oldest first. */
MCA_API mca_code mca_store_authorities(mca_store *store,
    mca_store_each_authority *each, void *context, struct mca_error *err);

/* A revocation as a CRL tells it (RFC 5280, 5.3). */
struct mca_revocation {
	const char *reason; /* by its name: "keyCompromise" */
	mca_time revoked;
	mca_time invalid_since; /* invalidityDate; 0 without one */
};

/*
 * mca_revocation_reasons returns the reasons that can be given, ended by
 * NULL; mca_revocation_code returns the number of one (RFC 5280, 5.3.1), or
 * -1.
 */
MCA_API const char *const *mca_revocation_reasons(void);
MCA_API int mca_revocation_code(const char *reason);

/* mca_revocation_name returns the reason of that number, or NULL. */
MCA_API const char *mca_revocation_name(int code);

/*
 * mca_store_revoke records a revocation of `serial` (hex) by `issuer` (RFC
 * 4514).  MCA_EEXISTS when it is revoked already.
 */
MCA_API mca_code mca_store_revoke(mca_store *store, const char *issuer,
    const char *serial, const struct mca_revocation *revocation,
    struct mca_error *err);

/* mca_store_revoked asks for one; `*found` says whether there is any. */
MCA_API mca_code mca_store_revoked(mca_store *store, bool *found,
    struct mca_revocation *out, const char *issuer, const char *serial,
    struct mca_error *err);

/* mca_store_issued says whether `issuer` has a certificate of that serial. */
MCA_API mca_code mca_store_issued(mca_store *store, bool *found,
    const char *issuer, const char *serial, struct mca_error *err);

/* mca_store_release takes a revocation back: only a hold may be. */
MCA_API mca_code mca_store_release(mca_store *store, const char *issuer,
    const char *serial, struct mca_error *err);

/* `serial` is the magnitude, big-endian; it lives until the next call. */
typedef mca_code mca_store_each_revocation(void *context, const uint8_t *serial,
    size_t length, const struct mca_revocation *revocation,
    struct mca_error *err);

/* mca_store_revocations walks those of one issuer, by serial number. */
MCA_API mca_code mca_store_revocations(mca_store *store, const char *issuer,
    mca_store_each_revocation *each, void *context, struct mca_error *err);

/* mca_store_count_revocations counts those of an issuer until and after. */
MCA_API mca_code mca_store_count_revocations(mca_store *store, int64_t *until,
    int64_t *after, const char *issuer, mca_time since, struct mca_error *err);

/* A CRL that was published. */
struct mca_crl_record {
	int64_t number; /* 0: there is none yet */
	mca_time this_update, next_update, recorded;
	int64_t entries;
	uint8_t sha256[32];
};

/* mca_store_last_crl asks for the newest of an authority, by its label. */
MCA_API mca_code mca_store_last_crl(mca_store *store,
    struct mca_crl_record *out, const char *authority, struct mca_error *err);

/*
 * mca_store_crl_at asks for the newest list that holds at `at`, or, if none
 * does, for the newest of all.
 */
MCA_API mca_code mca_store_crl_at(mca_store *store, struct mca_crl_record *out,
    const char *authority, mca_time at, struct mca_error *err);

/*
 * mca_store_add_crl records one; MCA_EEXISTS when the authority has given
 * that number before.
 */
MCA_API mca_code mca_store_add_crl(mca_store *store, const char *authority,
    const struct mca_crl_record *crl, mca_time now, struct mca_error *err);

/* A trust anchor and where it came from. */
struct mca_anchor {
	const char *sha256; /* lower-case hex */
	const char *subject;
	const char *origin; /* "init-root", or the file it was added from */
	const uint8_t *der;
	size_t der_length;
	mca_time not_after, added;
};
typedef mca_code mca_store_each_anchor(void *context,
    const struct mca_anchor *anchor, struct mca_error *err);

/* mca_store_add_anchor adds one; `*added` is false if it was there already. */
MCA_API mca_code mca_store_add_anchor(mca_store *store, bool *added,
    const mca_cert *cert, const char *origin, mca_time now,
    struct mca_error *err);

/*
 * mca_store_remove_anchor removes by SHA-256 (hex, colons allowed); `*removed`
 * says whether it was there.  MCA_EUSAGE when that is no fingerprint.
 */
MCA_API mca_code mca_store_remove_anchor(mca_store *store, bool *removed,
    const char *sha256, struct mca_error *err);
MCA_API mca_code mca_store_anchors(mca_store *store,
    mca_store_each_anchor *each, void *context, struct mca_error *err);

/*
 * mca_store_note_file records, in the open transaction, that minica is about
 * to write a file of this SHA-256 for certificate row `certificate`;
 * mca_store_wrote says whether a file of that path and digest is ours, and so
 * may be replaced: every digest ever noted for the path counts, since a crash
 * may leave the file before.  `path` is absolute.
 */
MCA_API mca_code mca_store_note_file(mca_store *store, const char *path,
    const uint8_t sha256[32], int64_t certificate, mca_time now,
    struct mca_error *err);
MCA_API mca_code mca_store_wrote(mca_store *store, bool *ours, const char *path,
    const uint8_t sha256[32], struct mca_error *err);

/*
 * mca_store_file_of tells which certificate row a file of ours was written
 * for; `*id` is 0 if it is not ours.
 */
MCA_API mca_code mca_store_file_of(mca_store *store, int64_t *id,
    const char *path, const uint8_t sha256[32], struct mca_error *err);

/* mca_store_files walks the paths that were written for certificate `id`. */
typedef mca_code mca_store_each_file(void *context, const char *path,
    struct mca_error *err);
MCA_API mca_code mca_store_files(mca_store *store, int64_t id,
    mca_store_each_file *each, void *context, struct mca_error *err);

/*
 * mca_store_each_missing calls `each` with the kind ("table", "index",
 * "trigger") and name of everything that a store must have and this one has no
 * longer.  minica removes none of it: something else did.
 */
typedef mca_code mca_store_each_object(void *context, const char *type,
    const char *name, struct mca_error *err);
MCA_API mca_code mca_store_each_missing(mca_store *store,
    mca_store_each_object *each, void *context, struct mca_error *err);

/* mca_store_missing_say adds the sentence that tells of one of these. */
MCA_API void mca_store_missing_say(mca_text *out, const char *type,
    const char *name);

#endif
