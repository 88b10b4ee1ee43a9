/*
 * db/connector.h
 *		The helper threads that connect: resolving a name and shaking hands
 *		may block, so they never happen on the loop.
 *
 * Each connection that is being made has a thread of its own, so that a server
 * that hangs holds up nobody else.  There are never more of them than lanes.
 */
#ifndef DPMETA_CONNECTOR_H
#define DPMETA_CONNECTOR_H

#include <stdbool.h>

#include "db/lane.h"

/* What a connection is made from; the strings outlive the connector. */
typedef struct Target
{
	const char *url;
	const char *session_attributes;
	unsigned	turn;			/* which host is first: db/hosts.h */
} Target;

extern bool connector_start(void);

/*
 * True when all threads have ended.  One that is in the midst of connecting
 * cannot be told to stop and is not waited for: the process must end without
 * tidying up what it may use.
 */
extern bool connector_stop(void);

/* Connect a lane; pool_connected() is called on the loop with what came of it. */
extern void connector_ask(Lane *lane, const Target *target);

#endif							/* DPMETA_CONNECTOR_H */
