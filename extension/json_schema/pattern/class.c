/*
 * json_schema/pattern/class.c
 *		The small parts of an ECMA-262 pattern: escapes, classes, quantifiers.
 *
 * The grammar is that of the "u" flag, with what is common in the wild and can
 * mean but one thing: "\-" outside of a class, "[\w-.]", a lone brace.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "json_schema/hex.h"
#include "json_schema/pattern/class.h"

/* Counts above this are refused; the server would run out of states. */
#define REPEAT_MAX	100000

bool
regex_refuse(RegexParser *parser, const char *reason,...)
{
	va_list		args;
	char		message[256];

	if (parser->reason == NULL)
	{
		va_start(args, reason);
		vsnprintf(message, sizeof(message), reason, args);
		va_end(args);
		parser->reason = psprintf("at character %d, %s", parser->term + 1,
								  message);
	}
	return false;
}

/* White space and line terminators of ECMA-262. */
static void
add_space(CodeSet *set)
{
	code_set_add(set, 0x09, 0x0D);
	code_set_add(set, 0xFEFF, 0xFEFF);
	code_set_add(set, 0x2028, 0x2029);
	code_set_add_property(set, "gc=Zs");
}

static void
add_word(CodeSet *set)
{
	code_set_add(set, '0', '9');
	code_set_add(set, 'A', 'Z');
	code_set_add(set, '_', '_');
	code_set_add(set, 'a', 'z');
}

void
regex_dot_set(CodeSet *set)
{
	code_set_init(set);
	code_set_add(set, '\n', '\n');
	code_set_add(set, '\r', '\r');
	code_set_add(set, 0x2028, 0x2029);
	code_set_invert(set);
}

/* Reads {Name} or {Name=Value}, behind \p. */
static bool
read_property(RegexParser *parser, CodeSet *set)
{
	StringInfoData name;

	if (!regex_take(parser, '{'))
		return regex_refuse(parser, "\\p needs a property in braces");
	initStringInfo(&name);
	while (parser->at < parser->len && !regex_take(parser, '}'))
	{
		pg_wchar	c = parser->in[parser->at++];

		if (!regex_is_alnum(c) && c != '_' && c != '=')
			return regex_refuse(parser, "\\p needs a property in braces");
		appendStringInfoChar(&name, (char) c);
	}
	if (parser->in[parser->at - 1] != '}')
		return regex_refuse(parser, "\\p needs a property in braces");
	if (!code_set_add_property(set, name.data))
		return regex_refuse(parser, "no property of Unicode is called \"%s\"",
							name.data);
	return true;
}

bool
regex_read_class_escape(RegexParser *parser, CodeSet *set, bool *found)
{
	pg_wchar	letter = regex_peek(parser, 0);
	CodeSet		part;

	*found = letter != 0 && letter < 128 && strchr("dDsSwWpP", letter) != NULL;
	if (!*found)
		return true;
	parser->at++;
	code_set_init(&part);
	if (letter == 'd' || letter == 'D')
		code_set_add(&part, '0', '9');
	else if (letter == 's' || letter == 'S')
		add_space(&part);
	else if (letter == 'w' || letter == 'W')
		add_word(&part);
	else if (!read_property(parser, &part))
		return false;
	if (letter < 'a')
		code_set_invert(&part);
	code_set_add_set(set, &part);
	return true;
}

/* Reads exactly n hexadecimal digits. */
static bool
read_hex(RegexParser *parser, int n, pg_wchar *code)
{
	*code = 0;
	for (int i = 0; i < n; i++)
	{
		int			digit = hex_value(regex_peek(parser, i));

		if (digit < 0)
			return false;
		*code = *code * 16 + digit;
	}
	parser->at += n;
	return true;
}

/* Reads u{...} behind its brace. */
static bool
read_braced_hex(RegexParser *parser, pg_wchar *code)
{
	int			start = parser->at;

	*code = 0;
	while (hex_value(regex_peek(parser, 0)) >= 0)
	{
		*code = *code * 16 + hex_value(parser->in[parser->at++]);
		if (*code > CODE_POINT_MAX)
			return regex_refuse(parser, "\\u{...} goes beyond 10FFFF");
	}
	if (parser->at == start || !regex_take(parser, '}'))
		return regex_refuse(parser, "\\u needs hexadecimal digits");
	return true;
}

/* Reads behind \u; two halves of a surrogate pair are one character. */
static bool
read_unicode_escape(RegexParser *parser, pg_wchar *code)
{
	int			start;
	pg_wchar	low;

	if (regex_take(parser, '{'))
		return read_braced_hex(parser, code);
	if (!read_hex(parser, 4, code))
		return regex_refuse(parser, "\\u needs four hexadecimal digits");
	start = parser->at;
	if (*code < 0xD800 || *code > 0xDBFF)
		return true;
	if (regex_take(parser, '\\') && regex_take(parser, 'u') &&
		read_hex(parser, 4, &low) && low >= 0xDC00 && low <= 0xDFFF)
		*code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
	else
		parser->at = start;
	return true;
}

static bool
read_control_escape(RegexParser *parser, pg_wchar *code)
{
	pg_wchar	letter = regex_peek(parser, 0);

	if (!regex_is_alnum(letter) || regex_is_digit(letter))
		return regex_refuse(parser, "\\c needs a letter");
	parser->at++;
	*code = letter % 32;
	return true;
}

bool
regex_read_character_escape(RegexParser *parser, pg_wchar *code)
{
	static const char letters[] = "fnrtv";
	static const char meanings[] = "\f\n\r\t\v";
	pg_wchar	c = regex_peek(parser, 0);
	const char *letter;

	if (parser->at >= parser->len)
		return regex_refuse(parser, "it ends in a backslash");
	parser->at++;
	if (!regex_is_alnum(c))
	{
		*code = c;
		return true;
	}
	letter = strchr(letters, c);
	if (letter != NULL)
	{
		*code = meanings[letter - letters];
		return true;
	}
	if (c == 'c')
		return read_control_escape(parser, code);
	if (c == 'u')
		return read_unicode_escape(parser, code);
	if (c == 'x')
		return read_hex(parser, 2, code) ||
			regex_refuse(parser, "\\x needs two hexadecimal digits");
	if (c == '0' && !regex_is_digit(regex_peek(parser, 0)))
	{
		*code = 0;
		return true;
	}
	return regex_refuse(parser, "\\%c is no escape of ECMA-262", (int) c);
}

/* Reads one member of a class: a character, or a set of them. */
static bool
read_class_atom(RegexParser *parser, CodeSet *set, pg_wchar *code,
				bool *is_set)
{
	*is_set = false;
	if (parser->at >= parser->len)
		return regex_refuse(parser, "a class is not closed");
	if (!regex_take(parser, '\\'))
	{
		*code = parser->in[parser->at++];
		return true;
	}
	if (!regex_read_class_escape(parser, set, is_set))
		return false;
	if (*is_set)
		return true;
	if (regex_take(parser, 'b'))
	{
		*code = '\b';
		return true;
	}
	return regex_read_character_escape(parser, code);
}

/* Reads what follows the first atom of a possible range. */
static bool
read_range(RegexParser *parser, CodeSet *set, pg_wchar first, bool first_is_set)
{
	pg_wchar	last;
	bool		last_is_set;

	parser->at++;				/* the "-" */
	if (!read_class_atom(parser, set, &last, &last_is_set))
		return false;
	if (!first_is_set && !last_is_set)
	{
		if (first > last)
			return regex_refuse(parser, "a range of a class runs backwards");
		code_set_add(set, first, last);
		return true;
	}
	/* beside a set, "-" is itself */
	code_set_add(set, '-', '-');
	if (!first_is_set)
		code_set_add(set, first, first);
	if (!last_is_set)
		code_set_add(set, last, last);
	return true;
}

bool
regex_read_class(RegexParser *parser, CodeSet *set)
{
	bool		negated = regex_take(parser, '^');

	code_set_init(set);
	while (!regex_take(parser, ']'))
	{
		pg_wchar	first;
		bool		is_set;

		if (!read_class_atom(parser, set, &first, &is_set))
			return false;
		if (regex_peek(parser, 0) == '-' && regex_peek(parser, 1) != ']' &&
			parser->at + 1 < parser->len)
		{
			if (!read_range(parser, set, first, is_set))
				return false;
		}
		else if (!is_set)
			code_set_add(set, first, first);
	}
	if (negated)
		code_set_invert(set);
	else
		code_set_normalize(set);
	return true;
}

/* Reads decimal digits, if there are any; what is too large stays so. */
static bool
read_number(RegexParser *parser, int *number)
{
	int			start = parser->at;

	*number = 0;
	while (regex_is_digit(regex_peek(parser, 0)))
	{
		*number = *number * 10 + (parser->in[parser->at++] - '0');
		*number = Min(*number, REPEAT_MAX + 1);
	}
	return parser->at > start;
}

/* Reads {n}, {n,} or {n,m}; all else is no quantifier. */
static bool
read_braces(RegexParser *parser, int *min, int *max)
{
	int			start = parser->at;

	if (regex_take(parser, '{') && read_number(parser, min))
	{
		*max = *min;
		if (regex_take(parser, ',') && !read_number(parser, max))
			*max = -1;
		if (regex_take(parser, '}'))
			return true;
	}
	parser->at = start;
	return false;
}

bool
regex_read_quantifier(RegexParser *parser, int *min, int *max, bool *found)
{
	*found = true;
	*min = 0;
	*max = -1;
	if (regex_take(parser, '+'))
		*min = 1;
	else if (regex_take(parser, '?'))
		*max = 1;
	else if (!regex_take(parser, '*'))
		*found = read_braces(parser, min, max);
	if (!*found)
		return true;
	/* being lazy changes what is matched, never whether */
	regex_take(parser, '?');
	if (*min > REPEAT_MAX || *max > REPEAT_MAX)
		return regex_refuse(parser, "it repeats something more than %d times",
							REPEAT_MAX);
	if (*max >= 0 && *max < *min)
		return regex_refuse(parser, "the bounds of a repetition run backwards");
	return true;
}

bool
regex_read_group_name(RegexParser *parser, char **name)
{
	StringInfoData buf;

	initStringInfo(&buf);
	while (parser->at < parser->len && !regex_take(parser, '>'))
	{
		pg_wchar	c = parser->in[parser->at++];
		const char *property = buf.len == 0 ? "ID_Start" : "ID_Continue";
		unsigned char utf8[8] = {0};

		if (c != '_' && c != '$' && !unicode_has_property(c, property))
			return regex_refuse(parser, "a group has no proper name");
		unicode_to_utf8(c, utf8);
		appendStringInfoString(&buf, (char *) utf8);
	}
	if (buf.len == 0 || parser->in[parser->at - 1] != '>')
		return regex_refuse(parser, "a group has no proper name");
	*name = buf.data;
	return true;
}
