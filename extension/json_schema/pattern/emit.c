/*
 * json_schema/pattern/emit.c
 *		Writing a pattern as the server's engine reads it.
 */
#include "postgres.h"


#include "json_schema/array.h"
#include "json_schema/pattern/class.h"
#include "json_schema/pattern/emit.h"

/* The server's own limit for one repetition. */
#define SERVER_REPEAT_MAX	255

/* The longest translation, in code points. */
#define OUTPUT_MAX			1000000

void
regex_emit(RegexParser *parser, pg_wchar c)
{
	if (parser->out_len >= OUTPUT_MAX)
	{
		regex_refuse(parser, "it is too long or repeats too much");
		return;
	}
	parser->out = array_with_room(parser->out, parser->out_len,
								  &parser->out_capacity, sizeof(pg_wchar));
	parser->out[parser->out_len++] = c;
}

void
regex_emit_string(RegexParser *parser, const char *str)
{
	for (; *str != '\0'; str++)
		regex_emit(parser, (unsigned char) *str);
}

/* A character that stands for itself. */
void
regex_emit_literal(RegexParser *parser, pg_wchar c)
{
	if (c == 0)
		c = 0xD800;				/* no more to be found than NUL is */
	if (c > ' ' && c < 127 && !regex_is_alnum(c) && c != '_')
		regex_emit(parser, '\\');
	regex_emit(parser, c);
}

/* One end of a range, inside of brackets. */
static void
emit_range_end(RegexParser *parser, pg_wchar c)
{
	if (c > 0 && c < 128 && strchr("[]-\\^", c) != NULL)
		regex_emit_string(parser, psprintf("\\u%04x", (unsigned int) c));
	else
		regex_emit(parser, c);
}

void
regex_emit_set(RegexParser *parser, const CodeSet *set)
{
	int			written = 0;

	regex_emit(parser, '[');
	for (int i = 0; i < set->count; i++)
	{
		pg_wchar	first = Max(1, set->ranges[i].first);
		pg_wchar	last = set->ranges[i].last;

		if (last < first)
			continue;
		written++;
		emit_range_end(parser, first);
		if (last > first)
		{
			regex_emit(parser, '-');
			emit_range_end(parser, last);
		}
	}
	if (written == 0)
		regex_emit(parser, 0xD800); /* nothing is in it */
	regex_emit(parser, ']');
}

static void
emit_times(RegexParser *parser, int min, int max)
{
	if (max == min)
		regex_emit_string(parser, psprintf("{%d}", min));
	else if (max < 0)
		regex_emit_string(parser, psprintf("{%d,}", min));
	else
		regex_emit_string(parser, psprintf("{%d,%d}", min, max));
}

/*
 * Repeats the atom at start in pieces that the server can count: first
 * what must be there, then what may.
 */
static void
emit_long_repeat(RegexParser *parser, int start, int min, int max)
{
	int			end = parser->out_len;
	pg_wchar   *atom = palloc((end - start + 1) * sizeof(pg_wchar));
	int			may = max < 0 ? 0 : max - min;
	int			len = end - start;

	memcpy(atom, parser->out + start, len * sizeof(pg_wchar));
	parser->out_len = start;
	regex_emit_string(parser, "(?:");
	for (int left = min; left > 0; left -= SERVER_REPEAT_MAX)
	{
		for (int i = 0; i < len; i++)
			regex_emit(parser, atom[i]);
		emit_times(parser, Min(left, SERVER_REPEAT_MAX),
				   Min(left, SERVER_REPEAT_MAX));
	}
	for (int left = may; left > 0; left -= SERVER_REPEAT_MAX)
	{
		for (int i = 0; i < len; i++)
			regex_emit(parser, atom[i]);
		emit_times(parser, 0, Min(left, SERVER_REPEAT_MAX));
	}
	if (max < 0)
	{
		for (int i = 0; i < len; i++)
			regex_emit(parser, atom[i]);
		regex_emit(parser, '*');
	}
	regex_emit(parser, ')');
	pfree(atom);
}

void
regex_emit_repeat(RegexParser *parser, int start, int min, int max)
{
	if (min == 0 && max == -1)
		regex_emit(parser, '*');
	else if (min == 1 && max == -1)
		regex_emit(parser, '+');
	else if (min == 0 && max == 1)
		regex_emit(parser, '?');
	else if (min <= SERVER_REPEAT_MAX && max <= SERVER_REPEAT_MAX)
		emit_times(parser, min, max);
	else if (parser->check_only)
		return;
	else if (parser->has_references)
		regex_refuse(parser, "it has back-references and repeats something more than %d times",
					 SERVER_REPEAT_MAX);
	else
		emit_long_repeat(parser, start, min, max);
}
