/*
 * api/arguments.h
 *		The arguments of the functions that are not STRICT.
 */
#ifndef DPMETA_ARGUMENTS_H
#define DPMETA_ARGUMENTS_H

#include "postgres.h"
#include "fmgr.h"
#include "utils/array.h"

#include "rules/actor.h"
#include "store/product.h"
#include "types/dpid.h"

/* NULL, or false, when the caller gave null. */
extern text *argument_text(FunctionCallInfo fcinfo, int n);
extern ArrayType *argument_array(FunctionCallInfo fcinfo, int n);
extern bool argument_flag(FunctionCallInfo fcinfo, int n);

/* Raise ERRCODE_DP_INVALID_PARAMETER when the caller gave null. */
extern Datum argument_required(FunctionCallInfo fcinfo, int n,
							   const char *parameter);
extern void argument_id(FunctionCallInfo fcinfo, int n, DpIdParts *id);

/*
 * Reads on whose behalf the write is: the arguments n (actor) and n + 1
 * (actor_roles).  Raises unless they may write at all.
 */
extern void argument_actor(FunctionCallInfo fcinfo, int n, Actor *actor);

/*
 * The time as of which to read: AS_OF_NOW when the function has no argument n, or the
 * caller gave null.  Raises ERRCODE_DP_INVALID_PARAMETER for a time that is still to
 * come, or is before what the log was cut to.
 */
extern TimestampTz argument_as_of(FunctionCallInfo fcinfo, int n);

/* The name of a data product: raises unless the argument is one. */
extern char *argument_name(FunctionCallInfo fcinfo, int n,
						   const char *parameter);

#endif							/* DPMETA_ARGUMENTS_H */
