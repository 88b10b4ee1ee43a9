/*
 * answers/docs.h
 *		Pages, the files that they need, and the description of the interface.
 */
#ifndef DPMETA_DOCS_H
#define DPMETA_DOCS_H

#include <libpq-fe.h>

#include "request/request.h"

/* Takes the result over. */
extern void answer_openapi(Request *request, PGresult *result);

/* A page, or a file that one needs. */
extern void answer_file(Request *request);

#endif							/* DPMETA_DOCS_H */
