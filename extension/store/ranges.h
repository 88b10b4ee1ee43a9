/*
 * store/ranges.h
 *		Which tables a version has, and how that is stored.
 *
 * The versions of a data product lie on lines.  The trunk has every version of
 * what was the newest major when it was made.  A version that is made later in
 * an older major lies on that major's branch.  A table's schema holds over a
 * range of one line.  docs/architecture.md has a drawn example.
 */
#ifndef DPMETA_RANGES_H
#define DPMETA_RANGES_H

#include "postgres.h"
#include "nodes/pg_list.h"

#include "store/product.h"

/* The number of the trunk where that of a branch is its major. */
#define TRUNK	0

/* Where a new version stands; rules/number.h finds it. */
typedef struct Place
{
	DpVersion	version;
	DpVersion	leaves_at;		/* itself on the trunk, else where its branch
								 * leaves the trunk */
	DpVersion	last;			/* the last one on its line before it, or
								 * NO_VERSION */
	int32		branch;			/* its line: TRUNK, or its major */
} Place;

/* What becomes of a table. */
typedef struct TableWrite
{
	const char *table;
	bool		was_there;
	Jsonb	   *definition;		/* NULL when it is removed */
	text	   *document;		/* of the definition */
} TableWrite;

/*
 * Stores which tables the new version has: those of the base (NULL for a
 * version that starts without), but for the tables listed, of TableWrite.
 */
extern void ranges_store(const Product *product, const Version *base,
						 const Place *place, List *tables);

#endif							/* DPMETA_RANGES_H */
