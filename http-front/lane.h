/*
 * lane.h
 *		One connection to the database, driven without blocking.
 *
 * libpq's pipeline mode throughout.  The short reads of one turn of the loop
 * make a group with one sync, which is one transaction and one packet each way;
 * anything else has a sync to itself, so that its error is its own.  A
 * statement is prepared when a lane first needs it.
 */
#ifndef DPMETA_LANE_H
#define DPMETA_LANE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "loop.h"
#include "pool.h"

#define LANE_DEPTH 64

typedef enum LaneState
{
	LANE_DOWN,
	LANE_CONNECTING,
	LANE_UP
} LaneState;

typedef struct Flight
{
	Job		   *job;
	int			parts;			/* trace, Prepare, query: results to come */
	bool		tracing;		/* the first of them are not the answer */
	bool		preparing;
	bool		last;			/* of its group */
	PGresult   *result;
} Flight;

typedef struct Lane
{
	Watch		watch;
	Pool	   *pool;
	LaneState	state;
	PGconn	   *conn;
	uint64_t	prepared;		/* a bit for each route */
	bool		heavy;			/* what is on it shares with nobody */
	bool		reserved;		/* no more reads: something heavy waits */
	bool		stale;			/* to be connected anew once it is empty */
	int			head;
	int			count;
	int			unsynced;		/* the newest flights, whose group is open */
	int			arrived;		/* the oldest ones, all of whose results came */
	Flight		flights[LANE_DEPTH];
} Lane;

/* Take over a connection that the helper made, unless false. */
extern bool lane_open(Lane *lane, PGconn *conn);
/* Close it and call back for every job on it. */
extern void lane_close(Lane *lane, Outcome outcome);
/*
 * Send a job, to the open group unless it is to be alone; when false the lane
 * is broken and the job was not taken.
 */
extern bool lane_send(Lane *lane, Job *job, bool alone);
/* Close the open group, so that it is answered; when false as above. */
extern bool lane_sync(Lane *lane);

/* Called by the lane, defined by the pool. */
extern void pool_answered(Lane *lane, Job *job, PGresult *result);
extern void pool_lane_broke(Lane *lane);
extern void pool_lane_ready(Lane *lane);
extern void pool_connected(Lane *lane, PGconn *conn);

#endif							/* DPMETA_LANE_H */
