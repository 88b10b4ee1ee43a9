/*
 * store/statements.h
 *		The SQL that the rules run, by name.  Each is planned once for a
 *		session.
 */
#ifndef DPMETA_STATEMENTS_H
#define DPMETA_STATEMENTS_H

#include "postgres.h"

#include "store/bind.h"

typedef enum Statement
{
	STMT_PRODUCT_LOCK,
	STMT_PRODUCT_INSERT,
	STMT_PRODUCT_UPDATE,
	STMT_PRODUCT_TOUCH,
	STMT_PRODUCT_EMPTY,
	STMT_PRODUCT_PURGE,
	STMT_VERSION_INSERT,
	STMT_VERSION_REPORT,
	STMT_VERSIONS_MARKED,
	STMT_VERSIONS_MARK,
	STMT_VERSIONS_LIST,
	STMT_VERSIONS_LIST_PAST,
	STMT_TABLES_READ,
	STMT_TABLES_COMPARE,
	STMT_RENAMES_READ,
	STMT_SCHEMA_INSERT,
	STMT_RANGE_CLOSE,
	STMT_RANGE_OPEN,
	STMT_RANGES_CLOSE_ALL,
	STMT_RANGES_RECONCILE,
	STMT_KIND_INSERT,
	STMT_SEARCH_PRODUCT,
	STMT_SEARCH_PART,
	STMT_SEARCH_FORGET,
	STMT_SEARCH_PURGE,
	STMT_SEARCH_RENEW,
	STMT_STATE_INSERT,
	STMT_UNDONE_INSERT,
	STMT_FACTS_INSERT,
	STMT_PAST_PURGE,
	STMT_EVENT_INSERT,
	STMT_CONSUMER_READ,
	STMT_CONSUMER_WRITE,
	STMT_CONSUMER_SHOW,
	STMT_CONSUMER_DELETE,
	STMT_CONSUMERS_BROKEN,
	STMT_CONSUMERS_DELETED,
	STMT_CONSUMERS_PURGE,
	STMT_KEY_READ,
	STMT_KEY_WRITE,
	STMT_KEYS_EXPIRE,
	STMT_MODEL_READ,
	STMT_ODCS_READ,
	STMT_DOMAIN_USED,
	STMT_COUNT
} Statement;

/*
 * Runs a statement; the caller has connected to SPI.  Arguments are in the
 * order of the statement's text.  A reading statement sees the snapshot of the
 * caller's query when read_only, else all that is committed by now.  Returns
 * the number of rows; store/row.h reads them.
 */
extern uint64 statement_run(Statement stmt, Values *arguments,
							bool read_only);

#endif							/* DPMETA_STATEMENTS_H */
