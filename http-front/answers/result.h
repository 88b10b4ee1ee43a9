/*
 * answers/result.h
 *		From what the database said to what the client gets.
 */
#ifndef DPMETA_RESULT_H
#define DPMETA_RESULT_H

#include <libpq-fe.h>

#include "request/request.h"

/* Takes the result over. */
extern void answer_result(Request *request, PGresult *result);

#endif							/* DPMETA_RESULT_H */
