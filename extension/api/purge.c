/*
 * api/purge.c
 *		What a DBA may remove for good.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "fmgr.h"

#include "api/arguments.h"
#include "rules/id.h"
#include "rules/remove.h"
#include "store/idempotency.h"

/* purge_data_product(name) */
PG_FUNCTION_INFO_V1(dpmeta_purge_data_product);
Datum
dpmeta_purge_data_product(PG_FUNCTION_ARGS)
{
	DpIdParts	id;
	Actor		actor;
	int64		count;

	actor_begin(fcinfo, &actor);
	id_of_product(argument_name(fcinfo, 0, "name"), &id);
	actor_find(&actor, NULL, NULL);
	count = remove_for_good(&id, &actor);
	actor_end(&actor);
	PG_RETURN_INT64(count);
}

/* purge_idempotency_keys() */
PG_FUNCTION_INFO_V1(dpmeta_purge_idempotency_keys);
Datum
dpmeta_purge_idempotency_keys(PG_FUNCTION_ARGS)
{
	Actor		actor;
	int64		count;

	actor_begin(fcinfo, &actor);
	count = idempotency_expire(PG_INT64_MAX);
	actor_end(&actor);
	PG_RETURN_INT64(count);
}
