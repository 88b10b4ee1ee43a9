/*
 * db/pool.h
 *		The lanes to one database, and what waits for them.
 *
 * Some lanes are always connected.  An idle one is taken first, by a group of
 * the short reads that came in the same turn of the loop.  When there is none,
 * a short read may join the reads on a busy lane, unless what is on it takes
 * long.  Writes have a lane to themselves, and so has what is slow: lists,
 * searches, reads that wait for a position and those that db/slow.h knows.
 * Each of these two kinds has at most half of the kept lanes and both together
 * all but one, so that none of the three ever waits for the others to end,
 * given three lanes.  With fewer lanes they take turns.  Each kind has a queue
 * of its own.
 *
 * A write waits for a disk, or a standby, and meanwhile costs the server
 * nothing, so more of them at once share a flush.  While writes wait, lanes are
 * connected for them alone, up to a bound, and closed when they are idle for a
 * while.  Those of one product would wait for its lock, so they have one lane at
 * a time.
 *
 * A lane that is silent makes the pool ask the server by another connection
 * whether it is there; when that is silent, too, all lanes to it are given up.
 */
#ifndef DPMETA_POOL_H
#define DPMETA_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "db/job.h"

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
} PoolFigures;

/* So many lanes are kept, and writes get more while they wait, up to "most". */
extern Pool *pool_create(const char *name, const char *url, int kept, int most,
						 const char *session_attributes);
extern void pool_destroy(Pool *pool);

/* Another pool answers in its place, so nothing waits for it to be back. */
extern void pool_has_substitute(Pool *pool);

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
