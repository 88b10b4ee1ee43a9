/*
 * request/reply.c
 *		What a request is answered with.
 */
#include "request/reply.h"

#include <stdlib.h>

void
reply_header(Reply *reply, const char *name, const char *value)
{
	MHD_add_response_header(reply->response, name, value);
}

/* RFC 9110, section 15.4.5: a 304 does not describe what it leaves out. */
void
reply_media_type(Reply *reply, const char *type)
{
	if (reply->status != 304)
		reply_header(reply, MHD_HTTP_HEADER_CONTENT_TYPE, type);
}

void
reply_free(Reply *reply)
{
	if (reply->response != NULL)
		MHD_destroy_response(reply->response);
	free(reply->about);
}
