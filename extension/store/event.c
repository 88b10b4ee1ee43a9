/*
 * store/event.c
 *		The append-only log.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "store/event.h"
#include "store/statements.h"

void
event_store(const Event *event)
{
	Datum		values[] = {
		TimestampTzGetDatum(event->product->changed_at),
		Int64GetDatum(event->product->product_id),
		CStringGetTextDatum(event->action),
		CStringGetTextDatum(event->table),
		DpVersionGetDatum(event->from),
		DpVersionGetDatum(event->to),
		CStringGetTextDatum(change_kind_name(event->kind)),
		CStringGetTextDatum(event->actor->name),
		JsonbPGetDatum(event->changes)
	};
	char		nulls[] = "         ";

	if (event->table[0] == '\0')
		nulls[3] = 'n';
	if (event->from == NO_VERSION)
		nulls[4] = 'n';
	if (event->to == NO_VERSION)
		nulls[5] = 'n';
	statement_run(STMT_EVENT_INSERT, values, nulls, false);
}
