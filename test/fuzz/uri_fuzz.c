/*
 * uri_fuzz.c
 *		libFuzzer on a request's target: path, query, decoding and routing.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "routes/router.h"
#include "base/uri.h"

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A piece lies in its room, ends where it says, and is text unless bad. */
static void
check_piece(const Piece *piece, const char *room, size_t size)
{
	if (piece->text < room || piece->text + piece->length >= room + size ||
		piece->text[piece->length] != '\0' ||
		piece->length > piece->raw_length)
		abort();
	if (!piece->bad && (strlen(piece->text) != piece->length ||
						!utf8_valid(piece->text, piece->length)))
		abort();
}

/* What is encoded for a link must come back the same. */
static void
check_encoding(const Piece *piece)
{
	Text		target = {0};
	Uri			again;
	char	   *room;

	if (piece->bad)
		return;
	text_add_char(&target, '/');
	uri_add_encoded(&target, piece->text);
	text_add(&target, "/end");
	room = malloc(uri_room(target.data));
	if (room == NULL)
		abort();
	uri_parse(&again, target.data, room);
	if (again.segment_count != 2 || again.segments[0].bad ||
		strcmp(again.segments[0].text, piece->text) != 0)
		abort();
	free(room);
	text_free(&target);
}

static void
check_route(const Uri *uri)
{
	static const Method methods[] = {
		METHOD_GET, METHOD_HEAD, METHOD_POST, METHOD_PUT, METHOD_PATCH,
		METHOD_DELETE, METHOD_OPTIONS, METHOD_OTHER
	};

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
	{
		RouteMatch	match;

		route_find(&match, uri, methods[i]);
		if (match.route != NULL && (match.route->method & match.methods) == 0)
			abort();
		if (match.id != NULL && (match.id < uri->segments ||
								 match.id >= uri->segments + URI_SEGMENTS))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char	   *target = malloc(size + 1);
	char	   *room;
	Uri			uri;

	if (target == NULL)
		return 0;
	/* libmicrohttpd hands over a C string. */
	memcpy(target, data, size);
	target[size] = '\0';
	size = uri_room(target);
	room = malloc(size);
	if (room == NULL)
		abort();
	uri_parse(&uri, target, room);
	for (int i = 0; i < uri.segment_count; i++)
	{
		check_piece(&uri.segments[i], room, size);
		check_encoding(&uri.segments[i]);
	}
	for (int i = 0; i < uri.parameter_count; i++)
	{
		check_piece(&uri.parameters[i].name, room, size);
		check_piece(&uri.parameters[i].value, room, size);
	}
	check_route(&uri);
	free(room);
	free(target);
	return 0;
}
