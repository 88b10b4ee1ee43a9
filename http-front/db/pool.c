/*
 * db/pool.c
 *		The lanes to one database, and what waits for them.
 */
#include "db/pool.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/loop.h"
#include "config.h"
#include "db/hosts.h"
#include "db/pool_state.h"
#include "db/renewal.h"
#include "db/schedule.h"
#include "db/slow.h"
#include "db/sqlstate.h"
#include "db/upkeep.h"

#define MOST_TRIES 5

static void take_answer(Lane *lane, Job *job, PGresult *result, int64_t took,
						bool alone);
static void take_lost(Lane *lane, Job *job, bool undone);
static void note_replayed(Lane *lane, const Position *position);
static void close_broken(Lane *lane, const char *why);
static void go_on(Lane *lane);

static const LaneEvents EVENTS = {
	.answered = take_answer,
	.lost = take_lost,
	.replayed = note_replayed,
	.broke = close_broken,
	.ready = go_on,
};

static void
init_lanes(Pool *pool, int kept, int most)
{
	pool->kept = kept;
	pool->lane_count = most;
	pool->kind_most = kept > 1 ? kept / 2 : 1;
	pool->heavy_most = kept > 1 ? kept - 1 : 1;
	pool->turn = KIND_WRITE;
	for (int kind = 0; kind < KIND_COUNT; kind++)
		queue_init(&pool->queues[kind]);
	for (int i = 0; i < most; i++)
	{
		pool->lanes[i].owner = pool;
		pool->lanes[i].events = &EVENTS;
		pool->lanes[i].watch.fd = -1;
	}
}

Pool *
pool_create(const char *name, const char *url, const char *password,
			int kept, int most, const char *session_attributes)
{
	Pool	   *pool = calloc(1, sizeof(*pool) + sizeof(Lane) * (size_t) most);

	if (pool == NULL)
		return NULL;
	pool->name = name;
	pool->patient = true;
	pool->target.url = strdup(url);
	pool->target.password = password != NULL ? strdup(password) : NULL;
	pool->target.session_attributes = session_attributes;
	pool->host_count = pool->host_room = hosts_count(url);
	pool->hosts = calloc(pool->host_count, sizeof(PoolHost));
	if (pool->hosts == NULL || pool->target.url == NULL ||
		(password != NULL && pool->target.password == NULL))
	{
		pool_destroy(pool);
		return NULL;
	}
	init_lanes(pool, kept, most);
	return pool;
}

void
pool_has_substitute(Pool *pool)
{
	pool->patient = false;
}

static void
fail_queues(Pool *pool, Outcome outcome)
{
	for (int kind = 0; kind < KIND_COUNT; kind++)
		queue_fail(&pool->queues[kind], outcome);
}

/* After connector_stop(): nobody connects a lane any more. */
void
pool_destroy(Pool *pool)
{
	if (pool == NULL)
		return;
	pool_abandon(pool);
	renewal_free(pool);
	free(pool->hosts);
	free(pool);
}

void
pool_renew(Pool *pool, const char *url, const char *password)
{
	renewal_offer(pool, url, password);
}

bool
pool_has_replayed(const Pool *pool, const Position *position)
{
	return schedule_has_replayed(pool, position);
}

/* Those of another server may be behind. */
static void
note_replayed(Lane *lane, const Position *position)
{
	Pool	   *pool = lane->owner;

	for (int i = 0; i < pool->lane_count; i++)
	{
		Lane	   *other = &pool->lanes[i];

		if (lane_is_up(other) && other->server == lane->server &&
			!position_covers(&other->replayed, position))
			other->replayed = *position;
	}
}

/*
 * While nothing is connected, a probe gets its answer at once.  Other jobs wait,
 * because a lost connection is usually back in a moment.
 */
static bool
is_hopeless(const Pool *pool, const Job *job)
{
	if (pool->closing)
		return true;
	if (pool->up == 0 && pool->away_since != 0 && job_is_probe(job))
		return true;
	return upkeep_gives_up(pool);
}

void
pool_submit(Pool *pool, Job *job)
{
	job->submitted_at = loop_now();
	job->tries = 0;
	job->repeated = false;
	document_free(&job->document);
	schedule_classify(pool, job);
	if (is_hopeless(pool, job))
		job->done(job, JOB_AWAY, NULL);
	else if (schedule_start(pool, job))
		return;
	else if (job_is_probe(job) ? pool->up > 0 :
			 pool->queues[job->kind].length >= config.queue)
		job->done(job, JOB_BUSY, NULL);
	else
		schedule_queue(pool, job);
}

static void
submit_again(Pool *pool, Job *job)
{
	document_free(&job->document);
	queue_add(&pool->queues[job->kind], job);
}

/* No try may begin later than one may take. */
static bool
is_in_time(const Job *job)
{
	return loop_now() - job->submitted_at < config.statement_timeout;
}

static bool
may_try_again(Job *job, const char *state)
{
	return sqlstate_has(state, REMEDY_AGAIN) && ++job->tries < MOST_TRIES &&
		is_in_time(job);
}

/*
 * A result that says "again" goes back to the queue, so that a deadlock or a
 * serialization failure never reaches a client.
 */
static void
take_answer(Lane *lane, Job *job, PGresult *result, int64_t took, bool alone)
{
	Pool	   *pool = lane->owner;
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	schedule_free(lane);
	job->took = took;
	trouble_answered(&pool->trouble, pool->name, job, result);
	if (job->route->work == WORK_READ && !job->waits)
		slow_note(job, took, alone);
	/* One before it in its group failed, so this one was not tried. */
	if (PQresultStatus(result) == PGRES_PIPELINE_ABORTED)
	{
		PQclear(result);
		job->alone = true;
		submit_again(pool, job);
		return;
	}
	if (sqlstate_has(state, REMEDY_NEW_LANE | REMEDY_NEW_SERVER))
		lane->stale = true;
	if (sqlstate_has(state, REMEDY_NEW_SERVER) && pool->host_count > 1)
		upkeep_leave_server(lane);
	if (may_try_again(job, state))
	{
		PQclear(result);
		pool->retries++;
		submit_again(pool, job);
		return;
	}
	job->done(job, JOB_ANSWERED, result);
}

/*
 * A job that was not sent, or that failed, was not done.  One that was sent may
 * have been done, so it is sent again only if it may be done twice, and only once.
 */
static void
take_lost(Lane *lane, Job *job, bool undone)
{
	Pool	   *pool = lane->owner;
	bool		again = undone || (!job->repeated && job_is_repeatable(job));

	if (pool->closing || !pool->patient || !again || !is_in_time(job))
	{
		job->done(job, JOB_LOST, NULL);
		return;
	}
	job->repeated |= !undone;
	pool->retries++;
	submit_again(pool, job);
}

static void
go_on(Lane *lane)
{
	if (lane->stale && lane->count == 0)
		upkeep_close(lane);
	schedule_serve(lane->owner);
}

/* libpq has no words for a server that just closes the connection. */
static void
close_broken(Lane *lane, const char *why)
{
	Pool	   *pool = lane->owner;
	int			length = (int) strcspn(why, "\n");

	log_event(LOG_WARNINGS, "lane-lost",
			  "connection of %s lanes to %s, port %s, lost after %" PRId64
			  " s: %.*s", pool->name, PQhost(lane->conn), PQport(lane->conn),
			  (loop_now() - lane->opened_at) / 1000,
			  length > 0 ? length : INT_MAX,
			  length > 0 ? why : "the server closed it");
	pool->losses++;
	upkeep_close(lane);
}

int64_t
pool_tick(Pool *pool)
{
	int64_t		deadline;
	Outcome		late;

	if (pool == NULL || pool->closing)
		return NEVER;
	schedule_send(pool);
	deadline = renewal_tick(pool, upkeep_tick(pool));
	late = pool->up > 0 ? JOB_BUSY : JOB_AWAY;
	for (int kind = 0; kind < KIND_COUNT; kind++)
		deadline = queue_expire(&pool->queues[kind], late, deadline);
	if (upkeep_gives_up(pool))
		fail_queues(pool, JOB_AWAY);
	return deadline;
}

void
pool_abandon(Pool *pool)
{
	if (pool == NULL)
		return;
	pool->closing = true;
	fail_queues(pool, JOB_AWAY);
	for (int i = 0; i < pool->lane_count; i++)
		if (lane_is_up(&pool->lanes[i]))
			upkeep_close(&pool->lanes[i]);
}

bool
pool_is_up(const Pool *pool)
{
	return pool->up > 0;
}

const char *
pool_name(const Pool *pool)
{
	return pool->name;
}

Problem
pool_problem(const Pool *pool)
{
	return pool->closing ? PROBLEM_SERVICE_STOPPING :
		trouble_away(&pool->trouble);
}

Problem
pool_trouble(const Pool *pool)
{
	return pool->trouble.of_writes;
}

const char *
pool_error(const Pool *pool)
{
	return pool->error;
}

static void
tell_server(const Pool *pool, PoolFigures *figures)
{
	for (int i = 0; i < pool->lane_count; i++)
	{
		const Lane *lane = &pool->lanes[i];

		if (!lane_is_up(lane) || lane->server != pool->server)
			continue;
		figures->host = PQhost(lane->conn);
		figures->port = PQport(lane->conn);
		figures->since = pool->server_since;
		return;
	}
}

void
pool_figures(const Pool *pool, PoolFigures *figures)
{
	memset(figures, 0, sizeof(*figures));
	figures->lanes = pool->kept;
	figures->connected = pool->up;
	for (int i = 0; i < pool->lane_count; i++)
		figures->busy += lane_is_up(&pool->lanes[i]) &&
			pool->lanes[i].count > 0;
	for (int kind = 0; kind < KIND_COUNT; kind++)
		figures->waiting += pool->queues[kind].length;
	figures->connects = pool->connects;
	figures->losses = pool->losses;
	figures->retries = pool->retries;
	tell_server(pool, figures);
}
