/*
 * db/sqlstate.h
 *		What the front makes of an SQLSTATE: the one table of it.
 */
#ifndef DPMETA_SQLSTATE_H
#define DPMETA_SQLSTATE_H

#include <stdbool.h>

#include "routes/problem.h"

/* What the extension raises if a standby has not replayed so far in time. */
#define SQLSTATE_BEHIND "MD015"

/* What can be done about it, beside telling the client. */
typedef enum Remedy
{
	/* nothing was done: the same statement may be tried again at once */
	REMEDY_AGAIN = 1,
	/* the session is of no further use: another role, stale statements */
	REMEDY_NEW_LANE = 2,
	/* another server may do what this one does not */
	REMEDY_ELSEWHERE = 4,
	/* no session of this server is of further use, if there is another one */
	REMEDY_NEW_SERVER = 8
} Remedy;

/* NULL, which libpq's own errors have, is a connection that broke. */
extern Problem sqlstate_problem(const char *sqlstate, bool sent_body);

/* One of the remedies, that is. */
extern bool sqlstate_has(const char *sqlstate, unsigned remedies);

#endif							/* DPMETA_SQLSTATE_H */
