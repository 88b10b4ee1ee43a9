/*
 * base/field.h
 *		What is in a header field: entity tags, media types, keys.
 */
#ifndef DPMETA_FIELD_H
#define DPMETA_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/*
 * Ends the entity tag of a compressed answer.  It is ignored in tags that
 * clients send.
 */
#define COMPRESS_SUFFIX "-gzip"

/*
 * Behind this, the entity tag of an answer in another format names that.  It is
 * left out where a tag is sent to the database, which knows one tag for all formats.
 */
#define FORMAT_MARK '+'

typedef enum TagMatch
{
	TAGS_MATCH,
	TAGS_DIFFER,
	TAGS_MALFORMED
} TagMatch;

/*
 * Does a list of entity tags (or *) name this tag, given without quotes?
 * A weak tag never matches by strong comparison.
 */
extern TagMatch tags_match(const char *field, const char *tag, bool strong);

/*
 * Write If-Match as a PostgreSQL array of the tags that can match, {*} for *,
 * {} when there is none.  False when the field is malformed.
 */
extern bool tags_to_array(const char *field, Text *array);

typedef enum Acceptance
{
	ACCEPT_UNNAMED,
	ACCEPT_REFUSED,				/* by a weight of 0 */
	ACCEPT_ALLOWED
} Acceptance;

/*
 * How much an Accept field likes a media type, in thousandths: 0 if it refuses it,
 * -1 if no range in it names the type.
 */
extern int	accept_weight(const char *field, const char *type);

/* Does a range in it name the type itself? */
extern bool accept_names(const char *field, const char *type);

/* What it says of a media type, for whoever does not compare. */
extern Acceptance accept_find(const char *field, const char *type);

/*
 * Does an Accept field ask for a page rather than for the other type?  What
 * browsers send does.  A client that was not written with pages in mind may
 * also name text/html first, as Java's old one does; it gets the other.
 */
extern bool accept_prefers_page(const char *field, const char *other);

/* May an answer be compressed by gzip, by an Accept-Encoding field? */
extern bool accepts_gzip(const char *field);

/*
 * Is the Content-Type one of JSON, or of the patch when so asked, and in no
 * other encoding than UTF-8?
 */
extern bool content_is_json(const char *field, bool merge_patch);

/* The same for YAML: RFC 9512, and what it was called before. */
extern bool content_is_yaml(const char *field, bool merge_patch);

/* Is it JSON with one document on each line? */
extern bool content_is_json_lines(const char *field);

/*
 * Where a server was in PostgreSQL's write-ahead log, and in which history:
 * PLACE:TIMELINE:CLUSTER, such as 0/16B3748:1:7449812345678901234.  A front of
 * before 1.1 gave the place alone.
 */
typedef struct Position
{
	uint64_t	place;			/* 0: none */
	uint64_t	timeline;		/* 0: it is not said */
	uint64_t	cluster;
} Position;

#define POSITION_TEXT 64
extern bool position_read(const char *value, Position *position);
extern void position_write(const Position *position, char text[POSITION_TEXT]);

/* Is whoever is at the first also behind the second, for all that is known? */
extern bool position_covers(const Position *reached, const Position *asked);

/* Bytes that a field's name or its value may be made of. */
extern bool is_field_name(const char *name, size_t length);
extern bool is_field_value(const char *value, size_t length);

/* A host with or without a port, or nothing, as Host has it. */
extern bool is_host(const char *value);

/* 1 to "most" visible ASCII characters. */
extern bool is_token_text(const char *value, size_t most);

/* 1 to 128 of [A-Za-z0-9._-]: fit to be repeated in an answer and a log. */
extern bool is_plain_id(const char *value);

/* version-traceid-parentid-flags of W3C Trace Context. */
extern bool is_traceparent(const char *value);

#endif							/* DPMETA_FIELD_H */
