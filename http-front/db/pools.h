/*
 * db/pools.h
 *		The pools that there are, and which of them answers.
 *
 * Writes go to the primary.  Reads go to the read database, if there is one.
 * The primary answers a read that asks for it by ?consistent=true, one that the
 * standby has not replayed in time, and every read while the standby is away.
 */
#ifndef DPMETA_POOLS_H
#define DPMETA_POOLS_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "db/pool.h"

/* Takes the settings of config.h. */
extern bool pools_start(void);
extern void pools_stop(void);

/* The settings of config.h are others, or the files that they name are. */
extern void pools_renew(void);

/* As pool_tick() and pool_abandon(), for each. */
extern int64_t pools_tick(void);
extern void pools_abandon(void);

/* Do reads go elsewhere than writes? */
extern bool pools_are_split(void);

/* Where a call is sent first. */
extern Pool *pools_for_write(void);
extern Pool *pools_for_read(bool consistent, const Position *position);

/*
 * Is this outcome, with its result if there is one, none to answer with, so
 * that the primary is to be asked?  Never when "asked" is the primary.
 */
extern bool pools_need_primary(const Pool *asked, Outcome outcome,
							   const PGresult *result);

/*
 * "reachable" or "away", of the database that a pool goes to.  If the last write
 * there was refused for the server's sake, the name of that problem.
 */
extern const char *pools_state(const Pool *pool);
extern const char *pools_write_state(void);

extern void pools_metrics_write(Text *out);

#endif							/* DPMETA_POOLS_H */
