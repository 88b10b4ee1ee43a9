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
#include "mb/pg_wchar.h"
#include "nodes/nodes.h"
#include "utils/builtins.h"

#include "compat.h"
#include "types/column_type.h"
#include "types/dpid.h"
#include "types/scan.h"

/* The field names of all structs that are open, the outermost's first. */
typedef struct FieldName
{
	const char *str;
	int			len;
} FieldName;

typedef struct TypeParser
{
	const char *start;
	const char *cur;
	const char *end;
	StringInfo	out;			/* the canonical spelling; may be NULL */
	int			out_len;
	int			depth;			/* of array, map and struct around cur */
	FieldName  *fields;
	int			nfields;
	int			maxfields;
	const char *fault;			/* where it stops making sense, and why */
	const char *reason;
} TypeParser;

/* What may follow the name of a type. */
typedef enum TypeShape
{
	SHAPE_PLAIN,
	SHAPE_LENGTH,				/* (n) */
	SHAPE_OPTIONAL_LENGTH,		/* (n), or nothing */
	SHAPE_DECIMAL,				/* (p) or (p,s) */
	SHAPE_ARRAY,				/* <T> */
	SHAPE_MAP,					/* <K,V> */
	SHAPE_STRUCT				/* <name:T,...> */
} TypeShape;

typedef struct TypeName
{
	const char *name;
	const char *canonical;
	TypeShape	shape;
	int			max;			/* of the first number in parentheses */
} TypeName;

static const TypeName type_names[] = {
	{"array", "array", SHAPE_ARRAY, 0},
	{"bigint", "bigint", SHAPE_PLAIN, 0},
	{"binary", "binary", SHAPE_PLAIN, 0},
	{"boolean", "boolean", SHAPE_PLAIN, 0},
	{"char", "char", SHAPE_LENGTH, 255},
	{"date", "date", SHAPE_PLAIN, 0},
	{"decimal", "decimal", SHAPE_DECIMAL, 38},
	{"double", "double", SHAPE_PLAIN, 0},
	{"float", "float", SHAPE_PLAIN, 0},
	{"int", "int", SHAPE_PLAIN, 0},
	{"integer", "int", SHAPE_PLAIN, 0},
	{"map", "map", SHAPE_MAP, 0},
	{"smallint", "smallint", SHAPE_PLAIN, 0},
	{"string", "string", SHAPE_PLAIN, 0},
	{"struct", "struct", SHAPE_STRUCT, 0},
	{"timestamp", "timestamp", SHAPE_PLAIN, 0},
	{"tinyint", "tinyint", SHAPE_PLAIN, 0},
	{"ubigint", "ubigint", SHAPE_PLAIN, 0},
	{"uint", "uint", SHAPE_PLAIN, 0},
	{"uinteger", "uint", SHAPE_PLAIN, 0},
	{"usmallint", "usmallint", SHAPE_PLAIN, 0},
	{"utinyint", "utinyint", SHAPE_PLAIN, 0},
	{"varchar", "varchar", SHAPE_OPTIONAL_LENGTH, 65535},
};

static bool parse_type(TypeParser *parser);

/* Notes a fault.  Returns false, so that a caller can return it. */
static bool
fault(TypeParser *parser, const char *at, const char *reason)
{
	parser->fault = at;
	parser->reason = reason;
	return false;
}

/* Appends to the canonical spelling, unless that is at its limit. */
static bool
emit(TypeParser *parser, const char *str, int len)
{
	parser->out_len += len;
	if (parser->out_len > COLUMN_TYPE_MAX_LENGTH)
		return fault(parser, parser->cur, "the type is too long");
	if (parser->out)
		appendBinaryStringInfo(parser->out, str, len);
	return true;
}

static void
skip_blanks(TypeParser *parser)
{
	while (parser->cur < parser->end &&
		   (*parser->cur == ' ' || *parser->cur == '\t' ||
			*parser->cur == '\n' || *parser->cur == '\r'))
		parser->cur++;
}

/* Is this punctuation next, perhaps after blanks? */
static bool
next_is(TypeParser *parser, char punctuation)
{
	const char *before = parser->cur;

	skip_blanks(parser);
	if (parser->cur < parser->end && *parser->cur == punctuation)
		return true;

	/* Blanks belong to punctuation only. */
	parser->cur = before;
	return false;
}

/* Reads a mark of punctuation and the blanks around it. */
static bool
expect(TypeParser *parser, char punctuation, const char *reason)
{
	if (!next_is(parser, punctuation))
		return fault(parser, parser->cur, reason);
	parser->cur++;
	skip_blanks(parser);
	return emit(parser, &punctuation, 1);
}

/* Reads a number from min to max. */
static bool
parse_number(TypeParser *parser, int min, int max, int32 *value,
			 const char *reason)
{
	const char *at = parser->cur;

	if (!scan_number(&parser->cur, parser->end, value) ||
		*value < min || *value > max)
		return fault(parser, at, reason);
	return emit(parser, at, parser->cur - at);
}

/* Reads "(n)". */
static bool
parse_length(TypeParser *parser, int max)
{
	int32		length;

	return expect(parser, '(', "\"(\" and a length are expected") &&
		parse_number(parser, 1, max, &length,
					 max == 255 ? "a length from 1 to 255 is expected"
					 : "a length from 1 to 65535 is expected") &&
		expect(parser, ')', "\")\" is expected");
}

/* Reads "(p)" or "(p,s)", and writes the scale in either case. */
static bool
parse_decimal(TypeParser *parser, int max)
{
	int32		precision;
	int32		scale;

	if (!expect(parser, '(', "\"(\" and a precision are expected") ||
		!parse_number(parser, 1, max, &precision,
					  "a precision from 1 to 38 is expected"))
		return false;

	if (next_is(parser, ')'))
	{
		if (!emit(parser, ",0", 2))
			return false;
	}
	else if (!expect(parser, ',', "\",\" or \")\" is expected") ||
			 !parse_number(parser, 0, precision, &scale,
						   "a scale from 0 to the precision is expected"))
		return false;

	return expect(parser, ')', "\")\" is expected");
}

/* Reads "<T>". */
static bool
parse_array(TypeParser *parser)
{
	return expect(parser, '<', "\"<\" and the elements' type are expected") &&
		parse_type(parser) &&
		expect(parser, '>', "\">\" is expected");
}

/* Finds the type whose name has these bytes; NULL if there is none. */
static const TypeName *
find_type(const char *str, int len)
{
	for (int i = 0; i < lengthof(type_names); i++)
	{
		if (strlen(type_names[i].name) == len &&
			memcmp(type_names[i].name, str, len) == 0)
			return &type_names[i];
	}
	return NULL;
}

static bool
is_nested(const TypeName *type)
{
	return type->shape == SHAPE_ARRAY || type->shape == SHAPE_MAP ||
		type->shape == SHAPE_STRUCT;
}

/* Reads "<K,V>", where K is not nested. */
static bool
parse_map(TypeParser *parser)
{
	const TypeName *key;

	if (!expect(parser, '<', "\"<\" and the keys' type are expected"))
		return false;

	key = find_type(parser->cur, scan_name(parser->cur, parser->end));
	if (key && is_nested(key))
		return fault(parser, parser->cur,
					 "the keys of a map are of a primitive type");

	return parse_type(parser) &&
		expect(parser, ',', "\",\" and the values' type are expected") &&
		parse_type(parser) &&
		expect(parser, '>', "\">\" is expected");
}

/* Remembers the name of a field of the innermost struct. */
static void
push_field(TypeParser *parser, const char *str, int len)
{
	if (parser->nfields == parser->maxfields)
	{
		parser->maxfields = Max(16, parser->maxfields * 2);
		parser->fields = parser->fields ?
			repalloc(parser->fields, parser->maxfields * sizeof(FieldName)) :
			palloc(parser->maxfields * sizeof(FieldName));
	}
	parser->fields[parser->nfields].str = str;
	parser->fields[parser->nfields].len = len;
	parser->nfields++;
}

/* Orders fields by name, and equal names as they stand. */
static int
compare_fields(const void *a, const void *b)
{
	const FieldName *left = a;
	const FieldName *right = b;
	int			result;

	result = memcmp(left->str, right->str, Min(left->len, right->len));
	if (result == 0)
		result = (left->len > right->len) - (left->len < right->len);
	if (result == 0)
		result = (left->str > right->str) - (left->str < right->str);
	return result;
}

/*
 * Forgets the fields from the given one on, which belong to the struct that
 * ends here.  It is a fault if two have the same name.
 */
static bool
pop_fields(TypeParser *parser, int first)
{
	FieldName  *fields = parser->fields + first;
	int			nfields = parser->nfields - first;
	const char *repeated = NULL;

	parser->nfields = first;

	/* Sorted, as a struct may have thousands of fields. */
	qsort(fields, nfields, sizeof(FieldName), compare_fields);
	for (int i = 1; i < nfields; i++)
	{
		if (fields[i].len == fields[i - 1].len &&
			memcmp(fields[i].str, fields[i - 1].str, fields[i].len) == 0 &&
			(repeated == NULL || fields[i].str < repeated))
			repeated = fields[i].str;
	}

	if (repeated)
		return fault(parser, repeated,
					 "the struct has a field of this name already");
	return true;
}

/* Reads "name:T". */
static bool
parse_field(TypeParser *parser)
{
	const char *name = parser->cur;
	int			len = scan_name(name, parser->end);

	if (len == 0)
		return fault(parser, name, "a field's name is expected");
	if (!dp_name_is_valid(name, len))
		return fault(parser, name + DP_NAME_MAX,
					 "a field's name has at most 128 characters");

	push_field(parser, name, len);
	parser->cur += len;
	return emit(parser, name, len) &&
		expect(parser, ':', "\":\" and the field's type are expected") &&
		parse_type(parser);
}

/* Reads "<name:T,...>". */
static bool
parse_struct(TypeParser *parser)
{
	int			first = parser->nfields;

	if (!expect(parser, '<', "\"<\" and a field are expected"))
		return false;

	for (;;)
	{
		if (!parse_field(parser))
			return false;
		if (!next_is(parser, ','))
			break;
		if (!expect(parser, ',', "\",\" is expected"))
			return false;
	}

	return expect(parser, '>', "\",\" or \">\" is expected") &&
		pop_fields(parser, first);
}

/* Reads what may follow the name of the type. */
static bool
parse_rest(TypeParser *parser, const TypeName *type)
{
	switch (type->shape)
	{
		case SHAPE_PLAIN:
			return true;
		case SHAPE_LENGTH:
			return parse_length(parser, type->max);
		case SHAPE_OPTIONAL_LENGTH:
			return !next_is(parser, '(') || parse_length(parser, type->max);
		case SHAPE_DECIMAL:
			return parse_decimal(parser, type->max);
		case SHAPE_ARRAY:
			return parse_array(parser);
		case SHAPE_MAP:
			return parse_map(parser);
		case SHAPE_STRUCT:
			return parse_struct(parser);
	}
	pg_unreachable();
}

/* Reads one type.  Recurses no deeper than COLUMN_TYPE_MAX_DEPTH. */
static bool
parse_type(TypeParser *parser)
{
	const char *name = parser->cur;
	int			len = scan_name(name, parser->end);
	const TypeName *type = find_type(name, len);
	bool		valid;

	if (len == 0)
		return fault(parser, name, "the name of a type is expected");
	if (type == NULL)
		return fault(parser, name, "unknown type name");
	if (is_nested(type) && parser->depth == COLUMN_TYPE_MAX_DEPTH)
		return fault(parser, name, "the type is nested too deeply");
	if (!emit(parser, type->canonical, strlen(type->canonical)))
		return false;

	parser->cur += len;
	parser->depth += is_nested(type);
	valid = parse_rest(parser, type);
	parser->depth -= is_nested(type);
	return valid;
}

/* Reads a type and nothing after it. */
static bool
parse_whole(TypeParser *parser)
{
	if (parser->end - parser->start > COLUMN_TYPE_MAX_LENGTH)
		return fault(parser, parser->start + COLUMN_TYPE_MAX_LENGTH,
					 "the type is too long");
	if (!parse_type(parser))
		return false;
	if (parser->cur != parser->end)
		return fault(parser, parser->cur, "the end of the type is expected");
	return true;
}

bool
column_type_parse(const char *str, int len, StringInfo canonical,
				  int *fault_at, const char **reason)
{
	TypeParser	parser = {0};
	bool		valid;

	parser.start = str;
	parser.cur = str;
	parser.end = str + len;
	parser.out = canonical;

	valid = parse_whole(&parser);
	if (parser.fields)
		pfree(parser.fields);

	/* A text that is too long may end inside a character. */
	if (!valid && fault_at)
		*fault_at = pg_mbcliplen(str, len, parser.fault - str);
	if (!valid && reason)
		*reason = parser.reason;
	return valid;
}

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
				 errdetail("At character %d: %s.",
						   pg_mbstrlen_with_len(str, fault_at) + 1, reason),
				 errhint("Write an Athena type in lower case, for example int, decimal(10,2), varchar(20), array<string>, map<string,int> or struct<a:int,b:date>, nested at most %d deep and at most %d bytes long.",
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

	return find_type(str, scan_name(str, str + VARSIZE_ANY_EXHDR(type)));
}

/* The type's name, without what follows it. */
PG_FUNCTION_INFO_V1(column_type_base_type);
Datum
column_type_base_type(PG_FUNCTION_ARGS)
{
	text	   *type = PG_GETARG_TEXT_PP(0);
	const char *str = VARDATA_ANY(type);
	int			len = scan_name(str, str + VARSIZE_ANY_EXHDR(type));

	PG_RETURN_TEXT_P(cstring_to_text_with_len(str, len));
}

/* Is it an array, a map or a struct? */
PG_FUNCTION_INFO_V1(column_type_is_nested);
Datum
column_type_is_nested(PG_FUNCTION_ARGS)
{
	const TypeName *base = base_of(PG_GETARG_TEXT_PP(0));

	PG_RETURN_BOOL(base != NULL && is_nested(base));
}
