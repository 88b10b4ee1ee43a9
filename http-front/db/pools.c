/*
 * db/pools.c
 *		Which database answers a read.
 */
#include "db/pools.h"

#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "base/loop.h"
#include "db/sqlstate.h"

/* A standby that is behind is not waited for again so soon: milliseconds. */
#define LATE_PAUSE 5000
/* What the extension raises when a position was not reached in time. */
#define NOT_REACHED "MD015"

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

static uint64_t on_primary[REASON_COUNT];
static int64_t late_until;
static bool away;				/* the standby, when last asked */

static bool
is_late(uint64_t position)
{
	return loop_now() < late_until && pool_is_up(request_write_pool()) &&
		!pool_has_replayed(request_read_pool(), position);
}

Pool *
reads_pool(const Request *request)
{
	Pool	   *primary = request_write_pool();

	if (request_read_pool() == primary)
		return primary;
	if (request->consistent)
		on_primary[REASON_CONSISTENT]++;
	else if (is_late(request->job.position))
		on_primary[REASON_BEHIND]++;
	else
		return request_read_pool();
	return primary;
}

static void
note_away(bool now)
{
	const char *error = pool_error(request_read_pool());

	/* At the start it is not away, only not there yet. */
	if (now && error[0] == '\0')
		return;
	if (now && !away)
		log_event(LOG_WARNINGS, "reads-on-primary",
				  "the primary answers, for the read database is away: %s",
				  error);
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
reads_need_primary(Request *request, Outcome outcome, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	if (request->asked_pool == request_write_pool())
		return false;
	note_away(outcome == JOB_AWAY);
	if (!is_useless(outcome, state))
		return false;
	if (state != NULL && strcmp(state, NOT_REACHED) == 0)
	{
		late_until = loop_now() + LATE_PAUSE;
		on_primary[REASON_BEHIND]++;
	}
	else
		on_primary[REASON_AWAY]++;
	return true;
}

void
reads_metrics_write(Text *out)
{
	text_add(out, "# HELP dpmeta_http_primary_reads_total Reads that the "
			 "primary answers in place of the read database.\n"
			 "# TYPE dpmeta_http_primary_reads_total counter\n");
	for (int i = 0; i < REASON_COUNT; i++)
		text_format(out, "dpmeta_http_primary_reads_total{reason=\"%s\"} %"
					PRIu64 "\n", REASON_NAMES[i], on_primary[i]);
}
