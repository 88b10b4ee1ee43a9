/*
 * db/pools.c
 *		The pools that there are, and which of them answers.
 */
#include "db/pools.h"

#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "base/loop.h"
#include "config.h"
#include "db/sqlstate.h"

/* A standby that is behind is not waited for again so soon: milliseconds. */
#define LATE_PAUSE 5000

typedef enum Reason
{
	REASON_CONSISTENT,
	REASON_BEHIND,
	REASON_AWAY,
	REASON_COUNT
} Reason;

static const char *const REASON_NAMES[REASON_COUNT] = {
	[REASON_CONSISTENT] = "consistent",
	[REASON_BEHIND] = "behind",
	[REASON_AWAY] = "away",
};

static Pool *primary;
static Pool *standby;			/* NULL: reads go to the primary, too */
static uint64_t on_primary[REASON_COUNT];
static int64_t late_until;
static bool away;				/* the standby, when last asked */

bool
pools_start(void)
{
	/* A primary that became a standby is of no use for writes. */
	primary = pool_create("write", config.database_url,
						  (int) config.lanes.least, (int) config.lanes.most,
						  "read-write");
	if (primary == NULL || config.read_database_url == NULL)
		return primary != NULL;
	standby = pool_create("read", config.read_database_url,
						  (int) config.read_lanes, (int) config.read_lanes,
						  "any");
	if (standby == NULL)
		return false;
	pool_has_substitute(standby);
	return true;
}

void
pools_stop(void)
{
	pool_destroy(primary);
	pool_destroy(standby);
	primary = NULL;
	standby = NULL;
}

int64_t
pools_tick(void)
{
	int64_t		deadline = pool_tick(primary);
	int64_t		other = pool_tick(standby);

	return other < deadline ? other : deadline;
}

void
pools_abandon(void)
{
	pool_abandon(primary);
	pool_abandon(standby);
}

bool
pools_are_split(void)
{
	return standby != NULL;
}

Pool *
pools_for_write(void)
{
	return primary;
}

static bool
is_late(uint64_t position)
{
	return loop_now() < late_until && pool_is_up(primary) &&
		!pool_has_replayed(standby, position);
}

Pool *
pools_for_read(bool consistent, uint64_t position)
{
	if (standby == NULL)
		return primary;
	if (consistent)
		on_primary[REASON_CONSISTENT]++;
	else if (is_late(position))
		on_primary[REASON_BEHIND]++;
	else
		return standby;
	return primary;
}

static void
note_away(bool now)
{
	const char *error = pool_error(standby);

	/* At the start it is not away, only not there yet. */
	if (now && error[0] == '\0')
		return;
	if (now && !away)
		log_event(LOG_WARNINGS, "reads-on-primary",
				  "reads go to the primary because the read database is "
				  "away: %s", error);
	else if (away && !now)
		log_event(LOG_INFO, "reads-on-standby",
				  "the read database answers again");
	away = now;
}

/* A statement that took too long there would do so here, too. */
static bool
is_useless(Outcome outcome, const char *state)
{
	if (outcome != JOB_ANSWERED)
		return outcome == JOB_AWAY || outcome == JOB_LOST;
	return sqlstate_has(state, REMEDY_ELSEWHERE);
}

bool
pools_need_primary(const Pool *asked, Outcome outcome, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	if (asked == primary)
		return false;
	note_away(outcome == JOB_AWAY);
	if (!is_useless(outcome, state))
		return false;
	if (state != NULL && strcmp(state, SQLSTATE_BEHIND) == 0)
	{
		late_until = loop_now() + LATE_PAUSE;
		on_primary[REASON_BEHIND]++;
	}
	else
		on_primary[REASON_AWAY]++;
	return true;
}

const char *
pools_state(const Pool *pool)
{
	return pool_is_up(pool) ? "reachable" : "away";
}

static void
write_pool_metrics(Text *out, Pool *pool)
{
	PoolFigures figures;
	const char *name;

	if (pool == NULL)
		return;
	name = pool_name(pool);
	pool_figures(pool, &figures);
	text_format(out,
				"dpmeta_http_lanes{pool=\"%s\",state=\"connected\"} %ld\n"
				"dpmeta_http_lanes{pool=\"%s\",state=\"busy\"} %ld\n"
				"dpmeta_http_lanes{pool=\"%s\",state=\"down\"} %ld\n",
				name, figures.connected, name, figures.busy,
				name, figures.lanes - figures.connected);
}

static void
write_pool_waiting(Text *out, Pool *pool)
{
	PoolFigures figures;

	if (pool == NULL)
		return;
	pool_figures(pool, &figures);
	text_format(out, "dpmeta_http_waiting{pool=\"%s\"} %ld\n",
				pool_name(pool), figures.waiting);
}

static void
add_pool_metrics(Text *out)
{
	Pool	   *pools[2] = {primary, standby};

	text_add(out, "# HELP dpmeta_http_lanes Database connections, by state.\n"
			 "# TYPE dpmeta_http_lanes gauge\n");
	for (int i = 0; i < 2; i++)
		write_pool_metrics(out, pools[i]);
	text_add(out, "# HELP dpmeta_http_waiting Requests that wait for a lane.\n"
			 "# TYPE dpmeta_http_waiting gauge\n");
	for (int i = 0; i < 2; i++)
		write_pool_waiting(out, pools[i]);
}

static void
add_lane_events(Text *out)
{
	PoolFigures writes;
	PoolFigures reads = {0};

	pool_figures(primary, &writes);
	if (standby != NULL)
		pool_figures(standby, &reads);
	text_format(out, "# HELP dpmeta_http_lane_events_total "
				"Connections made and lost, statements tried again.\n"
				"# TYPE dpmeta_http_lane_events_total counter\n"
				"dpmeta_http_lane_events_total{event=\"connect\"} %" PRIu64 "\n"
				"dpmeta_http_lane_events_total{event=\"loss\"} %" PRIu64 "\n"
				"dpmeta_http_lane_events_total{event=\"retry\"} %" PRIu64 "\n",
				writes.connects + reads.connects,
				writes.losses + reads.losses,
				writes.retries + reads.retries);
}

static void
write_primary_reads(Text *out)
{
	text_add(out, "# HELP dpmeta_http_primary_reads_total Reads that the "
			 "primary answers in place of the read database.\n"
			 "# TYPE dpmeta_http_primary_reads_total counter\n");
	for (int i = 0; i < REASON_COUNT; i++)
		text_format(out, "dpmeta_http_primary_reads_total{reason=\"%s\"} %"
					PRIu64 "\n", REASON_NAMES[i], on_primary[i]);
}

void
pools_metrics_write(Text *out)
{
	add_pool_metrics(out);
	add_lane_events(out);
	write_primary_reads(out);
}
