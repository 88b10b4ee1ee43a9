/*
 * json_schema/pattern/translate.c
 *		From ECMA-262 patterns to the server's advanced regular expressions.
 *
 * Only whether a pattern is found matters, never where.  Every set is written
 * out as code points, so that no collation has a say.  What the
 * server would understand otherwise than ECMA-262 is refused.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "json_schema/array.h"
#include "json_schema/pattern/class.h"
#include "json_schema/pattern/emit.h"
#include "json_schema/pattern/translate.h"

static bool parse_disjunction(RegexParser *parser);

static int
open_group(RegexParser *parser)
{
	RegexGroup *group;

	parser->groups = array_with_room(parser->groups, parser->ngroups,
									 &parser->group_capacity,
									 sizeof(RegexGroup));
	group = &parser->groups[parser->ngroups];
	memset(group, 0, sizeof(*group));
	group->parent = parser->group;
	if (parser->group >= 0)
		group->branch = parser->groups[parser->group].branches;
	parser->group = parser->ngroups++;
	return parser->group;
}

static bool
in_lookaround(const RegexParser *parser)
{
	for (int g = parser->group; g >= 0; g = parser->groups[g].parent)
	{
		if (parser->groups[g].lookaround)
			return true;
	}
	return false;
}

/* Notes that all groups open here have an assertion inside. */
static void
mark_assertion(RegexParser *parser)
{
	for (int g = parser->group; g >= 0; g = parser->groups[g].parent)
		parser->groups[g].has_assertion = true;
}

/* Opens a capture; it stays one only if something refers back to one. */
static void
open_capture(RegexParser *parser)
{
	RegexGroup *group = &parser->groups[parser->group];

	group->number = ++parser->seen;
	if (parser->has_references && !in_lookaround(parser))
	{
		group->emitted = ++parser->emitted;
		regex_emit(parser, '(');
	}
	else
		regex_emit_string(parser, "(?:");
}

/* Reads what makes a group special, behind its "(". */
static bool
parse_group_kind(RegexParser *parser)
{
	RegexGroup *group = &parser->groups[parser->group];
	char	   *name;
	bool		behind;
	bool		negative;

	if (!regex_take(parser, '?'))
	{
		open_capture(parser);
		return true;
	}
	if (regex_take(parser, ':'))
	{
		regex_emit_string(parser, "(?:");
		return true;
	}
	behind = regex_take(parser, '<');
	negative = regex_peek(parser, 0) == '!';
	if (regex_take(parser, '=') || regex_take(parser, '!'))
	{
		group->lookaround = true;
		mark_assertion(parser);
		regex_emit_string(parser, behind ? "(?<" : "(?");
		regex_emit(parser, negative ? '!' : '=');
		return true;
	}
	if (!behind)
		return regex_refuse(parser, "\"(?\" is not followed by what ECMA-262 knows there");
	if (!regex_read_group_name(parser, &name))
		return false;
	open_capture(parser);
	return true;
}

static bool
parse_group(RegexParser *parser)
{
	int			number = open_group(parser);
	int			term = parser->term;

	if (!parse_group_kind(parser) || !parse_disjunction(parser))
		return false;
	parser->term = term;
	if (!regex_take(parser, ')'))
		return regex_refuse(parser, "a group is not closed");
	regex_emit(parser, ')');
	parser->groups[number].closed = true;
	parser->group = parser->groups[number].parent;
	parser->nullable = parser->groups[number].nullable ||
		parser->groups[number].lookaround;
	return true;
}

/*
 * A reference may stand only where its group has surely matched, and once:
 * elsewhere it matches nothing in ECMA-262 and fails in the server.
 */
static bool
reference_is_sure(const RegexParser *parser, int target)
{
	int			here = parser->group;
	int			branch = parser->groups[here].branches;
	int			from = target;

	if (!parser->groups[target].closed || parser->groups[target].repeated ||
		parser->groups[target].emitted == 0 || in_lookaround(parser))
		return false;
	for (;;)
	{
		int			outer = parser->groups[from].parent;

		/* is the outer group around the reference as well? */
		here = parser->group;
		branch = parser->groups[here].branches;
		while (here >= 0 && here != outer)
		{
			branch = parser->groups[here].branch;
			here = parser->groups[here].parent;
		}
		if (here == outer)
			return parser->groups[from].branch == branch;
		if (parser->groups[outer].repeated ||
			parser->groups[outer].branches > 0)
			return false;
		from = outer;
	}
}

/* Notes that all groups open here have a reference inside. */
static void
mark_reference(RegexParser *parser)
{
	for (int g = parser->group; g >= 0; g = parser->groups[g].parent)
		parser->groups[g].has_reference = true;
}

/*
 * With an assertion inside of the group the server may miss a match: it
 * does not find ($|a)b*\1 in every string, though each has an end.
 */
static bool
emit_reference(RegexParser *parser, int number)
{
	parser->nullable = true;
	mark_reference(parser);
	if (parser->check_only && number <= parser->captures)
		return true;
	for (int i = 0; i < parser->ngroups; i++)
	{
		if (parser->groups[i].number != number)
			continue;
		if (!reference_is_sure(parser, i))
			break;
		if (parser->groups[i].has_assertion)
			return regex_refuse(parser, "a back-reference to a group that has an assertion inside is not supported");
		regex_emit_string(parser, psprintf("\\%d", parser->groups[i].emitted));
		/* a digit behind it shall not become part of the number */
		if (regex_is_digit(regex_peek(parser, 0)))
			regex_emit_string(parser, "(?:)");
		return true;
	}
	if (number > parser->captures)
		return regex_refuse(parser, "\\%d refers to no group", number);
	return regex_refuse(parser, "a back-reference to a group that need not have matched before is not supported");
}

static bool
parse_named_reference(RegexParser *parser)
{
	char	   *name;

	if (!regex_take(parser, '<'))
		return regex_refuse(parser, "\\k needs the name of a group");
	if (!regex_read_group_name(parser, &name))
		return false;
	for (int i = 0; i < parser->nnames; i++)
	{
		if (strcmp(parser->names[i].name, name) == 0)
			return emit_reference(parser, parser->names[i].number);
	}
	return regex_refuse(parser, "\\k names no group");
}

static bool
parse_numbered_reference(RegexParser *parser)
{
	int			number = 0;

	while (regex_is_digit(regex_peek(parser, 0)) && number < 100000)
		number = number * 10 + (parser->in[parser->at++] - '0');
	return emit_reference(parser, number);
}

/* Reads behind a backslash outside of a class. */
static bool
parse_escape(RegexParser *parser, bool *quantifiable)
{
	pg_wchar	c = regex_peek(parser, 0);
	pg_wchar	code;
	CodeSet		set;
	bool		found;

	if (c == 'b' || c == 'B')
	{
		parser->at++;
		*quantifiable = false;
		parser->nullable = true;
		mark_assertion(parser);
		regex_emit_string(parser, c == 'b' ? "\\y" : "\\Y");
		return true;
	}
	if (regex_take(parser, 'k'))
		return parse_named_reference(parser);
	if (c >= '1' && c <= '9')
		return parse_numbered_reference(parser);
	code_set_init(&set);
	if (!regex_read_class_escape(parser, &set, &found))
		return false;
	if (found)
	{
		code_set_normalize(&set);
		regex_emit_set(parser, &set);
		return true;
	}
	if (!regex_read_character_escape(parser, &code))
		return false;
	regex_emit_literal(parser, code);
	return true;
}

/* Reads one atom or assertion. */
static bool
parse_atom(RegexParser *parser, bool *quantifiable)
{
	pg_wchar	c = parser->in[parser->at++];
	CodeSet		set;
	int			group = parser->ngroups;

	*quantifiable = true;
	parser->nullable = false;
	switch (c)
	{
		case '(':
			if (!parse_group(parser))
				return false;
			*quantifiable = !parser->groups[group].lookaround;
			return true;
		case '^':
		case '$':
			*quantifiable = false;
			parser->nullable = true;
			mark_assertion(parser);
			regex_emit(parser, c);
			return true;
		case '.':
			regex_dot_set(&set);
			regex_emit_set(parser, &set);
			return true;
		case '[':
			if (!regex_read_class(parser, &set))
				return false;
			regex_emit_set(parser, &set);
			return true;
		case '\\':
			return parse_escape(parser, quantifiable);
		default:
			regex_emit_literal(parser, c);
			return true;
	}
}

/*
 * A group is repeated.  The server does not repeat one with a
 * back-reference inside as often as it must if a turn matches nothing.
 */
static bool
repeat_group(RegexParser *parser, int number, int max)
{
	RegexGroup *group = &parser->groups[number];

	group->repeated = true;
	if (group->has_reference && group->nullable && (max < 0 || max > 1) &&
		!parser->check_only)
		return regex_refuse(parser, "repeating a group that has a back-reference and may match nothing is not supported");
	return true;
}

static bool
parse_term(RegexParser *parser)
{
	int			start = parser->out_len;
	int			first_group = parser->ngroups;
	int			min;
	int			max;
	int			term = parser->at;
	bool		quantifiable;
	bool		found;

	parser->term = term;
	if (!regex_read_quantifier(parser, &min, &max, &found))
		return false;
	if (found)
		return regex_refuse(parser, "a quantifier has nothing to repeat");
	if (!parse_atom(parser, &quantifiable))
		return false;
	parser->term = term;
	if (!regex_read_quantifier(parser, &min, &max, &found))
		return false;
	if (!found)
		return true;
	if (!quantifiable)
		return regex_refuse(parser, "an assertion cannot be repeated");
	if (first_group < parser->ngroups &&
		!repeat_group(parser, first_group, max))
		return false;
	parser->nullable |= min == 0;
	regex_emit_repeat(parser, start, min, max);
	return true;
}

static bool
parse_disjunction(RegexParser *parser)
{
	int			group = parser->group;
	bool		nullable = true;	/* this branch so far */

	check_stack_depth();
	while (parser->at < parser->len && regex_peek(parser, 0) != ')')
	{
		CHECK_FOR_INTERRUPTS();
		if (regex_take(parser, '|'))
		{
			parser->groups[group].branches++;
			parser->groups[group].nullable |= nullable;
			nullable = true;
			regex_emit(parser, '|');
			continue;
		}
		if (!parse_term(parser))
			return false;
		nullable &= parser->nullable;
		if (parser->reason != NULL)
			return false;
	}
	parser->groups[group].nullable |= nullable;
	return true;
}

/* Notes a capture that the scan ahead came upon. */
static bool
note_capture(RegexParser *parser)
{
	RegexName  *name;

	if (regex_peek(parser, 0) != '?')
	{
		parser->captures++;
		return true;
	}
	if (regex_peek(parser, 1) != '<' || regex_peek(parser, 2) == '=' ||
		regex_peek(parser, 2) == '!')
		return true;
	parser->term = parser->at - 1;
	parser->at += 2;
	name = &parser->names[parser->nnames++];
	name->number = ++parser->captures;
	if (!regex_read_group_name(parser, &name->name))
		return false;
	for (int i = 0; i < parser->nnames - 1; i++)
	{
		if (strcmp(parser->names[i].name, name->name) == 0)
			return regex_refuse(parser, "two groups have one name");
	}
	return true;
}

/* Counts captures, and sees whether anything refers back to one. */
static bool
scan_ahead(RegexParser *parser)
{
	bool		in_class = false;

	while (parser->at < parser->len)
	{
		pg_wchar	c = parser->in[parser->at++];

		if (c == '\\')
		{
			pg_wchar	next = regex_peek(parser, 0);

			if (!in_class && ((next >= '1' && next <= '9') || next == 'k'))
				parser->has_references = true;
			parser->at++;
		}
		else if (c == '[')
			in_class = true;
		else if (c == ']')
			in_class = false;
		else if (c == '(' && !in_class && !note_capture(parser))
			return false;
	}
	parser->at = 0;
	return true;
}

static void
start_parser(RegexParser *parser, const pg_wchar *pattern, int len)
{
	memset(parser, 0, sizeof(*parser));
	parser->in = pattern;
	parser->len = len;
	parser->out_capacity = 64;
	parser->out = palloc(parser->out_capacity * sizeof(pg_wchar));
	parser->names = palloc((len / 4 + 1) * sizeof(RegexName));
	parser->group_capacity = 8;
	parser->groups = palloc(parser->group_capacity * sizeof(RegexGroup));
	parser->group = -1;
	open_group(parser);
}

/* Parses all of the pattern; what it emits is its translation. */
static bool
parse_pattern(RegexParser *parser)
{
	if (!scan_ahead(parser) || !parse_disjunction(parser))
		return false;
	parser->term = parser->at;
	if (parser->at < parser->len)
		return regex_refuse(parser, "a \")\" closes no group");
	return parser->reason == NULL;
}

pg_wchar *
regex_translate(const pg_wchar *pattern, int len, int *result_len,
				const char **reason)
{
	RegexParser parser;
	bool		ok;

	start_parser(&parser, pattern, len);
	ok = parse_pattern(&parser);
	*reason = parser.reason;
	*result_len = parser.out_len;
	return ok ? parser.out : NULL;
}

bool
regex_is_ecma(const pg_wchar *pattern, int len, const char **reason)
{
	RegexParser parser;
	bool		ok;

	start_parser(&parser, pattern, len);
	parser.check_only = true;
	ok = parse_pattern(&parser);
	*reason = parser.reason;
	return ok;
}
