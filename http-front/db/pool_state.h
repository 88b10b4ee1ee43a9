/*
 * db/pool_state.h
 *		What a pool knows, shared by its parts: db/schedule.h chooses lanes,
 *		db/upkeep.h keeps them connected, db/pool.h is what others see.
 */
#ifndef DPMETA_POOL_STATE_H
#define DPMETA_POOL_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "db/connector.h"
#include "db/lane.h"
#include "db/queue.h"

/* Counters of products' writes; two products in one place wait for each other. */
#define WRITING_PLACES 16384

/* One of the servers that the URL names. */
typedef struct PoolHost
{
	int			connecting;
	int64_t		connect_at;		/* not before */
	long		backoff;		/* 0: the last one went well, or there was
								 * none */
} PoolHost;

typedef struct Pool Pool;
struct Pool
{
	const char *name;
	Target		target;
	Queue		queues[KIND_COUNT];
	bool		closing;
	bool		patient;		/* jobs wait for it to be connected again */

	/* Who has lanes. */
	int			kept;			/* the first lanes, which are always connected */
	long		room;			/* what the server has for one of us */
	int			up;
	int			kept_up;		/* of the first ones */
	int			running[KIND_COUNT];	/* kept lanes with one to itself */
	int			kind_most;		/* of these, for each kind */
	int			heavy_most;		/* and for all of them together */
	uint8_t		writing[WRITING_PLACES];	/* lanes that a product has */
	Kind		turn;			/* whose it is when one more has room */
	bool		reserving;		/* some lane may be reserved */
	Lane	   *grouping;		/* the lane last given a read in this turn */

	/* How they are connected. */
	unsigned	host;			/* that is connected to, or was last */
	unsigned	host_count;
	PoolHost   *hosts;
	int			connecting;
	int64_t		away_since;		/* no lane is up, and connecting failed; or 0 */
	int64_t		grow_at;		/* not before */
	bool		probing;
	uint64_t	probed;			/* the server that is probed */
	int64_t		probe_at;		/* not before */
	char		error[256];
	uint64_t	connects;
	uint64_t	losses;
	uint64_t	retries;

	int			lane_count;		/* with those that writes get while they wait */
	Lane		lanes[];
};

static inline bool
pool_keeps(const Pool *pool, const Lane *lane)
{
	return lane - pool->lanes < pool->kept;
}

#endif							/* DPMETA_POOL_STATE_H */
