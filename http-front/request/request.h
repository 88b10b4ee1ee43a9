/*
 * request/request.h
 *		A request: what each stage of its life made, for the next to read.
 *
 * The head tells who the caller is, and both make a call to the database.  If
 * something is wrong, it is in the refusal.  The reply is made from the call's
 * result or from the refusal.  server/flow.c leads a request through all of that.
 */
#ifndef DPMETA_REQUEST_H
#define DPMETA_REQUEST_H

#include <microhttpd.h>

#include "request/call.h"
#include "request/caller.h"
#include "request/head.h"
#include "request/refusal.h"
#include "request/reply.h"

/* Where a request is. */
typedef enum Stage
{
	STAGE_LINE,					/* its line is there, its head is not */
	STAGE_BODY,					/* its head was judged, its body comes */
	STAGE_AWAITS_KEYS,			/* suspended, until its token can be judged */
	STAGE_ASKING,				/* its call is being handed to a pool */
	STAGE_ASKED,				/* suspended, until the database answers */
	STAGE_ANSWERED,				/* its reply is made */
	STAGE_SENT,					/* and was handed over, or there is none */
	STAGE_ABANDONED				/* its client has gone; a pool has its call */
} Stage;

typedef struct Request
{
	Call		call;			/* first: a Job of ours is a Request */
	Stage		stage;
	struct MHD_Connection *connection;
	Client	   *client;			/* NULL: out of memory, or it has gone */
	Refusal		refusal;
	Reply		reply;
	struct Request *next_spare;
	/* These two clear themselves. */
	Caller		caller;
	Head		head;
} Request;

/* A request for this target, or NULL without memory. */
extern Request *request_create(const char *target);
extern void request_destroy(Request *request);

/* At the end, once no request is left. */
extern void request_free_spare(void);

#endif							/* DPMETA_REQUEST_H */
