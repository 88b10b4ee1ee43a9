/*
 * checks/check.h
 *		What a request says about its resource, judged before the database.
 */
#ifndef DPMETA_CHECK_H
#define DPMETA_CHECK_H

#include "request/call.h"
#include "request/head.h"
#include "request/refusal.h"

/* Find the route. */
extern void check_route(Head *head, Refusal *refusal);

/* The ID, what is accepted, and every field that a route may look at. */
extern void check_meaning(Head *head, Call *call, Refusal *refusal);

/* Once the body is whole. */
extern void check_body(const Head *head, Call *call, Refusal *refusal);

#endif							/* DPMETA_CHECK_H */
