/*
 * check.c
 *		Everything about a request that is judged before the database.
 */
#include "check.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "auth.h"
#include "config.h"
#include "field.h"
#include "limit.h"

#define KEY_MOST 255
/* An entry of libmicrohttpd's list of fields. */
#define FIELD_MEMORY 64
#define DISCARD_ANNOUNCED (UINT64_C(128) * 1024 * 1024)

typedef enum Repeat
{
	REPEAT_NEVER,				/* twice is refused */
	REPEAT_LIST,				/* joined by commas */
	REPEAT_FIRST				/* only the first counts */
} Repeat;

static const struct
{
	const char *name;
	size_t		length;
	Repeat		repeat;
}			FIELDS[FIELD_COUNT] = {
#define FIELD(text, rule) {text, sizeof(text) - 1, rule}
	[FIELD_HOST] = FIELD("Host", REPEAT_NEVER),
	[FIELD_CONTENT_LENGTH] = FIELD("Content-Length", REPEAT_NEVER),
	[FIELD_TRANSFER_ENCODING] = FIELD("Transfer-Encoding", REPEAT_NEVER),
	[FIELD_CONTENT_TYPE] = FIELD("Content-Type", REPEAT_NEVER),
	[FIELD_CONTENT_ENCODING] = FIELD("Content-Encoding", REPEAT_LIST),
	[FIELD_EXPECT] = FIELD("Expect", REPEAT_NEVER),
	[FIELD_AUTHORIZATION] = FIELD("Authorization", REPEAT_FIRST),
	[FIELD_ACCEPT] = FIELD("Accept", REPEAT_LIST),
	[FIELD_ACCEPT_ENCODING] = FIELD("Accept-Encoding", REPEAT_LIST),
	[FIELD_IF_MATCH] = FIELD("If-Match", REPEAT_LIST),
	[FIELD_IF_NONE_MATCH] = FIELD("If-None-Match", REPEAT_LIST),
	[FIELD_IDEMPOTENCY_KEY] = FIELD("Idempotency-Key", REPEAT_NEVER),
	[FIELD_IDEMPOTENT_KEY] = FIELD("x-idempotent-key", REPEAT_NEVER),
	[FIELD_POSITION] = FIELD("Dpmeta-Position", REPEAT_NEVER),
	[FIELD_REQUEST_ID] = FIELD("X-Request-Id", REPEAT_FIRST),
	[FIELD_TRACEPARENT] = FIELD("traceparent", REPEAT_FIRST),
	[FIELD_ORIGIN] = FIELD("Origin", REPEAT_FIRST),
	[FIELD_REQUEST_METHOD] =
	FIELD("Access-Control-Request-Method", REPEAT_FIRST),
	[FIELD_FORWARDED_FOR] = FIELD("X-Forwarded-For", REPEAT_LIST),
	[FIELD_FORWARDED_PROTO] = FIELD("X-Forwarded-Proto", REPEAT_LIST),
#undef FIELD
};

/* Note what is wrong, unless something was before it. */
static void __attribute__((format(printf, 4, 5)))
note(Request *request, Problem problem, const char *hint,
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

/* What a proxy may have read in another way: answer and cut the line. */
static void
note_smuggling(Request *request, const char *detail)
{
	note(request, PROBLEM_BAD_REQUEST,
		 "Send each framing header once, in one way.", "%s", detail);
	request->fatal = true;
}

static void
join_field(Request *request, int field, const char *value)
{
	Text		joined = {0};

	text_format(&joined, "%s, %s", request->fields[field], value);
	if (text_failed(&joined))
		return;
	if (request->joined & 1u << field)
		free((char *) request->fields[field]);
	request->joined |= 1u << field;
	request->fields[field] = text_release(&joined);
}

static void
repeat_field(Request *request, int field, const char *value)
{
	char		detail[80];

	if (FIELDS[field].repeat == REPEAT_LIST)
		join_field(request, field, value);
	if (FIELDS[field].repeat != REPEAT_NEVER)
		return;
	snprintf(detail, sizeof(detail), "the header %s was given twice",
			 FIELDS[field].name);
	if (field <= FIELD_TRANSFER_ENCODING)
		note_smuggling(request, detail);
	else
		note(request, PROBLEM_BAD_REQUEST, "Send it once.", "%s", detail);
}

typedef struct Head
{
	Request    *request;
	const char *end;			/* of the field before, NULL before the first */
} Head;

static void
check_gap(Head *head, const char *next)
{
	if (head->end != NULL && !gap_is_blank(head->end, next))
		note_smuggling(head->request, "a header has a NUL in it");
}

static enum MHD_Result
collect_field(void *cls, enum MHD_ValueKind kind, const char *name,
			  size_t length, const char *value, size_t value_length)
{
	Head	   *head = cls;
	Request    *request = head->request;

	(void) kind;
	request->field_count++;
	check_gap(head, name);
	head->end = value ? value + value_length : NULL;
	/* libmicrohttpd lets these pass, and another may read them otherwise */
	if (!is_field_name(name, length) || !is_field_value(value, value_length))
		note_smuggling(request, "a header has a character that none may have");
	for (int i = 0; i < FIELD_COUNT; i++)
	{
		if (FIELDS[i].length != length ||
			strcasecmp(FIELDS[i].name, name) != 0)
			continue;
		/* Two tokens are refused with the others, see auth.c. */
		request->authorizations += i == FIELD_AUTHORIZATION;
		if (request->fields[i] != NULL)
			repeat_field(request, i, value ? value : "");
		else
			request->fields[i] = value ? value : "";
		break;
	}
	return MHD_YES;
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
		note(request, PROBLEM_BODY_TOO_LARGE,
			 "Send less; the operator sets the bound with DPMETA_MAX_BODY.",
			 "the body is over %ld bytes", config.max_body);
}

static void
check_framing(Request *request, const char *version)
{
	const char *length = request->fields[FIELD_CONTENT_LENGTH];
	const char *encoding = request->fields[FIELD_TRANSFER_ENCODING];

	if (length != NULL && encoding != NULL)
		note_smuggling(request,
					   "Content-Length and Transfer-Encoding exclude each other");
	if (encoding != NULL && strcasecmp(encoding, "chunked") != 0)
		note_smuggling(request, "no Transfer-Encoding but chunked is known");
	if (encoding != NULL && strcmp(version, MHD_HTTP_VERSION_1_0) == 0)
		note_smuggling(request, "HTTP/1.0 has no Transfer-Encoding");
	if (length != NULL && encoding == NULL)
	{
		uint64_t	size = strtoull(length, NULL, 10);

		check_body_size(request, size);
		/* A small body that was refused is read; this one is not. */
		if (size > DISCARD_ANNOUNCED)
			request->fatal = true;
	}
}

static bool
head_is_whole(const Request *request, const char *url, const char *version)
{
	/*
	 * libmicrohttpd hands over C strings.  All three lie in one buffer, so a
	 * NUL within the target shows as a gap before the version.
	 */
	if (version[0] == '\0' || version < url)
		return true;
	return (size_t) (version - url) == strlen(request->target) + 1;
}

/*
 * Without memory for the head of the answer libmicrohttpd would close without
 * a word.  A page's Link repeats the query.
 */
static bool
leaves_room_for_answer(const Request *request, size_t head)
{
	size_t		query = request->uri.query ? strlen(request->uri.query) : 0;

	return head + request->field_count * FIELD_MEMORY + query <=
		(size_t) config.max_header + CHECK_FIELDS_ROOM;
}

static size_t
head_size(const Request *request)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(request->connection,
								MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

	return info ? info->header_size : 0;
}

static void
collect_fields(Request *request, const char *start)
{
	Head		head = {.request = request};

	MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND,
								collect_field, &head);
	check_gap(&head, start + head_size(request));
}

static void
check_sizes(Request *request)
{
	const char *token = request->fields[FIELD_AUTHORIZATION];
	size_t		head = head_size(request);

	if (token != NULL)
		head -= strlen(token) < head ? strlen(token) : head;

	if (strlen(request->target) > (size_t) config.max_path)
		note(request, PROBLEM_PATH_TOO_LONG, "Ask for less at once.",
			 "the path and its query are over %ld bytes", config.max_path);
	if (head > (size_t) config.max_header)
		note(request, PROBLEM_HEADER_TOO_LARGE, "Send fewer or shorter headers.",
			 "the request head is over %ld bytes", config.max_header);
	else if (!leaves_room_for_answer(request, head))
		note(request, PROBLEM_HEADER_TOO_LARGE, "Send fewer or shorter headers.",
			 "%u headers and the query are too much for a head of %zu bytes",
			 request->field_count, head);
}

static void
check_route(Request *request)
{
	const Uri  *uri = &request->uri;

	if (request->method == METHOD_OPTIONS && strcmp(request->target, "*") == 0)
	{
		request->match.methods = METHOD_GET | METHOD_HEAD | METHOD_POST |
			METHOD_PUT | METHOD_PATCH | METHOD_DELETE | METHOD_OPTIONS;
		return;
	}
	route_find(&request->match, uri, request->method);
	if (request->match.methods == 0)
		note(request, PROBLEM_NO_SUCH_PATH,
			 "Resources are under /v1/data-products and /v1/schemas.",
			 "there is nothing at this path");
	else if (request->match.route == NULL && request->method != METHOD_OPTIONS)
		note(request, PROBLEM_METHOD_NOT_ALLOWED,
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
	note(request, PROBLEM_INVALID_ID,
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
		note(request, PROBLEM_NOT_ACCEPTABLE,
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
		note(request, PROBLEM_UNSUPPORTED_MEDIA_TYPE,
			 "Send it without a Content-Encoding.",
			 "an encoded body is not supported");
	if (type == NULL || !content_is_json(type, patch))
		note(request, PROBLEM_UNSUPPORTED_MEDIA_TYPE,
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
		note(request, PROBLEM_EXPECTATION_FAILED, NULL,
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
		note(request, PROBLEM_BAD_REQUEST,
			 "Write it as If-Match: \"TAG\", or as *.",
			 "If-Match is not a list of entity tags");
	if (if_none_match == NULL || route == NULL)
		return;
	if (tags_match(if_none_match, "", false) == TAGS_MALFORMED)
		note(request, PROBLEM_BAD_REQUEST,
			 "Write it as If-None-Match: \"TAG\", or as *.",
			 "If-None-Match is not a list of entity tags");
	else if (route->work == WORK_WRITE)
		note(request, PROBLEM_BAD_REQUEST,
			 "Use If-Match to guard a change.",
			 "If-None-Match is for reading only");
}

static void
check_key(Request *request)
{
	const char *key = request->fields[FIELD_IDEMPOTENCY_KEY];
	const char *other = request->fields[FIELD_IDEMPOTENT_KEY];

	if (request->match.route == NULL || !request->match.route->idempotent)
		return;
	if (key != NULL && other != NULL && strcmp(key, other) != 0)
		note(request, PROBLEM_BAD_REQUEST, "Send Idempotency-Key only.",
			 "Idempotency-Key and x-idempotent-key differ");
	if (key == NULL)
		key = request->fields[FIELD_IDEMPOTENCY_KEY] = other;
	if (key != NULL && !is_token_text(key, KEY_MOST))
		note(request, PROBLEM_BAD_REQUEST,
			 "A UUID is a good key.",
			 "Idempotency-Key must be 1 to %d visible ASCII characters",
			 KEY_MOST);
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
		note(request, PROBLEM_BAD_REQUEST,
			 "Send it as the answer to a write had it, such as 0/16B3748.",
			 "Dpmeta-Position is not a position in the write-ahead log");
}

void
check_head(Request *request, const char *url, const char *method,
		   const char *version)
{
	request->method_name = method;
	request->method = method_from_name(method);
	collect_fields(request, method);
	take_ids(request);
	client_find(request);
	check_framing(request, version);
	if (!head_is_whole(request, url, version))
		note(request, PROBLEM_BAD_REQUEST, NULL,
			 "the request line has a NUL in it");
	check_sizes(request);
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

void
check_body(Request *request)
{
	const Route *route = request->match.route;

	if (request->problem != PROBLEM_NONE || route == NULL ||
		route->body == BODY_NONE)
		return;
	if (request->body.failed)
		note(request, PROBLEM_BUSY, "Try again.", "there is no memory for the body");
	else if (request->body.length == 0)
		note(request, PROBLEM_MALFORMED_JSON, "Send a JSON document.",
			 "the body is empty");
	else if (memchr(request->body.data, '\0', request->body.length) != NULL)
		note(request, PROBLEM_MALFORMED_JSON, "Send JSON in UTF-8.",
			 "the body has a NUL byte in it");
}

static const Parameter *
find_query_parameter(const Route *route, const char *name)
{
	for (int i = 0; i < route->parameter_count; i++)
		if (route->parameters[i].source == FROM_QUERY &&
			strcmp(route->parameters[i].name, name) == 0)
			return &route->parameters[i];
	if (route_reads_store(route) && strcmp(ROUTE_CONSISTENT.name, name) == 0)
		return &ROUTE_CONSISTENT;
	return NULL;
}

static const UriParameter *
given_parameter(const Request *request, const char *name)
{
	for (int i = 0; i < request->uri.parameter_count; i++)
		if (strcmp(request->uri.parameters[i].name.text, name) == 0)
			return &request->uri.parameters[i];
	return NULL;
}

static bool
is_given_true(const Request *request, const char *name)
{
	const UriParameter *given = given_parameter(request, name);

	return given != NULL && strcmp(given->value.text, "true") == 0;
}

static bool
integer_is_between(const char *value, long least, long most)
{
	char	   *end;
	long		number;

	if (value[0] < '0' || value[0] > '9')
		return false;
	errno = 0;
	number = strtol(value, &end, 10);
	return errno == 0 && *end == '\0' && number >= least && number <= most;
}

static void
check_parameter_value(Request *request, const Parameter *known,
					  const char *value)
{
	if (known->type == TYPE_INTEGER &&
		!integer_is_between(value, known->least, known->most))
		note(request, PROBLEM_INVALID_PARAMETER, NULL,
			 "query parameter \"%s\" must be a whole number from %ld to %ld",
			 known->name, known->least, known->most);
	if (known->type == TYPE_BOOLEAN && strcmp(value, "true") != 0 &&
		strcmp(value, "false") != 0)
		note(request, PROBLEM_INVALID_PARAMETER, NULL,
			 "query parameter \"%s\" must be true or false", known->name);
}

/* Unknown, malformed or repeated is an error that names the parameter. */
static void
check_query(Request *request)
{
	const Route *route = request->match.route;
	const Uri  *uri = &request->uri;

	if (uri->parameter_count < 0)
		note(request, PROBLEM_INVALID_PARAMETER, NULL,
			 "there are more than %d query parameters", URI_PARAMETERS);
	for (int i = 0; i < uri->parameter_count; i++)
	{
		const UriParameter *given = &uri->parameters[i];
		const Parameter *known;

		known = given->name.bad ? NULL :
			find_query_parameter(route, given->name.text);
		if (known == NULL)
			note(request, PROBLEM_INVALID_PARAMETER,
				 "Leave it out; names are case-sensitive.",
				 "unknown query parameter \"%.*s\"",
				 (int) (given->name.raw_length > 100 ? 100 :
						given->name.raw_length), given->name.raw);
		else if (given->value.bad)
			note(request, PROBLEM_INVALID_PARAMETER, NULL,
				 "query parameter \"%s\" is not percent-encoded UTF-8",
				 known->name);
		else if (given_parameter(request, known->name) != given)
			note(request, PROBLEM_INVALID_PARAMETER, NULL,
				 "query parameter \"%s\" was given twice", known->name);
		else
			check_parameter_value(request, known, given->value.text);
	}
}

static const char *
query_value(Request *request, const Parameter *parameter)
{
	const UriParameter *given = given_parameter(request, parameter->name);

	if (given == NULL && parameter->required)
		note(request, PROBLEM_INVALID_PARAMETER, NULL,
			 "query parameter \"%s\" is needed", parameter->name);
	if (strcmp(parameter->name, "dryRun") == 0)
	{
		request->dry_run = is_given_true(request, parameter->name);
		return request->dry_run ? "t" : "f";
	}
	return given ? given->value.text : NULL;
}

static const char *
roles_array(unsigned roles)
{
	static const char *const ARRAYS[] = {
		"{}", "{reader}", "{producer}", "{reader,producer}",
		"{steward}", "{reader,steward}", "{producer,steward}",
		"{reader,producer,steward}"
	};

	return ARRAYS[roles & ROLES_ALL];
}

static const char *
parameter_value(Request *request, const Parameter *parameter)
{
	switch (parameter->source)
	{
		case FROM_PATH:
			return request->match.id->text;
		case FROM_QUERY:
			return query_value(request, parameter);
		case FROM_BODY:
			return request->body.data;
		case FROM_IF_MATCH:
			return request->if_match.data;
		case FROM_IDEMPOTENCY:
			return "t";
		case FROM_IDEMPOTENCY_KEY:
			return request->fields[FIELD_IDEMPOTENCY_KEY];
		case FROM_CALLER:
			return request->caller;
		case FROM_CALLER_ROLES:
			return roles_array(request->roles);
	}
	return NULL;
}

/* A dry run has no key: it would stand for an answer that changed something. */
static void
drop_keys(Request *request)
{
	const Route *route = request->match.route;

	for (int i = 0; i < route->parameter_count; i++)
	{
		if (route->parameters[i].source == FROM_IDEMPOTENCY)
			request->job.values[i] = "f";
		if (route->parameters[i].source == FROM_IDEMPOTENCY_KEY)
			request->job.values[i] = NULL;
	}
}

bool
check_values(Request *request)
{
	const Route *route = request->match.route;

	check_query(request);
	if (request->problem != PROBLEM_NONE)
		return false;
	request->consistent = route_reads_store(route) &&
		is_given_true(request, ROUTE_CONSISTENT.name);
	request->job.value_count = route->parameter_count;
	for (int i = 0; i < route->parameter_count; i++)
		request->job.values[i] = parameter_value(request,
												 &route->parameters[i]);
	if (request->dry_run)
		drop_keys(request);
	return request->problem == PROBLEM_NONE;
}
