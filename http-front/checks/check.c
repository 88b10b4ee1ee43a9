/*
 * checks/check.c
 *		Everything about a request that is judged before the database.
 */
#include "checks/head.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "auth/auth.h"
#include "auth/cors.h"
#include "config.h"
#include "base/field.h"
#include "auth/limit.h"

#define KEY_MOST 255

void
check_note(Request *request, Problem problem, const char *hint,
	 const char *format,...)
{
	char		detail[512];
	va_list		arguments;

	if (request->problem != PROBLEM_NONE)
		return;
	va_start(arguments, format);
	vsnprintf(detail, sizeof(detail), format, arguments);
	va_end(arguments);
	request->problem = problem;
	text_add(&request->detail, detail);
	request->hint = hint;
}

/* An id that the client gave goes into the answer and the log, if it is sane. */
static void
take_ids(Request *request)
{
	const char *id = request->fields[FIELD_REQUEST_ID];
	const char *trace = request->fields[FIELD_TRACEPARENT];

	if (id != NULL && is_plain_id(id))
		strcpy(request->id, id);
	if (trace != NULL && is_traceparent(trace))
		snprintf(request->traceparent, sizeof(request->traceparent), "%.*s",
				 (int) sizeof(request->traceparent) - 1, trace);
}

void
check_body_size(Request *request, uint64_t size)
{
	if (size > (uint64_t) config.max_body)
		check_note(request, PROBLEM_BODY_TOO_LARGE,
				   "Send less; the operator sets the bound with DPMETA_MAX_BODY.",
				   "the body is over %ld bytes", config.max_body);
}

static void
check_route(Request *request)
{
	const Uri  *uri = &request->uri;

	if (request->method == METHOD_OPTIONS && strcmp(request->target, "*") == 0)
	{
		request->match.methods = METHODS_ALL;
		return;
	}
	route_find(&request->match, uri, request->method);
	/* The request itself is to be seen to fail, not its preflight. */
	if (request->match.methods == 0 && cors_is_preflight(request))
		request->match.methods = METHOD_OPTIONS;
	else if (request->match.methods == 0)
		check_note(request, PROBLEM_NO_SUCH_PATH,
				   "Resources are under /v1/data-products and /v1/schemas.",
				   "there is nothing at this path");
	else if (request->match.route == NULL && request->method != METHOD_OPTIONS)
		check_note(request, PROBLEM_METHOD_NOT_ALLOWED,
				   "The header Allow names the methods that are.",
				   "the method is not allowed here");
}

/*
 * What cannot be sent to the database as text, which judges all other IDs.
 * It is shown as it was sent.
 */
static void
check_id(Request *request)
{
	const Piece *id = request->match.id;
	Text	   *detail = &request->detail;
	size_t		shown;

	if (request->match.route == NULL || id == NULL || !id->bad ||
		request->match.route->resource == NULL ||
		request->problem != PROBLEM_NONE)
		return;
	check_note(request, PROBLEM_INVALID_ID,
			   "An ID is dp:NAME, dp:NAME:vMAJOR.MINOR or dp:NAME:vMAJOR.MINOR:TABLE.",
			   "Invalid id: ");
	shown = id->raw_length > 256 ? 256 : id->raw_length;
	text_add_bytes(detail, id->raw, shown);
	if (shown < id->raw_length)
		text_add(detail, "...");
}

static void
check_accept(Request *request)
{
	const char *accept = request->fields[FIELD_ACCEPT];
	const Route *route = request->match.route;

	if (accept == NULL || route == NULL || route->produces == NULL)
		return;
	if (!accept_allows(accept, route->produces) &&
		!accept_allows(accept, "application/problem+json"))
		check_note(request, PROBLEM_NOT_ACCEPTABLE,
				   "Leave Accept out, or name this media type in it.",
				   "answers here are %s", route->produces);
}

static void
check_media_type(Request *request)
{
	const Route *route = request->match.route;
	const char *type = request->fields[FIELD_CONTENT_TYPE];
	const char *encoding = request->fields[FIELD_CONTENT_ENCODING];
	bool		patch;

	if (route == NULL || route->body == BODY_NONE)
		return;
	patch = route->body == BODY_MERGE_PATCH;
	if (encoding != NULL && strcasecmp(encoding, "identity") != 0)
		check_note(request, PROBLEM_UNSUPPORTED_MEDIA_TYPE,
				   "Send it without a Content-Encoding.",
				   "an encoded body is not supported");
	if (type == NULL || !content_is_json(type, patch))
		check_note(request, PROBLEM_UNSUPPORTED_MEDIA_TYPE,
				   patch ? "Send Content-Type: application/merge-patch+json." :
				   "Send Content-Type: application/json.",
				   "the body must be JSON in UTF-8");
}

static void
check_expectation(Request *request)
{
	const char *expect = request->fields[FIELD_EXPECT];

	if (expect == NULL)
		return;
	if (strcasecmp(expect, "100-continue") != 0)
		check_note(request, PROBLEM_EXPECTATION_FAILED, NULL,
				   "only 100-continue can be expected");
	/* The client waits with its body: a refusal must not wait for that. */
	if (request->problem != PROBLEM_NONE)
		request->fatal = true;
}

static void
check_tags(Request *request)
{
	const char *if_match = request->fields[FIELD_IF_MATCH];
	const char *if_none_match = request->fields[FIELD_IF_NONE_MATCH];
	const Route *route = request->match.route;

	if (if_match != NULL && !tags_to_array(if_match, &request->if_match))
		check_note(request, PROBLEM_BAD_REQUEST,
				   "Write it as If-Match: \"TAG\", or as *.",
				   "If-Match is not a list of entity tags");
	if (if_none_match == NULL || route == NULL)
		return;
	if (tags_match(if_none_match, "", false) == TAGS_MALFORMED)
		check_note(request, PROBLEM_BAD_REQUEST,
				   "Write it as If-None-Match: \"TAG\", or as *.",
				   "If-None-Match is not a list of entity tags");
	else if (route->work == WORK_WRITE)
		check_note(request, PROBLEM_BAD_REQUEST,
				   "Use If-Match to guard a change.",
				   "If-None-Match is for reading only");
}

/* A write may be tried again when its connection, with the head, is gone. */
static void
keep_key(Request *request, const char *key)
{
	request->fields[FIELD_IDEMPOTENCY_KEY] = strdup(key);
	if (request->fields[FIELD_IDEMPOTENCY_KEY] == NULL)
		check_note(request, PROBLEM_BUSY, "Try again.",
				   "there is no memory for the key");
	else
		request->copied |= 1u << FIELD_IDEMPOTENCY_KEY;
}

static void
check_key(Request *request)
{
	const char *key = request->fields[FIELD_IDEMPOTENCY_KEY];
	const char *other = request->fields[FIELD_IDEMPOTENT_KEY];

	if (request->match.route == NULL || !request->match.route->idempotent)
		return;
	if (key != NULL && other != NULL && strcmp(key, other) != 0)
		check_note(request, PROBLEM_BAD_REQUEST, "Send Idempotency-Key only.",
				   "Idempotency-Key and x-idempotent-key differ");
	if (key == NULL)
		key = request->fields[FIELD_IDEMPOTENCY_KEY] = other;
	if (key != NULL && !is_token_text(key, KEY_MOST))
		check_note(request, PROBLEM_BAD_REQUEST,
				   "A UUID is a good key.",
				   "Idempotency-Key must be 1 to %d visible ASCII characters",
				   KEY_MOST);
	else if (key != NULL)
		keep_key(request, key);
}

/* Of no use where nothing is read that was written. */
static void
check_position(Request *request)
{
	const char *position = request->fields[FIELD_POSITION];

	if (position == NULL || request->match.route == NULL ||
		!route_reads_store(request->match.route))
		return;
	if (!position_read(position, &request->job.position))
		check_note(request, PROBLEM_BAD_REQUEST,
				   "Send it as the answer to a write had it, such as 0/16B3748.",
				   "Dpmeta-Position is not a position in the write-ahead log");
}

void
check_head(Request *request, const char *method, const char *version)
{
	request->method_name = method;
	request->method = method_from_name(method);
	request->unsent = request->method == METHOD_HEAD;
	check_fields(request, method, version);
	take_ids(request);
	client_find(request);
	check_route(request);
	auth_check(request);
	/* While keys are fetched the caller is not known yet. */
	if (!request->awaits_keys)
		limit_check(request);
	check_id(request);
	check_accept(request);
	check_media_type(request);
	check_tags(request);
	check_key(request);
	check_position(request);
	check_expectation(request);
}

/* RFC 8259, 8.1: a mark that says UTF-8 may be passed over. */
static void
skip_byte_order_mark(Text *body)
{
	static const char mark[] = "\xEF\xBB\xBF";
	const size_t length = sizeof(mark) - 1;

	if (body->failed || body->length < length ||
		memcmp(body->data, mark, length) != 0)
		return;
	body->length -= length;
	memmove(body->data, body->data + length, body->length + 1);
}

void
check_body(Request *request)
{
	const Route *route = request->match.route;

	if (request->problem != PROBLEM_NONE || route == NULL ||
		route->body == BODY_NONE)
		return;
	skip_byte_order_mark(&request->body);
	if (request->body.failed)
		check_note(request, PROBLEM_BUSY, "Try again.", "there is no memory for the body");
	else if (request->body.length == 0)
		check_note(request, PROBLEM_MALFORMED_JSON, "Send a JSON document.",
				   "the body is empty");
	else if (memchr(request->body.data, '\0', request->body.length) != NULL)
		check_note(request, PROBLEM_MALFORMED_JSON, "Send JSON in UTF-8.",
				   "the body has a NUL byte in it");
}
