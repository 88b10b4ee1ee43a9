/*
 * request/head.h
 *		The head of a request: what came over the wire, and whose route it is.
 */
#ifndef DPMETA_REQUEST_HEAD_H
#define DPMETA_REQUEST_HEAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/uri.h"
#include "routes/router.h"

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

/*
 * Fields, cookies and pieces of the query that a head may have in all, and
 * what libmicrohttpd may need to remember one: seven words.
 */
#define HEAD_PARTS 128
#define HEAD_PART_MEMORY 64

/* A target that with its pieces needs no more has no memory of its own. */
#define SHORT_TARGET 352

typedef struct Head
{
	/* from the request line */
	int64_t		started;		/* microseconds */
	char	   *target;			/* as sent; it lies behind its pieces */
	size_t		target_length;	/* as sent: of one that is too long we keep
								 * less */
	void	   *target_memory;	/* of both, when they are not short */
	Uri			uri;
	char		id[129];		/* made by us, or a sane one of the client's */
	/* from the whole head */
	Method		method;
	const char *method_name;
	RouteMatch	match;
	const char *fields[FIELD_COUNT];
	unsigned	copied;			/* a bit for each that is a copy of ours */
	unsigned	authorizations; /* how many such headers there are */
	char		traceparent[56];	/* "" without one */
	/* This is not cleared for the next request. */
				_Alignas(void *) char short_target[SHORT_TARGET];
} Head;

/* The request line has come; false without memory. */
extern bool head_begin(Head *head, const char *target);
extern void head_free(Head *head);

/* Give a field another value, which is freed with the head. */
extern void head_own_field(Head *head, Field field, char *value);

/* The first parameter of the query that has this name, or NULL. */
extern const UriParameter *head_parameter(const Head *head, const char *name);

/* Is the body sent in chunks, whose sizes libmicrohttpd keeps to itself? */
extern bool head_is_chunked(const Head *head);

/* The size that it says its body has; 0 when it does not say. */
extern uint64_t head_body_size(const Head *head);

#endif							/* DPMETA_REQUEST_HEAD_H */
