/*
 * answers/result.h
 *		From what the database said to what the client gets.
 *
 * Each function sets the request's response and status.
 */
#ifndef DPMETA_RESULT_H
#define DPMETA_RESULT_H

#include <libpq-fe.h>

#include "request/request.h"

/* The columns of every statement in the route table. */
typedef enum ReplyColumn
{
	COLUMN_ID,
	COLUMN_ETAG,
	COLUMN_DOCUMENT = DOCUMENT_COLUMN,
	COLUMN_RETIRED_AT,
	COLUMN_SUNSET,
	COLUMN_SUCCESSOR,
	COLUMN_REPLAYED,
	COLUMN_KIND,
	COLUMN_NEXT
} ReplyColumn;

/* Takes the result over. */
extern void reply_result(Request *request, PGresult *result);
extern void reply_options(Request *request);
/* The routes that need no database. */
extern void reply_local(Request *request);

extern void reply_etag(Request *request, const char *etag);
/* A read's status by its conditions, against its tag; NULL if it has none. */
extern int	reply_read_status(Request *request, const char *etag);

#endif							/* DPMETA_RESULT_H */
