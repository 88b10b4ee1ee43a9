/*
 * rules/request.h
 *		The first stage of a write that makes a version: what is asked for.
 *
 * A write goes through stages, and each is a value that is made once and then
 * only read: the request, the base, the plan, the place, the outcome.
 * rules/write.c goes through them from top to bottom.  When another session was
 * faster, all but the request are made anew.
 */
#ifndef DPMETA_REQUEST_H
#define DPMETA_REQUEST_H

#include "postgres.h"
#include "utils/array.h"
#include "utils/jsonb.h"

#include "rules/actor.h"
#include "store/idempotency.h"
#include "types/dpid.h"

typedef struct WriteOperation WriteOperation;

typedef struct WriteRequest
{
	const WriteOperation *operation;
	DpIdParts	id;
	Jsonb	   *body;			/* NULL for a deletion */
	Jsonb	   *schemas;		/* of a sync only: schema documents by table */
	ArrayType  *if_match;		/* NULL without a condition */
	bool		dry_run;
	Jsonb	   *warnings;		/* of what the body had before it was read;
								 * NULL: there are none */
	bool		force;			/* delete what is still consumed */
	int			document;		/* which one of many it is, from 1; 0 if alone */
	Actor		actor;
	Idempotency idempotency;
} WriteRequest;

#endif							/* DPMETA_REQUEST_H */
