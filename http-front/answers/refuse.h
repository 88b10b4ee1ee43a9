/*
 * answers/refuse.h
 *		What a client is told of a request that is refused.
 */
#ifndef DPMETA_REFUSE_H
#define DPMETA_REFUSE_H

#include <libpq-fe.h>

#include "base/text.h"
#include "request/request.h"

/* What the request's refusal says. */
extern void refuse_request(Request *request);

/* The same as bytes, for a request that libmicrohttpd will not carry so far. */
extern void refuse_past_library(Request *request, Text *out);

/* Refuse it for a problem whose words are always the same. */
extern void refuse_as(Request *request, Problem problem);

/* The 412 of a read whose conditions do not hold. */
extern void refuse_condition(Request *request);

/* What the database refused; takes the result over. */
extern void refuse_result(Request *request, PGresult *result);

#endif							/* DPMETA_REFUSE_H */
