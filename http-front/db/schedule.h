/*
 * db/schedule.h
 *		Which job goes to which lane, and when: see db/pool.h.
 */
#ifndef DPMETA_SCHEDULE_H
#define DPMETA_SCHEDULE_H

#include "db/pool_state.h"

/* Is every lane's server known to have replayed so far? */
extern bool schedule_has_replayed(const Pool *pool,
								  const Position *position);

/* Say what kind of lane a job needs, before it is queued or started. */
extern void schedule_classify(Pool *pool, Job *job);

/* True when a lane took it. */
extern bool schedule_start(Pool *pool, Job *job);

/* Let it wait for a lane. */
extern void schedule_queue(Pool *pool, Job *job);

/* Give lanes to what waits. */
extern void schedule_serve(Pool *pool);

/* Send the groups of this turn. */
extern void schedule_send(Pool *pool);

/* The lane's heavy job is done, or lost. */
extern void schedule_free(Lane *lane);

/* Since when has a write waited that another lane would help?  Or NEVER. */
extern int64_t schedule_wants_lane(const Pool *pool);

#endif							/* DPMETA_SCHEDULE_H */
