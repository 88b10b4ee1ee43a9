/*
 * answers/condition.h
 *		Entity tags, and what a read's conditions make of them.
 */
#ifndef DPMETA_CONDITION_H
#define DPMETA_CONDITION_H

#include "request/head.h"
#include "request/reply.h"

/*
 * The status of an answer with this tag, which is NULL if it has none: the
 * route's, or 304 or 412 by the conditions of a read.
 */
extern int	condition_status(const Head *head, const char *etag);

/* Add the tag to the answer, unless it is NULL. */
extern void condition_add_etag(const char *etag, Reply *reply);

#endif							/* DPMETA_CONDITION_H */
