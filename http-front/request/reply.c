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

void
reply_free(Reply *reply)
{
	if (reply->response != NULL)
		MHD_destroy_response(reply->response);
	free(reply->about);
}
