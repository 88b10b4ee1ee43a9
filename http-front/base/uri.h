/*
 * base/uri.h
 *		A request target as it came over the wire: segments and parameters.
 *
 * Splitting comes before decoding, so that an encoded slash is part of a
 * segment and an encoded ampersand part of a value.
 */
#ifndef DPMETA_URI_H
#define DPMETA_URI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

#define URI_SEGMENTS 8
#define URI_PARAMETERS 16

/* A decoded piece; bad when it was not proper percent-encoded UTF-8. */
typedef struct Piece
{
	char	   *text;
	const char *raw;			/* as sent, not terminated */
	unsigned	length;
	unsigned	raw_length;
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
	Piece	   *segments;
	int			segment_count;	/* -1: more than URI_SEGMENTS */
	UriParameter *parameters;
	int			parameter_count;	/* -1: more than URI_PARAMETERS */
} Uri;

/* Bytes of memory that the pieces of a target need. */
extern size_t uri_room(const char *target);

/*
 * Take a target apart.  "memory" is where the pieces will be, uri_room() bytes
 * aligned for a pointer; it and the target must outlive the Uri.
 */
extern void uri_parse(Uri *uri, const char *target, void *memory);

/* Percent-encode what is not unreserved. */
extern void uri_add_encoded(Text *text, const char *value);

#endif							/* DPMETA_URI_H */
