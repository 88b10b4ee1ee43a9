/*
 * db/schedule.h
 *		Which job goes to which lane, and when: see db/pool.h.
 */
#ifndef DPMETA_SCHEDULE_H
#define DPMETA_SCHEDULE_H

#include "db/pool_state.h"

/* Is every lane's server known to have replayed so far? */
extern bool schedule_has_replayed(const Pool *pool, uint64_t position);

/* What of the lanes is asked for; before it is queued or started. */
extern void schedule_judge(Pool *pool, Job *job);

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

/* Since when does a write wait for which another lane would be of use?  Or NEVER. */
extern int64_t schedule_wants_lane(const Pool *pool);

#endif							/* DPMETA_SCHEDULE_H */
