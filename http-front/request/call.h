/*
 * request/call.h
 *		What a request asks of the database.
 */
#ifndef DPMETA_REQUEST_CALL_H
#define DPMETA_REQUEST_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "db/pool.h"

typedef struct Call
{
	Job			job;			/* first: a Job of ours is a Call */
	Pool	   *pool;			/* that has it, or had it last */
	bool		dry_run;
	bool		consistent;		/* only the primary's answer will do */
	Text		if_match;		/* as a PostgreSQL array */
	Text		body;
	uint64_t	body_received;	/* kept or not */
} Call;

extern void call_free(Call *call);

#endif							/* DPMETA_REQUEST_CALL_H */
