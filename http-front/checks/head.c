/*
 * checks/head.c
 *		The head of a request as such: its fields, its framing, its size.
 */
#include "checks/head.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/field.h"
#include "compat.h"
#include "config.h"

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

/*
 * A proxy may have read this in another way, so answer and close the
 * connection.
 */
static void
note_smuggling(Refusal *refusal, const char *detail)
{
	refusal_note(refusal, PROBLEM_BAD_REQUEST,
				 "Send well-formed HTTP/1.1, and each header that frames it "
				 "once.", "%s", detail);
	refusal_hasten(refusal, REFUSE_AT_ONCE);
}

static void
join_field(Head *head, int field, const char *value)
{
	Text		joined = {0};

	text_format(&joined, "%s, %s", head->fields[field], value);
	if (!text_failed(&joined))
		head_own_field(head, (Field) field, text_release(&joined));
}

static void
repeat_field(Head *head, int field, const char *value, Refusal *refusal)
{
	char		detail[80];

	if (FIELDS[field].repeat == REPEAT_LIST)
		join_field(head, field, value);
	if (FIELDS[field].repeat != REPEAT_NEVER)
		return;
	snprintf(detail, sizeof(detail), "the header %s was given twice",
			 FIELDS[field].name);
	if (field <= FIELD_TRANSFER_ENCODING)
		note_smuggling(refusal, detail);
	else
		refusal_note(refusal, PROBLEM_BAD_REQUEST, "Send it once.", "%s",
					 detail);
}

/*
 * RFC 9110, 5.5: blanks behind a value are none of it.  What frames the request
 * keeps them, and is refused, because libmicrohttpd reads it with them.
 */
static void
trim_field(Head *head, int field)
{
	const char *value = head->fields[field];
	size_t		length = strlen(value);
	char	   *copy;

	while (length > 0 && strchr(" \t", value[length - 1]) != NULL)
		length--;
	if (value[length] == '\0' || field == FIELD_CONTENT_LENGTH ||
		field == FIELD_TRANSFER_ENCODING)
		return;
	copy = strndup(value, length);
	if (copy != NULL)
		head_own_field(head, (Field) field, copy);
}

/* What collect_field() is called with. */
typedef struct Collector
{
	Head	   *head;
	Refusal    *refusal;
	CompatHead	bytes;
} Collector;

static void
note_fault(Refusal *refusal, const char *fault)
{
	if (fault != NULL)
		note_smuggling(refusal, fault);
}

static enum MHD_Result
collect_field(void *cls, enum MHD_ValueKind kind, const char *name,
			  size_t length, const char *value, size_t value_length)
{
	Collector  *collector = cls;
	Head	   *head = collector->head;
	Refusal    *refusal = collector->refusal;

	(void) kind;
	note_fault(refusal, compat_field(&collector->bytes, name, value,
									 value_length));
	/* libmicrohttpd accepts these, and a proxy may read them differently */
	if (!is_field_name(name, length) || !is_field_value(value, value_length))
		note_smuggling(refusal,
					   "a header contains a character that is not allowed");
	for (int i = 0; i < FIELD_COUNT; i++)
	{
		if (FIELDS[i].length != length ||
			strcasecmp(FIELDS[i].name, name) != 0)
			continue;
		/* Two tokens are refused with the others, see auth/auth.c. */
		head->authorizations += i == FIELD_AUTHORIZATION;
		if (head->fields[i] != NULL)
			repeat_field(head, i, value ? value : "", refusal);
		else
		{
			head->fields[i] = value ? value : "";
			trim_field(head, i);
		}
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
check_framing(const Head *head, const char *version, Refusal *refusal)
{
	const char *length = head->fields[FIELD_CONTENT_LENGTH];
	const char *encoding = head->fields[FIELD_TRANSFER_ENCODING];

	if (length != NULL && encoding != NULL)
		note_smuggling(refusal,
					   "Content-Length and Transfer-Encoding were both sent");
	if (encoding != NULL && strcasecmp(encoding, "chunked") != 0)
		note_smuggling(refusal,
					   "the only Transfer-Encoding that is supported is chunked");
	if (encoding != NULL && strcmp(version, MHD_HTTP_VERSION_1_0) == 0)
		note_smuggling(refusal, "HTTP/1.0 has no Transfer-Encoding");
	if (length != NULL && !is_number(length))
		note_smuggling(refusal, "Content-Length is not a number of bytes");
	check_body_size(head_body_size(head), refusal);
}

static size_t
head_size(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection,
								MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

	return info ? info->header_size : 0;
}

static void
collect_fields(struct MHD_Connection *connection, const char *version,
			   Head *head, Refusal *refusal)
{
	Collector	collector = {.head = head, .refusal = refusal};

	note_fault(refusal, compat_begin(&collector.bytes, head->method_name,
									 head->target_length, version,
									 head_size(connection)));
	MHD_get_connection_values_n(connection, MHD_HEADER_KIND, collect_field,
								&collector);
	note_fault(refusal, compat_end(&collector.bytes));
}

static int
count_parts(struct MHD_Connection *connection)
{
	return MHD_get_connection_values_n(connection,
									   MHD_HEADER_KIND | MHD_COOKIE_KIND |
									   MHD_GET_ARGUMENT_KIND, NULL, NULL);
}

static void
check_sizes(struct MHD_Connection *connection, const Head *head,
			Refusal *refusal)
{
	const char *token = head->fields[FIELD_AUTHORIZATION];
	size_t		size = head_size(connection);
	int			parts = count_parts(connection);
	bool		oversized = parts > HEAD_PARTS || size >
		(size_t) config.max_header +
		(config.auth == AUTH_ON ? (size_t) config.token_room : 0);

	if (oversized)
		refusal_hasten(refusal, REFUSE_PAST_LIBRARY);
	if (token != NULL)
		size -= strlen(token) < size ? strlen(token) : size;
	if (head->target_length > (size_t) config.max_path)
		refusal_note(refusal, PROBLEM_PATH_TOO_LONG, "Ask for less at once.",
					 "the path and its query are longer than %ld bytes",
					 config.max_path);
	if (size > (size_t) config.max_header)
		refusal_note(refusal, PROBLEM_HEADER_TOO_LARGE,
					 "Send fewer or shorter headers.",
					 "the request head is longer than %ld bytes",
					 config.max_header);
	else if (parts > HEAD_PARTS)
		refusal_note(refusal, PROBLEM_HEADER_TOO_LARGE, "Send fewer of them.",
					 "the request has more than %d headers, cookies and pieces "
					 "of its query", HEAD_PARTS);
	else if (oversized)
		refusal_note(refusal, PROBLEM_HEADER_TOO_LARGE,
					 "Send a shorter token.",
					 "the request head with its token is too long");
}

/* RFC 9112, 3.2: the Host header is there, and is one host, or empty. */
static void
check_host(const Head *head, const char *version, Refusal *refusal)
{
	const char *host = head->fields[FIELD_HOST];

	if (host != NULL && !is_host(host))
		note_smuggling(refusal, "the header Host is not a host and a port");
	if (host == NULL && strcmp(version, MHD_HTTP_VERSION_1_0) != 0)
		note_smuggling(refusal, "the header Host is missing");
}

static void
check_line(const Head *head, Refusal *refusal)
{
	if (strchr(head->target, ' ') != NULL)
		note_smuggling(refusal, "the request line has too many blanks in it");
}

/*
 * An id from the client goes into the answer and the log, if it is well-
 * formed.
 */
static void
take_ids(Head *head)
{
	const char *id = head->fields[FIELD_REQUEST_ID];
	const char *trace = head->fields[FIELD_TRACEPARENT];

	if (id != NULL && is_plain_id(id))
		strcpy(head->id, id);
	if (trace != NULL && is_traceparent(trace))
		snprintf(head->traceparent, sizeof(head->traceparent), "%.*s",
				 (int) sizeof(head->traceparent) - 1, trace);
}

bool
check_target(const char *target, Refusal *refusal)
{
	const char *piece = strchr(target, '?');
	int			count = 0;

	while (piece != NULL)
	{
		piece = strchr(piece, '&');
		if (piece != NULL)
			piece++;
		if (++count > HEAD_PIECES)
		{
			refusal_note(refusal, PROBLEM_INVALID_PARAMETER,
						 "Name each parameter once.",
						 "the query has more than %d pieces", HEAD_PIECES);
			return false;
		}
	}
	return true;
}

void
check_body_size(uint64_t size, Refusal *refusal)
{
	if (size > (uint64_t) config.max_body)
		refusal_note(refusal, PROBLEM_BODY_TOO_LARGE,
					 "Send less; the operator sets the limit with "
					 "DPMETA_MAX_BODY.",
					 "the body is larger than %ld bytes", config.max_body);
}

void
check_refused_body(const Head *head, Refusal *refusal)
{
	if (is_refused(refusal) && head_body_size(head) > DISCARD_MOST)
		refusal_hasten(refusal, REFUSE_AT_ONCE);
}

void
check_fields(struct MHD_Connection *connection, const char *version,
			 Head *head, Refusal *refusal)
{
	collect_fields(connection, version, head, refusal);
	check_line(head, refusal);
	check_framing(head, version, refusal);
	check_host(head, version, refusal);
	check_sizes(connection, head, refusal);
	take_ids(head);
}

/* What is looked for is what libmicrohttpd 0.9 and 1.0 refuse by themselves. */
void
check_refused_head(struct MHD_Connection *connection, Head *head,
				   Refusal *refusal)
{
	Collector	collector = {.head = head, .refusal = refusal};

	MHD_get_connection_values_n(connection, MHD_HEADER_KIND, collect_field,
								&collector);
	check_framing(head, "", refusal);
	check_sizes(connection, head, refusal);
	check_host(head, "", refusal);
	note_smuggling(refusal, "the request head is malformed");
}
