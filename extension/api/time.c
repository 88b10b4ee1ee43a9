/*
 * api/time.c
 *		What SQL asks of times.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "api/arguments.h"
#include "json/render.h"
#include "store/idempotency.h"

/* as_of(time): the time, if it is one as of which the store can be read */
PG_FUNCTION_INFO_V1(dpmeta_as_of);
Datum
dpmeta_as_of(PG_FUNCTION_ARGS)
{
	PG_RETURN_TIMESTAMPTZ(argument_as_of(fcinfo, 0));
}

/* A time as the documents spell it: RFC 3339, in UTC, with microseconds. */
PG_FUNCTION_INFO_V1(dpmeta_rfc3339);
Datum
dpmeta_rfc3339(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(format_rfc3339(PG_GETARG_TIMESTAMPTZ(0))));
}

/*
 * idempotency_retention(): how long the answers to writes are kept.  A session knows
 * the setting once it has loaded this library.
 */
PG_FUNCTION_INFO_V1(dpmeta_idempotency_retention_interval);
Datum
dpmeta_idempotency_retention_interval(PG_FUNCTION_ARGS)
{
	Interval   *retention = palloc0(sizeof(Interval));

	retention->time = dpmeta_idempotency_retention * USECS_PER_SEC;
	PG_RETURN_INTERVAL_P(retention);
}
