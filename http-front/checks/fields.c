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
		check_note(request, PROBLEM_PATH_TOO_LONG, "Ask for less at once.",
				   "the path and its query are over %ld bytes", config.max_path);
	if (head > (size_t) config.max_header)
		check_note(request, PROBLEM_HEADER_TOO_LARGE, "Send fewer or shorter headers.",
				   "the request head is over %ld bytes", config.max_header);
	else if (!leaves_room_for_answer(request, head))
		check_note(request, PROBLEM_HEADER_TOO_LARGE, "Send fewer or shorter headers.",
				   "%u headers and the query are too much for a head of %zu bytes",
				   request->field_count, head);
}

void
check_fields(Request *request, const char *url, const char *method,
			 const char *version)
{
	collect_fields(request, method);
	check_framing(request, version);
	if (!head_is_whole(request, url, version))
		check_note(request, PROBLEM_BAD_REQUEST, NULL,
				   "the request line has a NUL in it");
	check_sizes(request);
}
