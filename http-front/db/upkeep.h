/*
 * db/upkeep.h
 *		Keeping a pool's lanes connected: as many as are needed, to a host that
 *		serves, and not to a server that is silent.
 */
#ifndef DPMETA_UPKEEP_H
#define DPMETA_UPKEEP_H

#include "db/pool_state.h"

/* Once a turn; returns the next deadline. */
extern int64_t upkeep_tick(Pool *pool);

/* Close a lane, whatever the reason; what was on it is lost. */
extern void upkeep_close(Lane *lane);

/* No lane of its server is to be used again. */
extern void upkeep_leave_server(Lane *lane);

/* Is it known that nothing can be connected to, and for too long to wait? */
extern bool upkeep_gives_up(const Pool *pool);

#endif							/* DPMETA_UPKEEP_H */
