/*
 * db/trouble.h
 *		What keeps a database from serving: a full disk, for instance.  It is
 *		remembered from one answer to the next, so that /ready and those who get
 *		no answer are told it, too.
 */
#ifndef DPMETA_TROUBLE_H
#define DPMETA_TROUBLE_H

#include <libpq-fe.h>

#include "db/job.h"
#include "routes/problem.h"

typedef struct Trouble
{
	Problem		of_writes;		/* that the last write met, or PROBLEM_NONE */
	Problem		of_connecting;	/* that the last connection met */
} Trouble;

/* A job of the pool with this name was answered. */
extern void trouble_answered(Trouble *trouble, const char *pool,
							 const Job *job, const PGresult *result);

/*
 * Connecting went well, or failed with this SQLSTATE and message.  The state is
 * "" if the server said none.
 */
extern void trouble_connected(Trouble *trouble);
extern void trouble_refused(Trouble *trouble, const char *pool,
							const char *state, const char *message);

/* Why there is no connection, as far as it is known. */
extern Problem trouble_away(const Trouble *trouble);

#endif							/* DPMETA_TROUBLE_H */
