/*
 * store/log_cut.c
 *		Removing the oldest events from the log, and what is kept of that.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"

#include "store/log_cut.h"

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

int64
log_cut(TimestampTz before, const char *actor)
{
	Oid			types[] = {TIMESTAMPTZOID, TEXTOID};
	Datum		values[] = {
		TimestampTzGetDatum(before),
		CStringGetTextDatum(actor)
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
