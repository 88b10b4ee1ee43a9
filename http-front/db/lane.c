/*
 * db/lane.c
 *		One connection to the database, driven without blocking.
 */
#include "db/lane.h"

#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/field.h"
#include "config.h"

/* The first part that is still to come. */
#define FIRST_PART(parts) ((parts) & -(parts))

/* What libpq's buffers take of a lane anyway; see request/memory.c. */
#define USUAL_SIZE (64 * 1024)

static void read_lane(Watch *watch, uint32_t events);

static size_t grown;			/* of all lanes */

/* Statements that are no route's own have the last bits. */
#define WAIT_BIT (UINT64_C(1) << 63)
#define POSITION_BIT (UINT64_C(1) << 62)

static uint64_t
route_bit(const Route *route)
{
	return UINT64_C(1) << (route - ROUTES);
}

bool
lane_is_up(const Lane *lane)
{
	return lane->conn != NULL;
}

bool
lane_open(Lane *lane, PGconn *conn, uint64_t server)
{
	lane->conn = conn;
	lane->server = server;
	lane->opened_at = lane->idle_since = loop_now();
	lane->prepared = lane->opened = lane->preparing = 0;
	memset(&lane->replayed, 0, sizeof(lane->replayed));
	lane->head = lane->count = lane->unsynced = lane->arrived = 0;
	lane->heavy = lane->reserved = lane->stale = false;
	lane->product = 0;
	lane->watch.owner = lane;
	lane->watch.ready = read_lane;
	lane->watch.fd = PQsocket(conn);
	if (PQsetnonblocking(conn, 1) == 0 && PQenterPipelineMode(conn) == 1 &&
		loop_watch(&lane->watch, EPOLLIN))
		return true;
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

/*
 * The server's last words were an error of the first statement: that is undone,
 * and what stands behind it was not begun.
 */
static bool
ended_with_error(Lane *lane)
{
	const PGresult *result = lane->count > 0 ? flight_at(lane, 0)->result : NULL;

	return result != NULL &&
		PQresultStatus(result) == PGRES_FATAL_ERROR &&
		PQresultErrorField(result, PG_DIAG_SQLSTATE) != NULL;
}

void
lane_close(Lane *lane)
{
	Flight		lost[LANE_DEPTH];
	int			count = 0;
	int			maybe_done = ended_with_error(lane) ? 0 :
		lane->count - lane->unsynced;

	while (lane->count > 0)
		lost[count++] = take_flight(lane);
	loop_forget(&lane->watch);
	PQfinish(lane->conn);
	lane->conn = NULL;
	grown -= lane->grown;
	lane->grown = 0;
	lane->unsynced = lane->arrived = 0;
	lane->heavy = lane->reserved = lane->stale = false;
	/* A callback may submit again, so the lane must be in order by now. */
	for (int i = 0; i < count; i++)
	{
		Job		   *job = lost[i].job;

		if (lost[i].committed)
		{
			/* What its client sent is not where this write is. */
			job->position.place = 0;
			job->done(job, JOB_ANSWERED, lost[i].result);
			continue;
		}
		PQclear(lost[i].result);
		document_free(&job->document);
		lane->events->lost(lane, job, i >= maybe_done);
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
 * Say whose statement it is, for people who look at the server's activity or its
 * log.  The name holds for the implicit transaction that this statement shares with
 * the next one.  It is short enough for the server.
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

static bool
close_group(Lane *lane)
{
	lane->preparing |= lane->opened;
	lane->opened = 0;
	return PQpipelineSync(lane->conn) == 1 && flush_lane(lane);
}

bool
lane_sync(Lane *lane)
{
	if (lane->unsynced == 0)
		return true;
	flight_at(lane, lane->count - 1)->last = true;
	lane->unsynced = 0;
	return close_group(lane);
}

/* Prepare a statement if the lane lacks it. */
static bool
prepare(Lane *lane, const char *name, const char *sql, uint64_t bit)
{
	if ((lane->prepared | lane->opened) & bit)
		return true;
	lane->opened |= bit;
	return PQsendPrepare(lane->conn, name, sql, 0, NULL) == 1;
}

/* Send a statement by its name, after its Prepare if the lane lacks it. */
static bool
send_named(Lane *lane, const char *name, const char *sql, uint64_t bit,
		   int value_count, const char *const *values)
{
	return prepare(lane, name, sql, bit) &&
		PQsendQueryPrepared(lane->conn, name, value_count, values, NULL,
							NULL, 0) == 1;
}

/* A document comes as bytes; all else of its statement is text either way. */
static bool
send_route(Lane *lane, const Job *job)
{
	const Route *route = job->route;

	return prepare(lane, route->operation, document_sql(route),
				   route_bit(route)) &&
		PQsendQueryPrepared(lane->conn, route->operation, job->value_count,
							job->values, NULL, NULL,
							document_is_pieced(route)) == 1;
}

static bool
send_wait(Lane *lane, const Position *position)
{
	char		target[POSITION_TEXT];
	char		timeout[24];
	const char *values[] = {target, timeout};
	long		most = config.statement_timeout / 2;

	/* The statement's own timeout would tell less. */
	if (most > config.position_timeout)
		most = config.position_timeout;
	position_write(position, target);
	snprintf(timeout, sizeof(timeout), "%ld", most);
	return send_named(lane, "wait", "CALL dpmeta.wait_for_position($1, $2)",
					  WAIT_BIT, 2, values);
}

static bool
send_question(Lane *lane)
{
	return send_named(lane, "position",
					  "SELECT dpmeta.current_position()",
					  POSITION_BIT, 0, NULL);
}

static bool
send_parts(Lane *lane, Job *job, unsigned parts)
{
	if ((parts & PART_WAIT) && !send_wait(lane, &job->position))
		return false;
	if ((parts & PART_TRACE) && !send_trace(lane, job->trace))
		return false;
	return send_route(lane, job);
}

/*
 * libpq keeps the memory in which it sends a large body until the connection
 * ends.  So once they have too much of it, a lane is connected anew when it has
 * sent its own.
 */
static void
note_size(Lane *lane, const Job *job)
{
	size_t		size = 0;

	for (int i = 0; i < job->value_count; i++)
		size += job->values[i] != NULL ? strlen(job->values[i]) : 0;
	if (size <= USUAL_SIZE || size <= lane->grown)
		return;
	grown += size - lane->grown;
	lane->grown = size;
	if (grown > (size_t) config.max_bodies / LANES_KEEP)
		lane->stale = true;
}

static bool
needs_wait(const Lane *lane, const Job *job)
{
	return !job->wants_position &&
		!position_covers(&lane->replayed, &job->position);
}

bool
lane_can_take(const Lane *lane, const Job *job, bool alone)
{
	uint64_t	needed = route_bit(job->route);
	uint64_t	uncertain = lane->preparing;

	if (needs_wait(lane, job))
		needed |= WAIT_BIT;
	/* Before what is alone the open group is closed. */
	if (alone || (needed & WAIT_BIT))
		uncertain |= lane->opened;
	return (needed & uncertain) == 0;
}

static unsigned
parts_of(const Lane *lane, const Job *job)
{
	uint64_t	known = lane->prepared | lane->opened;
	unsigned	parts = PART_ANSWER;

	if (!(known & route_bit(job->route)))
		parts |= PART_PREPARE;
	if (job->trace != NULL)
		parts |= PART_TRACE;
	if (needs_wait(lane, job))
		parts |= known & WAIT_BIT ? PART_WAIT :
			PART_WAIT | PART_PREPARE_WAIT;
	if (job->wants_position)
		parts |= known & POSITION_BIT ? PART_POSITION :
			PART_POSITION | PART_PREPARE_POSITION;
	return parts;
}

/* Of one job alone, with the question behind it if there is one. */
static bool
end_group(Lane *lane, unsigned parts)
{
	if (!lane_sync(lane))
		return false;
	return !(parts & PART_POSITION) ||
		(send_question(lane) && close_group(lane));
}

bool
lane_send(Lane *lane, Job *job, bool alone)
{
	unsigned	parts = parts_of(lane, job);
	Flight	   *flight;

	alone |= (parts & (PART_WAIT | PART_POSITION)) != 0;
	if (alone && !lane_sync(lane))
		return false;
	note_size(lane, job);
	if (!send_parts(lane, job, parts))
		return false;
	flight = flight_at(lane, lane->count++);
	memset(flight, 0, sizeof(*flight));
	flight->job = job;
	flight->parts = parts;
	flight->sent_at = loop_now();
	lane->unsynced++;
	if (!alone || end_group(lane, parts))
		return true;
	lane->count--;
	return false;
}

static void
note_prepared(Lane *lane, uint64_t bit, bool done)
{
	lane->preparing &= ~bit;
	if (done)
		lane->prepared |= bit;
}

static void
take_position(Job *job, const PGresult *result)
{
	if (PQresultStatus(result) != PGRES_TUPLES_OK ||
		!position_read(PQgetvalue(result, 0, 0), &job->position))
		job->position.place = 0;
}

static bool
has_rows(const PGresult *result)
{
	return PQresultStatus(result) == PGRES_SINGLE_TUPLE ||
		PQresultStatus(result) == PGRES_TUPLES_OK;
}

/*
 * The first row is kept, and its document put together.  An error may come
 * behind some rows, which are nothing then.
 */
static void
take_answer(Flight *flight, PGresult *result)
{
	Job		   *job = flight->job;

	if (flight->result != NULL && !has_rows(flight->result))
	{
		PQclear(result);
		return;
	}
	if (has_rows(result) && document_is_pieced(job->route))
		for (int row = 0; row < PQntuples(result); row++)
			document_take(&job->document, result, row);
	if (has_rows(result) && flight->result != NULL)
	{
		PQclear(result);
		return;
	}
	if (!has_rows(result))
		document_free(&job->document);
	PQclear(flight->result);
	flight->result = result;
}

/*
 * One result of a flight.  When what comes before the answer failed, nothing
 * after it was tried, and its error is the answer.
 */
static void
take_result(Lane *lane, Flight *flight, PGresult *result)
{
	bool		done = PQresultStatus(result) == PGRES_COMMAND_OK;

	switch ((Part) FIRST_PART(flight->parts))
	{
		case PART_PREPARE_WAIT:
			note_prepared(lane, WAIT_BIT, done);
			break;
		case PART_WAIT:
			if (done)
				lane->events->replayed(lane, &flight->job->position);
			break;
		case PART_TRACE:
			done = PQresultStatus(result) == PGRES_TUPLES_OK;
			break;
		case PART_PREPARE:
			note_prepared(lane, route_bit(flight->job->route), done);
			break;
		case PART_ANSWER:
			take_answer(flight, result);
			return;
		case PART_PREPARE_POSITION:
			note_prepared(lane, POSITION_BIT, done);
			break;
		case PART_POSITION:
			take_position(flight->job, result);
			break;
	}
	if (flight->result == NULL && !done)
		flight->result = result;
	else
		PQclear(result);
}

/* All of the oldest group's results have come, and its sync is next. */
static bool
awaits_sync(Lane *lane)
{
	return lane->arrived > 0 && flight_at(lane, lane->arrived - 1)->last;
}

/*
 * An error in place of the sync: what was answered could not be committed, for
 * a constraint that is checked no sooner.  If the session ends there, nobody
 * knows.  Nothing hangs on the commit of the question behind a write.
 */
static void
take_failed_commit(Lane *lane, PGresult *result)
{
	const char *severity = PQresultErrorField(result,
											  PG_DIAG_SEVERITY_NONLOCALIZED);

	if (severity == NULL || strcmp(severity, "ERROR") != 0 ||
		flight_at(lane, 0)->committed)
	{
		PQclear(result);
		return;
	}
	take_answer(flight_at(lane, 0), result);
	/* The others of the group are to be tried again. */
	for (int i = 1; i < lane->arrived; i++)
		take_answer(flight_at(lane, i),
					PQmakeEmptyPGresult(lane->conn, PGRES_PIPELINE_ABORTED));
}

/* The results of one part have all come. */
static void
end_part(Lane *lane)
{
	Flight	   *flight;
	unsigned	part;

	if (awaits_sync(lane) || lane->arrived >= lane->count)
		return;
	flight = flight_at(lane, lane->arrived);
	part = FIRST_PART(flight->parts);
	flight->parts &= ~part;
	if (part == PART_ANSWER || flight->parts == 0)
		lane->arrived++;
}

/* A write's first sync: only the question behind it is left. */
static bool
await_position(Lane *lane)
{
	Flight	   *flight = flight_at(lane, 0);

	if (flight->parts == 0)
		return false;
	flight->committed = true;
	lane->arrived = 0;
	return true;
}

/* Its sync came back: the group leaves, and each job has its answer. */
static void
answer_group(Lane *lane)
{
	Flight		group[LANE_DEPTH];
	int			count = 0;
	int64_t		took = loop_now() - flight_at(lane, 0)->sent_at;

	do
		group[count] = take_flight(lane);
	while (!group[count++].last);
	lane->arrived = 0;
	/* The next one's time begins now. */
	if (lane->count > 0)
		flight_at(lane, 0)->sent_at = loop_now();
	else
		lane->idle_since = loop_now();
	/* A callback may submit again, so the lane must be in order by now. */
	for (int i = 0; i < count; i++)
		lane->events->answered(lane, group[i].job, group[i].result, took,
							   count == 1);
}

/* libpq takes this only while the statement is the next to have results. */
static void
expect_rows(Lane *lane)
{
	Flight	   *flight;

	if (lane->arrived >= lane->count)
		return;
	flight = flight_at(lane, lane->arrived);
	if (!flight->by_rows && FIRST_PART(flight->parts) == PART_ANSWER &&
		document_is_pieced(flight->job->route))
		flight->by_rows = PQsetSingleRowMode(lane->conn) == 1;
}

/*
 * Does libpq still have to give a result?  An open group may be answered before its
 * sync is sent, because libpq sends when it likes.  After that PQgetResult() would
 * return NULL again and again.
 */
static bool
expects_result(const Lane *lane)
{
	return lane_is_up(lane) &&
		(lane->arrived < lane->count || lane->unsynced < lane->count);
}

static bool
has_result(Lane *lane)
{
	if (!expects_result(lane))
		return false;
	expect_rows(lane);
	return !PQisBusy(lane->conn);
}

/*
 * Take all that has arrived.  False when the connection is broken.  What is
 * answered may put new jobs on this lane meanwhile.
 */
static bool
take_results(Lane *lane)
{
	while (has_result(lane))
	{
		PGresult   *result = PQgetResult(lane->conn);

		if (result == NULL)
			end_part(lane);
		else if (PQresultStatus(result) == PGRES_PIPELINE_SYNC)
		{
			PQclear(result);
			if (!await_position(lane))
				answer_group(lane);
		}
		else
		{
			if (awaits_sync(lane))
				take_failed_commit(lane, result);
			else if (lane->arrived < lane->count)
				take_result(lane, flight_at(lane, lane->arrived), result);
			else
				PQclear(result);
			if (PQstatus(lane->conn) == CONNECTION_BAD)
				return false;
		}
	}
	return !lane_is_up(lane) || PQstatus(lane->conn) == CONNECTION_OK;
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
	if (!lane_is_up(lane))
		return;
	if (!good)
		lane->events->broke(lane, PQerrorMessage(lane->conn));
	else
		lane->events->ready(lane);
}

void
lane_look(Lane *lane)
{
	char		byte;
	ssize_t		got = recv(lane->watch.fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

	/* Its end, or the server's last words, or a notice. */
	if (got >= 0)
		read_lane(&lane->watch, EPOLLIN);
}
