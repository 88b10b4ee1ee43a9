/*
 * base/uri.c
 *		A request target as it came over the wire: segments and parameters.
 */
#include "base/uri.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/*
 * Decode raw into *room and move that on behind the closing NUL.  A piece with
 * a NUL in it is bad, because C strings cannot carry it.
 */
static void
decode_piece(Piece *piece, const char *raw, size_t length, bool plus_is_blank,
			 char **room)
{
	char	   *out = *room;

	piece->raw = raw;
	piece->raw_length = (unsigned) length;
	piece->text = out;
	piece->bad = false;
	for (size_t i = 0; i < length; i++)
	{
		char		c = raw[i];

		if (c == '%')
		{
			int			high = i + 2 < length ? hex_digit(raw[i + 1]) : -1;
			int			low = i + 2 < length ? hex_digit(raw[i + 2]) : -1;

			if (high < 0 || low < 0)
				piece->bad = true;
			else
			{
				c = (char) (high * 16 + low);
				i += 2;
			}
		}
		else if (c == '+' && plus_is_blank)
			c = ' ';
		if (c == '\0')
			piece->bad = true;
		*out++ = c;
	}
	piece->length = (unsigned) (out - piece->text);
	*out++ = '\0';
	*room = out;
	if (!utf8_valid(piece->text, piece->length))
		piece->bad = true;
}

/* http://host/path is a proper target too (RFC 9112, 3.2.2). */
static const char *
skip_authority(const char *target)
{
	const char *rest = NULL;

	if (strncasecmp(target, "http://", 7) == 0)
		rest = target + 7;
	else if (strncasecmp(target, "https://", 8) == 0)
		rest = target + 8;
	if (rest == NULL)
		return target;
	rest += strcspn(rest, "/?");
	return rest;
}

static void
split_path(Uri *uri, char **room)
{
	const char *rest = uri->path;
	const char *end = uri->path + uri->path_length;

	if (rest == end || *rest != '/')
		return;
	/* A path with or without its trailing slash is the same resource. */
	if (end - rest > 1 && end[-1] == '/')
		end--;
	while (rest < end)
	{
		const char *start = rest + 1;
		const char *slash = memchr(start, '/', (size_t) (end - start));

		rest = slash ? slash : end;
		if (uri->segment_count == URI_SEGMENTS)
		{
			uri->segment_count = -1;
			return;
		}
		decode_piece(&uri->segments[uri->segment_count++], start,
					 (size_t) (rest - start), false, room);
	}
}

static void
split_query(Uri *uri, char **room)
{
	const char *rest = uri->query;

	while (*rest != '\0')
	{
		size_t		length = strcspn(rest, "&");
		const char *equals = memchr(rest, '=', length);
		size_t		name_length = equals ? (size_t) (equals - rest) : length;
		UriParameter *parameter;

		if (length > 0)
		{
			if (uri->parameter_count == URI_PARAMETERS)
			{
				uri->parameter_count = -1;
				return;
			}
			parameter = &uri->parameters[uri->parameter_count++];
			decode_piece(&parameter->name, rest, name_length, true, room);
			decode_piece(&parameter->value, equals ? equals + 1 : rest + length,
						 equals ? length - name_length - 1 : 0, true, room);
		}
		rest += length;
		if (*rest == '&')
			rest++;
	}
}

/* At most so many pieces lie between the separators. */
static size_t
count_pieces(const char *text, char separator, size_t most)
{
	size_t		count = 1;

	for (; *text != '\0' && count < most; text++)
		count += *text == separator;
	return count;
}

static size_t
most_segments(const char *target)
{
	return count_pieces(target, '/', URI_SEGMENTS);
}

static size_t
most_parameters(const char *target)
{
	const char *query = strchr(target, '?');

	return query ? count_pieces(query, '&', URI_PARAMETERS) : 0;
}

size_t
uri_room(const char *target)
{
	size_t		segments = most_segments(target);
	size_t		parameters = most_parameters(target);

	/* The pieces, then their texts, each with a closing NUL. */
	return segments * (sizeof(Piece) + 1) +
		parameters * (sizeof(UriParameter) + 2) + strlen(target);
}

void
uri_parse(Uri *uri, const char *target, void *memory)
{
	const char *path = skip_authority(target);
	const char *query = strchr(path, '?');
	char	   *room;

	uri->segments = memory;
	uri->parameters = (UriParameter *) (uri->segments + most_segments(target));
	room = (char *) (uri->parameters + most_parameters(target));
	uri->segment_count = 0;
	uri->parameter_count = 0;
	uri->path = path;
	uri->path_length = query ? (size_t) (query - path) : strlen(path);
	uri->query = query ? query + 1 : NULL;
	split_path(uri, &room);
	if (uri->query != NULL)
		split_query(uri, &room);
}

void
uri_add_encoded(Text *text, const char *value)
{
	for (; *value != '\0'; value++)
	{
		unsigned char c = (unsigned char) *value;

		if (isalnum(c) || strchr("-._~:", c) != NULL)
			text_add_char(text, *value);
		else
			text_format(text, "%%%02X", c);
	}
}
