/*
 * rules/outcome.h
 *		The last stage of a write: what it did, or would do.
 */
#ifndef DPMETA_OUTCOME_H
#define DPMETA_OUTCOME_H

#include "nodes/pg_list.h"

#include "rules/diff.h"
#include "store/product.h"

typedef struct WriteOutcome
{
	Product		product;		/* as its row reads now */
	Version		version;		/* that was made: the base when nothing
								 * changed; of a dry run only the number */
	ChangeKind	kind;
	Jsonb	   *changes;
	List	   *kept;			/* of a contract: the names of the tables that
								 * it left as they were */
	Jsonb	   *affected;		/* the consumers that it breaks; NULL: none */
	bool		replayed;		/* by an earlier copy of the request */
} WriteOutcome;

#endif							/* DPMETA_OUTCOME_H */
