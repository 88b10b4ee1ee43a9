/*
 * rules/remove.h
 *		Deleting a data product, a major or a version, and restoring it.
 */
#ifndef DPMETA_REMOVE_H
#define DPMETA_REMOVE_H

#include "postgres.h"
#include "utils/array.h"

#include "rules/actor.h"
#include "rules/diff.h"
#include "store/bind.h"
#include "store/product.h"

typedef struct Removal
{
	/* what was asked */
	DpIdParts	id;
	ArrayType  *if_match;
	bool		dry_run;
	bool		force;			/* delete what is still consumed */
	Actor		actor;

	/* what came of it */
	Product		product;		/* locked, but for a dry run */

	/*
	 * the versions that are deleted or restored: of those that the ID means,
	 * the ones with this mark
	 */
	TimestampTz marked;			/* their deletion time; NO_TIME: live ones */
	DpVersion	newest;			/* of them, or NO_VERSION */
	ChangeKind	kind;
	Jsonb	   *changes;
	Jsonb	   *affected;		/* who consumes what is deleted */
} Removal;

/* Each does what was asked, but for a dry run, or raises why it may not be. */
extern void remove_versions(Removal *removal);
extern void remove_undo(Removal *removal);

/* Purges a product, and returns the number of versions that there were. */
extern int64 remove_for_good(const DpIdParts *id, const Actor *actor);

#endif							/* DPMETA_REMOVE_H */
