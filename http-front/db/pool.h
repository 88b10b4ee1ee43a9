/*
 * db/pool.h
 *		The lanes to one database, and what waits for them.
 *
 * An idle lane is taken first, by a group of the short reads that came in the
 * same turn of the loop.  When there is none, a short read may join the reads
 * on a busy lane, unless what is on it takes long.  Writes have a lane to
 * themselves, and so has what is slow: lists, searches, reads that wait for a
 * position and those that db/slow.h knows.  Each of these two kinds has at most
 * half of the lanes and both together all but one, so that none of the three
 * ever waits for the others to end, given three lanes.  With fewer lanes they
 * take turns.  Each kind has a queue of its own.
 */
#ifndef DPMETA_POOL_H
#define DPMETA_POOL_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "db/document.h"
#include "routes/routes.h"

typedef struct Pool Pool;
typedef struct Job Job;

typedef enum Outcome
{
	JOB_ANSWERED,				/* with a result, which the callee clears */
	JOB_BUSY,					/* waited too long, or too many wait */
	JOB_AWAY,					/* no connection to the database */
	JOB_LOST					/* the connection broke meanwhile */
} Outcome;

/* What a job asks of the lanes. */
typedef enum Kind
{
	KIND_READ,					/* short: may share a lane */
	KIND_SLOW,					/* lists, searches, what is slow or waits */
	KIND_WRITE,
	KIND_COUNT
} Kind;

typedef void (*JobDone) (Job *job, Outcome outcome, PGresult *result);

/* One statement to run; embedded in the request, which outlives it. */
struct Job
{
	const Route *route;
	int			value_count;
	const char *values[ROUTE_PARAMETERS];
	const char *trace;			/* a W3C traceparent, or NULL */

	/*
	 * WAL positions, 0 for none.  A read is answered once the server has
	 * replayed as far as "position"; the server's after a write's commit is
	 * put there when "wants_position".
	 */
	uint64_t	position;
	bool		wants_position;
	JobDone		done;
	Document	document;		/* of the result, beside its first row */
	/* the pool's own */
	Job		   *next;
	int			tries;
	Kind		kind;
	bool		alone;			/* not in a group with others */
	bool		waits;			/* for its position: it may take long */
	int64_t		submitted_at;
	int64_t		queued_at;
};

typedef struct PoolFigures
{
	long		lanes;
	long		connected;
	long		busy;
	long		waiting;
	uint64_t	connects;
	uint64_t	losses;
	uint64_t	retries;
} PoolFigures;

extern Pool *pool_create(const char *name, const char *url, int lanes,
						 const char *session_attributes);
extern void pool_destroy(Pool *pool);

/*
 * True when a lane has it, false when it waits for one.  done() may be called
 * before this returns.
 */
extern bool pool_submit(Pool *pool, Job *job);

/*
 * Once a turn, after all that was submitted: send the groups, connect what is
 * down, end what waited too long; returns the next deadline.
 */
extern int64_t pool_tick(Pool *pool);

/* Fail everything that waits or is in flight. */
extern void pool_abandon(Pool *pool);

/* Is every lane's server known to have replayed so far? */
extern bool pool_has_replayed(const Pool *pool, uint64_t position);

/* Is any lane connected? */
extern bool pool_is_up(const Pool *pool);
extern const char *pool_name(const Pool *pool);

/* Why the last connection failed, without secrets; "" when none did. */
extern const char *pool_error(const Pool *pool);
extern void pool_figures(const Pool *pool, PoolFigures *figures);

#endif							/* DPMETA_POOL_H */
