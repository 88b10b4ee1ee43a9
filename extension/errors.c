/*
 * errors.c
 *		Refusals that are worded alike wherever they come from.
 */
#include "postgres.h"

#include "errors.h"
#include "types/scan.h"

void
report_invalid_parameter(const char *parameter, const char *value,
						 const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_DP_INVALID_PARAMETER),
			 errmsg("invalid value for parameter \"%s\": \"%s\"", parameter,
					scan_excerpt(value, strlen(value))),
			 errdetail("The parameter does not take this value."),
			 errhint("%s", hint)));
}
