/*
 * answers/result.c
 *		From what the database said to what the client gets.
 */
#include "answers/result.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "answers/docs.h"
#include "answers/metrics_page.h"
#include "answers/ready.h"
#include "answers/refuse.h"
#include "answers/response.h"
#include "base/field.h"
#include "base/log.h"
#include "config.h"
#include "metrics/metrics.h"
#include "server/compress.h"

/* What an answer lies in until it is sent. */
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
	held->document = request->job.document;
	memset(&request->job.document, 0, sizeof(Document));
	return held;
}

/*
 * The document is sent from where it was put, or compressed.  When *kept is
 * set the response releases what is held at its end.
 */
static struct MHD_Response *
response_from_held(Request *request, Held *held, bool *kept)
{
	char	   *bytes = held->document.memory ? held->document.memory :
		PQgetvalue(held->result, 0, COLUMN_DOCUMENT);
	size_t		length = held->document.length;
	struct MHD_Response *response = NULL;

	request->answer_size = length;
	/* A 304 has the head that the document would have. */
	if (compress_wanted(request, length))
		response = compress_response(request, bytes, length, release_held, held,
									 kept);
	if (response != NULL)
		return response;
	response = MHD_create_response_from_buffer_with_free_callback_cls
		(length, bytes, release_held, held);
	*kept = response != NULL;
	return response;
}

static const char *
column(const PGresult *result, int number)
{
	if (number >= PQnfields(result) || PQgetisnull(result, 0, number))
		return NULL;
	return PQgetvalue(result, 0, number);
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
		reply_header(request, MHD_HTTP_HEADER_LINK, link.data);
	text_free(&link);
}

/* "/v1/data-products/dp:x:v1.0" */
static void
resource_path(Text *path, const Request *request, const char *id)
{
	text_add(path, request->match.route->resource);
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
		reply_header(request, "Deprecation", value);
	}
	if (sunset != NULL)
	{
		time_t		when = (time_t) strtoll(sunset, NULL, 10);
		struct tm	parts;

		if (gmtime_r(&when, &parts) != NULL &&
			strftime(value, sizeof(value), "%a, %d %b %Y %H:%M:%S GMT",
					 &parts) > 0)
			reply_header(request, "Sunset", value);
	}
	if (successor == NULL || request->match.route->resource == NULL)
		return;
	resource_path(&path, request, successor);
	if (!text_failed(&path))
		add_link(request, path.data, "successor-version");
	text_free(&path);
}

/* "/v1/data-products/dp:x/versions": the path of the request, as we spell it. */
static void
request_path(Text *path, const Request *request)
{
	const char *rest = request->match.route->path;

	for (const char *place = strchr(rest, '{'); place != NULL;
		 place = strchr(rest, '{'))
	{
		text_format(path, "%.*s", (int) (place - rest), rest);
		uri_add_encoded(path, request->match.id->text);
		rest = strchr(place, '}') + 1;
	}
	text_add(path, rest);
}

/* The same filters, from behind the last row of this page. */
static void
add_next_link(Request *request, const char *next)
{
	Text		target = {0};

	if (next == NULL)
		return;
	request_path(&target, request);
	text_add_char(&target, '?');
	for (int i = 0; i < request->uri.parameter_count; i++)
	{
		const UriParameter *parameter = &request->uri.parameters[i];

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

void
reply_etag(Request *request, const char *etag)
{
	char		value[256];

	if (etag == NULL)
		return;
	snprintf(value, sizeof(value), "\"%s%s\"", etag,
			 request->gzip ? COMPRESS_SUFFIX : "");
	reply_header(request, MHD_HTTP_HEADER_ETAG, value);
}

static void
add_location(Request *request, const char *id)
{
	Text		path = {0};

	if (id == NULL || request->match.route->resource == NULL)
		return;
	resource_path(&path, request, id);
	if (!text_failed(&path))
		reply_header(request, MHD_HTTP_HEADER_LOCATION, path.data);
	text_free(&path);
}

int
reply_read_status(Request *request, const char *etag)
{
	const char *if_match = request->fields[FIELD_IF_MATCH];
	const char *if_none_match = request->fields[FIELD_IF_NONE_MATCH];

	if (etag == NULL || request->match.route->method != METHOD_GET)
		return request->match.route->success;
	if (if_match && tags_match(if_match, etag, true) != TAGS_MATCH)
		return 412;
	if (if_none_match && tags_match(if_none_match, etag, false) == TAGS_MATCH)
	{
		request->unsent = true;
		return 304;
	}
	return request->match.route->success;
}

static void
note_write(Request *request, const PGresult *result)
{
	const char *kind = column(result, COLUMN_KIND);

	if (column_is_true(result, COLUMN_REPLAYED))
	{
		reply_header(request, "idempotent-replayed", "true");
		metrics_replay();
	}
	else if (kind != NULL && !request->dry_run)
		metrics_version(kind);
}

/*
 * A write is done, whatever becomes of its document: without one it is 204, or
 * 201 with nothing in it.  So is a 304, which has no body anyway.
 */
static bool
has_body(const Request *request, int status)
{
	return status != 204 &&
		request->job.document.fault == DOCUMENT_GOOD;
}

static int
document_status(Request *request, const char *etag)
{
	int			status = request->dry_run ? 200 :
		reply_read_status(request, etag);

	return status == 200 && !has_body(request, status) ? 204 : status;
}

static struct MHD_Response *
document_response(Request *request, Held *held, int status, bool *kept)
{
	if (status != 204 && held->document.fault == DOCUMENT_GOOD)
		return response_from_held(request, held, kept);
	if (status == 304)
		compress_wanted(request, held->document.length);
	return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
}

static void
add_document_headers(Request *request, const PGresult *result, bool with_body)
{
	const char *id = column(result, COLUMN_ID);

	if (with_body)
		reply_header(request, MHD_HTTP_HEADER_CONTENT_TYPE,
					 request->match.route->produces);
	reply_header(request, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache");
	if (!request->dry_run)
		reply_etag(request, column(result, COLUMN_ETAG));
	if (request->status == 201)
		add_location(request, id);
	add_lifecycle(request, result);
	add_next_link(request, column(result, COLUMN_NEXT));
	note_write(request, result);
}

static void
reply_document(Request *request, PGresult *result)
{
	const char *id = column(result, COLUMN_ID);
	int			status = document_status(request, column(result, COLUMN_ETAG));
	bool		with_body = has_body(request, status);
	bool		kept = false;
	Held	   *held;

	/* For the log, where the path does not have it. */
	if (id != NULL && request->match.id == NULL)
		request->answered_id = strdup(id);
	if (status == 412)
	{
		reply_condition(request);
		PQclear(result);
		return;
	}
	held = hold(request, result);
	if (held == NULL)
	{
		PQclear(result);
		return;
	}
	if (reply_set(request, document_response(request, held, status, &kept),
				  status))
		add_document_headers(request, result, with_body);
	if (!kept)
		release_held(held);
}

/* A read whose document may not be had: 304 and 412 need none. */
static bool
is_refused(Request *request, const PGresult *result)
{
	bool		wrote = request->match.route->work == WORK_WRITE &&
		!request->dry_run;

	return request->job.document.fault != DOCUMENT_GOOD && !wrote &&
		reply_read_status(request, column(result, COLUMN_ETAG)) ==
		request->match.route->success;
}

static void
refuse_document(Request *request, PGresult *result)
{
	if (request->job.document.fault == DOCUMENT_TOO_LARGE)
	{
		request->problem = PROBLEM_ANSWER_TOO_LARGE;
		text_format(&request->detail, "the answer is %zu bytes, and %zu are "
					"the most", request->job.document.length,
					document_most());
		request->hint = "Ask for less at once: a table, or a shorter page.";
	}
	else
	{
		request->problem = PROBLEM_BUSY;
		text_add(&request->detail, "the answers that are being sent leave no "
				 "room for this one");
		request->hint = "Try again, or ask for less at once.";
	}
	PQclear(result);
	reply_problem(request);
}

/* Is there what the route answers with?  A deletion answers with nothing. */
static bool
has_answer(const Request *request, const PGresult *result)
{
	if (PQntuples(result) == 0)
		return false;
	if (request->job.document.fault != DOCUMENT_GOOD)
		return true;
	if (request->match.route->success == 204 && !request->dry_run)
		return true;
	return column(result, COLUMN_DOCUMENT) != NULL;
}

void
reply_result(Request *request, PGresult *result)
{
	if (PQresultStatus(result) != PGRES_TUPLES_OK &&
		PQresultStatus(result) != PGRES_SINGLE_TUPLE)
		reply_error(request, result);
	else if (request->match.route->answer == ANSWER_READY)
		reply_ready(request, result);
	else if (request->match.route->answer == ANSWER_OPENAPI)
		reply_openapi(request, result);
	else if (is_refused(request, result))
		refuse_document(request, result);
	else if (has_answer(request, result))
		reply_document(request, result);
	else
	{
		PQclear(result);
		log_event(LOG_ERRORS, "no-answer", "%s gave no document (request %s)",
				  request->match.route->operation, request->id);
		request->problem = PROBLEM_INTERNAL;
		text_add(&request->detail, problem_words(PROBLEM_INTERNAL)->detail);
		request->hint = problem_words(PROBLEM_INTERNAL)->hint;
		reply_problem(request);
	}
}

void
reply_options(Request *request)
{
	struct MHD_Response *response =
	MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);

	if (!reply_set(request, response, 204))
		return;
	reply_allow(request);
	reply_header(request, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
}

void
reply_local(Request *request)
{
	Text		body = {0};
	const char *type = request->match.route->produces;

	if (request->match.route->answer == ANSWER_FILE)
	{
		reply_file(request);
		return;
	}
	if (request->match.route->answer == ANSWER_METRICS)
	{
		metrics_write_all(&body);
		type = "text/plain; version=0.0.4; charset=utf-8";
	}
	else
		text_add(&body, "{\"status\":\"alive\",\"version\":\""
				 DPMETA_HTTP_VERSION "\"}");
	if (!reply_set(request, reply_text(request, &body), 200))
		return;
	reply_header(request, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	reply_header(request, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
}
