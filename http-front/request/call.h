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
#include "routes/formats.h"

typedef struct Call
{
	Job			job;			/* first: a Job of ours is a Call */
	Pool	   *pool;			/* that has it, or had it last */
	const Format *format;		/* of the answer; NULL where there is one only */
	bool		is_yaml;		/* the body */
	bool		dry_run;
	bool		consistent;		/* only the primary's answer will do */
	Text		if_match;		/* as a PostgreSQL array */
	Text		body;
	size_t		body_room;		/* what it has of what all may hold */
	uint64_t	body_received;	/* kept or not */
} Call;

/* What all bodies may hold, before the first comes. */
extern void call_start(void);

/*
 * Have room for a body of this size; false when the others leave too little, or
 * it is more than any may have.
 */
extern bool call_has_room(Call *call, uint64_t size);

/* Whatever came of the body is not needed. */
extern void call_drop_body(Call *call);
extern void call_free(Call *call);
extern void call_metrics_write(Text *out);

#endif							/* DPMETA_REQUEST_CALL_H */
