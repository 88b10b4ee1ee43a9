/*
 * yaml/core.c
 *		The core schema of YAML 1.2 (10.3): what a scalar means.
 */
#include "yaml/core.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A number in hexadecimal or octal has so many bits at most. */
#define HEX_DIGITS 16
#define OCTAL_DIGITS 21

static bool
is_one_of(const char *scalar, size_t length, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strlen(*words) == length && memcmp(scalar, *words, length) == 0)
			return true;
	return false;
}

static bool
add_null(Text *json, const char *scalar, size_t length)
{
	static const char *const nulls[] = {"null", "Null", "NULL", "~", "", NULL};

	if (!is_one_of(scalar, length, nulls))
		return false;
	text_add(json, "null");
	return true;
}

static bool
add_bool(Text *json, const char *scalar, size_t length)
{
	static const char *const trues[] = {"true", "True", "TRUE", NULL};
	static const char *const falses[] = {"false", "False", "FALSE", NULL};

	if (is_one_of(scalar, length, trues))
		text_add(json, "true");
	else if (is_one_of(scalar, length, falses))
		text_add(json, "false");
	else
		return false;
	return true;
}

static size_t
digits(const char *at, const char *end)
{
	const char *from = at;

	while (at < end && *at >= '0' && *at <= '9')
		at++;
	return (size_t) (at - from);
}

/* 0x1F and 0o17; JSON has neither. */
static bool
add_based(Text *json, const char *scalar, size_t length)
{
	bool		hex = length > 2 && scalar[0] == '0' && scalar[1] == 'x';
	bool		octal = length > 2 && scalar[0] == '0' && scalar[1] == 'o';
	const char *allowed = hex ? "0123456789abcdefABCDEF" : "01234567";
	char		number[HEX_DIGITS + OCTAL_DIGITS];

	if (!(hex || octal) || length - 2 > (hex ? HEX_DIGITS : OCTAL_DIGITS))
		return false;
	memcpy(number, scalar + 2, length - 2);
	number[length - 2] = '\0';
	if (strspn(number, allowed) != length - 2)
		return false;
	text_format(json, "%" PRIu64, (uint64_t) strtoull(number, NULL, hex ? 16 : 8));
	return true;
}

/* JSON wants a digit on both sides of a point, and no zeros before a number. */
static void
add_decimal(Text *json, const char *sign, const char *whole, size_t whole_length,
			const char *rest, size_t rest_length)
{
	if (*sign == '-')
		text_add_char(json, '-');
	while (whole_length > 1 && *whole == '0')
	{
		whole++;
		whole_length--;
	}
	if (whole_length == 0)
		text_add_char(json, '0');
	text_add_bytes(json, whole, whole_length);
	if (rest_length > 0 && rest[0] == '.' &&
		(rest_length == 1 || rest[1] < '0' || rest[1] > '9'))
	{
		text_add(json, ".0");
		rest++;
		rest_length--;
	}
	text_add_bytes(json, rest, rest_length);
}

static bool
add_number(Text *json, const char *scalar, size_t length, unsigned types)
{
	const char *end = scalar + length;
	const char *at = scalar;
	const char *whole;
	size_t		whole_length;
	size_t		fraction = 0;
	const char *rest;

	if ((types & CORE_INT) && add_based(json, scalar, length))
		return true;
	if (at < end && (*at == '-' || *at == '+'))
		at++;
	whole = at;
	whole_length = digits(at, end);
	at += whole_length;
	rest = at;
	if (at < end && *at == '.')
	{
		fraction = digits(at + 1, end);
		at += 1 + fraction;
	}
	if (whole_length + fraction == 0)
		return false;
	if (at < end && (*at == 'e' || *at == 'E'))
	{
		at++;
		if (at < end && (*at == '-' || *at == '+'))
			at++;
		if (digits(at, end) == 0)
			return false;
		at += digits(at, end);
	}
	if (at != end || !(types & (rest == end ? CORE_INT | CORE_FLOAT : CORE_FLOAT)))
		return false;
	add_decimal(json, length > 0 ? scalar : "", whole, whole_length, rest,
				(size_t) (end - rest));
	return true;
}

/* JSON has no number that is infinite, or none. */
static bool
is_no_number(const char *scalar, size_t length)
{
	static const char *const words[] = {
		".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf",
		"-.INF", ".nan", ".NaN", ".NAN", NULL
	};

	return is_one_of(scalar, length, words);
}

bool
core_add(Text *json, const char *scalar, size_t length, unsigned types)
{
	if ((types & CORE_NULL) && add_null(json, scalar, length))
		return true;
	if ((types & CORE_BOOL) && add_bool(json, scalar, length))
		return true;
	if ((types & (CORE_INT | CORE_FLOAT)) &&
		add_number(json, scalar, length, types))
		return true;
	if (!(types & CORE_STRING) ||
		((types & CORE_FLOAT) && is_no_number(scalar, length)))
		return false;
	text_add_json_bytes(json, scalar, length);
	return true;
}

/* What YAML 1.1 takes for something else; numbers and dates begin with a digit. */
static bool
is_word_of_old(const char *text, size_t length)
{
	static const char *const words[] = {
		"null", "true", "false", "yes", "no", "on", "off", "y", "n", NULL
	};

	for (const char *const *word = words; *word != NULL; word++)
		if (strlen(*word) == length && strncasecmp(text, *word, length) == 0)
			return true;
	return false;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool
core_needs_quotes(const char *text, size_t length)
{
	if (length == 0 || !is_letter(text[0]) || is_word_of_old(text, length))
		return true;
	for (size_t i = 0; i < length; i++)
	{
		char		next = i + 1 < length ? text[i + 1] : ' ';

		/* a colon before a blank would make a key of what stands before it */
		if (!is_letter(text[i]) && !(text[i] >= '0' && text[i] <= '9') &&
			strchr(" .,/@()+-:", text[i]) == NULL)
			return true;
		if ((text[i] == ' ' || text[i] == ':') && next == ' ')
			return true;
	}
	return false;
}
