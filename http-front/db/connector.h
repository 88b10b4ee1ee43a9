/*
 * db/connector.h
 *		The helper threads that connect: resolving a name and shaking hands
 *		may block, so they never happen on the loop.
 *
 * Each connection that is being made has a thread of its own, so that a server
 * that hangs holds up nobody else.  A pool never has more of them under way
 * than it may have lanes, and one for each host that it looks for.
 */
#ifndef DPMETA_CONNECTOR_H
#define DPMETA_CONNECTOR_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

/* What a connection is made from. */
typedef struct Target
{
	const char *url;
	const char *password;		/* NULL: the URL's, or one that libpq finds */
	unsigned	generation;		/* raised when these two are replaced */
	const char *session_attributes;
	unsigned	host;			/* of those that the URL has: db/hosts.h */
} Target;

/* What came of connecting. */
typedef struct NewConnection
{
	PGconn	   *conn;			/* NULL, or one that may be of no use */
	unsigned	host;
	unsigned	generation;		/* of its target */
	uint64_t	server;			/* when it started, which no other shares */
	long		most;			/* connections that it has for such as us */
	bool		silent;			/* nothing was heard in time */
	char		state[6];		/* the SQLSTATE of that, "" if none was told */
	char		error[256];		/* why it is of no use, "" if it is of use */
} NewConnection;

/* The connection is the callee's from now on. */
typedef void (*Connected) (void *owner, NewConnection *made);

extern bool connector_start(void);

/*
 * True when all threads have ended.  One that is in the midst of connecting
 * cannot be told to stop and is not waited for: the process must end without
 * tidying up what it may use.
 */
extern bool connector_stop(void);

/*
 * Connect; the strings of the target are copied.  done() is called on the loop, perhaps
 * before this returns.
 */
extern void connector_ask(const Target *target, Connected done, void *owner);

#endif							/* DPMETA_CONNECTOR_H */
