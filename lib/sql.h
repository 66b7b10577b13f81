/*
 * sql.h - SQLite, one statement at a time, by name.
 *
 * Statements are found by their "-- name:" line in schema/queries.sql, are
 * prepared when first used and kept until close; parameters are bound by
 * name.  Only sql.c and store's own files know SQLite.
 */
#ifndef MCA_SQL_H
#define MCA_SQL_H

#include "error.h"
#include "minica/owned.h"

typedef struct mca_sql mca_sql;	    /* a connection */
typedef struct mca_query mca_query; /* a statement in use */

/* to be designed by its author */
#endif
