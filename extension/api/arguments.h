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
 * On whose behalf the write is that was begun: the arguments n (actor) and
 * n + 1 (actor_roles).  Raises unless they may write at all.
 */
extern void argument_actor(FunctionCallInfo fcinfo, int n, Actor *actor);

/* The name of a data product: raises unless the argument is one. */
extern char *argument_name(FunctionCallInfo fcinfo, int n,
						   const char *parameter);

#endif							/* DPMETA_ARGUMENTS_H */
