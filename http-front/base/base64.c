/*
 * base/base64.c
 *		base64url, strictly.
 */
#include "base/base64.h"

#include <stdint.h>

/* The six bits that a character stands for, or -1. */
static int
digit_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '-')
		return 62;
	if (c == '_')
		return 63;
	return -1;
}

bool
base64url_decode(const char *text, size_t length,
				 unsigned char *out, size_t *out_length)
{
	uint32_t	bits = 0;
	unsigned	pending = 0;
	size_t		written = 0;

	if (length % 4 == 1)
		return false;
	for (size_t i = 0; i < length; i++)
	{
		int			value = digit_value(text[i]);

		if (value < 0)
			return false;
		bits = (bits << 6) | (uint32_t) value;
		pending += 6;
		if (pending >= 8)
		{
			pending -= 8;
			out[written++] = (unsigned char) (bits >> pending);
			bits &= (1u << pending) - 1;
		}
	}
	*out_length = written;

	/* Bits left over must be zero, or two spellings would mean the same. */
	return bits == 0;
}
