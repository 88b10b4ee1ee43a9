/*
 * types/type_parser.c
 *		The grammar of column types.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"

#include "types/field_name.h"
#include "types/scan.h"
#include "types/type_name.h"
#include "types/type_parser.h"

/*
 * The field names of all structs that are open, the outermost's first.  Two are
 * the same name if their keys are.
 */
typedef struct FieldName
{
	const char *key;
	int			len;
	const char *at;				/* where it stands */
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

static bool parse_type(TypeParser *parser);

/* How much of a word a reason repeats, in bytes. */
#define WORD_MAX	64

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

/* Is this word next, after blanks? */
static bool
next_is_word(TypeParser *parser, const char *word)
{
	const char *before = parser->cur;
	int			len;
	bool		found;

	skip_blanks(parser);
	len = type_word_scan(parser->cur, parser->end);
	found = parser->cur > before && len == strlen(word) &&
		pg_strncasecmp(parser->cur, word, len) == 0;
	if (!found)
		parser->cur = before;
	return found;
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

/* Reads "(p)", "(p,s)" or nothing, and writes both numbers in each case. */
static bool
parse_decimal(TypeParser *parser, int max)
{
	int32		precision;
	int32		scale;

	if (!next_is(parser, '('))
		return emit(parser, "(10,0)", 6);
	if (!expect(parser, '(', "\"(\" is expected") ||
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

/* Reads "<K,V>", where K is not nested. */
static bool
parse_map(TypeParser *parser)
{
	const TypeName *key;

	if (!expect(parser, '<', "\"<\" and the keys' type are expected"))
		return false;

	key = type_name_find(parser->cur,
						 type_word_scan(parser->cur, parser->end));
	if (key && type_is_nested(key))
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
	FieldName  *field;

	if (parser->nfields == parser->maxfields)
	{
		parser->maxfields = Max(16, parser->maxfields * 2);
		parser->fields = parser->fields ?
			repalloc(parser->fields, parser->maxfields * sizeof(FieldName)) :
			palloc(parser->maxfields * sizeof(FieldName));
	}
	field = &parser->fields[parser->nfields++];
	field->key = field_name_key(str, len, &field->len);
	field->at = str;
}

static bool
same_key(const FieldName *a, const FieldName *b)
{
	return a->len == b->len && memcmp(a->key, b->key, a->len) == 0;
}

/* Orders fields by name, and equal names as they stand. */
static int
compare_fields(const void *a, const void *b)
{
	const FieldName *left = a;
	const FieldName *right = b;
	int			result;

	result = memcmp(left->key, right->key, Min(left->len, right->len));
	if (result == 0)
		result = (left->len > right->len) - (left->len < right->len);
	if (result == 0)
		result = (left->at > right->at) - (left->at < right->at);
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
		if (same_key(&fields[i], &fields[i - 1]) &&
			(repeated == NULL || fields[i].at < repeated))
			repeated = fields[i].at;
	}

	if (repeated)
		return fault(parser, repeated,
					 "the struct has a field of this name already, if case does not count");
	return true;
}

/* Reads "name:T". */
static bool
parse_field(TypeParser *parser)
{
	const char *name = parser->cur;
	const char *fault_at;
	const char *reason;
	int			len = field_name_scan(name, parser->end, &fault_at, &reason);

	if (len == 0)
		return fault(parser, fault_at, reason);

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

	if (next_is_word(parser, "comment"))
		return fault(parser, parser->cur, "a field's comment is not part of its type");
	return expect(parser, '>', "\",\" or \">\" is expected") &&
		pop_fields(parser, first);
}

/* The word at cur, for a reason; a long one is cut. */
static char *
quote_word(const char *word, int len)
{
	return len <= WORD_MAX ? psprintf("\"%.*s\"", len, word) :
		psprintf("\"%.*s...\"", WORD_MAX, word);
}

/* "double precision" is double. */
static bool
parse_double(TypeParser *parser)
{
	if (next_is_word(parser, "precision"))
		parser->cur += strlen("precision");
	return true;
}

/*
 * Of a type that stands alone, other engines have more than one.  A reader of
 * timestamp gets what was written either way, but not of one that has a zone.
 */
static bool
refuse_more(TypeParser *parser, const TypeName *type)
{
	const char *follows = parser->depth == 0 ? "nothing" : "only \",\" or \">\"";

	if (next_is(parser, '(') || next_is(parser, '<'))
		return fault(parser, parser->cur,
					 psprintf("\"%s\" takes nothing in brackets, so write \"%s\"; %s may follow it here",
							  type->name, type->canonical, follows));
	if (next_is_word(parser, "with"))
		return fault(parser, parser->cur,
					 psprintf("\"%s\" with a time zone has no counterpart here",
							  type->name));
	if (next_is_word(parser, "without"))
		return fault(parser, parser->cur,
					 psprintf("\"%s\" has no time zone here, so write it alone",
							  type->name));
	return true;
}

/* Reads what may follow the name of the type. */
static bool
parse_rest(TypeParser *parser, const TypeName *type)
{
	switch (type->shape)
	{
		case SHAPE_PLAIN:
			return refuse_more(parser, type);
		case SHAPE_DOUBLE:
			return parse_double(parser) && refuse_more(parser, type);
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

/* There is no type of this name: says what to write instead. */
static bool
refuse_name(TypeParser *parser, const char *name, int len)
{
	char	   *word = quote_word(name, len);
	const char *instead;

	if (len == 0)
		return fault(parser, name, "the name of a type is expected");
	if (!type_name_is_foreign(name, len, &instead))
		return fault(parser, name, psprintf("there is no type %s", word));
	if (instead == NULL)
		return fault(parser, name, psprintf("%s has no counterpart here", word));
	return fault(parser, name,
				 psprintf("%s is called %s here", word, instead));
}

/* Reads one type.  Recurses no deeper than COLUMN_TYPE_MAX_DEPTH. */
static bool
parse_type(TypeParser *parser)
{
	const char *name = parser->cur;
	int			len = type_word_scan(name, parser->end);
	const TypeName *type = type_name_find(name, len);
	bool		valid;

	if (type == NULL)
		return refuse_name(parser, name, len);
	if (type_is_nested(type) && parser->depth == COLUMN_TYPE_MAX_DEPTH)
		return fault(parser, name, "the type is nested too deeply");
	if (!emit(parser, type->canonical, strlen(type->canonical)))
		return false;

	parser->cur += len;
	parser->depth += type_is_nested(type);
	valid = parse_rest(parser, type);
	parser->depth -= type_is_nested(type);
	return valid;
}

/* Reads a type and nothing after it. */
static bool
parse_whole(TypeParser *parser)
{
	if (parser->end - parser->start > COLUMN_TYPE_MAX_LENGTH)
		return fault(parser, parser->start + COLUMN_TYPE_MAX_LENGTH,
					 "the type is too long");
	skip_blanks(parser);
	if (!parse_type(parser))
		return false;
	skip_blanks(parser);
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

/* How much of a type is shown on either side of a fault, in characters. */
#define SHOWN_BEFORE	30
#define SHOWN_AFTER		20

/* A piece of a type, in quotes; with dots where it was cut. */
static char *
quote_piece(const char *from, const char *to, bool cut_left, bool cut_right)
{
	return psprintf("\"%s%.*s%s\"", cut_left ? "..." : "", (int) (to - from),
					from, cut_right ? "..." : "");
}

char *
column_type_fault(const char *str, int len, int fault_at, const char *reason)
{
	const char *at = str + fault_at;
	const char *from = str;
	const char *to;
	int			position = pg_mbstrlen_with_len(str, fault_at);
	StringInfoData text;

	for (int i = position - SHOWN_BEFORE; i > 0; i--)
		from += pg_mblen(from);
	to = at + pg_mbcharcliplen(at, len - fault_at, SHOWN_AFTER);

	initStringInfo(&text);
	appendStringInfo(&text, "character %d", position + 1);
	if (fault_at > 0)
		appendStringInfo(&text, ", after %s",
						 quote_piece(from, at, from > str, false));
	if (fault_at < len)
		appendStringInfo(&text, "%s before %s", fault_at > 0 ? " and" : ",",
						 quote_piece(at, to, false, to < str + len));
	appendStringInfo(&text, ": %s", reason);
	return text.data;
}
