/*
 * answers/ready.h
 *		The answer to /ready.
 */
#ifndef DPMETA_READY_H
#define DPMETA_READY_H

#include <libpq-fe.h>

#include "request/request.h"

/* Takes the result over. */
extern void answer_ready(Request *request, PGresult *result);

/*
 * The database is there, but all that could ask it has something to do: what it
 * said last is the answer.
 */
extern void answer_ready_unasked(Request *request);

#endif							/* DPMETA_READY_H */
