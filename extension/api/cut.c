/*
 * api/cut.c
 *		What a DBA may remove from the log: cut_log().
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "api/arguments.h"
#include "errors.h"
#include "rules/actor.h"

/* One after the other, so that each knows what those before it kept. */
static const char lock[] =
"LOCK TABLE dpmeta.log_cut IN SHARE ROW EXCLUSIVE MODE";

/*
 * before, actor.  A cut that removes nothing is one still when it says that more
 * may be missing than those before it said.
 */
static const char cut[] =
"WITH gone AS ("
" DELETE FROM dpmeta.event e WHERE e.occurred_at < $1"
" AND e.kind = 'none'"
" RETURNING e.transaction_id, e.event_id"
"), past AS ("
" DELETE FROM dpmeta.past_facts f WHERE f.valid_until < $1"
"), last AS ("
" SELECT g.transaction_id, g.event_id FROM gone g"
" ORDER BY g.transaction_id DESC, g.event_id DESC LIMIT 1"
"), counted AS ("
" SELECT count(*) AS removed FROM gone"
") INSERT INTO dpmeta.log_cut"
" (cut_at, kept_since, removed, actor, life, transaction_id, event_id)"
" SELECT clock_timestamp(), $1, c.removed, $2, dpmeta.life(),"
" l.transaction_id, l.event_id"
" FROM counted c LEFT JOIN last l ON true"
" WHERE c.removed > 0"
" OR $1 > coalesce(dpmeta.log_kept_since(), '-infinity')"
" RETURNING removed";

/*
 * Of what was noted before, the last cut says as much, unless it removed nothing
 * beyond it.
 */
static const char forget[] =
"DELETE FROM dpmeta.log_cut c USING dpmeta.log_cut n"
" WHERE n.cut_at = (SELECT max(m.cut_at) FROM dpmeta.log_cut m)"
" AND c.cut_at < n.cut_at AND c.kept_since <= n.kept_since"
" AND (c.life <> n.life OR c.transaction_id IS NULL"
" OR (c.transaction_id, c.event_id) <= (n.transaction_id, n.event_id))";

static TimestampTz
read_before(FunctionCallInfo fcinfo)
{
	TimestampTz before = PG_ARGISNULL(0) ? DT_NOEND : PG_GETARG_TIMESTAMPTZ(0);

	if (TIMESTAMP_NOT_FINITE(before) || before > GetCurrentTimestamp())
		report_invalid_parameter("before", PG_ARGISNULL(0) ? "" :
								 timestamptz_to_str(before),
								 "Give a time that has passed; what happened since stays.");
	return before;
}

static int64
remove_events(TimestampTz before, const Actor *actor)
{
	Oid			types[] = {TIMESTAMPTZOID, TEXTOID};
	Datum		values[] = {
		TimestampTzGetDatum(before),
		CStringGetTextDatum(actor->name)
	};
	bool		isnull;
	int64		removed;
	int			rc;

	rc = SPI_execute(lock, false, 0);
	if (rc == SPI_OK_UTILITY)
		rc = SPI_execute_with_args(cut, lengthof(types), types, values, NULL,
								   false, 0);
	if (rc != SPI_OK_INSERT_RETURNING)
		elog(ERROR, "could not cut the log: %s", SPI_result_code_string(rc));
	if (SPI_processed == 0)
		return 0;
	removed = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0],
										  SPI_tuptable->tupdesc, 1, &isnull));
	rc = SPI_execute(forget, false, 0);
	if (rc != SPI_OK_DELETE)
		elog(ERROR, "could not forget earlier cuts: %s",
			 SPI_result_code_string(rc));
	return removed;
}

/* cut_log(before) */
PG_FUNCTION_INFO_V1(dpmeta_cut_log);
Datum
dpmeta_cut_log(PG_FUNCTION_ARGS)
{
	Actor		actor;
	int64		count;

	actor_begin(fcinfo, &actor);
	actor_find(&actor, NULL, NULL);
	count = remove_events(read_before(fcinfo), &actor);
	actor_end(&actor);
	PG_RETURN_INT64(count);
}
