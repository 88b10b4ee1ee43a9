/*
 * answers/docs.h
 *		The answers that document the interface.
 */
#ifndef DPMETA_REPLY_DOCS_H
#define DPMETA_REPLY_DOCS_H

#include <libpq-fe.h>

#include "request/request.h"

/* Takes the result over. */
extern void reply_openapi(Request *request, PGresult *result);

/* A page, or a file that one needs. */
extern void reply_file(Request *request);

#endif							/* DPMETA_REPLY_DOCS_H */
