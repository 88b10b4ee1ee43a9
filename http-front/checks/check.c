/*
 * checks/check.c
 *		What a request says about its resource, judged before the database.
 */
#include "checks/check.h"

#include <string.h>
#include <strings.h>

#include "auth/cors.h"
#include "base/field.h"
#include "config.h"
#include "yaml/reader.h"

#define KEY_MOST 255

void
check_route(Head *head, Refusal *refusal)
{
	if (head->method == METHOD_OPTIONS && strcmp(head->target, "*") == 0)
	{
		head->match.methods = METHODS_ALL;
		return;
	}
	route_find(&head->match, &head->uri, head->method);
	/* Who names a format in the query wants that, in a browser, too. */
	if (head_parameter(head, FORMAT_PARAMETER) == NULL)
		route_negotiate(&head->match, head->fields[FIELD_ACCEPT]);
	/* The page should see the request itself fail, not its preflight. */
	if (head->match.methods == 0 && cors_is_preflight(head))
		head->match.methods = METHOD_OPTIONS;
	else if (head->match.methods == 0)
		refusal_note(refusal, PROBLEM_NO_SUCH_PATH,
					 "Resources are under /v1/data-products, /v1/schemas and /v1/contracts.",
					 "there is nothing at this path");
	else if (head->match.route == NULL && head->method != METHOD_OPTIONS)
		refusal_note(refusal, PROBLEM_METHOD_NOT_ALLOWED,
					 "The Allow header lists the methods that are allowed.",
					 "the method is not allowed here");
}

/*
 * The database judges IDs, but this one cannot be sent to it as text.  The
 * answer shows it as it came.
 */
static void
check_id(const Head *head, Refusal *refusal)
{
	const Piece *id = head->match.id;
	Text	   *detail = &refusal->detail;
	size_t		shown;

	if (head->match.route == NULL || id == NULL || !id->bad ||
		head->match.route->resource == NULL ||
		is_refused(refusal))
		return;
	refusal_note(refusal, PROBLEM_INVALID_ID,
				 "An ID is dp:NAME, dp:NAME:vMAJOR.MINOR or dp:NAME:vMAJOR.MINOR:TABLE.",
				 "Invalid id: ");
	shown = id->raw_length > 256 ? 256 : id->raw_length;
	text_add_bytes(detail, id->raw, shown);
	if (shown < id->raw_length)
		text_add(detail, "...");
}

/* The same for what is named beside it. */
static void
check_name(const Head *head, Refusal *refusal)
{
	const Piece *name = head->match.name;

	if (head->match.route != NULL && name != NULL && name->bad)
		refusal_note(refusal, PROBLEM_INVALID_PARAMETER, NULL,
					 "the name in the path is not percent-encoded UTF-8");
}

static void
refuse_formats(Refusal *refusal)
{
	Text	   *detail = &refusal->detail;

	refusal_note(refusal, PROBLEM_NOT_ACCEPTABLE,
				 "Name one of them in ?format=, or its media type in Accept.",
				 "the formats here are ");
	format_names(detail);
}

/* The query counts before Accept, because whoever writes it means it. */
static void
choose_format(const Head *head, Call *call, Refusal *refusal)
{
	const UriParameter *given = head_parameter(head, FORMAT_PARAMETER);
	const char *accept = head->fields[FIELD_ACCEPT];

	if (given != NULL)
		call->format = given->value.bad ? NULL : format_find(given->value.text);
	else
		call->format = accept == NULL ? FORMAT_JSON : format_accept(accept);
	/* Who takes problems alone gets whatever it is. */
	if (call->format == NULL && given == NULL &&
		accept_find(accept, FORMAT_JSON->media_type) == ACCEPT_UNNAMED &&
		accept_find(accept, "application/problem+json") == ACCEPT_ALLOWED)
		call->format = FORMAT_JSON;
	if (call->format == NULL && !is_refused(refusal))
		refuse_formats(refusal);
}

static void
check_accept(const Head *head, Call *call, Refusal *refusal)
{
	const char *accept = head->fields[FIELD_ACCEPT];
	const Route *route = head->match.route;
	Acceptance	found;

	if (route != NULL && route->has_formats)
	{
		choose_format(head, call, refusal);
		return;
	}
	if (route == NULL || route->produces == NULL)
		return;
	if (route_answers_json(route))
		call->format = accept == NULL ? FORMAT_JSON : format_accept_plain(accept);
	if (accept == NULL || call->format != NULL)
		return;
	found = accept_find(accept, route->produces);
	/* Who takes problems alone gets whatever it is, unless they refuse that. */
	if (found == ACCEPT_UNNAMED)
		found = accept_find(accept, "application/problem+json");
	if (found != ACCEPT_ALLOWED)
		refusal_note(refusal, PROBLEM_NOT_ACCEPTABLE,
					 "Leave Accept out, or name this media type in it.",
					 "answers here are %s", route->produces);
	else if (route_answers_json(route))
		call->format = FORMAT_JSON;
}

static void
check_media_type(const Head *head, Call *call, Refusal *refusal)
{
	const Route *route = head->match.route;
	const char *type = head->fields[FIELD_CONTENT_TYPE];
	const char *encoding = head->fields[FIELD_CONTENT_ENCODING];
	bool		patch;

	if (route == NULL || route->body == BODY_NONE)
		return;
	patch = route->body == BODY_MERGE_PATCH;
	if (encoding != NULL && strcasecmp(encoding, "identity") != 0)
		refusal_note(refusal, PROBLEM_UNSUPPORTED_MEDIA_TYPE,
					 "Send it without a Content-Encoding.",
					 "an encoded body is not supported");
	if (type != NULL && route->body == BODY_DOCUMENTS &&
		content_is_json_lines(type))
		return;
	if (type != NULL && content_is_yaml(type, patch))
	{
		call->is_yaml = true;
		return;
	}
	if (type == NULL || !content_is_json(type, patch))
		refusal_note(refusal, PROBLEM_UNSUPPORTED_MEDIA_TYPE,
					 patch ? "Send Content-Type: application/merge-patch+json." :
					 "Send Content-Type: application/json.",
					 "the body must be JSON or YAML in UTF-8");
}

static void
check_expectation(const Head *head, Refusal *refusal)
{
	const char *expect = head->fields[FIELD_EXPECT];

	if (expect == NULL)
		return;
	if (strcasecmp(expect, "100-continue") != 0)
		refusal_note(refusal, PROBLEM_EXPECTATION_FAILED, NULL,
					 "the only expectation that is supported is 100-continue");
	/* The client holds its body back, so a refusal must not wait for it. */
	if (is_refused(refusal))
		refusal_hasten(refusal, REFUSE_AT_ONCE);
}

static void
check_tags(const Head *head, Call *call, Refusal *refusal)
{
	const char *if_match = head->fields[FIELD_IF_MATCH];
	const char *if_none_match = head->fields[FIELD_IF_NONE_MATCH];
	const Route *route = head->match.route;

	if (if_match != NULL && !tags_to_array(if_match, &call->if_match))
		refusal_note(refusal, PROBLEM_BAD_REQUEST,
					 "Write it as If-Match: \"TAG\", or as *.",
					 "If-Match is not a list of entity tags");
	if (if_none_match == NULL || route == NULL)
		return;
	if (tags_match(if_none_match, "", false) == TAGS_MALFORMED)
		refusal_note(refusal, PROBLEM_BAD_REQUEST,
					 "Write it as If-None-Match: \"TAG\", or as *.",
					 "If-None-Match is not a list of entity tags");
	else if (route->work == WORK_WRITE)
		refusal_note(refusal, PROBLEM_BAD_REQUEST,
					 "Use If-Match to guard a change.",
					 "If-None-Match works only with reads");
}

/*
 * A write may be tried again after its connection is gone, and the head with
 * it.
 */
static void
keep_key(Head *head, const char *key, Refusal *refusal)
{
	char	   *copy = strdup(key);

	if (copy == NULL)
		refusal_note(refusal, PROBLEM_BUSY, "Try again.",
					 "there is no memory for the key");
	else
		head_own_field(head, FIELD_IDEMPOTENCY_KEY, copy);
}

static void
check_key(Head *head, Refusal *refusal)
{
	const char *key = head->fields[FIELD_IDEMPOTENCY_KEY];
	const char *other = head->fields[FIELD_IDEMPOTENT_KEY];

	if (head->match.route == NULL || !head->match.route->idempotent)
		return;
	if (key != NULL && other != NULL && strcmp(key, other) != 0)
		refusal_note(refusal, PROBLEM_BAD_REQUEST, "Send Idempotency-Key only.",
					 "Idempotency-Key and x-idempotent-key differ");
	if (key == NULL)
		key = head->fields[FIELD_IDEMPOTENCY_KEY] = other;
	if (key != NULL && !is_token_text(key, KEY_MOST))
		refusal_note(refusal, PROBLEM_BAD_REQUEST,
					 "A UUID is a good key.",
					 "Idempotency-Key must be 1 to %d visible ASCII characters",
					 KEY_MOST);
	else if (key != NULL)
		keep_key(head, key, refusal);
}

/* It is of no use to routes that do not read the store. */
static void
check_position(const Head *head, Call *call, Refusal *refusal)
{
	const char *position = head->fields[FIELD_POSITION];

	if (position == NULL || head->match.route == NULL ||
		!route_reads_store(head->match.route))
		return;
	if (!position_read(position, &call->job.position))
		refusal_note(refusal, PROBLEM_BAD_REQUEST,
					 "Send the value from the answer to a write, such as "
					 "0/16B3748:1:7449812345678901234.",
					 "Dpmeta-Position is not a position in the write-ahead log");
}

void
check_meaning(Head *head, Call *call, Refusal *refusal)
{
	check_id(head, refusal);
	check_name(head, refusal);
	check_accept(head, call, refusal);
	check_media_type(head, call, refusal);
	check_tags(head, call, refusal);
	check_key(head, refusal);
	check_position(head, call, refusal);
	check_expectation(head, refusal);
}

/* RFC 8259, 8.1: a byte order mark may be ignored. */
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

/* A body of YAML becomes the JSON that it means. */
static void
convert_body(const Route *route, Call *call, Refusal *refusal)
{
	Text		json = {0};
	YamlFault	fault = {0};

	if (!yaml_read(call->body.data, call->body.length,
				   route->body == BODY_DOCUMENTS, (size_t) config.max_body, &json,
				   &fault))
	{
		refusal->line = fault.line;
		refusal->column = fault.column;
		refusal_note(refusal, PROBLEM_MALFORMED_YAML,
					 "It is read by the core schema of YAML 1.2.",
					 "line %zu, column %zu: %s", fault.line, fault.column, fault.text);
	}
	else if (text_failed(&json) || !call_has_room(call, json.length))
		refusal_note(refusal, PROBLEM_BUSY, PROBLEM_TRY_AGAIN,
					 "the bodies of other requests leave no room for this one");
	else
	{
		text_free(&call->body);
		call->body = json;
		return;
	}
	text_free(&json);
}

void
check_body(const Head *head, Call *call, Refusal *refusal)
{
	const Route *route = head->match.route;
	Text	   *body = &call->body;

	if (is_refused(refusal) || route == NULL ||
		route->body == BODY_NONE)
		return;
	skip_byte_order_mark(body);
	if (body->failed)
		refusal_note(refusal, PROBLEM_BUSY, "Try again.", "there is no memory for the body");
	else if (body->length == 0)
		refusal_note(refusal, call->is_yaml ? PROBLEM_MALFORMED_YAML :
					 PROBLEM_MALFORMED_JSON, "Send a document.",
					 "the body is empty");
	else if (memchr(body->data, '\0', body->length) != NULL)
		refusal_note(refusal, call->is_yaml ? PROBLEM_MALFORMED_YAML :
					 PROBLEM_MALFORMED_JSON, "Send it in UTF-8.",
					 "the body contains a NUL byte");
	else if (call->is_yaml)
		convert_body(route, call, refusal);
}
