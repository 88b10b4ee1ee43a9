/*
 * api/filters.c
 *		What lists of data products and searches are narrowed down by.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "api/answer.h"
#include "api/arguments.h"
#include "api/filters.h"
#include "api/page.h"
#include "errors.h"
#include "json/render.h"
#include "rules/document.h"
#include "store/statements.h"

/* A key has at most 128 characters, all of which may be colons. */
#define MAX_TAG_READINGS	129

void
filter_check_status(const text *value)
{
	if (value != NULL)
		document_check_choice("status", text_to_cstring(value), READ_SNAPSHOT);
}

/*
 * A product keeps its domain when a DBA takes that off the list, so a filter
 * by it must still find the product.
 */
void
filter_check_domain(const text *value)
{
	Values		values = {0};

	if (value == NULL)
		return;
	bind_text(&values, value);
	if (statement_run(STMT_DOMAIN_USED, &values, true) == 0)
		document_check_choice("domain", text_to_cstring(value), READ_SNAPSHOT);
}

static Datum
make_tag(const char *key, int key_len, const char *value)
{
	JsonbParseState *state = NULL;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	push_string_member(&state, pnstrdup(key, key_len), value);
	return JsonbPGetDatum(JsonbValueToJsonb(pushJsonbValue(&state,
														   WJB_END_OBJECT,
														   NULL)));
}

ArrayType *
filter_tag(const text *value)
{
	const char *tag = text_to_cstring(value);
	Datum		tags[MAX_TAG_READINGS];
	int			count = 0;

	for (const char *colon = strchr(tag, ':'); colon && count < MAX_TAG_READINGS;
		 colon = strchr(colon + 1, ':'))
		tags[count++] = make_tag(tag, colon - tag, colon + 1);
	if (count == 0)
		report_invalid_parameter("tag", tag, "Write a tag as KEY:VALUE.");
	return construct_array(tags, count, JSONBOID, -1, false, TYPALIGN_INT);
}

/* read_filters(domain, status, tag, page_size): tags, page_size */
PG_FUNCTION_INFO_V1(dpmeta_read_filters);
Datum
dpmeta_read_filters(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	text	   *tag = argument_text(fcinfo, 2);
	Values		values = {0};
	Datum		row;

	SPI_connect();
	filter_check_domain(argument_text(fcinfo, 0));
	filter_check_status(argument_text(fcinfo, 1));
	bind_array_or_null(&values, tag == NULL ? NULL : filter_tag(tag),
					   JSONBARRAYOID);
	bind_int4(&values, argument_page_size(fcinfo, 3, "data products"));
	row = answer_row(fcinfo, &values, caller);
	SPI_finish();
	return row;
}
