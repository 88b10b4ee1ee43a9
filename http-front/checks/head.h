/*
 * checks/head.h
 *		The head of a request as such: its fields, its framing, its size.
 */
#ifndef DPMETA_CHECK_HEAD_H
#define DPMETA_CHECK_HEAD_H

#include <microhttpd.h>
#include <stdbool.h>

#include "request/head.h"
#include "request/refusal.h"

/* Of HEAD_PARTS, pieces of the query: no route has as many parameters. */
#define HEAD_PIECES 48

/*
 * Up to this size a refused body is read and dropped; beyond it the connection
 * is closed.
 */
#define DISCARD_MOST (UINT64_C(128) * 1024 * 1024)

/*
 * False when libmicrohttpd must not go on with this target, because it would
 * have no memory for the pieces of its query.
 */
extern bool check_target(const char *target, Refusal *refusal);

/* Take in the fields of the head, and judge them together. */
extern void check_fields(struct MHD_Connection *connection,
						 const char *version, Head *head, Refusal *refusal);

/* The same of a whole head that libmicrohttpd refuses without asking us. */
extern void check_refused_head(struct MHD_Connection *connection, Head *head,
							   Refusal *refusal);
extern void check_body_size(uint64_t size, Refusal *refusal);

/* Once all else is judged: a refused body may be too large to be read at all. */
extern void check_refused_body(const Head *head, Refusal *refusal);

#endif							/* DPMETA_CHECK_HEAD_H */
