/*
 * json_schema/pattern/parser.h
 *		A pattern while it is read, which both halves of the translator share.
 */
#ifndef DPMETA_JSON_SCHEMA_PARSER_H
#define DPMETA_JSON_SCHEMA_PARSER_H

#include "json_schema/pattern/unicode.h"

/* A pair of parentheses, or the pattern as a whole. */
typedef struct RegexGroup
{
	int			parent;
	int			branch;			/* of the parent that it stands in */
	int			branches;		/* of its own, so far */
	bool		closed;
	bool		repeated;
	bool		lookaround;
	bool		has_reference;
	bool		has_assertion;
	bool		nullable;		/* may match the empty string */
	int			number;			/* of a capture in ECMA-262, or 0 */
	int			emitted;		/* its number in the translation, or 0 */
} RegexGroup;

typedef struct RegexName
{
	char	   *name;
	int			number;
} RegexName;

typedef struct RegexParser
{
	const pg_wchar *in;
	int			len;
	int			at;
	pg_wchar   *out;
	int			out_len;
	int			out_capacity;
	int			term;			/* where what is being read begins */
	const char *reason;			/* set once the pattern is refused */
	bool		check_only;		/* no translation is wanted */

	bool		has_references;
	int			captures;		/* in the whole pattern */
	int			seen;			/* captures opened so far */
	int			emitted;		/* captures of the translation so far */
	int			nnames;
	RegexName  *names;
	int			ngroups;
	int			group_capacity;
	RegexGroup *groups;
	int			group;			/* the innermost open one */
	bool		nullable;		/* is the term read last? */
} RegexParser;

/* The code point n places on, or 0. */
static inline pg_wchar
regex_peek(const RegexParser *parser, int n)
{
	return parser->at + n < parser->len ? parser->in[parser->at + n] : 0;
}

static inline bool
regex_take(RegexParser *parser, pg_wchar c)
{
	if (parser->at >= parser->len || parser->in[parser->at] != c)
		return false;
	parser->at++;
	return true;
}

static inline bool
regex_is_digit(pg_wchar c)
{
	return c >= '0' && c <= '9';
}

static inline bool
regex_is_alnum(pg_wchar c)
{
	return regex_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

#endif							/* DPMETA_JSON_SCHEMA_PARSER_H */
