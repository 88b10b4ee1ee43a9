/*
 * db/job.h
 *		One statement to run, and what can come of it.
 */
#ifndef DPMETA_JOB_H
#define DPMETA_JOB_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/field.h"
#include "db/document.h"
#include "routes/routes.h"

typedef struct Job Job;

typedef enum Outcome
{
	JOB_ANSWERED,				/* with a result, which the callee clears */
	JOB_BUSY,					/* waited too long, or too many wait */
	JOB_AWAY,					/* no connection to the database */
	JOB_LOST					/* the connection broke meanwhile */
} Outcome;

/* What a job asks of the lanes. */
typedef enum Kind
{
	KIND_READ,					/* short: may share a lane */
	KIND_SLOW,					/* lists, searches, what is slow or waits */
	KIND_WRITE,
	KIND_COUNT
} Kind;

typedef void (*JobDone) (Job *job, Outcome outcome, PGresult *result);

/* Embedded in the request, which outlives it. */
struct Job
{
	const Route *route;
	int			value_count;
	const char *values[ROUTE_PARAMETERS];
	const char *trace;			/* a W3C traceparent, or NULL */

	/*
	 * A WAL position, if any.  Of a read: the server answers once it has
	 * replayed up to there.  Of a write with "wants_position": where the
	 * server was after the commit.
	 */
	Position	position;
	bool		wants_position;
	JobDone		done;
	Document	document;		/* of the result, beside its first row */
	/* the pool's own */
	Job		   *next;
	int			tries;
	Kind		kind;
	bool		alone;			/* not in a group with others */
	bool		waits;			/* for its position: it may take long */
	bool		repeated;		/* its first connection was lost */
	uint64_t	product;		/* of a write, as a hash; 0 if it is not known */
	int64_t		took;			/* the database, with its group: milliseconds */
	int64_t		submitted_at;
	int64_t		queued_at;
};

/*
 * The product that a write changes, as a hash.  The writes of one product wait for
 * its lock.
 */
extern uint64_t job_product(const Job *job);

/*
 * May it be sent a second time when nobody knows what became of the first?
 * Reads, and writes whose first answer would be replayed whatever happened
 * since: with a key, or with If-Match.
 */
extern bool job_is_repeatable(const Job *job);

/* The probe of whoever watches this process. */
extern bool job_is_probe(const Job *job);

#endif							/* DPMETA_JOB_H */
