/*
 * answers/response.c
 *		A response, and what every one of them has.
 */
#include "answers/response.h"

#include <stdlib.h>

#include "auth/cors.h"
#include "auth/limit.h"
#include "base/field.h"
#include "server/compress.h"

#define HSTS "max-age=31536000"

void
reply_header(Request *request, const char *name, const char *value)
{
	MHD_add_response_header(request->response, name, value);
}

/*
 * An answer is data for its caller: no browser is to guess another type, run
 * or frame it.  The pages have a policy of their own.
 */
static void
add_security(Request *request)
{
	const Route *route = request->match.route;

	reply_header(request, "X-Content-Type-Options", "nosniff");
	reply_header(request, "Referrer-Policy", "no-referrer");
	if (request->secure)
		reply_header(request, "Strict-Transport-Security", HSTS);
	if (route == NULL || route->answer != ANSWER_FILE || request->status >= 400)
		reply_header(request, "Content-Security-Policy", REPLY_POLICY);
}

/*
 * What a write's caller, or one who was late, is to send with the next read.
 * A read's job has the position that its caller sent.
 */
static void
add_position(Request *request)
{
	char		position[POSITION_TEXT];

	if (!request->job.wants_position || request->job.position == 0 ||
		(request->status >= 300 && request->status != 409 &&
		 request->status != 412))
		return;
	position_write(request->job.position, position);
	reply_header(request, "Dpmeta-Position", position);
}

bool
reply_set(Request *request, struct MHD_Response *response, int status)
{
	request->response = response;
	request->status = status;
	if (response == NULL)
		return false;
	reply_header(request, "X-Request-Id", request->id);
	add_security(request);
	cors_add_headers(request);
	limit_add_headers(request);
	add_position(request);
	if (request->varies)
		reply_header(request, MHD_HTTP_HEADER_VARY,
					 MHD_HTTP_HEADER_ACCEPT_ENCODING);
	if (request_draining())
		reply_header(request, MHD_HTTP_HEADER_CONNECTION, "close");
	return true;
}

struct MHD_Response *
reply_text(Request *request, Text *text)
{
	size_t		length = text->length;
	struct MHD_Response *response = NULL;
	bool		kept = false;
	char	   *bytes;

	if (text_failed(text))
	{
		text_free(text);
		return NULL;
	}
	bytes = text_release(text);
	request->answer_size = length;
	if (compress_wanted(request, length))
		response = compress_response(request, bytes, length, free, bytes, &kept);
	if (response == NULL)
		return MHD_create_response_from_buffer(length, bytes,
											   MHD_RESPMEM_MUST_FREE);
	if (!kept)
		free(bytes);
	return response;
}

void
reply_allow(Request *request)
{
	Text		methods = {0};

	methods_write(&methods, request->match.methods);
	if (!text_failed(&methods))
		reply_header(request, MHD_HTTP_HEADER_ALLOW, methods.data);
	text_free(&methods);
	if (request->match.methods & METHOD_PATCH)
		reply_header(request, "Accept-Patch", "application/merge-patch+json");
}
