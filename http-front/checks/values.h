/*
 * checks/values.h
 *		The query, and what the statement of a route is called with.
 */
#ifndef DPMETA_CHECK_VALUES_H
#define DPMETA_CHECK_VALUES_H

#include "request/call.h"
#include "request/caller.h"
#include "request/head.h"
#include "request/refusal.h"

/* Fill in the parameters of the call, unless one is wrong. */
extern void check_values(const Head *head, const Caller *caller, Call *call,
						 Refusal *refusal);

#endif							/* DPMETA_CHECK_VALUES_H */
