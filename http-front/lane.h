/*
 * lane.h
 *		One connection to the database, driven without blocking.
 *
 * libpq's pipeline mode throughout, one sync for each job, so that one job's
 * error is its own.  A statement is prepared when a lane first needs it.
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
	bool		tracing;		/* results of their own are still to come */
	bool		preparing;
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
	Flight		flights[LANE_DEPTH];
} Lane;

/* Take over a connection that the helper made, unless false. */
extern bool lane_open(Lane *lane, PGconn *conn);
/* Close it and call back for every job on it. */
extern void lane_close(Lane *lane, Outcome outcome);
/* Send a job; when false the lane is broken and the job was not taken. */
extern bool lane_send(Lane *lane, Job *job);

/* Called by the lane, defined by the pool. */
extern void pool_answered(Lane *lane, Job *job, PGresult *result);
extern void pool_lane_broke(Lane *lane);
extern void pool_lane_ready(Lane *lane);
extern void pool_connected(Lane *lane, PGconn *conn);

#endif							/* DPMETA_LANE_H */
