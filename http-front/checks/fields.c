/*
 * checks/fields.c
 *		The head of a request as such: its fields, its framing, its size.
 */
#include "checks/parts.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "config.h"
#include "base/field.h"
#include "server/compat.h"

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

/* What a proxy may have read in another way: answer and cut the line. */
static void
note_smuggling(Request *request, const char *detail)
{
	check_note(request, PROBLEM_BAD_REQUEST,
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
	if (request->copied & 1u << field)
		free((char *) request->fields[field]);
	request->copied |= 1u << field;
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
		check_note(request, PROBLEM_BAD_REQUEST, "Send it once.", "%s", detail);
}

typedef struct Head
{
	Request    *request;
	CompatHead	bytes;
} Head;

static void
note_fault(Request *request, const char *fault)
{
	if (fault != NULL)
		note_smuggling(request, fault);
}

static enum MHD_Result
collect_field(void *cls, enum MHD_ValueKind kind, const char *name,
			  size_t length, const char *value, size_t value_length)
{
	Head	   *head = cls;
	Request    *request = head->request;

	(void) kind;
	note_fault(request, compat_field(&head->bytes, name, value, value_length));
	/* libmicrohttpd lets these pass, and another may read them otherwise */
	if (!is_field_name(name, length) || !is_field_value(value, value_length))
		note_smuggling(request, "a header has a character that none may have");
	for (int i = 0; i < FIELD_COUNT; i++)
	{
		if (FIELDS[i].length != length ||
			strcasecmp(FIELDS[i].name, name) != 0)
			continue;
		/* Two tokens are refused with the others, see auth/auth.c. */
		request->authorizations += i == FIELD_AUTHORIZATION;
		if (request->fields[i] != NULL)
			repeat_field(request, i, value ? value : "");
		else
			request->fields[i] = value ? value : "";
		break;
	}
	return MHD_YES;
}

static bool
is_number(const char *value)
{
	return value[0] != '\0' && value[strspn(value, "0123456789")] == '\0';
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
	if (length != NULL && !is_number(length))
		note_smuggling(request, "Content-Length is not a number of bytes");
	if (length != NULL && encoding == NULL)
	{
		uint64_t	size = strtoull(length, NULL, 10);

		check_body_size(request, size);
		/* A small body that was refused is read; this one is not. */
		if (size > DISCARD_ANNOUNCED)
			request->fatal = true;
	}
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
collect_fields(Request *request, const char *method, const char *version)
{
	Head		head = {.request = request};

	note_fault(request, compat_begin(&head.bytes, method, request->target,
									 version, head_size(request)));
	MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND,
								collect_field, &head);
	note_fault(request, compat_end(&head.bytes));
}

static int
count_parts(const Request *request)
{
	return MHD_get_connection_values_n(request->connection,
									   MHD_HEADER_KIND | MHD_COOKIE_KIND |
									   MHD_GET_ARGUMENT_KIND, NULL, NULL);
}

static void
check_sizes(Request *request)
{
	const char *token = request->fields[FIELD_AUTHORIZATION];
	size_t		head = head_size(request);
	int			parts = count_parts(request);

	request->oversized = parts > HEAD_PARTS || head >
		(size_t) config.max_header +
		(config.auth == AUTH_ON ? (size_t) config.token_room : 0);
	if (token != NULL)
		head -= strlen(token) < head ? strlen(token) : head;
	if (strlen(request->target) > (size_t) config.max_path)
		check_note(request, PROBLEM_PATH_TOO_LONG, "Ask for less at once.",
				   "the path and its query are over %ld bytes", config.max_path);
	if (head > (size_t) config.max_header)
		check_note(request, PROBLEM_HEADER_TOO_LARGE, "Send fewer or shorter headers.",
				   "the request head is over %ld bytes", config.max_header);
	else if (parts > HEAD_PARTS)
		check_note(request, PROBLEM_HEADER_TOO_LARGE, "Send fewer of them.",
				   "the request has more than %d headers, cookies and pieces "
				   "of its query", HEAD_PARTS);
	else if (request->oversized)
		check_note(request, PROBLEM_HEADER_TOO_LARGE, "Send a shorter token.",
				   "the request head with its token is too long");
}

/* RFC 9112, 3.2: whoever is asked for is one name, or none, and is said. */
static void
check_host(Request *request, const char *version)
{
	const char *host = request->fields[FIELD_HOST];

	if (host != NULL && !is_host(host))
		note_smuggling(request, "the header Host is not a host and a port");
	if (host == NULL && strcmp(version, MHD_HTTP_VERSION_1_0) != 0)
		note_smuggling(request, "the header Host is missing");
}

static void
check_line(Request *request)
{
	if (strchr(request->target, ' ') != NULL)
		note_smuggling(request, "the request line has too many blanks in it");
}

bool
check_target(Request *request)
{
	const char *piece = request->uri.query;
	int			count = 0;

	while (piece != NULL)
	{
		piece = strchr(piece, '&');
		piece += piece != NULL ? 1 : 0;
		if (++count > HEAD_PIECES)
		{
			check_note(request, PROBLEM_INVALID_PARAMETER,
					   "Name each parameter once.",
					   "the query has more than %d pieces", HEAD_PIECES);
			return false;
		}
	}
	return true;
}

void
check_fields(Request *request, const char *method, const char *version)
{
	collect_fields(request, method, version);
	check_line(request);
	check_framing(request, version);
	check_host(request, version);
	check_sizes(request);
}

/* What is looked for is what libmicrohttpd 0.9 and 1.0 refuse by themselves. */
void
check_refused_head(Request *request)
{
	Head		head = {.request = request};

	MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND,
								collect_field, &head);
	check_framing(request, "");
	check_sizes(request);
	check_host(request, "");
	note_smuggling(request, "the request head is malformed");
}
