/*
 * base/text.c
 *		A growing string, and JSON strings written into it.
 */
#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_START 256

static bool
grow(Text *text, size_t more)
{
	size_t		size = text->size ? text->size : TEXT_START;
	char	   *data;

	if (text->failed)
		return false;
	if (more >= SIZE_MAX / 2 - text->length)
	{
		text->failed = true;
		return false;
	}
	while (size <= text->length + more)
		size *= 2;
	data = realloc(text->data, size);
	if (data == NULL)
	{
		text->failed = true;
		return false;
	}
	text->data = data;
	text->size = size;
	return true;
}

/* Make room for more bytes and a closing NUL. */
static bool
reserve(Text *text, size_t more)
{
	if (more < text->size - text->length && !text->failed)
		return true;
	return grow(text, more);
}

void
text_add_bytes(Text *text, const char *bytes, size_t length)
{
	if (!reserve(text, length))
		return;
	if (length > 0)
		memcpy(text->data + text->length, bytes, length);
	text->length += length;
	text->data[text->length] = '\0';
}

void
text_add(Text *text, const char *string)
{
	text_add_bytes(text, string, strlen(string));
}

void
text_add_char(Text *text, char c)
{
	if (!reserve(text, 1))
		return;
	text->data[text->length++] = c;
	text->data[text->length] = '\0';
}

void
text_add_number(Text *text, uint64_t number)
{
	char		digits[20];
	size_t		start = sizeof(digits);

	do
		digits[--start] = (char) ('0' + number % 10);
	while ((number /= 10) > 0);
	text_add_bytes(text, digits + start, sizeof(digits) - start);
}

void
text_format(Text *text, const char *format,...)
{
	va_list		arguments;
	int			needed;

	va_start(arguments, format);
	needed = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (needed < 0)
	{
		text->failed = true;
		return;
	}
	if (!reserve(text, (size_t) needed))
		return;
	va_start(arguments, format);
	vsnprintf(text->data + text->length, (size_t) needed + 1, format,
			  arguments);
	va_end(arguments);
	text->length += (size_t) needed;
}

/*
 * Length of the valid UTF-8 sequence at the start of bytes, or 0: overlong
 * forms, surrogates and what lies above U+10FFFF are not valid.
 */
static size_t
utf8_sequence(const unsigned char *bytes, size_t length)
{
	unsigned	first = length > 0 ? bytes[0] : 0x80;
	unsigned	low = 0x80;
	unsigned	high = 0xBF;
	size_t		need;

	if (first < 0x80)
		return 1;
	if (first < 0xC2 || first > 0xF4)
		return 0;
	need = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
	if (first == 0xE0)
		low = 0xA0;
	else if (first == 0xED)
		high = 0x9F;
	else if (first == 0xF0)
		low = 0x90;
	else if (first == 0xF4)
		high = 0x8F;
	if (length < need || bytes[1] < low || bytes[1] > high)
		return 0;
	for (size_t i = 2; i < need; i++)
		if (bytes[i] < 0x80 || bytes[i] > 0xBF)
			return 0;
	return need;
}

bool
utf8_valid(const char *bytes, size_t length)
{
	const unsigned char *rest = (const unsigned char *) bytes;

	while (length > 0)
	{
		size_t		sequence = utf8_sequence(rest, length);

		if (sequence == 0)
			return false;
		rest += sequence;
		length -= sequence;
	}
	return true;
}

static void
add_json_escape(Text *text, unsigned c)
{
	switch (c)
	{
		case '"':
			text_add(text, "\\\"");
			break;
		case '\\':
			text_add(text, "\\\\");
			break;
		case '\n':
			text_add(text, "\\n");
			break;
		case '\r':
			text_add(text, "\\r");
			break;
		case '\t':
			text_add(text, "\\t");
			break;
		default:
			text_format(text, "\\u%04x", c);
	}
}

/* The ASCII characters that need no escape in a JSON string. */
static bool
is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

/*
 * Controls outside ASCII: C1, line and paragraph separators, and what turns
 * the direction of writing.  Terminals and readers of lines obey them.  Given
 * one valid UTF-8 sequence, its code point if it is such a control, or 0.
 */
static unsigned
control_beyond_ascii(const unsigned char *c, size_t sequence)
{
	unsigned	point = 0;

	if (sequence == 2)
		point = (c[0] & 0x1Fu) << 6 | (c[1] & 0x3Fu);
	if (sequence == 3)
		point = (c[0] & 0x0Fu) << 12 | (c[1] & 0x3Fu) << 6 | (c[2] & 0x3Fu);
	if ((point >= 0x80 && point <= 0x9F) ||
		(point >= 0x2028 && point <= 0x202E) ||
		(point >= 0x2066 && point <= 0x2069))
		return point;
	return 0;
}

/*
 * A JSON string.  What is not UTF-8 becomes U+FFFD, so that whatever a
 * stranger sent can be shown to them or logged.
 */
void
text_add_json_bytes(Text *text, const char *bytes, size_t length)
{
	const unsigned char *rest = (const unsigned char *) bytes;
	size_t		plain = 0;

	text_add_char(text, '"');
	while (plain < length)
	{
		unsigned char c = rest[plain];
		size_t		sequence;
		unsigned	control;

		if (is_plain(c))
		{
			plain++;
			continue;
		}
		sequence = c < 0x80 ? 0 : utf8_sequence(rest + plain, length - plain);
		control = control_beyond_ascii(rest + plain, sequence);
		if (sequence > 0 && control == 0)
		{
			plain += sequence;
			continue;
		}
		text_add_bytes(text, (const char *) rest, plain);
		if (c < 0x80 || control > 0)
			add_json_escape(text, c < 0x80 ? c : control);
		else
			text_add(text, "\xEF\xBF\xBD");
		plain += sequence > 0 ? sequence : 1;
		rest += plain;
		length -= plain;
		plain = 0;
	}
	text_add_bytes(text, (const char *) rest, plain);
	text_add_char(text, '"');
}

/* `,"name":"value"`, or nothing without a value; the name is plain. */
void
text_add_member(Text *text, const char *name, const char *value)
{
	if (value == NULL)
		return;
	text_add(text, ",\"");
	text_add(text, name);
	text_add(text, "\":");
	text_add_json_bytes(text, value, strlen(value));
}

void
text_add_escaped(Text *text, const char *string)
{
	for (; *string != '\0'; string++)
	{
		if (strchr("<>&\"'", *string) != NULL)
			text_format(text, "&#%d;", *string);
		else
			text_add_char(text, *string);
	}
}

bool
text_failed(const Text *text)
{
	return text->failed || text->data == NULL;
}

/* Hand the string over to the caller, who frees it. */
char *
text_release(Text *text)
{
	char	   *data = text->data;

	memset(text, 0, sizeof(*text));
	return data;
}

void
text_free(Text *text)
{
	if (text == NULL)
		return;
	free(text->data);
	memset(text, 0, sizeof(*text));
}

void
secret_free(char *secret)
{
	if (secret != NULL)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}
