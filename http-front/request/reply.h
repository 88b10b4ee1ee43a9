/*
 * request/reply.h
 *		What a request is answered with.
 */
#ifndef DPMETA_REQUEST_REPLY_H
#define DPMETA_REQUEST_REPLY_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Reply
{
	struct MHD_Response *response;	/* ours until it is queued */
	int			status;
	uint64_t	size;
	bool		gzip;			/* it is compressed */
	bool		varies;			/* and might not have been, or the reverse */
	bool		page;			/* it is one, and has a policy of its own */
	char	   *about;			/* the ID that the database gave it, or NULL */
} Reply;

extern void reply_header(Reply *reply, const char *name, const char *value);

/* Unless the status, which must be set, is of an answer without content. */
extern void reply_media_type(Reply *reply, const char *type);
extern void reply_free(Reply *reply);

#endif							/* DPMETA_REQUEST_REPLY_H */
