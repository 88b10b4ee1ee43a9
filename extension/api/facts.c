/*
 * api/facts.c
 *		What stands beside the versions: the facts that pipelines report of
 *		their loads, and the date on which a product ends.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "pgtime.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/numeric.h"

#include "api/answer.h"
#include "api/arguments.h"
#include "errors.h"
#include "json/render.h"
#include "rules/diff.h"
#include "rules/document.h"
#include "rules/rights.h"
#include "store/event.h"
#include "store/past.h"
#include "store/fetch.h"
#include "store/statements.h"

/* The change that set_sunset() makes. */
#define SUNSET_CHANGED	"sunset-changed"

/* The longest location, in bytes. */
#define LOCATION_MAX	2048

/* Documents and HTTP have four digits for a year. */
#define is_year(year)	((year) >= 1 && (year) <= 9999)

/* One fact, and the argument of report_load() that gives it. */
typedef struct Fact
{
	const char *member;
	const char *parameter;
	int			arg;
	JsonbValue *(*read) (FunctionCallInfo fcinfo, const struct Fact *fact);
} Fact;

static JsonbValue *
read_time(FunctionCallInfo fcinfo, const Fact *fact)
{
	TimestampTz time = PG_GETARG_TIMESTAMPTZ(fact->arg);
	struct pg_tm tm;
	fsec_t		fsec;

	if (TIMESTAMP_NOT_FINITE(time) ||
		timestamp2tm(time, NULL, &tm, &fsec, NULL, NULL) != 0 ||
		!is_year(tm.tm_year))
		report_invalid_parameter(fact->parameter, timestamptz_to_str(time),
								 "Give a time from the year 1 to 9999.");
	return json_string(format_rfc3339(time));
}

static JsonbValue *
read_count(FunctionCallInfo fcinfo, const Fact *fact)
{
	JsonbValue *value = palloc(sizeof(JsonbValue));
	int64		count = PG_GETARG_INT64(fact->arg);

	if (count < 0)
		report_invalid_parameter(fact->parameter,
								 psprintf(INT64_FORMAT, count),
								 "Give the number of rows, 0 or more.");
	value->type = jbvNumeric;
	value->val.numeric = int64_to_numeric(count);
	return value;
}

static JsonbValue *
read_location(FunctionCallInfo fcinfo, const Fact *fact)
{
	char	   *location = text_to_cstring(PG_GETARG_TEXT_PP(fact->arg));
	int			len = strlen(location);

	if (len < 1 || len > LOCATION_MAX)
		report_invalid_parameter(fact->parameter, location,
								 "Give a location of 1 to 2048 bytes.");
	return json_string(location);
}

/* report_load(id, ...) */
static const Fact facts[] = {
	{"lastUpdated", "last_updated", 1, read_time},
	{"rowCount", "row_count", 2, read_count},
	{"s3Location", "s3_location", 3, read_location},
	{"dpiaLocation", "dpia_location", 4, read_location},
};

/* The facts that are given, and for the others what was reported before. */
static Jsonb *
merge_facts(FunctionCallInfo fcinfo, Jsonb *old)
{
	JsonbParseState *state = NULL;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	for (int i = 0; i < lengthof(facts); i++)
	{
		const Fact *fact = &facts[i];
		JsonbValue *value = PG_ARGISNULL(fact->arg) ?
			json_member(old, fact->member) : fact->read(fcinfo, fact);

		if (value != NULL)
			push_member(&state, fact->member, value);
	}
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

static void
store_facts(const Product *product, const Version *version)
{
	Values		values = {0};

	bind_int8(&values, product->product_id);
	bind_version(&values, version->version);
	bind_json(&values, version->facts);
	bind_text(&values, version->document);
	statement_run(STMT_VERSION_REPORT, &values, false);
}

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

/* If nothing is new, nothing changes. */
static void
report_facts(Product *product, Version *version, Jsonb *new,
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
	store_facts(product, version);
	store_beside(product, version, "report", actor, &list);
}

/* Answers with the version as it reads now. */
static Datum
answer_read(FunctionCallInfo fcinfo, const Product *product,
			const Version *version, MemoryContext caller)
{
	List	   *tables = fetch_table_names(product, version, READ_LATEST);
	Answer		answer = {0};

	answer_of_version(&answer, product, version, "",
					  document_of_data_product(product, version, tables),
					  READ_LATEST);
	return answer_datum(fcinfo, &answer, caller);
}

/*
 * report_load(id, last_updated, row_count, s3_location, dpia_location, actor,
 * actor_roles)
 */
PG_FUNCTION_INFO_V1(dpmeta_report_load);
Datum
dpmeta_report_load(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	DpIdParts	id;
	Actor		actor;
	Product		product;
	Version		version;
	Datum		row;

	actor_begin(fcinfo, &actor);
	argument_id(fcinfo, 0, &id);
	id_require_product(&id);
	argument_actor(fcinfo, 5, &actor);
	resolve_product(&id, READ_LOCK, &product);
	resolve_version(&product, &id, READ_LATEST, &version);
	report_facts(&product, &version, merge_facts(fcinfo, version.facts),
				 &actor);
	row = answer_read(fcinfo, &product, &version, caller);
	actor_end(&actor);
	return row;
}

static char *
format_date(DateADT date)
{
	struct pg_tm tm;
	char	   *text = palloc(MAXDATELEN + 1);

	if (DATE_NOT_FINITE(date))
		return DATE_IS_NOBEGIN(date) ? "-infinity" : "infinity";
	j2date(date + POSTGRES_EPOCH_JDATE, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
	EncodeDateOnly(&tm, USE_ISO_DATES, text);
	return text;
}

static void
read_sunset(FunctionCallInfo fcinfo, int arg, bool *has_sunset,
			DateADT *sunset)
{
	struct pg_tm tm;

	*has_sunset = !PG_ARGISNULL(arg);
	*sunset = *has_sunset ? PG_GETARG_DATEADT(arg) : 0;
	if (!*has_sunset)
		return;
	if (!DATE_NOT_FINITE(*sunset))
	{
		j2date(*sunset + POSTGRES_EPOCH_JDATE, &tm.tm_year, &tm.tm_mon,
			   &tm.tm_mday);
		if (is_year(tm.tm_year))
			return;
	}
	report_invalid_parameter("sunset", format_date(*sunset),
							 "Give a date from the year 1 to 9999, or null for none.");
}

static JsonbValue *
json_date(bool has_date, DateADT date)
{
	return has_date ? json_string(format_date(date)) : NULL;
}

static void
change_sunset(Product *product, const Version *version, bool has_sunset,
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

/* set_sunset(name, sunset, actor, actor_roles) */
PG_FUNCTION_INFO_V1(dpmeta_set_sunset);
Datum
dpmeta_set_sunset(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	DpIdParts	id;
	Actor		actor;
	bool		has_sunset;
	DateADT		sunset;
	Product		product;
	Version		version;
	Datum		row;

	actor_begin(fcinfo, &actor);
	id_of_product(argument_name(fcinfo, 0, "name"), &id);
	read_sunset(fcinfo, 1, &has_sunset, &sunset);
	argument_actor(fcinfo, 2, &actor);
	rights_require(&actor, SUNSET_CHANGED);
	resolve_product(&id, READ_LOCK, &product);
	resolve_version(&product, &id, READ_LATEST, &version);
	change_sunset(&product, &version, has_sunset, sunset, &actor);
	row = answer_read(fcinfo, &product, &version, caller);
	actor_end(&actor);
	return row;
}
