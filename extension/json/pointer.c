/*
 * json/pointer.c
 *		The tokens of JSON Pointers (RFC 6901).
 */
#include "postgres.h"

#include "json/pointer.h"

/*
 * Writes a token, with its slash, at most twice its length and one; returns the
 * end.
 */
static char *
write_token(char *to, const char *str, int len)
{
	*to++ = '/';
	for (int i = 0; i < len; i++)
	{
		if (str[i] == '~' || str[i] == '/')
		{
			*to++ = '~';
			*to++ = str[i] == '~' ? '0' : '1';
		}
		else
			*to++ = str[i];
	}
	return to;
}

void
pointer_append_token(StringInfo buf, const char *str, int len)
{
	char	   *end;

	enlargeStringInfo(buf, 2 * len + 1);
	end = write_token(buf->data + buf->len, str, len);
	*end = '\0';
	buf->len = end - buf->data;
}

char *
pointer_to(const char *above, const char *str, int len)
{
	int			above_len = strlen(above);
	char	   *pointer = palloc(above_len + 2 * (Size) len + 2);

	memcpy(pointer, above, above_len);
	*write_token(pointer + above_len, str, len) = '\0';
	return pointer;
}
