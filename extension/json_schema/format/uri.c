/*
 * json_schema/format/uri.c
 *		Checking URIs (RFC 3986), IRIs (RFC 3987) and URI templates (RFC 6570).
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "json_schema/format/cursor.h"
#include "json_schema/format/net.h"
#include "json_schema/format/uri.h"
#include "json_schema/hex.h"
#include "json_schema/pattern/unicode.h"
#include "json_schema/uri.h"

#define UNRESERVED	"-._~"
#define SUB_DELIMS	"!$&'()*+,;="

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		(c >= 'A' && c <= 'Z');
}

/* ucschar of RFC 3987, 2.2: what may stand in every part of an IRI */
static bool
is_ucschar(pg_wchar c)
{
	if (c < 0x10000)
		return (c >= 0xA0 && c <= 0xD7FF) || (c >= 0xF900 && c <= 0xFDCF) ||
			(c >= 0xFDF0 && c <= 0xFFEF);
	return (c & 0xFFFF) <= 0xFFFD &&
		(c < 0xE0000 || (c >= 0xE1000 && c < 0xF0000));
}

/* iprivate of RFC 3987, 2.2: what may stand in the query besides */
static bool
is_iprivate(pg_wchar c)
{
	return (c >= 0xE000 && c <= 0xF8FF) ||
		(c >= 0xF0000 && c <= CODE_POINT_MAX && (c & 0xFFFF) <= 0xFFFD);
}

/* Is all of the part that is beyond ASCII what RFC 3987 lets stand there? */
static bool
beyond_ascii_is_valid(const UriPart *part, int options)
{
	int			count;
	pg_wchar   *codes;
	bool		valid = true;

	/* without an encoding a byte is no character to judge */
	if (GetDatabaseEncoding() == PG_SQL_ASCII)
		return true;
	codes = unicode_from_server(part->str, part->len, &count);
	for (int i = 0; i < count && valid; i++)
		valid = codes[i] < 128 || is_ucschar(codes[i]) ||
			((options & URI_PRIVATE) && is_iprivate(codes[i]));
	pfree(codes);
	return valid;
}

/* Is the part made of letters, digits, "%" and two digits, and those extras? */
static bool
part_is(const UriPart *part, const char *extra, int options)
{
	bool		beyond_ascii = false;

	for (int i = 0; i < part->len; i++)
	{
		char		c = part->str[i];

		if (c == '%')
		{
			if (i + 2 >= part->len || !is_hex(part->str[i + 1]) ||
				!is_hex(part->str[i + 2]))
				return false;
			i += 2;
		}
		else if (IS_HIGHBIT_SET(c))
		{
			if (!(options & URI_IRI))
				return false;
			beyond_ascii = true;
		}
		else if (!is_alnum(c) && (c == '\0' || strchr(extra, c) == NULL))
			return false;
	}
	return !beyond_ascii || beyond_ascii_is_valid(part, options);
}

/* "[" IPv6 or a future form "]" */
static bool
ip_literal_is_valid(const char *str, int len)
{
	UriPart		rest;
	int			i = 1;

	if (len == 0 || (str[0] != 'v' && str[0] != 'V'))
		return format_ipv6(str, len, NULL);
	while (i < len && is_hex(str[i]))
		i++;
	if (i == 1 || i >= len || str[i] != '.')
		return false;
	rest.str = str + i + 1;
	rest.len = len - i - 1;
	return rest.len > 0 && memchr(rest.str, '%', rest.len) == NULL &&
		part_is(&rest, UNRESERVED SUB_DELIMS ":", 0);
}

/* Takes the port off the end of host and port; false if it is none. */
static bool
take_port(UriPart *host)
{
	int			i = host->len;

	while (i > 0 && host->str[i - 1] >= '0' && host->str[i - 1] <= '9')
		i--;
	if (i > 0 && host->str[i - 1] == ':')
		host->len = i - 1;
	return true;
}

static bool
authority_is_valid(const UriPart *authority, int options)
{
	UriPart		host = *authority;
	const char *at = memchr(authority->str, '@', authority->len);

	if (at != NULL)
	{
		UriPart		user = {authority->str, at - authority->str};

		if (!part_is(&user, UNRESERVED SUB_DELIMS ":", options))
			return false;
		host.str = at + 1;
		host.len = authority->str + authority->len - host.str;
	}
	take_port(&host);
	if (host.len > 0 && host.str[0] == '[')
		return host.str[host.len - 1] == ']' &&
			ip_literal_is_valid(host.str + 1, host.len - 2);
	return part_is(&host, UNRESERVED SUB_DELIMS, options);
}

/* Has the first segment of the path a colon? */
static bool
colon_in_first_segment(const UriPart *path)
{
	for (int i = 0; i < path->len && path->str[i] != '/'; i++)
	{
		if (path->str[i] == ':')
			return true;
	}
	return false;
}

bool
uri_is_valid(const char *str, int len, int options)
{
	UriParts	parts;

	uri_split(str, len, &parts);
	if (parts.scheme.str == NULL &&
		(!(options & URI_RELATIVE) ||
		 (parts.authority.str == NULL && colon_in_first_segment(&parts.path))))
		return false;
	if (parts.authority.str != NULL &&
		!authority_is_valid(&parts.authority, options))
		return false;
	return part_is(&parts.path, UNRESERVED SUB_DELIMS ":@/", options) &&
		part_is(&parts.query, UNRESERVED SUB_DELIMS ":@/?",
				options | URI_PRIVATE) &&
		part_is(&parts.fragment, UNRESERVED SUB_DELIMS ":@/?", options);
}

bool
format_uri(const char *str, int len, const char **reason)
{
	return uri_is_valid(str, len, 0);
}

bool
format_uri_reference(const char *str, int len, const char **reason)
{
	return uri_is_valid(str, len, URI_RELATIVE);
}

bool
format_iri(const char *str, int len, const char **reason)
{
	return uri_is_valid(str, len, URI_IRI);
}

bool
format_iri_reference(const char *str, int len, const char **reason)
{
	return uri_is_valid(str, len, URI_RELATIVE | URI_IRI);
}

/* Reads the name of a variable: letters, digits, "_", "%XX", single dots. */
static bool
read_variable(FormatCursor *cursor)
{
	const char *start = cursor->at;

	while (cursor->at < cursor->end)
	{
		char		c = *cursor->at;

		if (is_alnum(c) || c == '_')
			cursor->at++;
		else if (c == '%' && cursor->end - cursor->at > 2 &&
				 is_hex(cursor->at[1]) && is_hex(cursor->at[2]))
			cursor->at += 3;
		else if (c == '.' && cursor->at > start && cursor->at[-1] != '.')
			cursor->at++;
		else
			break;
	}
	return cursor->at > start && cursor->at[-1] != '.';
}

/* Reads ":" and a length of at most four digits, or "*", or nothing. */
static bool
read_modifier(FormatCursor *cursor)
{
	int			digit;

	if (cursor_take(cursor, '*') || !cursor_take(cursor, ':'))
		return true;
	if (!cursor_number(cursor, 1, &digit) || digit == 0)
		return false;
	for (int i = 0; i < 3; i++)
		cursor_number(cursor, 1, &digit);
	return true;
}

/* Reads an expression behind its brace. */
static bool
read_expression(FormatCursor *cursor)
{
	if (cursor->at < cursor->end && *cursor->at != '\0' &&
		strchr("+#./;?&", *cursor->at) != NULL)
		cursor->at++;
	do
	{
		if (!read_variable(cursor) || !read_modifier(cursor))
			return false;
	} while (cursor_take(cursor, ','));
	return cursor_take(cursor, '}');
}

bool
format_uri_template(const char *str, int len, const char **reason)
{
	FormatCursor cursor = {str, str + len};

	while (cursor.at < cursor.end)
	{
		unsigned char c = *cursor.at++;

		if (c == '{')
		{
			if (!read_expression(&cursor))
				return false;
		}
		else if (c == '%')
		{
			if (cursor.end - cursor.at < 2 || !is_hex(cursor.at[0]) ||
				!is_hex(cursor.at[1]))
				return false;
			cursor.at += 2;
		}
		else if (c <= ' ' || c == 127 || strchr("\"<>\\^`|}", c) != NULL)
			return false;
	}
	return true;
}
