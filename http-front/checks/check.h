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
 * Fields, cookies and pieces of the query that a head may have in all, and
 * what libmicrohttpd may need to remember one: seven words.
 */
#define HEAD_PARTS 128
#define HEAD_PART_MEMORY 64
/* Of these, pieces of the query: no route has as many parameters. */
#define HEAD_PIECES 48

/*
 * False when libmicrohttpd is not to go on with this target: it would have no
 * memory for the pieces of its query.
 */
extern bool check_target(Request *request);
/* The same of a whole head that libmicrohttpd refuses without asking us. */
extern void check_refused_head(Request *request);
extern void check_head(Request *request, const char *method,
					   const char *version);
extern void check_body_size(Request *request, uint64_t size);
/* Once the body is whole. */
extern void check_body(Request *request);
/* Fill in the statement's parameters; false when one is wrong. */
extern bool check_values(Request *request);

#endif							/* DPMETA_CHECK_H */
