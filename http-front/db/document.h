/*
 * db/document.h
 *		An answer's document, read in pieces, and what all of them may hold.
 *
 * Each statement is put into another one that returns the document in rows of one
 * piece each, and its length in the first row.  So libpq never holds more than a
 * piece of it.  If the document is too large, the server does not send it.  If there
 * is no room for it, its pieces are dropped as they come.
 */
#ifndef DPMETA_DOCUMENT_H
#define DPMETA_DOCUMENT_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "routes/routes.h"

/* Where a statement has it: see answers/columns.h. */
#define DOCUMENT_COLUMN 2
#define DOCUMENT_LENGTH_COLUMN 9

typedef enum DocumentFault
{
	DOCUMENT_GOOD,
	DOCUMENT_TOO_LARGE,			/* for one answer */
	DOCUMENT_NO_ROOM			/* beside the others that are held */
} DocumentFault;

typedef struct Document
{
	char	   *memory;			/* NULL when its first row has all of it */
	size_t		length;
	size_t		filled;
	size_t		room;			/* what it takes of what all may hold */
	bool		begun;
	DocumentFault fault;
} Document;

extern bool document_start(void);
extern void document_stop(void);

/* Is the route's answer read in pieces?  Other answers are small. */
extern bool document_is_pieced(const Route *route);

/* What to prepare for a route. */
extern const char *document_sql(const Route *route);

/* Take one row over into it; the first row is also to be kept. */
extern void document_take(Document *document, const PGresult *result, int row);
extern void document_free(Document *document);

/* The most that one may have. */
extern size_t document_most(void);

/* For what an answer needs beside its document. */
extern bool document_take_room(size_t size);
extern void document_give_room(size_t size);

extern void document_metrics_write(Text *out);

#endif							/* DPMETA_DOCUMENT_H */
