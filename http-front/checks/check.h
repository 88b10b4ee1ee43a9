/*
 * checks/check.h
 *		Everything about a request that is judged before the database.
 *
 * Each function notes the first thing that is wrong in request->problem.
 */
#ifndef DPMETA_CHECK_H
#define DPMETA_CHECK_H

#include "server/request.h"

/*
 * What the fields of a head may take of a connection's memory beside the
 * longest head: libmicrohttpd has a list of them.
 */
#define CHECK_FIELDS_ROOM 1536

extern void check_head(Request *request, const char *url, const char *method,
					   const char *version);
extern void check_body_size(Request *request, uint64_t size);
/* Once the body is whole. */
extern void check_body(Request *request);
/* Fill in the statement's parameters; false when one is wrong. */
extern bool check_values(Request *request);

#endif							/* DPMETA_CHECK_H */
