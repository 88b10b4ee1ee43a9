/*
 * rules/actor.h
 *		On whose behalf a write is made, and what they may do.
 */
#ifndef DPMETA_ACTOR_H
#define DPMETA_ACTOR_H

#include "postgres.h"
#include "utils/array.h"

/* The longest name of an actor, in bytes. */
#define ACTOR_MAX	512

typedef struct Actor
{
	char	   *name;			/* recorded with the write */
	bool		is_steward;
} Actor;

/*
 * The actor is the session's user, unless one is given (either may be NULL):
 * that is for those who may execute dpmeta.check_actor().  Raises
 * ERRCODE_DP_FORBIDDEN or ERRCODE_DP_INVALID_PARAMETER.
 */
extern void actor_find(text *name, ArrayType *roles, Actor *actor);

/* Raises ERRCODE_DP_FORBIDDEN unless the actor is a steward. */
extern void actor_require_steward(const Actor *actor, const char *what);

#endif							/* DPMETA_ACTOR_H */
