/*
 * db/trouble.c
 *		What keeps a database from serving, remembered.
 */
#include "db/trouble.h"

#include "base/log.h"
#include "db/sqlstate.h"
#include "metrics/metrics.h"

/* Those that last until somebody does something about them. */
#define LASTING (PROBLEM_BIT(PROBLEM_DATABASE_FULL) | \
				 PROBLEM_BIT(PROBLEM_READ_ONLY) | \
				 PROBLEM_BIT(PROBLEM_OUT_OF_MEMORY))

static void
note_writes(Trouble *trouble, const char *pool, Problem met,
			const char *message)
{
	Problem		before = trouble->of_writes;

	trouble->of_writes = met;
	if (met == before)
		return;
	if (met != PROBLEM_NONE)
		log_event(LOG_ERRORS, problem_kind(met)->name,
				  "writes of %s lanes are refused: %s", pool,
				  message ? message : "");
	else
		log_event(LOG_INFO, "writes-again", "writes are done again after %s",
				  problem_kind(before)->name);
}

void
trouble_answered(Trouble *trouble, const char *pool, const Job *job,
				 const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	Problem		met;

	if (job->route->work != WORK_WRITE)
		return;
	if (state == NULL)
	{
		/* Not one that was skipped because of another. */
		if (PQresultStatus(result) != PGRES_PIPELINE_ABORTED)
			note_writes(trouble, pool, PROBLEM_NONE, NULL);
		return;
	}
	met = sqlstate_problem(state, true);
	if (PROBLEM_BIT(met) & LASTING)
		note_writes(trouble, pool, met,
					PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
}

void
trouble_connected(Trouble *trouble)
{
	trouble->of_connecting = PROBLEM_NONE;
}

void
trouble_refused(Trouble *trouble, const char *pool, const char *state,
				const char *message)
{
	Problem		met = sqlstate_problem(state[0] ? state : NULL, false);
	Problem		before = trouble->of_connecting;

	/* Whatever else it is, there is no session. */
	if (problem_kind(met)->status != 503)
		met = PROBLEM_DATABASE_AWAY;
	metrics_connect_failed(met);
	trouble->of_connecting = met;
	if (met != before && met != PROBLEM_DATABASE_AWAY)
		log_event(LOG_WARNINGS, problem_kind(met)->name,
				  "a connection of %s lanes was refused: %s", pool, message);
}

/* A server whose disk was full may have stopped for that, and cannot start. */
Problem
trouble_away(const Trouble *trouble)
{
	if (trouble->of_writes == PROBLEM_DATABASE_FULL)
		return PROBLEM_DATABASE_FULL;
	return trouble->of_connecting != PROBLEM_NONE ? trouble->of_connecting :
		PROBLEM_DATABASE_AWAY;
}
