/*
 * lane.c
 *		One connection to the database, driven without blocking.
 */
#include "lane.h"

#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>

static void read_lane(Watch *watch, uint32_t events);

_Static_assert(sizeof(((Lane *) 0)->prepared) * 8 >= 64, "one bit a route");

static uint64_t
route_bit(const Route *route)
{
	return UINT64_C(1) << (route - ROUTES);
}

/* Ours to ignore: notices would otherwise go to standard error as they are. */
static void
drop_notice(void *arg, const PGresult *notice)
{
	(void) arg;
	(void) notice;
}

bool
lane_open(Lane *lane, PGconn *conn)
{
	lane->conn = conn;
	lane->prepared = 0;
	lane->head = lane->count = lane->unsynced = lane->arrived = 0;
	lane->heavy = lane->reserved = lane->stale = false;
	lane->watch.owner = lane;
	lane->watch.ready = read_lane;
	lane->watch.fd = PQsocket(conn);
	PQsetNoticeReceiver(conn, drop_notice, NULL);
	if (PQsetnonblocking(conn, 1) == 0 && PQenterPipelineMode(conn) == 1 &&
		loop_watch(&lane->watch, EPOLLIN))
	{
		lane->state = LANE_UP;
		return true;
	}
	lane->conn = NULL;
	lane->watch.fd = -1;
	return false;
}

static Flight *
flight_at(Lane *lane, int place)
{
	return &lane->flights[(lane->head + place) % LANE_DEPTH];
}

/* The job at the head leaves; what came back for it is the caller's. */
static Flight
take_flight(Lane *lane)
{
	Flight		flight = lane->flights[lane->head];

	memset(&lane->flights[lane->head], 0, sizeof(Flight));
	lane->head = (lane->head + 1) % LANE_DEPTH;
	lane->count--;
	return flight;
}

void
lane_close(Lane *lane, Outcome outcome)
{
	Flight		lost[LANE_DEPTH];
	int			count = 0;

	while (lane->count > 0)
		lost[count++] = take_flight(lane);
	loop_forget(&lane->watch);
	PQfinish(lane->conn);
	lane->conn = NULL;
	lane->unsynced = lane->arrived = 0;
	lane->state = LANE_DOWN;
	lane->heavy = lane->reserved = lane->stale = false;
	/* A callback may submit again, so the lane must be in order by now. */
	for (int i = 0; i < count; i++)
	{
		PQclear(lost[i].result);
		lost[i].job->done(lost[i].job, outcome, NULL);
	}
}

/* Send what libpq still holds; watch for room when the socket is full. */
static bool
flush_lane(Lane *lane)
{
	int			left = PQflush(lane->conn);

	if (left < 0)
		return false;
	loop_change(&lane->watch, left > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN);
	return true;
}

/*
 * Whose statement it is, for who looks at the server's activity or its log: a
 * name for the implicit transaction that it shares with what follows.  The
 * name is short enough for the server.
 */
static bool
send_trace(Lane *lane, const char *trace)
{
	char		name[64];
	const char *values[] = {name};

	snprintf(name, sizeof(name), "dpmeta %s", trace);
	return PQsendQueryParams(lane->conn,
							 "SELECT pg_catalog.set_config("
							 "'application_name', $1, true)",
							 1, NULL, values, NULL, NULL, 0) == 1;
}

bool
lane_sync(Lane *lane)
{
	if (lane->unsynced == 0)
		return true;
	flight_at(lane, lane->count - 1)->last = true;
	lane->unsynced = 0;
	return PQpipelineSync(lane->conn) == 1 && flush_lane(lane);
}

static bool
send_statement(Lane *lane, Job *job, bool prepare)
{
	const Route *route = job->route;

	if (job->trace != NULL && !send_trace(lane, job->trace))
		return false;
	if (prepare && PQsendPrepare(lane->conn, route->operation, route->sql,
								 0, NULL) == 0)
		return false;
	lane->prepared |= route_bit(route);
	return PQsendQueryPrepared(lane->conn, route->operation, job->value_count,
							   job->values, NULL, NULL, 0) == 1;
}

bool
lane_send(Lane *lane, Job *job, bool alone)
{
	bool		prepare = (lane->prepared & route_bit(job->route)) == 0;
	Flight	   *flight;

	if (alone && !lane_sync(lane))
		return false;
	if (!send_statement(lane, job, prepare))
		return false;
	flight = flight_at(lane, lane->count++);
	flight->job = job;
	flight->tracing = job->trace != NULL;
	flight->preparing = prepare;
	flight->parts = 1 + flight->tracing + flight->preparing;
	flight->last = false;
	flight->result = NULL;
	lane->unsynced++;
	if (!alone || lane_sync(lane))
		return true;
	lane->count--;
	return false;
}

/*
 * One result of a flight.  The trace's and the Prepare's come first where there
 * were any; when one failed nothing after it was tried, and its error is the
 * answer.
 */
static void
take_result(Lane *lane, Flight *flight, PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	bool		done = false;

	if (flight->tracing)
	{
		flight->tracing = false;
		done = status == PGRES_TUPLES_OK;
	}
	else if (flight->preparing)
	{
		flight->preparing = false;
		done = status == PGRES_COMMAND_OK;
		if (!done)
			lane->prepared &= ~route_bit(flight->job->route);
	}
	if (flight->result == NULL && !done)
		flight->result = result;
	else
		PQclear(result);
}

/* The results of a Prepare or of a query have all come. */
static void
end_part(Lane *lane)
{
	if (lane->arrived < lane->count &&
		--flight_at(lane, lane->arrived)->parts == 0)
		lane->arrived++;
}

/* Its sync came back: the group leaves, and each job has its answer. */
static void
answer_group(Lane *lane)
{
	Flight		group[LANE_DEPTH];
	int			count = 0;

	do
		group[count] = take_flight(lane);
	while (!group[count++].last);
	lane->arrived = 0;
	/* A callback may submit again, so the lane must be in order by now. */
	for (int i = 0; i < count; i++)
		pool_answered(lane, group[i].job, group[i].result);
}

/*
 * Take all that has arrived.  False when the connection is broken.  What is
 * answered may put new jobs on this lane meanwhile.
 */
static bool
take_results(Lane *lane)
{
	while (lane->state == LANE_UP && lane->count > 0 && !PQisBusy(lane->conn))
	{
		PGresult   *result = PQgetResult(lane->conn);

		if (result == NULL)
			end_part(lane);
		else if (PQresultStatus(result) == PGRES_PIPELINE_SYNC)
		{
			PQclear(result);
			answer_group(lane);
		}
		else
		{
			take_result(lane, flight_at(lane, lane->arrived), result);
			if (PQstatus(lane->conn) == CONNECTION_BAD)
				return false;
		}
	}
	return lane->state != LANE_UP || PQstatus(lane->conn) == CONNECTION_OK;
}

static void
read_lane(Watch *watch, uint32_t events)
{
	Lane	   *lane = watch->owner;
	bool		good = true;

	if (events & EPOLLOUT)
		good = flush_lane(lane);
	if (good && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
		good = PQconsumeInput(lane->conn) == 1;
	/* What came before the break is still an answer. */
	if (!take_results(lane))
		good = false;
	if (lane->state != LANE_UP)
		return;
	if (!good)
		pool_lane_broke(lane);
	else
		pool_lane_ready(lane);
}
