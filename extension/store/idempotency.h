/*
 * store/idempotency.h
 *		One answer for a request and all its copies.
 */
#ifndef DPMETA_IDEMPOTENCY_H
#define DPMETA_IDEMPOTENCY_H

#include "postgres.h"
#include "common/sha2.h"
#include "utils/array.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "store/product.h"

/* The longest key that a caller may send, in bytes. */
#define IDEMPOTENCY_KEY_MAX		255

/* How long an answer is kept, in seconds (dpmeta.idempotency_retention). */
extern int	dpmeta_idempotency_retention;

/* A request, as it counts for being the same as another. */
typedef struct Idempotency
{
	bool		active;
	bool		automatic;		/* no key was sent: the request is the key */
	uint8		digest[PG_SHA256_DIGEST_LENGTH];
	uint8		request[PG_SHA256_DIGEST_LENGTH];
} Idempotency;

/* What the first copy of the request did. */
typedef struct Replay
{
	DpVersion	version;
	const char *kind;
	Jsonb	   *changes;
} Replay;

/* if_match and key may be NULL; without a key the request itself is it. */
extern void idempotency_begin(Idempotency *idempotency, const char *caller,
							  const char *action, const DpIdParts *id,
							  ArrayType *if_match, Jsonb *body, text *key);

/*
 * Was there such a request inside the retention time?  Raises
 * ERRCODE_DP_IDEMPOTENCY_KEY_REUSED when the key was another request's.
 */
extern bool idempotency_find(const Idempotency *idempotency, Replay *replay);

/* Records what the request did, in its own transaction. */
extern void idempotency_store(const Idempotency *idempotency,
							  const Product *product, const char *table,
							  const Replay *replay);

/* Deletes at most limit answers that are past their time; returns how many. */
extern uint64 idempotency_expire(int64 limit);

#endif							/* DPMETA_IDEMPOTENCY_H */
