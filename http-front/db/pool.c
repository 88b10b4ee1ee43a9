/*
 * db/pool.c
 *		The lanes to one database, and what waits for them.
 */
#include "db/pool.h"

#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "db/connector.h"
#include "db/lane.h"
#include "db/queue.h"
#include "db/slow.h"
#include "base/log.h"
#include "base/loop.h"
#include "db/sqlstate.h"

#define MOST_TRIES 5
/* Of short reads: each waits for the others of its group. */
#define GROUP_MOST 8
/* Milliseconds after which no read is put behind what is on a lane. */
#define STUCK_AFTER 20
#define BACKOFF_FIRST 50
#define BACKOFF_MOST 2000
/* How much longer than the statement timeout the server is given. */
#define SERVER_GRACE 10000

struct Pool
{
	const char *name;
	Target		target;
	Queue		queues[KIND_COUNT];
	int			running[KIND_COUNT];	/* lanes with one to itself */
	int			kind_most;		/* of these, for each kind */
	int			heavy_most;		/* and for all of them together */
	Kind		turn;			/* whose it is when one more has room */
	int			up;
	int			connecting;
	int64_t		connect_at;		/* not before */
	long		backoff;
	bool		closing;
	bool		reserving;		/* some lane may be reserved */
	Lane	   *grouping;		/* the lane last given a read in this turn */
	char		error[256];
	uint64_t	connects;
	uint64_t	losses;
	uint64_t	retries;
	int			lane_count;
	Lane		lanes[];
};

Pool *
pool_create(const char *name, const char *url, int lanes,
			const char *session_attributes)
{
	Pool	   *pool = calloc(1, sizeof(*pool) + sizeof(Lane) * (size_t) lanes);

	if (pool == NULL)
		return NULL;
	pool->name = name;
	pool->target.url = url;
	pool->target.session_attributes = session_attributes;
	for (int kind = 0; kind < KIND_COUNT; kind++)
		queue_init(&pool->queues[kind]);
	pool->kind_most = lanes > 1 ? lanes / 2 : 1;
	pool->heavy_most = lanes > 1 ? lanes - 1 : 1;
	pool->turn = KIND_WRITE;
	pool->lane_count = lanes;
	for (int i = 0; i < lanes; i++)
	{
		pool->lanes[i].pool = pool;
		pool->lanes[i].watch.fd = -1;
	}
	return pool;
}

/* After connector_stop(): nobody connects a lane any more. */
void
pool_destroy(Pool *pool)
{
	if (pool == NULL)
		return;
	pool_abandon(pool);
	free(pool);
}

static Kind
kind_of(Job *job)
{
	Pace		pace;

	if (job->route->work == WORK_WRITE)
		return KIND_WRITE;
	if (job->route->work != WORK_READ || job->waits)
		return KIND_SLOW;
	pace = slow_pace(job);
	job->alone = pace == PACE_SUSPECT;
	if (pace == PACE_SLOW)
		return KIND_SLOW;
	return KIND_READ;
}

static bool
is_heavy(const Job *job)
{
	return job->kind != KIND_READ;
}

/* A trace names a whole transaction. */
static bool
is_alone(const Job *job)
{
	return is_heavy(job) || job->alone || job->trace != NULL;
}

static Lane *
idle_lane(Pool *pool)
{
	for (int i = 0; i < pool->lane_count; i++)
	{
		Lane	   *lane = &pool->lanes[i];

		if (lane->state == LANE_UP && lane->count == 0 && !lane->stale)
			return lane;
	}
	return NULL;
}

/* What stands behind its first job may stand there for long. */
static bool
is_stuck(const Lane *lane)
{
	return loop_now() - lane->flights[lane->head].sent_at > STUCK_AFTER;
}

/* The busy lane with the fewest reads that may take one more: this, or any. */
static Lane *
shared_lane(Pool *pool, int most, const Job *job)
{
	Lane	   *best = NULL;

	for (int i = 0; i < pool->lane_count; i++)
	{
		Lane	   *lane = &pool->lanes[i];

		if (lane->state == LANE_UP && !lane->heavy && !lane->reserved &&
			!lane->stale && lane->count < most &&
			(job == NULL || (!is_stuck(lane) &&
							 lane_can_take(lane, job, is_alone(job)))) &&
			(best == NULL || lane->count < best->count))
			best = lane;
	}
	return best;
}

/* The lane with an open group that has room. */
static Lane *
grouping_lane(const Pool *pool, const Job *job)
{
	Lane	   *lane = pool->grouping;

	if (lane == NULL || lane->state != LANE_UP || lane->unsynced == 0 ||
		lane->unsynced >= GROUP_MOST || lane->count >= config.pipeline ||
		lane->reserved || lane->stale ||
		!lane_can_take(lane, job, is_alone(job)))
		return NULL;
	return lane;
}

/* Where a short read goes. */
static Lane *
lane_for_read(Pool *pool, const Job *job)
{
	Lane	   *lane = grouping_lane(pool, job);

	if (lane == NULL)
		lane = idle_lane(pool);
	if (lane == NULL || lane->reserved)
		lane = shared_lane(pool, (int) config.pipeline, job);
	return lane;
}

static void
free_share(Lane *lane)
{
	if (lane->heavy)
		lane->pool->running[lane->kind]--;
	lane->heavy = false;
}

static void
lane_lost(Lane *lane, Outcome outcome)
{
	Pool	   *pool = lane->pool;

	free_share(lane);
	pool->up--;
	lane_close(lane, outcome);
}

static void
fail_queues(Pool *pool, Outcome outcome)
{
	for (int kind = 0; kind < KIND_COUNT; kind++)
		queue_fail(&pool->queues[kind], outcome);
}

static void
lane_failed(Lane *lane)
{
	Pool	   *pool = lane->pool;

	pool->losses++;
	lane_lost(lane, JOB_LOST);
	if (pool->up == 0)
		fail_queues(pool, JOB_AWAY);
}

/* Put a job on a lane; a lane that fails is closed and the job lost with it. */
static void
start_job(Lane *lane, Job *job)
{
	Pool	   *pool = lane->pool;

	if (is_heavy(job))
	{
		lane->heavy = true;
		lane->kind = job->kind;
		pool->running[job->kind]++;
	}
	lane->reserved = false;
	if (!is_heavy(job))
		pool->grouping = lane;
	if (lane_send(lane, job, is_alone(job)))
		return;
	lane_failed(lane);
	job->done(job, JOB_LOST, NULL);
}

/* How many more lanes may a kind have, whatever the others do? */
static int
kind_room(const Pool *pool, Kind kind)
{
	int			own = pool->kind_most - pool->running[kind];
	int			all = pool->heavy_most - pool->running[KIND_SLOW] -
	pool->running[KIND_WRITE];

	return own < all ? own : all;
}

/* How many would be started if lanes were idle? */
static long
wanted_lanes(const Pool *pool)
{
	long		wanted = 0;
	int			all = pool->heavy_most - pool->running[KIND_SLOW] -
	pool->running[KIND_WRITE];

	for (Kind kind = KIND_SLOW; kind <= KIND_WRITE; kind++)
	{
		long		length = pool->queues[kind].length;
		int			room = kind_room(pool, kind);

		wanted += length < room ? length : room;
	}
	return wanted < all ? wanted : all;
}

/*
 * What is heavy needs a lane without reads, and under many reads none is ever
 * empty by chance: keep new reads off as many as are wanted.
 */
static void
reserve_lanes(Pool *pool)
{
	long		wanted = wanted_lanes(pool);

	for (int i = 0; i < pool->lane_count; i++)
		if (pool->lanes[i].reserved)
			wanted--;
	for (; wanted > 0; wanted--)
	{
		Lane	   *lane = shared_lane(pool, LANE_DEPTH + 1, NULL);

		if (lane == NULL)
			return;
		lane->reserved = pool->reserving = true;
	}
}

static void
end_reservations(Pool *pool)
{
	for (int i = 0; i < pool->lane_count; i++)
		pool->lanes[i].reserved = false;
	pool->reserving = false;
}

/* Which heavy kind has one that waits and room to run it?  They take turns. */
static bool
next_kind(const Pool *pool, Kind *kind)
{
	*kind = pool->turn;
	for (int i = 0; i < 2; i++)
	{
		if (pool->queues[*kind].length > 0 && kind_room(pool, *kind) > 0)
			return true;
		*kind = *kind == KIND_WRITE ? KIND_SLOW : KIND_WRITE;
	}
	return false;
}

static void
serve_queues(Pool *pool)
{
	Lane	   *lane;
	Kind		kind;

	while (next_kind(pool, &kind) && (lane = idle_lane(pool)) != NULL)
	{
		pool->turn = kind == KIND_WRITE ? KIND_SLOW : KIND_WRITE;
		start_job(lane, queue_take(&pool->queues[kind]));
	}
	if (wanted_lanes(pool) > 0)
		reserve_lanes(pool);
	else if (pool->reserving)
		end_reservations(pool);
	while (pool->queues[KIND_READ].length > 0)
	{
		lane = lane_for_read(pool, pool->queues[KIND_READ].first);
		if (lane == NULL)
			return;
		start_job(lane, queue_take(&pool->queues[KIND_READ]));
	}
}

static bool
start_at_once(Pool *pool, Job *job)
{
	Lane	   *lane;

	/* Who waits for a lane is before who comes. */
	if (is_heavy(job) && (kind_room(pool, job->kind) <= 0 ||
						  wanted_lanes(pool) > 0))
		return false;
	if (pool->queues[job->kind].length > 0)
		return false;
	lane = is_heavy(job) ? idle_lane(pool) : lane_for_read(pool, job);
	if (lane == NULL)
		return false;
	start_job(lane, job);
	return true;
}

bool
pool_has_replayed(const Pool *pool, uint64_t position)
{
	for (int i = 0; i < pool->lane_count && position > 0; i++)
		if (pool->lanes[i].state == LANE_UP &&
			pool->lanes[i].replayed < position)
			return false;
	return true;
}

/* Those of another server may be behind. */
void
pool_replayed(Lane *lane, uint64_t position)
{
	Pool	   *pool = lane->pool;

	for (int i = 0; i < pool->lane_count; i++)
	{
		Lane	   *other = &pool->lanes[i];

		if (other->state == LANE_UP && other->server == lane->server &&
			other->replayed < position)
			other->replayed = position;
	}
}

/*
 * Nothing is known of the database yet.  Requests of this moment wait: where
 * fronts share a port, a new one has its part of them at once.
 */
static bool
is_starting(const Pool *pool)
{
	return pool->connects == 0 && pool->backoff == 0;
}

bool
pool_submit(Pool *pool, Job *job)
{
	job->submitted_at = loop_now();
	job->tries = 0;
	document_free(&job->document);
	job->alone = false;
	job->waits = !job->wants_position &&
		!pool_has_replayed(pool, job->position);
	job->kind = kind_of(job);
	if ((pool->up == 0 && !is_starting(pool)) || pool->closing)
		job->done(job, JOB_AWAY, NULL);
	else if (start_at_once(pool, job))
		return true;
	else if (pool->queues[job->kind].length >= config.queue)
		job->done(job, JOB_BUSY, NULL);
	else
	{
		queue_add(&pool->queues[job->kind], job);
		if (is_heavy(job))
			reserve_lanes(pool);
	}
	return false;
}

/* The one before it in its group failed: it was not tried. */
static void
send_alone(Pool *pool, Job *job)
{
	job->alone = true;
	document_free(&job->document);
	queue_add(&pool->queues[job->kind], job);
}

/* Not for ever, nor for much longer than one try may take. */
static bool
may_try_again(Job *job, const char *state)
{
	return sqlstate_has(state, REMEDY_AGAIN) && ++job->tries < MOST_TRIES &&
		loop_now() - job->submitted_at < config.statement_timeout;
}

/*
 * A result that says "again" goes back to the queue, so that a deadlock or a
 * serialization failure never reaches a client.
 */
void
pool_answered(Lane *lane, Job *job, PGresult *result, int64_t took,
			  bool alone)
{
	Pool	   *pool = lane->pool;
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	free_share(lane);
	if (job->route->work == WORK_READ && !job->waits)
		slow_note(job, took, alone);
	if (PQresultStatus(result) == PGRES_PIPELINE_ABORTED)
	{
		PQclear(result);
		send_alone(pool, job);
		return;
	}
	if (sqlstate_has(state, REMEDY_NEW_LANE))
		lane->stale = true;
	if (may_try_again(job, state))
	{
		PQclear(result);
		document_free(&job->document);
		pool->retries++;
		queue_add(&pool->queues[job->kind], job);
		return;
	}
	job->done(job, JOB_ANSWERED, result);
}

void
pool_lane_ready(Lane *lane)
{
	Pool	   *pool = lane->pool;

	if (lane->stale && lane->count == 0)
	{
		lane_lost(lane, JOB_LOST);
		pool->connect_at = 0;
	}
	serve_queues(pool);
}

void
pool_lane_broke(Lane *lane, const char *why)
{
	Pool	   *pool = lane->pool;

	log_event(LOG_WARNINGS, "lane-lost", "connection of %s lanes lost: %.*s",
			  pool->name, (int) strcspn(why, "\n"), why);
	pool->losses++;
	lane_lost(lane, JOB_LOST);
	if (pool->up == 0)
		fail_queues(pool, JOB_AWAY);
}

/* The first line of libpq's message; it holds no password. */
static void
remember_error(Pool *pool, const NewConnection *made)
{
	const char *message = made->error[0] != '\0' ? made->error :
	made->conn ? PQerrorMessage(made->conn) : "out of memory";
	size_t		length = strcspn(message, "\n");

	if (length >= sizeof(pool->error))
		length = sizeof(pool->error) - 1;
	memcpy(pool->error, message, length);
	pool->error[length] = '\0';
}

void
pool_connected(Lane *lane, const NewConnection *made)
{
	Pool	   *pool = lane->pool;

	pool->connecting--;
	lane->state = LANE_DOWN;
	if (PQstatus(made->conn) == CONNECTION_OK &&
		lane_open(lane, made->conn, made->server))
	{
		if (pool->up++ == 0)
			log_event(LOG_INFO, "database-reached",
					  "%s lanes are connected", pool->name);
		pool->connects++;
		pool->backoff = 0;
		pool->connect_at = 0;
		pool->error[0] = '\0';
		serve_queues(pool);
		return;
	}
	/* The next try begins with another host, if there is one. */
	if (made->silent)
		pool->target.turn++;
	remember_error(pool, made);
	if (pool->backoff == 0)
		log_event(LOG_WARNINGS, "database-away", "%s lanes: %s", pool->name,
				  pool->error);
	pool->backoff = pool->backoff ? pool->backoff * 2 : BACKOFF_FIRST;
	if (pool->backoff > BACKOFF_MOST)
		pool->backoff = BACKOFF_MOST;
	pool->connect_at = loop_now() + pool->backoff / 2 +
		random() % (pool->backoff / 2 + 1);
	PQfinish(made->conn);
	if (pool->up == 0)
		fail_queues(pool, JOB_AWAY);
}

/*
 * While nothing is connected one lane tries for all; once it is through the
 * others follow at once.
 */
static int64_t
connect_lanes(Pool *pool)
{
	bool		all = pool->up > 0 && pool->backoff == 0;

	if (pool->up + pool->connecting >= pool->lane_count)
		return NEVER;
	if (pool->connect_at > loop_now())
		return pool->connect_at;
	for (int i = 0; i < pool->lane_count; i++)
	{
		Lane	   *lane = &pool->lanes[i];

		if (lane->state != LANE_DOWN)
			continue;
		if (!all && pool->connecting > 0)
			break;
		lane->state = LANE_CONNECTING;
		pool->connecting++;
		connector_ask(lane, &pool->target);
	}
	return NEVER;
}

/*
 * The server ends a statement by itself; one that is much overdue is a
 * network that swallows, or a server that hangs.
 */
static int64_t
expire_lanes(Pool *pool, int64_t deadline)
{
	for (int i = 0; i < pool->lane_count; i++)
	{
		Lane	   *lane = &pool->lanes[i];
		int64_t		until;

		if (lane->state != LANE_UP || lane->count == 0)
			continue;
		until = lane->flights[lane->head].sent_at + config.position_timeout +
			config.statement_timeout + SERVER_GRACE;
		if (until <= loop_now())
			pool_lane_broke(lane, "no answer in time");
		else if (until < deadline)
			deadline = until;
	}
	return deadline;
}

static Lane *
oldest_lane(Pool *pool)
{
	Lane	   *oldest = &pool->lanes[0];

	for (int i = 1; i < pool->lane_count; i++)
		if (pool->lanes[i].opened_at < oldest->opened_at)
			oldest = &pool->lanes[i];
	return oldest;
}

/*
 * A host is chosen by connecting only, so what was chosen during an outage would
 * stay for ever.  One lane at a time, so that there is always another.
 */
static int64_t
retire_lane(Pool *pool, int64_t deadline)
{
	Lane	   *lane = oldest_lane(pool);
	int64_t		until = lane->opened_at + config.lane_lifetime;

	if (config.lane_lifetime == 0 || pool->lane_count == 1 ||
		pool->up < pool->lane_count || lane->stale)
		return deadline;
	if (until > loop_now())
		return until < deadline ? until : deadline;
	lane->stale = true;
	pool->target.turn = 0;
	if (lane->count == 0)
		pool_lane_ready(lane);
	return loop_now();
}

static void
send_groups(Pool *pool)
{
	for (int i = 0; i < pool->lane_count; i++)
		if (!lane_sync(&pool->lanes[i]))
			lane_failed(&pool->lanes[i]);
	pool->grouping = NULL;
}

int64_t
pool_tick(Pool *pool)
{
	int64_t		deadline;

	if (pool == NULL || pool->closing)
		return NEVER;
	send_groups(pool);
	deadline = retire_lane(pool, connect_lanes(pool));
	for (int kind = 0; kind < KIND_COUNT; kind++)
		deadline = queue_expire(&pool->queues[kind], deadline);
	return expire_lanes(pool, deadline);
}

void
pool_abandon(Pool *pool)
{
	if (pool == NULL)
		return;
	pool->closing = true;
	fail_queues(pool, JOB_AWAY);
	for (int i = 0; i < pool->lane_count; i++)
		if (pool->lanes[i].state == LANE_UP)
			lane_lost(&pool->lanes[i], JOB_LOST);
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

const char *
pool_error(const Pool *pool)
{
	return pool->error;
}

void
pool_figures(const Pool *pool, PoolFigures *figures)
{
	memset(figures, 0, sizeof(*figures));
	figures->lanes = pool->lane_count;
	figures->connected = pool->up;
	for (int i = 0; i < pool->lane_count; i++)
		if (pool->lanes[i].count > 0)
			figures->busy++;
	for (int kind = 0; kind < KIND_COUNT; kind++)
		figures->waiting += pool->queues[kind].length;
	figures->connects = pool->connects;
	figures->losses = pool->losses;
	figures->retries = pool->retries;
}
