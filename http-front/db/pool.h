/*
 * db/pool.h
 *		The lanes to one database, and what waits for them.
 *
 * Some lanes are always connected.  These are the kept ones.  There are three
 * kinds of jobs, each with a queue of its own: short reads, slow reads, and writes.
 *
 * The short reads of one turn of the loop go to an idle lane, as a group.  If no
 * lane is idle, a short read may join the reads on a busy one, unless a job there
 * takes long.  Writes have a lane to themselves, and so have slow reads: lists,
 * searches, reads that wait for a position, and those that db/slow.h knows.  Each
 * of these two kinds has at most half of the kept lanes, and both together all but
 * one.  So with three lanes or more, no kind waits for another kind to end.  With
 * fewer they take turns.
 *
 * A write waits for a disk or a standby, which costs the server nothing, and
 * writes that wait together share a flush.  So while writes wait, more lanes are
 * connected, for writes alone, up to a bound.  They are closed when they have been
 * idle for a while.  The writes of one product would wait for its lock, so they
 * have one lane at a time.
 *
 * If a lane is silent, the pool asks the server by another connection whether it is
 * there.  If that is silent too, the pool gives up all lanes to the server.
 */
#ifndef DPMETA_POOL_H
#define DPMETA_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "db/job.h"
#include "routes/problem.h"

typedef struct Pool Pool;

typedef struct PoolFigures
{
	long		lanes;			/* that are always connected */
	long		connected;
	long		busy;
	long		waiting;
	uint64_t	connects;
	uint64_t	losses;
	uint64_t	retries;

	/* The server, while one is connected: NULL without one. */
	const char *host;
	const char *port;
	int64_t		since;			/* in seconds since 1970 */
} PoolFigures;

/* "kept" lanes are always connected, and up to "most" while writes wait. */
extern Pool *pool_create(const char *name, const char *url,
						 const char *password, int kept, int most,
						 const char *session_attributes);
extern void pool_destroy(Pool *pool);

/* Another pool answers in its place, so nothing waits for it to be back. */
extern void pool_has_substitute(Pool *pool);

/* done() may be called before this returns. */
extern void pool_submit(Pool *pool, Job *job);

/*
 * Once a turn, after all that was submitted: send the groups, connect what is
 * down, end what waited too long; returns the next deadline.
 */
extern int64_t pool_tick(Pool *pool);

/* Fail everything that waits or is in flight. */
extern void pool_abandon(Pool *pool);

/*
 * Connect by these from now on, if they are good, and replace the lanes that
 * there are.  They may be the same again, if files that they name are others.
 */
extern void pool_renew(Pool *pool, const char *url, const char *password);

/* Is every lane's server known to have replayed so far? */
extern bool pool_has_replayed(const Pool *pool, const Position *position);

/* Is any lane connected? */
extern bool pool_is_up(const Pool *pool);
extern const char *pool_name(const Pool *pool);

/* What a job is told that got no answer, or whose answer was lost. */
extern Problem pool_problem(const Pool *pool);

/* What the last write met that was refused for the server's sake, if any. */
extern Problem pool_trouble(const Pool *pool);

/* Why the last connection failed, without secrets; "" when none did. */
extern const char *pool_error(const Pool *pool);
extern void pool_figures(const Pool *pool, PoolFigures *figures);

#endif							/* DPMETA_POOL_H */
