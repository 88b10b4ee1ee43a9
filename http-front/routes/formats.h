/*
 * routes/formats.h
 *		The one table of the formats in which a contract, or a table's schema, is
 *		answered.
 *
 * What a client may ask for, by the query or by Accept, and what the documentation
 * says of it are derived from it.  The database makes each of them.
 */
#ifndef DPMETA_FORMATS_H
#define DPMETA_FORMATS_H

#include <stdbool.h>

#include "base/text.h"

typedef struct Format
{
	const char *name;			/* in the query, and in entity tags */
	const char *rendering;		/* what the database calls it; NULL for the
								 * document itself */
	const char *media_type;
	const char *content_type;	/* the same with its parameters */
	bool		is_json;		/* what the database makes is JSON */
	bool		is_yaml;		/* and is sent as YAML */
} Format;

/* The first is the document itself, as JSON, and the second as YAML. */
extern const Format FORMATS[];

#define FORMAT_JSON (&FORMATS[0])
#define FORMAT_YAML (&FORMATS[1])
extern const int FORMAT_COUNT;

#define FORMAT_PARAMETER "format"

/* NULL if there is none of this name. */
extern const Format *format_find(const char *name);

/*
 * The one that an Accept field likes best, the first of those that it likes as much; NULL if it takes none of them.
 */
extern const Format *format_accept(const char *accept);

/* The same among JSON and YAML only. */
extern const Format *format_accept_plain(const char *accept);

/* "json, odcs, odps" */
extern void format_names(Text *out);

#endif							/* DPMETA_FORMATS_H */
