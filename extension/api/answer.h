/*
 * api/answer.h
 *		What the public functions answer: the types dpmeta.resource and
 *		dpmeta.write_result, and a resource in pages.
 */
#ifndef DPMETA_ANSWER_H
#define DPMETA_ANSWER_H

#include "postgres.h"
#include "fmgr.h"
#include "nodes/execnodes.h"

#include "rules/diff.h"
#include "rules/resolve.h"
#include "store/bind.h"

typedef struct Answer
{
	DpIdParts	id;				/* fully versioned */
	char	   *etag;			/* without quotes; NULL for none */
	text	   *document;		/* NULL for none */
	TimestampTz retired_at;		/* or NO_TIME */
	bool		has_sunset;
	DateADT		sunset;
	bool		has_successor;
	DpIdParts	successor;

	/* of a write only */
	ChangeKind	kind;
	Jsonb	   *changes;
	bool		replayed;

	/* of a page only: what the next one begins after, null at the end */
	NullableDatum next;			/* passed by value */
} Answer;

/* The first six, from a version (and a table of it, unless "") as it reads. */
extern void answer_of_version(Answer *answer, const Product *product,
							  const Version *version, const char *table,
							  text *document, ReadMode mode);

/* Only what tells that the product is retired. */
extern void answer_retirement(Answer *answer, const Product *product);

/*
 * Forms the row in the given context, which must be that of the function's
 * caller.  The function's result type decides whether it is a resource, a page
 * or the result of a write.
 */
extern Datum answer_datum(FunctionCallInfo fcinfo, const Answer *answer,
						  MemoryContext context);

/* The same of any values, for a function whose result type is made of them. */
extern Datum answer_row(FunctionCallInfo fcinfo, Values *values,
						MemoryContext context);

/* Adds the row to the result of a function that returns a set of them. */
extern void answer_append(ReturnSetInfo *result, const Answer *answer);

#endif							/* DPMETA_ANSWER_H */
