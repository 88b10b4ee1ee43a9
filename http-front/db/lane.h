/*
 * db/lane.h
 *		One connection to the database, driven without blocking.
 *
 * libpq's pipeline mode throughout.  The short reads of one turn of the loop
 * make a group with one sync, which is one transaction and one packet each way;
 * anything else has a sync to itself, so that its error is its own.  A
 * statement is prepared when a lane first needs it.
 *
 * A read that has to find what was written elsewhere has a wait for the WAL's
 * position before it, in the same group, so that it is not tried when that
 * fails.  A write is followed by a question for the position, behind its sync:
 * that commits it.
 */
#ifndef DPMETA_LANE_H
#define DPMETA_LANE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"
#include "db/job.h"

#define LANE_DEPTH 64

/* Of what all bodies may take, idle lanes may have kept one part in so many. */
#define LANES_KEEP 2
/* What each takes beside that: its buffers, and TLS. */
#define LANE_MEMORY (256 * 1024)

/* What is sent for a job, in this order; each part has results of its own. */
typedef enum Part
{
	PART_PREPARE_WAIT = 1,
	PART_WAIT = 2,
	PART_TRACE = 4,
	PART_PREPARE = 8,
	PART_ANSWER = 16,
	/* behind the sync */
	PART_PREPARE_POSITION = 32,
	PART_POSITION = 64
} Part;

typedef struct Flight
{
	Job		   *job;
	unsigned	parts;			/* whose results are still to come */
	int64_t		sent_at;
	bool		last;			/* of its group */
	bool		committed;		/* only the position is missing */
	PGresult   *result;
	bool		by_rows;		/* libpq gives its rows one by one */
} Flight;

typedef struct Lane Lane;

/* What a lane tells whoever it works for. */
typedef struct LaneEvents
{
	/* A job's result, or an error; "took" is its group's, in milliseconds. */
	void		(*answered) (Lane *lane, Job *job, PGresult *result,
							 int64_t took, bool alone);
	/* The lane was closed with the job on it; "undone": it did nothing. */
	void		(*lost) (Lane *lane, Job *job, bool undone);
	/* The lane's server has replayed so far. */
	void		(*replayed) (Lane *lane, uint64_t position);
	/* Its connection is of no use any more. */
	void		(*broke) (Lane *lane, const char *why);
	/* All that has arrived was taken. */
	void		(*ready) (Lane *lane);
} LaneEvents;

struct Lane
{
	Watch		watch;
	const LaneEvents *events;
	void	   *owner;
	PGconn	   *conn;			/* NULL while it is down */

	/*
	 * A bit for each statement: those that the server said are prepared;
	 * those whose Prepare is in the open group, where it is skipped only
	 * together with what needs it; and those whose Prepare is on its way.
	 */
	uint64_t	prepared;
	uint64_t	opened;
	uint64_t	preparing;
	unsigned	host;			/* of those that the URL has */
	uint64_t	server;			/* which one it is: see db/connector.h */
	uint64_t	replayed;		/* the server has, at least so far */
	int64_t		opened_at;
	int64_t		idle_since;		/* while nothing is on it */
	bool		heavy;			/* what is on it shares with nobody */
	Kind		kind;			/* of that */
	uint64_t	product;		/* that it writes, see db/job.h; or 0 */
	bool		reserved;		/* no more reads: something heavy waits */
	bool		stale;			/* to be connected anew once it is empty */
	size_t		grown;			/* what libpq's buffer has grown by */
	int			head;
	int			count;
	int			unsynced;		/* the newest flights, whose group is open */
	int			arrived;		/* the oldest ones, all of whose results came */
	Flight		flights[LANE_DEPTH];
};

extern bool lane_is_up(const Lane *lane);

/* Take over a connection, unless false. */
extern bool lane_open(Lane *lane, PGconn *conn, uint64_t server);

/* Close it; every job on it is lost, but for a write that was committed. */
extern void lane_close(Lane *lane);

/*
 * Look whether the server closed an idle lane, so that nothing is sent to where
 * nobody would answer.
 */
extern void lane_look(Lane *lane);

/*
 * May it be sent now?  Not while a statement of it is on its way to being
 * prepared in another group: that may be skipped.
 */
extern bool lane_can_take(const Lane *lane, const Job *job, bool alone);

/*
 * Send a job, to the open group unless it is to be alone; when false the lane
 * is broken and the job was not taken.
 */
extern bool lane_send(Lane *lane, Job *job, bool alone);

/* Close the open group, so that it is answered; when false as above. */
extern bool lane_sync(Lane *lane);

#endif							/* DPMETA_LANE_H */
