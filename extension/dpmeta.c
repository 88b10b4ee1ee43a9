/*
 * dpmeta.c
 *		The extension's magic and its settings.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/guc.h"

#include "api/position.h"
#include "compat.h"
#include "json_schema/json_schema.h"
#include "refusal_log.h"
#include "store/idempotency.h"

PG_MODULE_MAGIC;

void		_PG_init(void);

void
_PG_init(void)
{
	DefineCustomIntVariable("dpmeta.idempotency_retention",
							"How long the answer to a write is kept for its retries.",
							"0 keeps none.",
							&dpmeta_idempotency_retention,
							24 * 60 * 60, 0, PG_INT32_MAX / 2,
							PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
	json_schema_init();
	refusal_log_init();
	position_init();
	MarkGUCPrefixReserved("dpmeta");
}
