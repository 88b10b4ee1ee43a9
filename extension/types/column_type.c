/*
 * types/column_type.c
 *		The type column_type: the type of a table's column, as Athena and
 *		Hive write it.
 *
 * It is stored as its canonical spelling, with the layout of text.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "nodes/nodes.h"
#include "utils/builtins.h"

#include "compat.h"
#include "types/scan.h"
#include "types/type_name.h"
#include "types/type_parser.h"

/* Makes the stored value of a type's text; NULL after a soft error. */
static text *
type_from_text(const char *str, int len, Node *escontext)
{
	StringInfoData canonical;
	int			fault_at;
	const char *reason;

	initStringInfo(&canonical);
	if (!column_type_parse(str, len, &canonical, &fault_at, &reason))
		ereturn(escontext, NULL,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s: \"%s\"",
						"column_type", scan_excerpt(str, len)),
				 errdetail("At %s.",
						   column_type_fault(str, len, fault_at, reason)),
				 errhint("Write an Athena type, for example int, decimal(10,2), varchar(20), array<string>, map<string,int> or struct<a:int,b:date>, nested at most %d deep and at most %d bytes long.",
						 COLUMN_TYPE_MAX_DEPTH, COLUMN_TYPE_MAX_LENGTH)));

	return cstring_to_text_with_len(canonical.data, canonical.len);
}

/* Text input. */
PG_FUNCTION_INFO_V1(column_type_in);
Datum
column_type_in(PG_FUNCTION_ARGS)
{
	char	   *str = PG_GETARG_CSTRING(0);

	PG_RETURN_TEXT_P(type_from_text(str, strlen(str), fcinfo->context));
}

/* Text output. */
PG_FUNCTION_INFO_V1(column_type_out);
Datum
column_type_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(TextDatumGetCString(PG_GETARG_DATUM(0)));
}

/* Binary input: the format's number, then the text form. */
PG_FUNCTION_INFO_V1(column_type_recv);
Datum
column_type_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	char	   *str;
	int			len;

	scan_binary_format(buf, "column_type");
	str = pq_getmsgtext(buf, buf->len - buf->cursor, &len);
	PG_RETURN_TEXT_P(type_from_text(str, len, NULL));
}

/* Binary output. */
PG_FUNCTION_INFO_V1(column_type_send);
Datum
column_type_send(PG_FUNCTION_ARGS)
{
	text	   *type = PG_GETARG_TEXT_PP(0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint8(&buf, BINARY_FORMAT);
	pq_sendtext(&buf, VARDATA_ANY(type), VARSIZE_ANY_EXHDR(type));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* The entry of the type's own name, without what is in parentheses. */
static const TypeName *
base_of(const text *type)
{
	const char *str = VARDATA_ANY(type);

	return type_name_find(str, type_word_scan(str, str + VARSIZE_ANY_EXHDR(type)));
}

/* The type's name, without what follows it. */
PG_FUNCTION_INFO_V1(column_type_base_type);
Datum
column_type_base_type(PG_FUNCTION_ARGS)
{
	text	   *type = PG_GETARG_TEXT_PP(0);
	const char *str = VARDATA_ANY(type);
	int			len = type_word_scan(str, str + VARSIZE_ANY_EXHDR(type));

	PG_RETURN_TEXT_P(cstring_to_text_with_len(str, len));
}

/* Is it an array, a map or a struct? */
PG_FUNCTION_INFO_V1(column_type_is_nested);
Datum
column_type_is_nested(PG_FUNCTION_ARGS)
{
	const TypeName *base = base_of(PG_GETARG_TEXT_PP(0));

	PG_RETURN_BOOL(base != NULL && type_is_nested(base));
}
