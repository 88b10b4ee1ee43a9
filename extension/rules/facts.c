/*
 * rules/facts.c
 *		What stands beside the versions: the facts that pipelines report of
 *		their loads, and the date on which a product ends.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "pgtime.h"
#include "utils/datetime.h"

#include "json/render.h"
#include "rules/diff.h"
#include "rules/document.h"
#include "rules/facts.h"
#include "rules/rights.h"
#include "store/event.h"
#include "store/past.h"

/* The change that set_sunset() makes. */
#define SUNSET_CHANGED	"sunset-changed"

static void
store_beside(Product *product, const Version *version, const char *action,
			 const Actor *actor, ChangeList *list)
{
	Event		event = {
		.product = product, .action = action, .table = "",
		.from = version->version, .to = version->version,
		.kind = change_kind_name(KIND_NONE), .actor = actor->name,
		.changes = changes_end(list)
	};

	product_touch(product);
	event_store(&event);
}

void
facts_report(Product *product, Version *version, Jsonb *new,
			 const Actor *actor)
{
	ChangeList	list;

	changes_begin(&list);
	diff_facts(&list, version->facts, new);
	if (list.count == 0)
		return;
	product->changed_at = product_next_time(product);
	past_record_facts(product, version);
	version->facts = new;
	version->facts_revision++;
	version->document = document_of_version(product, version);
	version_report(product->product_id, version);
	store_beside(product, version, "report", actor, &list);
}

char *
facts_format_date(DateADT date)
{
	struct pg_tm tm;
	char	   *text = palloc(MAXDATELEN + 1);

	if (DATE_NOT_FINITE(date))
		return DATE_IS_NOBEGIN(date) ? "-infinity" : "infinity";
	j2date(date + POSTGRES_EPOCH_JDATE, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
	EncodeDateOnly(&tm, USE_ISO_DATES, text);
	return text;
}

void
facts_require_sunset(const Actor *actor)
{
	rights_require(actor, SUNSET_CHANGED);
}

static JsonbValue *
json_date(bool has_date, DateADT date)
{
	return has_date ? json_string(facts_format_date(date)) : NULL;
}

void
facts_set_sunset(Product *product, const Version *version, bool has_sunset,
				 DateADT sunset, const Actor *actor)
{
	ChangeList	list;
	Change		change = {
		.change = SUNSET_CHANGED, .kind = KIND_NONE,
		.from = json_date(product->has_sunset, product->sunset),
		.to = json_date(has_sunset, sunset)
	};

	if (product->has_sunset == has_sunset && product->sunset == sunset)
		return;
	changes_begin(&list);
	changes_add(&list, &change);
	product->has_sunset = has_sunset;
	product->sunset = sunset;
	product->changed_at = product_next_time(product);
	past_record_state(product, false);
	store_beside(product, version, "set-sunset", actor, &list);
}
