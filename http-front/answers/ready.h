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

#endif							/* DPMETA_READY_H */
