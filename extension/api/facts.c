/*
 * api/facts.c
 *		What may be said beside the versions: report_load() and set_sunset().
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
#include "rules/document.h"
#include "rules/facts.h"
#include "store/fetch.h"

/* The longest location, in bytes. */
#define LOCATION_MAX	2048

/* Documents and HTTP have four digits for a year. */
#define is_year(year)	((year) >= 1 && (year) <= 9999)

/* The argument of report_load() that gives a fact. */
typedef struct Fact
{
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
static const Fact facts[FACT_COUNT] = {
	[FACT_LAST_UPDATED] = {"last_updated", 1, read_time},
	[FACT_ROW_COUNT] = {"row_count", 2, read_count},
	[FACT_S3_LOCATION] = {"s3_location", 3, read_location},
	[FACT_DPIA_LOCATION] = {"dpia_location", 4, read_location},
};

/* The facts that are given, and for the others what was reported before. */
static Jsonb *
merge_facts(FunctionCallInfo fcinfo, Jsonb *old)
{
	JsonbParseState *state = NULL;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	for (int i = 0; i < FACT_COUNT; i++)
	{
		const Fact *fact = &facts[i];
		JsonbValue *value = PG_ARGISNULL(fact->arg) ?
			json_member(old, fact_members[i]) : fact->read(fcinfo, fact);

		if (value != NULL)
			push_member(&state, fact_members[i], value);
	}
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
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
	resolve_product_to_write(&id, false, &product);
	resolve_version(&product, &id, READ_LATEST, &version);
	facts_report(&product, &version, merge_facts(fcinfo, version.facts),
				 &actor);
	row = answer_read(fcinfo, &product, &version, caller);
	actor_end(&actor);
	return row;
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
	report_invalid_parameter("sunset", facts_format_date(*sunset),
							 "Give a date from the year 1 to 9999, or null for none.");
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
	facts_require_sunset(&actor);
	resolve_product_to_write(&id, false, &product);
	resolve_version(&product, &id, READ_LATEST, &version);
	facts_set_sunset(&product, &version, has_sunset, sunset, &actor);
	row = answer_read(fcinfo, &product, &version, caller);
	actor_end(&actor);
	return row;
}
