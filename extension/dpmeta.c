/*
 * dpmeta.c
 *		The extension's magic and its settings.
 */
#include "postgres.h"

#include "fmgr.h"

#include "json_schema.h"

PG_MODULE_MAGIC;

void		_PG_init(void);

void
_PG_init(void)
{
	json_schema_init();
}
