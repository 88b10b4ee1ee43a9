/*
 * uri.h
 *		A request target as it came over the wire: segments and parameters.
 *
 * Splitting comes before decoding, so that an encoded slash is part of a
 * segment and an encoded ampersand part of a value.
 */
#ifndef DPMETA_URI_H
#define DPMETA_URI_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

#define URI_SEGMENTS 8
#define URI_PARAMETERS 16
/* Room for the decoded pieces of a target, each with a closing NUL. */
#define URI_ROOM(length) ((length) + URI_SEGMENTS + URI_PARAMETERS + 2)

/* A decoded piece; bad when it was not proper percent-encoded UTF-8. */
typedef struct Piece
{
	char	   *text;
	size_t		length;
	const char *raw;			/* as sent, not terminated */
	size_t		raw_length;
	bool		bad;
} Piece;

typedef struct UriParameter
{
	Piece		name;
	Piece		value;
} UriParameter;

typedef struct Uri
{
	const char *path;			/* raw, not terminated */
	size_t		path_length;
	const char *query;			/* raw, NULL without one */
	Piece		segments[URI_SEGMENTS];
	int			segment_count;	/* -1: more than there is room for */
	UriParameter parameters[URI_PARAMETERS];
	int			parameter_count;	/* -1: more than there is room for */
} Uri;

/*
 * Take a target apart.  "room" is where the pieces are decoded to, URI_ROOM of
 * the target's length; both must outlive the Uri.
 */
extern void uri_parse(Uri *uri, const char *target, char *room);

/* Percent-encode what is not unreserved. */
extern void uri_add_encoded(Text *text, const char *value);

#endif							/* DPMETA_URI_H */
