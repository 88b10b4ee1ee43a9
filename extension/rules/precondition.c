/*
 * rules/precondition.c
 *		If-Match, on the entity tag of what a write starts from (RFC 9110,
 *		13.1.1).
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "errors.h"
#include "rules/precondition.h"

static bool
etag_matches(ArrayType *if_match, const char *etag)
{
	Datum	   *tags;
	bool	   *nulls;
	int			count;

	deconstruct_array(if_match, TEXTOID, -1, false, TYPALIGN_INT,
					  &tags, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		char	   *tag = nulls[i] ? "" : TextDatumGetCString(tags[i]);

		if (strcmp(tag, "*") == 0 || strcmp(tag, etag) == 0)
			return true;
	}
	return false;
}

void
etag_require(ArrayType *if_match, const char *etag)
{
	if (if_match == NULL || (etag != NULL && etag_matches(if_match, etag)))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_DP_PRECONDITION_FAILED),
			 etag != NULL
			 ? errmsg("none of the entity tags given is the current one")
			 : errmsg("the resource does not exist yet, so no entity tag matches it"),
			 etag != NULL
			 ? errdetail("The current one is \"%s\". The resource changed after you read it, or it never had the tags given.", etag)
			 : errdetail("The resource changed after you read it, or it never had these tags."),
			 errhint("Read the resource again and start from what it is now.")));
}
