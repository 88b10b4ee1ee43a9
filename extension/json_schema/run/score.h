/*
 * json_schema/run/score.h
 *		How far a value is from an alternative.
 */
#ifndef DPMETA_JSON_SCHEMA_SCORE_H
#define DPMETA_JSON_SCHEMA_SCORE_H

#include "json_schema/run/node.h"

/* The score of an alternative for another type of value, or more. */
#define SCORE_OTHER_TYPE	16000

/* The members or elements of the value are told apart by place modulo 64. */
struct SchemaScore
{
	const JsonPath *base;		/* to the value */
	int			limit;			/* a higher score need not be exact */
	int			own;			/* what the value itself has against it */
	int			count;			/* of all faults */
	uint64		others;			/* members with another value than it must be */
	uint64		strangers;		/* members that are not accepted */
	uint64		faulty;			/* members with a fault in them */
};

extern int	schema_score(const SchemaScore *score);

/*
 * Counts a fault of the value at the path in the run's score; what the value's
 * own alternatives have against it is given as their least score, or 0.  Ends
 * the run when the limit is passed.
 */
extern void schema_score_add(SchemaRun *run, const SchemaOp *op,
							 const JsonPath *path, int nested);

#endif							/* DPMETA_JSON_SCHEMA_SCORE_H */
