/*
 * rules/write.h
 *		A write that makes a version: what it starts from, what it wants, and
 *		how it is carried out.
 */
#ifndef DPMETA_WRITE_H
#define DPMETA_WRITE_H

#include "postgres.h"
#include "fmgr.h"
#include "nodes/pg_list.h"

#include "rules/actor.h"
#include "api/answer.h"
#include "rules/diff.h"
#include "store/idempotency.h"
#include "rules/resolve.h"

/* What a write wants of one table; NULL where it is not there. */
typedef struct TableChange
{
	char	   *table;
	Jsonb	   *old;
	Jsonb	   *new;
} TableChange;

typedef struct Write
{
	/* what was asked */
	const char *action;
	DpIdParts	id;
	Jsonb	   *body;
	ArrayType  *if_match;
	bool		dry_run;
	Actor		actor;
	Idempotency idempotency;

	/* what stands; the product's lock is held unless this is a dry run */
	bool		is_known;		/* the name was registered before */
	Product		product;
	bool		has_base;
	Version		base;			/* what the write starts from */

	/* what is wanted */
	Jsonb	   *metadata;
	List	   *tables;			/* of TableChange */

	/* what comes of it */
	ChangeKind	kind;
	Jsonb	   *changes;
	Version		made;			/* the base when nothing changed */
	DpVersion	head;			/* the last version on the line of made */
	int32		branch;			/* that line: 0 the trunk, else the major */
} Write;

/* Sets base, metadata and tables from the body, or raises. */
typedef void (*WriteJudge) (Write *write);

/* Judges the write and carries it out, or replays the answer to a copy. */
extern void write_run(Write *write, WriteJudge judge, Answer *answer);

/* Stores the version made; false when another registered the name meanwhile. */
extern bool version_store(Write *write);

/* Numbers the version to be made; raises when the change may not be made there. */
extern void version_number(Write *write);

#endif							/* DPMETA_WRITE_H */
