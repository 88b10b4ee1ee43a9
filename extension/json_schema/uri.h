/*
 * json_schema/uri.h
 *		URI references: taking apart and resolving (RFC 3986).
 */
#ifndef DPMETA_JSON_SCHEMA_URI_H
#define DPMETA_JSON_SCHEMA_URI_H

#include "postgres.h"

/* A part that is absent has a NULL str; an empty one has length 0. */
typedef struct UriPart
{
	const char *str;
	int			len;
} UriPart;

typedef struct UriParts
{
	UriPart		scheme;
	UriPart		authority;
	UriPart		path;			/* never absent */
	UriPart		query;
	UriPart		fragment;
} UriParts;

extern void uri_split(const char *str, int len, UriParts *parts);

/*
 * Resolves a reference against an absolute base.  The result has no fragment;
 * that is given apart, percent-decoded and palloc'd, or NULL if there was none.
 */
extern char *uri_resolve(const char *base, const char *ref, int len,
						 char **fragment);

/* Drops, in place, a "#" at the end, which says nothing; gives the URI. */
extern char *uri_drop_empty_fragment(char *uri);

#endif							/* DPMETA_JSON_SCHEMA_URI_H */
