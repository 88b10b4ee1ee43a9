/*
 * store/event.c
 *		The append-only log.
 */
#include "postgres.h"

#include "store/event.h"
#include "store/statements.h"

void
event_store(const Event *event)
{
	Values		values = {0};

	bind_time(&values, event->product->changed_at);
	bind_int8(&values, event->product->product_id);
	bind_string(&values, event->action);
	bind_string_or_null(&values, event->table);
	bind_version_or_null(&values, event->from);
	bind_version_or_null(&values, event->to);
	bind_string(&values, event->kind);
	bind_string(&values, event->actor);
	bind_json(&values, event->changes);
	statement_run(STMT_EVENT_INSERT, &values, false);
}
