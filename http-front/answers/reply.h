/*
 * answers/reply.h
 *		From what the database said to what the client gets.
 *
 * Each function sets the request's response and status.
 */
#ifndef DPMETA_REPLY_H
#define DPMETA_REPLY_H

#include <libpq-fe.h>

#include "server/request.h"

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
/* What request->problem, detail and hint say. */
extern void reply_problem(Request *request);
/* The same as bytes, for a request that libmicrohttpd will not carry so far. */
extern void reply_last_words(Request *request, Text *out);
extern void reply_options(Request *request);
/* The routes that need no database. */
extern void reply_local(Request *request);

/*
 * For those who make an answer.  reply_set() hands the response over and adds
 * what every answer has; when it was not made, the line is closed.
 */
extern bool reply_set(Request *request, struct MHD_Response *response,
					  int status);
extern void reply_header(Request *request, const char *name,
						 const char *value);
/* A response of a text, which it takes over, compressed if that is wanted. */
extern struct MHD_Response *reply_text(Request *request, Text *text);
extern void reply_etag(Request *request, const char *etag);
/*
 * A read's conditions, against the tag it turned out to have; NULL if it has
 * none.  What is to be done about a 412 is reply_condition().
 */
extern void reply_condition(Request *request);
extern int	reply_read_status(Request *request, const char *etag);

#endif							/* DPMETA_REPLY_H */
