/*
 * answers/refuse.h
 *		What a client is told of a request that is refused.
 */
#ifndef DPMETA_REFUSE_H
#define DPMETA_REFUSE_H

#include <libpq-fe.h>

#include "base/text.h"
#include "request/request.h"

/* What request->problem, detail and hint say. */
extern void reply_problem(Request *request);
/* The same as bytes, for a request that libmicrohttpd will not carry so far. */
extern void reply_last_words(Request *request, Text *out);
/* The 412 of a read whose conditions do not hold. */
extern void reply_condition(Request *request);
/* What the database refused; takes the result over. */
extern void reply_error(Request *request, PGresult *result);

#endif							/* DPMETA_REFUSE_H */
