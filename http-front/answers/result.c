/*
 * answers/result.c
 *		From what the database said to what the client gets.
 */
#include "answers/result.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answers/columns.h"
#include "answers/condition.h"
#include "answers/docs.h"
#include "answers/ready.h"
#include "answers/refuse.h"
#include "answers/response.h"
#include "answers/store_metrics.h"
#include "base/date.h"
#include "base/field.h"
#include "base/log.h"
#include "metrics/metrics.h"
#include "yaml/writer.h"

/* YAML is made in the loop, so it must not take long. */
#define YAML_MOST (4 * 1024 * 1024)

/* Room for an entity tag with the name of a format. */
#define ETAG_TEXT 256

/* What holds an answer until it is sent. */
typedef struct Held
{
	PGresult   *result;
	Document	document;
} Held;

static void
release_held(void *arg)
{
	Held	   *held = arg;

	PQclear(held->result);
	document_free(&held->document);
	free(held);
}

static Held *
hold(Request *request, PGresult *result)
{
	Held	   *held = malloc(sizeof(*held));

	if (held == NULL)
		return NULL;
	held->result = result;
	held->document = request->call.job.document;
	memset(&request->call.job.document, 0, sizeof(Document));
	return held;
}

static const char *
column(const PGresult *result, int number)
{
	if (number >= PQnfields(result) || PQgetisnull(result, 0, number))
		return NULL;
	return PQgetvalue(result, 0, number);
}

/* The entity tag of what is sent, or NULL: each format has one of its own. */
static const char *
answer_etag(const Request *request, const PGresult *result, char *text)
{
	const char *etag = column(result, COLUMN_ETAG);
	const Format *format = request->call.format;

	if (etag == NULL || format == NULL || format == FORMAT_JSON)
		return etag;
	snprintf(text, ETAG_TEXT, "%s%c%s", etag, FORMAT_MARK, format->name);
	return text;
}

static bool
column_is_true(const PGresult *result, int number)
{
	const char *value = column(result, number);

	return value != NULL && value[0] == 't';
}

static void
add_link(Request *request, const char *target, const char *relation)
{
	Text		link = {0};

	text_format(&link, "<%s>; rel=\"%s\"", target, relation);
	if (!text_failed(&link))
		reply_header(&request->reply, MHD_HTTP_HEADER_LINK, link.data);
	text_free(&link);
}

/* "/v1/data-products/dp:x:v1.0" */
static void
resource_path(Text *path, const Route *route, const char *id)
{
	text_add(path, route->resource);
	text_add_char(path, '/');
	uri_add_encoded(path, id);
}

/* RFC 9745, RFC 8594 and RFC 5829. */
static void
add_lifecycle(Request *request, const PGresult *result)
{
	const char *retired = column(result, COLUMN_RETIRED_AT);
	const char *sunset = column(result, COLUMN_SUNSET);
	const char *successor = column(result, COLUMN_SUCCESSOR);
	Text		path = {0};
	char		value[64];

	if (retired != NULL)
	{
		snprintf(value, sizeof(value), "@%s", retired);
		reply_header(&request->reply, "Deprecation", value);
	}
	if (sunset != NULL && http_date(strtoll(sunset, NULL, 10), value))
		reply_header(&request->reply, "Sunset", value);
	if (successor == NULL || request->head.match.route->resource == NULL)
		return;
	resource_path(&path, request->head.match.route, successor);
	if (!text_failed(&path))
		add_link(request, path.data, "successor-version");
	text_free(&path);
}

/*
 * "/v1/data-products/dp:x/versions": the path of the request in our spelling.
 */
static void
request_path(Text *path, const Request *request)
{
	const RouteMatch *match = &request->head.match;
	const Piece *piece = match->id;
	const char *rest = match->route->path;

	for (const char *place = strchr(rest, '{'); place != NULL;
		 place = strchr(rest, '{'))
	{
		text_format(path, "%.*s", (int) (place - rest), rest);
		uri_add_encoded(path, piece->text);
		piece = match->name;
		rest = strchr(place, '}') + 1;
	}
	text_add(path, rest);
}

/* The same filters, starting after the last row of this page. */
static void
add_next_link(Request *request, const char *next)
{
	Text		target = {0};

	if (next == NULL)
		return;
	request_path(&target, request);
	text_add_char(&target, '?');
	for (int i = 0; i < request->head.uri.parameter_count; i++)
	{
		const UriParameter *parameter = &request->head.uri.parameters[i];

		if (strcmp(parameter->name.text, "after") == 0)
			continue;
		uri_add_encoded(&target, parameter->name.text);
		text_add_char(&target, '=');
		uri_add_encoded(&target, parameter->value.text);
		text_add_char(&target, '&');
	}
	text_add(&target, "after=");
	uri_add_encoded(&target, next);
	if (!text_failed(&target))
		add_link(request, target.data, "next");
	text_free(&target);
}

static void
add_location(Request *request, const char *id)
{
	Text		path = {0};

	if (request->head.match.route->resource == NULL)
		return;
	if (id != NULL)
		resource_path(&path, request->head.match.route, id);
	else						/* it is what was written to */
		request_path(&path, request);
	if (!text_failed(&path))
		reply_header(&request->reply, MHD_HTTP_HEADER_LOCATION, path.data);
	text_free(&path);
}

static void
note_write(Request *request, const PGresult *result)
{
	const char *kind = column(result, COLUMN_KIND);

	if (column_is_true(result, COLUMN_REPLAYED))
	{
		reply_header(&request->reply, "idempotent-replayed", "true");
		metrics_replay();
	}
	else if (kind != NULL && !request->call.dry_run)
		metrics_version(kind);
}

/*
 * A write is done, whatever happens to its document.  Without the document the
 * answer is 204, or an empty 201.  A 304 has no body anyway.
 */
static bool
has_body(const Request *request, int status)
{
	return status != 204 &&
		request->call.job.document.fault == DOCUMENT_GOOD;
}

/* Is it the first version, or all, of what was not there? */
static bool
has_created(const Request *request, const PGresult *result)
{
	const char *kind = column(result, COLUMN_KIND);

	return request->head.match.route->creates && kind != NULL &&
		(strcmp(kind, "initial") == 0 || strcmp(kind, "created") == 0);
}

static int
document_status(const Request *request, const PGresult *result)
{
	char		etag[ETAG_TEXT];
	int			status = request->call.dry_run ? 200 :
		condition_status(&request->head, answer_etag(request, result, etag));

	if (!request->call.dry_run && has_created(request, result))
		status = 201;
	return status == 200 && !has_body(request, status) ? 204 : status;
}

/*
 * The document is sent from where it was put, or compressed.  When *kept is
 * set the response releases what is held at its end.
 */
static bool
send_document(Request *request, Held *held, int status, bool *kept)
{
	const Document *document = &held->document;
	Plain		plain = {
		.bytes = document->memory ? document->memory :
		PQgetvalue(held->result, 0, COLUMN_DOCUMENT),
		.length = document->length,
		.release = release_held,
		.owner = held
	};

	if (status != 204 && document->fault == DOCUMENT_GOOD)
		return response_held(request, status, &plain, kept);
	/* A 304 has the head that the document would have. */
	if (status == 304)
		response_choose_encoding(request, document->length);
	return response_empty(request, status);
}

static void
add_document_headers(Request *request, const PGresult *result, bool with_body)
{
	const char *id = column(result, COLUMN_ID);
	const Format *format = request->call.format;
	char		etag[ETAG_TEXT];

	if (with_body)
		reply_media_type(&request->reply, format ? format->content_type :
						 request->head.match.route->produces);
	reply_header(&request->reply, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache");
	if (!request->call.dry_run)
		condition_add_etag(answer_etag(request, result, etag), &request->reply);
	if (request->reply.status == 201)
		add_location(request, id);
	add_lifecycle(request, result);
	add_next_link(request, column(result, COLUMN_NEXT));
	note_write(request, result);
}

static void
answer_document(Request *request, PGresult *result)
{
	const char *id = column(result, COLUMN_ID);
	int			status = document_status(request, result);
	bool		with_body = has_body(request, status);
	bool		kept = false;
	Held	   *held;

	if (request->head.match.route->has_figures)
		store_metrics_want();
	/* For the log, because the path does not have it. */
	if (id != NULL && request->head.match.id == NULL)
		request->reply.about = strdup(id);
	if (status == 412)
	{
		refuse_condition(request);
		PQclear(result);
		return;
	}
	held = hold(request, result);
	if (held == NULL)
	{
		PQclear(result);
		return;
	}
	if (send_document(request, held, status, &kept))
		add_document_headers(request, result, with_body);
	if (!kept)
		release_held(held);
}

/*
 * A read whose document cannot be sent is refused, but 304 and 412 need none.
 */
static bool
document_is_refused(const Request *request, const PGresult *result)
{
	char		etag[ETAG_TEXT];
	bool		wrote = request->head.match.route->work == WORK_WRITE &&
		!request->call.dry_run;

	return request->call.job.document.fault != DOCUMENT_GOOD && !wrote &&
		condition_status(&request->head, answer_etag(request, result, etag)) ==
		request->head.match.route->success;
}

static void
refuse_document(Request *request, PGresult *result)
{
	const Document *document = &request->call.job.document;

	if (document->fault == DOCUMENT_TOO_LARGE && request->call.format != NULL &&
		request->call.format->is_yaml)
		refusal_note(&request->refusal, PROBLEM_ANSWER_TOO_LARGE,
					 "Ask for JSON, or for less at once.",
					 "the answer has more than the %d bytes that YAML may have",
					 YAML_MOST);
	else if (document->fault == DOCUMENT_TOO_LARGE)
		refusal_note(&request->refusal, PROBLEM_ANSWER_TOO_LARGE,
					 "Ask for less at once: a table, or a shorter page.",
					 "the answer has %zu bytes, and may have %zu",
					 document->length, document_most());
	else
		refusal_note(&request->refusal, PROBLEM_BUSY,
					 "Try again, or ask for less at once.",
					 "the answers that are being sent leave no room for this "
					 "one");
	PQclear(result);
	refuse_request(request);
}

/* Is there a document, if the route answers with one?  A deletion does not. */
static bool
has_answer(const Request *request, const PGresult *result)
{
	if (PQntuples(result) == 0)
		return false;
	if (request->call.job.document.fault != DOCUMENT_GOOD)
		return true;
	if (request->head.match.route->success == 204 && !request->call.dry_run)
		return true;
	return column(result, COLUMN_DOCUMENT) != NULL;
}

static void
refuse_no_answer(Request *request, PGresult *result)
{
	PQclear(result);
	log_event(LOG_ERRORS, "no-answer", "%s gave no document (request %s)",
			  request->head.match.route->operation, request->head.id);
	refuse_as(request, PROBLEM_INTERNAL);
}

/*
 * The document as YAML, if that is wanted.  What cannot be had is as what is too
 * large: a read is refused, and a write is answered without its document.
 */
static void
convert_document(Request *request, const PGresult *result)
{
	Document   *document = &request->call.job.document;
	const char *json = document->memory ? document->memory :
		column(result, COLUMN_DOCUMENT);
	YamlText	yaml;

	if (request->call.format == NULL || !request->call.format->is_yaml ||
		json == NULL || document->fault != DOCUMENT_GOOD)
		return;
	if (!yaml_write(json, document->length, YAML_MOST, document_take_room,
					document_give_room, &yaml))
	{
		document->fault = yaml.too_long ? DOCUMENT_TOO_LARGE : DOCUMENT_NO_ROOM;
		return;
	}
	free(document->memory);
	document->memory = yaml.bytes;
	document->length = yaml.length;
	document->room += yaml.room;
}

void
answer_result(Request *request, PGresult *result)
{
	const Route *route = request->head.match.route;

	if (PQresultStatus(result) != PGRES_TUPLES_OK &&
		PQresultStatus(result) != PGRES_SINGLE_TUPLE)
	{
		refuse_result(request, result);
		return;
	}
	if (PQntuples(result) > 0)
		convert_document(request, result);
	if (route->answer == ANSWER_READY)
		answer_ready(request, result);
	else if (route->answer == ANSWER_OPENAPI)
		answer_openapi(request, result);
	else if (document_is_refused(request, result))
		refuse_document(request, result);
	else if (has_answer(request, result))
		answer_document(request, result);
	else
		refuse_no_answer(request, result);
}
