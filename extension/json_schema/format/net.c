/*
 * json_schema/format/net.c
 *		IP and email addresses.
 */
#include "postgres.h"

#include "json_schema/format/cursor.h"
#include "json_schema/format/host.h"
#include "json_schema/format/net.h"
#include "json_schema/hex.h"

/* Four decimal numbers to 255 without leading zeros (RFC 2673, 3.2). */
bool
format_ipv4(const char *str, int len, const char **reason)
{
	FormatCursor cursor = {str, str + len};

	for (int i = 0; i < 4; i++)
	{
		const char *start = cursor.at;
		int			value = 0;
		int			digit;

		if (i > 0 && !cursor_take(&cursor, '.'))
			return false;
		start = cursor.at;
		while (cursor.at - start < 3 && cursor_number(&cursor, 1, &digit))
			value = value * 10 + digit;
		if (cursor.at == start || value > 255 ||
			(*start == '0' && cursor.at - start > 1))
			return false;
	}
	return cursor.at == cursor.end;
}

static int
count_hex(const char *str, const char *end)
{
	int			n = 0;

	while (str + n < end && is_hex(str[n]))
		n++;
	return n;
}

/* Groups of RFC 4291, 2.2, with at most one "::" among them. */
bool
format_ipv6(const char *str, int len, const char **reason)
{
	const char *at = str;
	const char *end = str + len;
	int			groups = 0;
	bool		gap = false;

	if (len >= 2 && at[0] == ':' && at[1] == ':')
	{
		gap = true;
		at += 2;
	}
	while (at < end)
	{
		int			n = count_hex(at, end);

		if (at + n < end && at[n] == '.')
		{
			groups += 2;
			return format_ipv4(at, end - at, reason) &&
				(gap ? groups <= 7 : groups == 8);
		}
		if (n < 1 || n > 4)
			return false;
		groups++;
		at += n;
		if (at == end)
			break;
		if (*at++ != ':' || at == end)
			return false;
		if (*at == ':')
		{
			if (gap)
				return false;
			gap = true;
			at++;
		}
	}
	return gap ? groups <= 7 : groups == 8;
}

/* A character that a local part may hold without quotes (RFC 5322, atext). */
static bool
is_atext(unsigned char c, bool international)
{
	if (IS_HIGHBIT_SET(c))
		return international;
	return c > ' ' && c < 127 && strchr("\"(),.:;<>@[\\]", c) == NULL;
}

/* Reads a quoted string behind its first quote; NULL if it is none. */
static const char *
skip_quoted(const char *at, const char *end, bool international)
{
	for (; at < end; at++)
	{
		unsigned char c = *at;

		if (c == '"')
			return at + 1;
		if (c == '\\')
		{
			at++;
			if (at == end)
				return NULL;
			c = *at;
		}
		if (c < ' ' || c == 127 || (IS_HIGHBIT_SET(c) && !international))
			return NULL;
	}
	return NULL;
}

/* Reads atoms with single dots between them; NULL if there are none. */
static const char *
skip_dot_atoms(const char *at, const char *end, bool international)
{
	for (;;)
	{
		const char *start = at;

		while (at < end && is_atext(*at, international))
			at++;
		if (at == start)
			return NULL;
		if (at == end || *at != '.')
			return at;
		at++;
	}
}

/* An address in brackets in the place of a domain (RFC 5321, 4.1.3). */
static bool
is_address_literal(const char *str, int len)
{
	if (len < 2 || str[len - 1] != ']')
		return false;
	str++;
	len -= 2;
	if (len > 5 && pg_strncasecmp(str, "IPv6:", 5) == 0)
		return format_ipv6(str + 5, len - 5, NULL);
	return format_ipv4(str, len, NULL);
}

static bool
check_email(const char *str, int len, bool international)
{
	const char *end = str + len;
	const char *at;

	if (len > 0 && *str == '"')
		at = skip_quoted(str + 1, end, international);
	else
		at = skip_dot_atoms(str, end, international);
	if (at == NULL || at >= end || *at != '@')
		return false;
	at++;
	if (at < end && *at == '[')
		return is_address_literal(at, end - at);
	return international ? format_idn_hostname(at, end - at, NULL) :
		format_hostname(at, end - at, NULL);
}

bool
format_email(const char *str, int len, const char **reason)
{
	return check_email(str, len, false);
}

bool
format_idn_email(const char *str, int len, const char **reason)
{
	return check_email(str, len, true);
}
