/*
 * api/arguments.c
 *		The arguments of the functions that are not STRICT.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "api/arguments.h"
#include "errors.h"
#include "store/past.h"

text *
argument_text(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? NULL : PG_GETARG_TEXT_PP(n);
}

ArrayType *
argument_array(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? NULL : PG_GETARG_ARRAYTYPE_P(n);
}

bool
argument_flag(FunctionCallInfo fcinfo, int n)
{
	return !PG_ARGISNULL(n) && PG_GETARG_BOOL(n);
}

Datum
argument_required(FunctionCallInfo fcinfo, int n, const char *parameter)
{
	if (PG_ARGISNULL(n))
		ereport(ERROR,
				(errcode(ERRCODE_DP_INVALID_PARAMETER),
				 errmsg("argument \"%s\" must not be null", parameter),
				 errdetail("The call needs it."),
				 errhint("Give a value for \"%s\".", parameter)));
	return PG_GETARG_DATUM(n);
}

void
argument_id(FunctionCallInfo fcinfo, int n, DpIdParts *id)
{
	dpid_parts(DatumGetDpIdP(argument_required(fcinfo, n, "id")), id);
}

void
argument_actor(FunctionCallInfo fcinfo, int n, Actor *actor)
{
	actor_find(actor, argument_text(fcinfo, n), argument_array(fcinfo, n + 1));
	actor_require(actor, ROLE_PRODUCER, "writing");
}

static void
check_as_of(TimestampTz as_of)
{
	TimestampTz kept_since = past_kept_since(READ_SNAPSHOT);

	/* it has one buffer for all times */
	char	   *given = pstrdup(timestamptz_to_str(as_of));

	if (TIMESTAMP_NOT_FINITE(as_of) || as_of > GetCurrentTimestamp())
		report_invalid_parameter("as_of", given, "Give a time that has passed.");
	if (as_of < kept_since)
		report_invalid_parameter("as_of", given,
								 psprintf("The log was cut before %s. Give that time or a later one.",
										  timestamptz_to_str(kept_since)));
}

TimestampTz
argument_as_of(FunctionCallInfo fcinfo, int n)
{
	TimestampTz as_of;

	if (PG_NARGS() <= n || PG_ARGISNULL(n))
		return AS_OF_NOW;
	as_of = PG_GETARG_TIMESTAMPTZ(n);
	check_as_of(as_of);
	return as_of;
}

char *
argument_name(FunctionCallInfo fcinfo, int n, const char *parameter)
{
	char	   *name = TextDatumGetCString(argument_required(fcinfo, n, parameter));

	if (!dp_name_is_valid(name, strlen(name)))
		report_invalid_parameter(parameter, name,
								 "Give the name of a data product: 1 to 128 of a-z, 0-9 and _.");
	return name;
}
