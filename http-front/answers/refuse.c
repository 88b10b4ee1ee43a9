/*
 * answers/refuse.c
 *		What a client is told of a request that is refused.
 */
#include "answers/refuse.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "answers/response.h"
#include "base/log.h"
#include "db/sqlstate.h"
#include "metrics/metrics.h"

#define RETRY_SECONDS "1"
#define WEAK_TAGS "A weak tag (W/) never matches If-Match; send the ETag " \
	"without W/, or leave If-Match out."

/* What the extension forbids is no matter of the token. */
static void
add_challenge(Request *request)
{
	char		challenge[300];

	if (request->problem != PROBLEM_UNAUTHORIZED &&
		request->problem != PROBLEM_ROLE_MISSING)
		return;
	if (request->problem == PROBLEM_UNAUTHORIZED)
		token_challenge(request->token_reason, challenge, sizeof(challenge));
	else
		token_scope_challenge(challenge, sizeof(challenge));
	reply_header(request, MHD_HTTP_HEADER_WWW_AUTHENTICATE, challenge);
}

static void
add_problem_headers(Request *request)
{
	reply_header(request, MHD_HTTP_HEADER_CONTENT_TYPE,
				 "application/problem+json");
	reply_header(request, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	switch (request->status)
	{
		case 401:
		case 403:
			add_challenge(request);
			break;
		case 405:
			reply_allow(request);
			break;
		case 415:
			if (request->match.methods & METHOD_PATCH)
				reply_header(request, "Accept-Patch",
							 "application/merge-patch+json");
			break;
		case 503:
			reply_header(request, MHD_HTTP_HEADER_RETRY_AFTER, RETRY_SECONDS);
			break;
	}
}

static void
send_problem(Request *request, ProblemText *text)
{
	Text		body = {0};
	struct MHD_Response *response;

	text->instance = request->uri.path;
	text->instance_length = request->uri.path_length;
	text->request_id = request->id;
	problem_write(&body, request->problem, text);
	metrics_problem(request->problem);
	response = reply_text(request, &body);
	if (reply_set(request, response, problem_kind(request->problem)->status))
		add_problem_headers(request);
}

void
reply_problem(Request *request)
{
	ProblemText text = {.detail = request->detail.data,.hint = request->hint};

	send_problem(request, &text);
}

/* Did If-Match fail because none of its tags can match? */
static bool
only_weak_tags(const Request *request)
{
	return request->problem == PROBLEM_PRECONDITION_FAILED &&
		request->if_match.data != NULL &&
		strcmp(request->if_match.data, "{}") == 0;
}

void
reply_condition(Request *request)
{
	request->problem = PROBLEM_PRECONDITION_FAILED;
	text_add(&request->detail, "none of the entity tags is the current one");
	request->hint = only_weak_tags(request) ? WEAK_TAGS :
		"Read the resource again.";
	reply_problem(request);
}

/*
 * The texts of our own errors and of refused input are meant for the caller.
 * Any other may tell what is none of theirs: it goes to the log.
 */
static void
set_problem_texts(Request *request, const PGresult *result, ProblemText *text)
{
	const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
	const ProblemWords *words = problem_words(request->problem);

	if (words->detail != NULL)
	{
		text->detail = words->detail;
		text->hint = words->hint;
		return;
	}
	text->detail = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	if (only_weak_tags(request))
	{
		text->hint = WEAK_TAGS;
		return;
	}
	/* what the server advises of JSON is for its operator, not for a client */
	text->hint = request->problem == PROBLEM_MALFORMED_JSON ?
		"Send a JSON document, not too deeply nested, without \\u0000." :
		PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
	if (request->problem == PROBLEM_INVALID_DOCUMENT && detail &&
		detail[0] == '[')
		text->errors = detail;
	else
		text->reason = detail;
}

/* Does the log hold what the answer leaves out? */
static bool
is_for_operator(Problem problem)
{
	return problem_words(problem)->detail != NULL;
}

void
reply_error(Request *request, PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	ProblemText text = {0};

	request->problem =
		sqlstate_problem(state, request->match.route->body != BODY_NONE);
	set_problem_texts(request, result, &text);
	if (is_for_operator(request->problem))
		log_event(request->problem == PROBLEM_INTERNAL ? LOG_ERRORS :
				  LOG_WARNINGS, "database-error", "%s: %s (request %s)",
				  state ? state : "no SQLSTATE",
				  PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) ?
				  PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : "",
				  request->id);
	send_problem(request, &text);
	PQclear(result);
}

/* The method is not known yet, and so HEAD gets a body, too. */
void
reply_last_words(Request *request, Text *out)
{
	const ProblemKind *kind = problem_kind(request->problem);
	ProblemText text = {.detail = request->detail.data,.hint = request->hint};
	Text		body = {0};
	char		date[40];
	time_t		now = time(NULL);
	struct tm	parts;

	text.instance = request->uri.path;
	text.instance_length = request->uri.path_length;
	text.request_id = request->id;
	problem_write(&body, request->problem, &text);
	metrics_problem(request->problem);
	request->status = kind->status;
	request->answer_size = body.length;
	if (gmtime_r(&now, &parts) == NULL ||
		strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &parts) == 0)
		date[0] = '\0';
	text_format(out, "HTTP/1.1 %d %s\r\nDate: %s\r\nConnection: close\r\n"
				"Content-Type: application/problem+json\r\n"
				"Cache-Control: no-store\r\n"
				"X-Request-Id: %s\r\nX-Content-Type-Options: nosniff\r\n"
				"Referrer-Policy: no-referrer\r\n"
				"Content-Security-Policy: " REPLY_POLICY "\r\n"
				"Content-Length: %zu\r\n\r\n", kind->status, kind->title, date,
				request->id, body.length);
	if (!text_failed(&body))
		text_add_bytes(out, body.data, body.length);
	text_free(&body);
}
