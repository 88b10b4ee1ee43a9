/*
 * rules/rights.h
 *		Which change needs whom, however it is made.
 */
#ifndef DPMETA_RIGHTS_H
#define DPMETA_RIGHTS_H

#include "postgres.h"
#include "utils/jsonb.h"

#include "rules/actor.h"

/*
 * Raises ERRCODE_DP_FORBIDDEN unless the actor may make each of the changes, an
 * array as an event records it.  metadata is that of the version that they lead
 * to, or NULL when they make none.
 */
extern void rights_check(const Actor *actor, Jsonb *changes, Jsonb *metadata);

/* The same for a change that a call is known to make before it is planned. */
extern void rights_require(const Actor *actor, const char *change);

#endif							/* DPMETA_RIGHTS_H */
