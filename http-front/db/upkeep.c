/*
 * db/upkeep.c
 *		Keeping the lanes of a pool connected.
 */
#include "db/upkeep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/loop.h"
#include "config.h"
#include "db/schedule.h"

/* Milliseconds, all of them. */
#define BACKOFF_FIRST 50
#define BACKOFF_MOST 1000
/* How long a write waits before another lane is connected for it. */
#define GROW_AFTER 5
/* After the server refused one more. */
#define GROW_PAUSE 30000
/* How many at once: a server forks for each. */
#define GROW_STEP 4
/* A lane that writes got is closed after so long without any. */
#define SHRINK_AFTER 15000
/* How long a job takes before the server is asked whether it is there. */
#define SILENT_AFTER 1000
#define PROBE_PAUSE 5000
/* How much longer than the statement timeout the server is given. */
#define SERVER_GRACE 1000

static int64_t
sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void
look_at_once(Pool *pool)
{
	for (unsigned i = 0; i < pool->host_count; i++)
	{
		pool->hosts[i].connect_at = 0;
		pool->hosts[i].backoff = 0;
	}
}

void
upkeep_close(Lane *lane)
{
	Pool	   *pool = lane->owner;

	schedule_free(lane);
	pool->up--;
	if (pool_keeps(pool, lane))
		pool->kept_up--;
	if (pool->up == 0)
		look_at_once(pool);
	lane_close(lane);
}

void
upkeep_leave_server(Lane *lane)
{
	Pool	   *pool = lane->owner;

	for (int i = 0; i < pool->lane_count; i++)
	{
		Lane	   *other = &pool->lanes[i];

		if (!lane_is_up(other) || other->server != lane->server)
			continue;
		other->stale = true;
		if (other != lane && other->count == 0)
			upkeep_close(other);
	}
}

/* Another pool answers in place of one that has no patience. */
static int64_t
patience(const Pool *pool)
{
	return pool->patient ? config.queue_timeout : 0;
}

bool
upkeep_gives_up(const Pool *pool)
{
	if (pool->up > 0)
		return false;
	if (!pool->patient && pool->connects > 0)
		return true;
	return pool->away_since != 0 &&
		loop_now() - pool->away_since >= patience(pool);
}

static Lane *
lane_that_is_down(Pool *pool)
{
	for (int i = 0; i < pool->lane_count; i++)
		if (!lane_is_up(&pool->lanes[i]))
			return &pool->lanes[i];
	return NULL;
}

/* The last one counts, even if another host's would say more. */
static void
remember_error(Pool *pool, const char *why)
{
	snprintf(pool->error, sizeof(pool->error), "%s", why);
}

static void
note_away(Pool *pool)
{
	if (pool->up > 0 || pool->connecting > 0 || pool->away_since != 0)
		return;
	pool->away_since = loop_now();
	log_event(LOG_WARNINGS, "database-away", "%s lanes: %s", pool->name,
			  pool->error);
}

static void
note_failure(Pool *pool, const NewConnection *made)
{
	PoolHost   *host = &pool->hosts[made->host];

	host->backoff = host->backoff ? host->backoff * 2 : BACKOFF_FIRST;
	if (host->backoff > BACKOFF_MOST)
		host->backoff = BACKOFF_MOST;
	host->connect_at = loop_now() + host->backoff / 2 +
		random() % (host->backoff / 2 + 1);
	remember_error(pool, made->error);
	if (pool->up > 0 && made->host == pool->host)
		pool->host = (pool->host + 1) % pool->host_count;
	if (pool->kept_up == pool->kept)
		pool->grow_at = loop_now() + GROW_PAUSE;
	note_away(pool);
}

static bool
use_connection(Pool *pool, NewConnection *made)
{
	Lane	   *lane = lane_that_is_down(pool);

	/* Another host was faster. */
	if (pool->up > 0 && made->host != pool->host)
		return false;
	if (lane == NULL || !lane_open(lane, made->conn, made->server))
		return false;
	lane->host = made->host;
	if (pool_keeps(pool, lane))
		pool->kept_up++;
	return true;
}

static void
note_success(Pool *pool, const NewConnection *made)
{
	if (pool->up++ == 0)
		log_event(LOG_INFO, "database-reached",
				  "%s lanes are connected to %s, port %s", pool->name,
				  PQhost(made->conn), PQport(made->conn));
	pool->host = made->host;
	pool->room = made->most / 2;
	pool->hosts[made->host].backoff = 0;
	pool->hosts[made->host].connect_at = 0;
	pool->connects++;
	pool->away_since = 0;
	pool->error[0] = '\0';
}

static void
take_connection(void *owner, NewConnection *made)
{
	Pool	   *pool = owner;

	pool->connecting--;
	pool->hosts[made->host].connecting--;
	if (made->conn == NULL)
		note_failure(pool, made);
	else if (use_connection(pool, made))
	{
		note_success(pool, made);
		schedule_serve(pool);
	}
	else
		PQfinish(made->conn);
}

static void
connect_to_host(Pool *pool, unsigned host)
{
	Target		target = pool->target;

	target.host = host;
	pool->connecting++;
	pool->hosts[host].connecting++;
	connector_ask(&target, take_connection, pool);
}

/* Nothing is connected: each host is tried, and none waits for another. */
static int64_t
look_for_server(Pool *pool)
{
	int64_t		deadline = NEVER;

	for (unsigned i = 0; i < pool->host_count; i++)
	{
		PoolHost   *host = &pool->hosts[i];

		if (host->connecting > 0)
			continue;
		if (host->connect_at > loop_now())
			deadline = sooner(deadline, host->connect_at);
		else
			connect_to_host(pool, i);
	}
	return deadline;
}

/* Lanes that writes may have now, with those that are always there. */
static int
most_lanes(const Pool *pool)
{
	if (pool->room <= pool->kept)
		return pool->kept;
	return pool->room < pool->lane_count ?
		(int) pool->room : pool->lane_count;
}

/* How many to connect now, and when to ask again. */
static int
missing_lanes(const Pool *pool, int64_t *deadline)
{
	int			missing = pool->kept - pool->kept_up - pool->connecting;
	int			room = most_lanes(pool) - pool->up - pool->connecting;
	int64_t		since;

	if (missing > 0 || room <= 0)
		return missing;
	since = schedule_wants_lane(pool);
	if (since == NEVER)
		return 0;
	since += GROW_AFTER;
	if (since < pool->grow_at)
		since = pool->grow_at;
	if (since > loop_now())
	{
		*deadline = since;
		return 0;
	}
	missing = GROW_STEP - pool->connecting;
	return missing < room ? missing : room;
}

static int64_t
connect_more(Pool *pool)
{
	int64_t		deadline = NEVER;
	PoolHost   *host = &pool->hosts[pool->host];
	int			missing = missing_lanes(pool, &deadline);

	if (missing <= 0)
		return deadline;
	if (host->connect_at > loop_now())
		return host->connect_at;
	/* One tries for all while it is not known whether it goes well. */
	if (host->backoff > 0)
		missing = pool->connecting == 0;
	for (int i = 0; i < missing; i++)
		connect_to_host(pool, pool->host);
	return NEVER;
}

/* Writes do not wait any more. */
static int64_t
shrink(Pool *pool, int64_t deadline)
{
	for (int i = pool->kept; i < pool->lane_count; i++)
	{
		Lane	   *lane = &pool->lanes[i];
		int64_t		until = lane->idle_since + SHRINK_AFTER;

		if (!lane_is_up(lane) || lane->count > 0)
			continue;
		if (until <= loop_now())
			upkeep_close(lane);
		else
			deadline = sooner(deadline, until);
	}
	return deadline;
}

/*
 * The server ends a statement by itself; one that is overdue is a network that
 * swallows, or a server that hangs.
 */
static int64_t
expire_lanes(Pool *pool, int64_t deadline)
{
	for (int i = 0; i < pool->lane_count; i++)
	{
		Lane	   *lane = &pool->lanes[i];
		int64_t		until;

		if (!lane_is_up(lane) || lane->count == 0)
			continue;
		until = lane->flights[lane->head].sent_at + config.position_timeout +
			config.statement_timeout + SERVER_GRACE;
		if (until <= loop_now())
			lane->events->broke(lane, "no answer in time");
		else
			deadline = sooner(deadline, until);
	}
	return deadline;
}

static void
leave_silent_server(Pool *pool, uint64_t server, const char *why)
{
	for (int i = 0; i < pool->lane_count; i++)
	{
		Lane	   *lane = &pool->lanes[i];

		if (lane_is_up(lane) && lane->server == server)
			lane->events->broke(lane, why);
	}
}

static void
judge_probe(void *owner, NewConnection *made)
{
	Pool	   *pool = owner;

	pool->probing = false;
	pool->probe_at = loop_now() + PROBE_PAUSE;
	if (made->conn != NULL && made->server != pool->probed)
		leave_silent_server(pool, pool->probed, "the server was started anew");
	else if (made->conn == NULL && made->silent)
		leave_silent_server(pool, pool->probed, "the server is silent");
	PQfinish(made->conn);
}

/* A probe needs no rights: a standby is a server, too. */
static void
probe(Pool *pool, const Lane *lane)
{
	Target		target = pool->target;

	target.host = lane->host;
	target.session_attributes = "any";
	pool->probing = true;
	pool->probed = lane->server;
	connector_ask(&target, judge_probe, pool);
}

static int64_t
ask_silent_server(Pool *pool, int64_t deadline)
{
	for (int i = 0; i < pool->lane_count && !pool->probing; i++)
	{
		Lane	   *lane = &pool->lanes[i];
		int64_t		at;

		if (!lane_is_up(lane) || lane->count == 0)
			continue;
		at = lane->flights[lane->head].sent_at + SILENT_AFTER;
		if (at < pool->probe_at)
			at = pool->probe_at;
		if (at <= loop_now())
			probe(pool, lane);
		else
			deadline = sooner(deadline, at);
	}
	return deadline;
}

static Lane *
oldest_lane(Pool *pool)
{
	Lane	   *oldest = &pool->lanes[0];

	for (int i = 1; i < pool->kept; i++)
		if (pool->lanes[i].opened_at < oldest->opened_at)
			oldest = &pool->lanes[i];
	return oldest;
}

/*
 * A host is chosen only when a lane is connected, so the one chosen during an
 * outage would stay for ever.  One lane at a time, so that there is always another.
 */
static int64_t
retire_lane(Pool *pool, int64_t deadline)
{
	Lane	   *lane = oldest_lane(pool);
	int64_t		until = lane->opened_at + config.lane_lifetime;

	if (config.lane_lifetime == 0 || pool->kept == 1 ||
		pool->kept_up < pool->kept || lane->stale)
		return deadline;
	if (until > loop_now())
		return sooner(until, deadline);
	lane->stale = true;
	pool->host = 0;
	if (lane->count == 0)
		lane->events->ready(lane);
	return loop_now();
}

int64_t
upkeep_tick(Pool *pool)
{
	int64_t		deadline = pool->up > 0 ? connect_more(pool) :
		look_for_server(pool);

	deadline = retire_lane(pool, deadline);
	deadline = shrink(pool, deadline);
	deadline = expire_lanes(pool, deadline);
	deadline = ask_silent_server(pool, deadline);
	if (pool->up == 0 && pool->away_since != 0 && !upkeep_gives_up(pool))
		deadline = sooner(deadline, pool->away_since + patience(pool));
	/* Lanes that were given up meanwhile are looked for in the next turn. */
	return pool->up == 0 && pool->connecting == 0 ?
		sooner(deadline, look_for_server(pool)) : deadline;
}
