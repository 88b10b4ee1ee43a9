/*
 * answers/response.c
 *		A response, and what every one of them has.
 */
#include "answers/response.h"

#include <stdlib.h>

#include "auth/cors.h"
#include "auth/limit.h"
#include "base/field.h"

#define HSTS "max-age=31536000"

static bool draining;

void
response_drain(void)
{
	draining = true;
}

/*
 * An answer is data for its caller, so no browser should guess another type,
 * run it or frame it.  The pages have their own policy.
 */
static void
add_security(Request *request)
{
	Reply	   *reply = &request->reply;

	reply_header(reply, "X-Content-Type-Options", "nosniff");
	reply_header(reply, "Referrer-Policy", "no-referrer");
	if (request->caller.secure)
		reply_header(reply, "Strict-Transport-Security", HSTS);
	if (!reply->page)
		reply_header(reply, "Content-Security-Policy", RESPONSE_POLICY);
}

/*
 * The position that the caller of a write, also of one that came too late,
 * should send with the next read.  A read's job has the position that its
 * caller sent.
 */
static void
add_position(Request *request)
{
	const Job  *job = &request->call.job;
	int			status = request->reply.status;
	char		position[POSITION_TEXT];

	if (!job->wants_position || job->position.place == 0 ||
		(status >= 300 && status != 409 && status != 412))
		return;
	position_write(&job->position, position);
	reply_header(&request->reply, "Dpmeta-Position", position);
}

/* Take over a response, and add what every one of them has. */
static bool
set_response(Request *request, struct MHD_Response *response)
{
	Reply	   *reply = &request->reply;

	reply->response = response;
	if (response == NULL)
		return false;
	reply_header(reply, "X-Request-Id", request->head.id);
	add_security(request);
	cors_add_headers(&request->head, reply);
	limit_add_headers(&request->caller, reply);
	add_position(request);
	if (request->head.match.negotiated || request->call.format != NULL)
		reply_header(reply, MHD_HTTP_HEADER_VARY, MHD_HTTP_HEADER_ACCEPT);
	if (reply->varies)
		reply_header(reply, MHD_HTTP_HEADER_VARY,
					 MHD_HTTP_HEADER_ACCEPT_ENCODING);
	if (draining)
		reply_header(reply, MHD_HTTP_HEADER_CONNECTION, "close");
	return true;
}

bool
response_empty(Request *request, int status)
{
	request->reply.status = status;
	return set_response(request, MHD_create_response_from_buffer
						(0, NULL, MHD_RESPMEM_PERSISTENT));
}

bool
response_bytes(Request *request, int status, const char *bytes, size_t length)
{
	request->reply.status = status;
	request->reply.size = length;
	/* They are only read. */
	return set_response(request, MHD_create_response_from_buffer
						(length, (void *) bytes, MHD_RESPMEM_PERSISTENT));
}

bool
response_choose_encoding(Request *request, size_t length)
{
	const char *encodings = request->head.fields[FIELD_ACCEPT_ENCODING];

	request->reply.varies = true;
	request->reply.gzip = compress_wanted(encodings, length);
	return request->reply.gzip;
}

/* Is only the head of the answer sent? */
static bool
is_head_alone(const Request *request)
{
	return request->head.method == METHOD_HEAD || request->reply.status == 304;
}

/* NULL when it is not wanted, or cannot be done. */
static struct MHD_Response *
compress(Request *request, const Plain *plain, bool *kept)
{
	Reply	   *reply = &request->reply;
	struct MHD_Response *response;

	*kept = false;
	if (!response_choose_encoding(request, plain->length))
		return NULL;
	response = is_head_alone(request) ?
		compress_head(plain, &reply->size) :
		compress_response(plain, &reply->size, kept);
	reply->gzip = response != NULL;
	/* A 304 says only what the client does not have. */
	if (response != NULL && reply->status != 304)
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING,
								"gzip");
	return response;
}

bool
response_held(Request *request, int status, const Plain *plain, bool *kept)
{
	struct MHD_Response *response;

	request->reply.status = status;
	request->reply.size = plain->length;
	response = compress(request, plain, kept);
	if (response == NULL)
	{
		response = MHD_create_response_from_buffer_with_free_callback_cls
			(plain->length, (void *) plain->bytes, plain->release, plain->owner);
		*kept = response != NULL;
	}
	return set_response(request, response);
}

bool
response_text(Request *request, int status, Text *text)
{
	Plain		plain = {.length = text->length, .release = free};
	bool		kept;
	bool		made;

	request->reply.status = status;
	if (text_failed(text))
	{
		text_free(text);
		return false;
	}
	plain.bytes = plain.owner = text_release(text);
	made = response_held(request, status, &plain, &kept);
	if (!kept)
		free(plain.owner);
	return made;
}

void
response_add_allow(Request *request)
{
	const RouteMatch *match = &request->head.match;
	Text		methods = {0};

	methods_write(&methods, match->methods);
	if (!text_failed(&methods))
		reply_header(&request->reply, MHD_HTTP_HEADER_ALLOW, methods.data);
	text_free(&methods);
	if (match->methods & METHOD_PATCH)
		reply_header(&request->reply, "Accept-Patch",
					 "application/merge-patch+json");
}
