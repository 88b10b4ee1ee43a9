/*
 * rules/changes.h
 *		Lists of changes, as an event records them.
 */
#ifndef DPMETA_CHANGES_H
#define DPMETA_CHANGES_H

#include "postgres.h"
#include "lib/stringinfo.h"
#include "utils/jsonb.h"

typedef enum ChangeKind
{
	KIND_NONE,
	KIND_MINOR,
	KIND_MAJOR,
	/* not of a comparison, but of what else an event can record */
	KIND_INITIAL,
	KIND_DELETION,
	KIND_RESTORATION
} ChangeKind;

/*
 * The changes so far, as an open jsonb array, and the greatest kind of them.
 * A page keeps only some of them, as JSON text, and counts the others.
 */
typedef struct ChangeList
{
	JsonbParseState *state;
	ChangeKind	kind;
	int			count;

	/* of a page */
	StringInfo	page;			/* NULL: all are kept, in state */
	int			max_bytes;		/* once it has as much, it is full */
	int			skipped;		/* how many go before the page */
	int			shown;			/* how many it has */
} ChangeList;

/* One change; what does not apply is NULL. */
typedef struct Change
{
	const char *change;			/* such as "column-type-changed" */
	ChangeKind	kind;
	const char *version;
	const char *table;
	JsonbValue *column;
	const char *member;
	JsonbValue *from;
	JsonbValue *to;
} Change;

extern void changes_begin(ChangeList *list);
extern void changes_begin_page(ChangeList *list, StringInfo page, int skipped,
							   int max_bytes);
extern void changes_add(ChangeList *list, const Change *change);

/* Not for a page. */
extern Jsonb *changes_end(ChangeList *list);

extern const char *change_kind_name(ChangeKind kind);
extern ChangeKind change_kind_of_name(const char *name);

#endif							/* DPMETA_CHANGES_H */
