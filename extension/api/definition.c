/*
 * api/definition.c
 *		What indexes have of a table's definition: the names of its columns,
 *		how many there are, and the words of its names and descriptions.
 *
 * These are called for each row of a table that may have been changed by hand, so
 * what is no definition has nothing.
 */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "compat.h"
#include "json/columns.h"
#include "json/render.h"

/* So many bytes of a text are searched: store/search.h says why. */
#define MAX_SEARCHED	150000

/* column_names(definition): text[] */
PG_FUNCTION_INFO_V1(dpmeta_column_names);
Datum
dpmeta_column_names(PG_FUNCTION_ARGS)
{
	JsonbContainer *columns = columns_of(PG_GETARG_JSONB_P(0));
	uint32		count = count_of(columns);
	Datum	   *names = palloc(Max(count, 1) * sizeof(Datum));
	int			found = 0;

	for (uint32 i = 0; i < count; i++)
	{
		JsonbValue *name = column_text(columns, i, "name");

		if (name != NULL)
			names[found++] = PointerGetDatum(cstring_to_text_with_len(name->val.string.val,
																	  name->val.string.len));
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(names, found, TEXTOID, -1, false,
										  TYPALIGN_INT));
}

/* count_columns(definition) */
PG_FUNCTION_INFO_V1(dpmeta_count_columns);
Datum
dpmeta_count_columns(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(count_of(columns_of(PG_GETARG_JSONB_P(0))));
}

/* count_described(definition): of these, those with a description */
PG_FUNCTION_INFO_V1(dpmeta_count_described);
Datum
dpmeta_count_described(PG_FUNCTION_ARGS)
{
	JsonbContainer *columns = columns_of(PG_GETARG_JSONB_P(0));
	uint32		count = count_of(columns);
	int			described = 0;

	for (uint32 i = 0; i < count; i++)
	{
		JsonbValue *description = column_text(columns, i, "description");

		if (description != NULL && description->val.string.len > 0)
			described++;
	}
	PG_RETURN_INT32(described);
}

/* Appends a text and a blank, if there is room. */
static void
append_words(StringInfo words, JsonbValue *text)
{
	int			room = MAX_SEARCHED - words->len - 1;

	if (text == NULL || text->type != jbvString || room <= 0)
		return;
	appendBinaryStringInfo(words, text->val.string.val,
						   pg_mbcliplen(text->val.string.val,
										text->val.string.len, room));
	appendStringInfoChar(words, ' ');
}

/* This member of each column. */
static void
append_column_words(StringInfo words, JsonbContainer *columns, const char *key)
{
	uint32		count = count_of(columns);

	for (uint32 i = 0; i < count && words->len < MAX_SEARCHED; i++)
		append_words(words, column_text(columns, i, key));
}

/* name_words(definition): what is searched of the names of columns */
PG_FUNCTION_INFO_V1(dpmeta_name_words);
Datum
dpmeta_name_words(PG_FUNCTION_ARGS)
{
	StringInfoData words;

	initStringInfo(&words);
	append_column_words(&words, columns_of(PG_GETARG_JSONB_P(0)), "name");
	PG_RETURN_TEXT_P(cstring_to_text_with_len(words.data, words.len));
}

/* description_words(definition): and of the descriptions, the table's first */
PG_FUNCTION_INFO_V1(dpmeta_description_words);
Datum
dpmeta_description_words(PG_FUNCTION_ARGS)
{
	Jsonb	   *definition = PG_GETARG_JSONB_P(0);
	StringInfoData words;

	initStringInfo(&words);
	if (JB_ROOT_IS_OBJECT(definition))
		append_words(&words, json_member(definition, "tableDescription"));
	append_column_words(&words, columns_of(definition), "description");
	PG_RETURN_TEXT_P(cstring_to_text_with_len(words.data, words.len));
}
