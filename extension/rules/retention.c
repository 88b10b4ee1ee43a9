/*
 * rules/retention.c
 *		How long the answers to writes are kept, for SQL: a session knows the
 *		setting once it has loaded this library.
 */
#include "postgres.h"

#include "datatype/timestamp.h"
#include "fmgr.h"
#include "utils/timestamp.h"

#include "store/idempotency.h"

/* idempotency_retention() */
PG_FUNCTION_INFO_V1(dpmeta_idempotency_retention_interval);
Datum
dpmeta_idempotency_retention_interval(PG_FUNCTION_ARGS)
{
	Interval   *retention = palloc0(sizeof(Interval));

	retention->time = dpmeta_idempotency_retention * USECS_PER_SEC;
	PG_RETURN_INTERVAL_P(retention);
}
