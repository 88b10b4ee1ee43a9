/*
 * api/cut.c
 *		What a DBA may remove from the log: cut_log().
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/timestamp.h"

#include "api/arguments.h"
#include "errors.h"
#include "rules/actor.h"
#include "store/log_cut.h"

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

/* cut_log(before) */
PG_FUNCTION_INFO_V1(dpmeta_cut_log);
Datum
dpmeta_cut_log(PG_FUNCTION_ARGS)
{
	Actor		actor;
	int64		count;

	actor_begin(fcinfo, &actor);
	actor_find(&actor, NULL, NULL);
	count = log_cut(read_before(fcinfo), actor.name);
	actor_end(&actor);
	PG_RETURN_INT64(count);
}
