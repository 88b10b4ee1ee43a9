/*
 * rules/actor.h
 *		Who writes: whose rights count, on whose behalf it is, and what they
 *		may do.
 */
#ifndef DPMETA_ACTOR_H
#define DPMETA_ACTOR_H

#include "postgres.h"
#include "fmgr.h"
#include "utils/array.h"

/* The longest name of an actor, in bytes. */
#define ACTOR_MAX	512

/* Each may do what those before it may. */
typedef enum Role
{
	ROLE_READER,
	ROLE_PRODUCER,
	ROLE_STEWARD
} Role;

typedef struct Actor
{
	char	   *name;			/* recorded with the write */
	Role		role;

	/* the user whose code called, and what it ran under */
	Oid			caller;
	int			context;
} Actor;

/*
 * Begins a write: connects to SPI, and runs as the extension's owner until
 * actor_end(), or until the transaction or subtransaction is aborted.  Raises
 * ERRCODE_DP_FORBIDDEN within an operation that is restricted for security.
 */
extern void actor_begin(FunctionCallInfo fcinfo, Actor *actor);
extern void actor_end(const Actor *actor);

/*
 * Fills in the rest.  The actor is the session's user, unless one is given
 * (either may be NULL): that is for a session that logged in as the front.
 * Raises ERRCODE_DP_FORBIDDEN or ERRCODE_DP_INVALID_PARAMETER.
 */
extern void actor_find(Actor *actor, text *name, ArrayType *roles);

/* Raises ERRCODE_DP_FORBIDDEN unless the actor has the role. */
extern void actor_require(const Actor *actor, Role role, const char *what);

#endif							/* DPMETA_ACTOR_H */
