/*
 * server/request.h
 *		One request's life: read, judged, sent to a lane, answered.
 */
#ifndef DPMETA_REQUEST_H
#define DPMETA_REQUEST_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "server/client.h"
#include "db/pool.h"
#include "routes/problem.h"
#include "routes/routes.h"
#include "base/text.h"
#include "auth/token/token.h"
#include "base/uri.h"

/* The header fields that matter to us. */
typedef enum Field
{
	FIELD_HOST,
	FIELD_CONTENT_LENGTH,
	FIELD_TRANSFER_ENCODING,
	FIELD_CONTENT_TYPE,
	FIELD_CONTENT_ENCODING,
	FIELD_EXPECT,
	FIELD_AUTHORIZATION,
	FIELD_ACCEPT,
	FIELD_ACCEPT_ENCODING,
	FIELD_IF_MATCH,
	FIELD_IF_NONE_MATCH,
	FIELD_IDEMPOTENCY_KEY,
	FIELD_IDEMPOTENT_KEY,
	FIELD_POSITION,
	FIELD_REQUEST_ID,
	FIELD_TRACEPARENT,
	FIELD_FORWARDED_FOR,
	FIELD_ORIGIN,
	FIELD_REQUEST_METHOD,
	FIELD_FORWARDED_PROTO,
	FIELD_COUNT
} Field;

/* A target that with its pieces needs no more has no memory of its own. */
#define SHORT_TARGET 352

typedef struct Request
{
	Job			job;			/* first: a Job of ours is a Request */
	struct MHD_Connection *connection;
	Client	   *client;			/* NULL: out of memory, or it has gone */
	int64_t		started;		/* microseconds */
	char	   *target;			/* as sent; it lies behind its pieces */
	void	   *target_memory;	/* of both, when they are not short */
	Method		method;
	const char *method_name;
	RouteMatch	match;
	const char *fields[FIELD_COUNT];
	unsigned	copied;			/* a bit for each that is a copy of ours */
	unsigned	authorizations; /* how many such headers there are */
	Address		address;		/* of the client behind trusted proxies */
	const char *address_text;
	bool		secure;			/* came by https, as far as we know */
	bool		limited;		/* it was counted, and these are true: */
	long		limit_left;
	long		limit_reset;	/* seconds */
	long		retry_after;
	const char *caller;			/* NULL: nobody in particular */
	unsigned	roles;
	TokenReason token_reason;	/* why the token was refused, if it was */
	bool		awaits_keys;	/* auth/auth.c cannot judge the token yet */
	struct Request *next_waiting;	/* in auth/auth.c's list */
	bool		dry_run;
	bool		consistent;		/* only the primary's answer will do */
	Text		if_match;		/* as a PostgreSQL array */
	Text		body;
	uint64_t	body_received;
	/* what is wrong with it, if anything */
	Problem		problem;
	Text		detail;
	const char *hint;
	bool		oversized;		/* libmicrohttpd may have no memory for an answer */
	bool		fatal;			/* the connection cannot be trusted any more */
	/* where it is */
	bool		begun;
	bool		asked;			/* a job is under way */
	Pool	   *asked_pool;
	bool		abandoned;		/* the client went away meanwhile */
	bool		suspended;
	bool		unsent;			/* HEAD, 304: the answer's body is not sent */
	struct MHD_Response *response;	/* ours until it is queued */
	int			status;
	uint64_t	answer_size;
	bool		gzip;			/* the answer is compressed */
	bool		varies;			/* and might not have been, or the reverse */
	char	   *answered_id;	/* what the database says that it was about */
	struct Request *next_spare;
	/* From here on nothing is cleared for the next request. */
	Uri			uri;
	char		id[129];
	char		address_room[ADDRESS_TEXT];
	char		traceparent[56];	/* "" without one */
	char		caller_name[TOKEN_CALLER_SIZE];
	_Alignas(void *) char short_target[SHORT_TARGET];
} Request;

/* libmicrohttpd's callbacks. */
extern void *request_create(void *cls, const char *uri,
							struct MHD_Connection *connection);
extern enum MHD_Result request_handle(void *cls,
									  struct MHD_Connection *connection,
									  const char *url, const char *method,
									  const char *version,
									  const char *upload, size_t *upload_size,
									  void **context);
extern void request_completed(void *cls, struct MHD_Connection *connection,
							  void **context,
							  enum MHD_RequestTerminationCode code);

/* libmicrohttpd is about to refuse a head that is whole. */
extern void request_refuse_head(void);
/* Go on with a request that was suspended. */
extern void request_resume(Request *request);

extern void request_use_pools(Pool *writes, Pool *reads);
extern Pool *request_write_pool(void);
extern Pool *request_read_pool(void);
/* From now on every answer closes its connection. */
extern void request_drain(void);
extern bool request_draining(void);
/* At the end, once no request is left. */
extern void request_free_spare(void);
/* Requests whose head is there and whose answer is not all sent. */
extern long request_count(void);
/* Something happened since the last call that libmicrohttpd must follow up. */
extern bool request_progressed(void);
/* The same, without having followed it up. */
extern bool request_waits_for_turn(void);

#endif							/* DPMETA_REQUEST_H */
