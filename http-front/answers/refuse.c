/*
 * answers/refuse.c
 *		What a client is told of a request that is refused.
 */
#include "answers/refuse.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "answers/problem_page.h"
#include "answers/response.h"
#include "base/date.h"
#include "base/log.h"
#include "base/random.h"
#include "config.h"
#include "db/sqlstate.h"
#include "metrics/metrics.h"

/* Conditions that an operator looks for by their names. */
#define OWN_EVENT (PROBLEM_BIT(PROBLEM_DATABASE_FULL) | \
				   PROBLEM_BIT(PROBLEM_READ_ONLY) | \
				   PROBLEM_BIT(PROBLEM_STOPPED) | \
				   PROBLEM_BIT(PROBLEM_CANCELLED) | \
				   PROBLEM_BIT(PROBLEM_TOO_MANY_CONNECTIONS) | \
				   PROBLEM_BIT(PROBLEM_OUT_OF_MEMORY) | \
				   PROBLEM_BIT(PROBLEM_DATABASE_STOPPING))
/* Seconds; those who are refused together should not come back together. */
#define RETRY_SPREAD 5
#define WEAK_TAGS "A weak tag (W/) never matches If-Match; send the ETag " \
	"without W/, or leave If-Match out."

/* Another token would not help with what the extension forbids. */
static void
add_challenge(Request *request)
{
	Problem		problem = request->refusal.problem;
	char		challenge[300];

	if (problem == PROBLEM_UNAUTHORIZED)
		token_challenge(request->caller.refused, challenge, sizeof(challenge));
	else if (problem == PROBLEM_ROLE_MISSING)
		token_scope_challenge(challenge, sizeof(challenge));
	else
		return;
	reply_header(&request->reply, MHD_HTTP_HEADER_WWW_AUTHENTICATE, challenge);
}

static int
retry_seconds(Problem problem)
{
	int			least = problem_kind(problem)->retry_after;

	return (least > 0 ? least : 1) + (int) (random_next() % RETRY_SPREAD);
}

static void
add_retry_after(Request *request)
{
	char		seconds[12];

	snprintf(seconds, sizeof(seconds), "%d",
			 retry_seconds(request->refusal.problem));
	reply_header(&request->reply, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
}

static void
add_problem_headers(Request *request)
{
	Reply	   *reply = &request->reply;

	if (!reply->page)
		reply_media_type(reply, "application/problem+json");
	reply_header(reply, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	switch (reply->status)
	{
		case 401:
		case 403:
			add_challenge(request);
			break;
		case 405:
			response_add_allow(request);
			break;
		case 415:
			if (request->head.match.methods & METHOD_PATCH)
				reply_header(reply, "Accept-Patch",
							 "application/merge-patch+json");
			break;
		case 503:
			add_retry_after(request);
			break;
	}
}

static void
write_document(const Request *request, ProblemText *text, Text *out)
{
	text->instance = request->head.uri.path;
	text->instance_length = request->head.uri.path_length;
	text->request_id = request->head.id;
	problem_write(out, request->refusal.problem, text);
}

static void
send_problem(Request *request, ProblemText *text)
{
	int			status = problem_kind(request->refusal.problem)->status;
	Text		body = {0};
	bool		made;

	metrics_problem(request->refusal.problem);
	if (problem_page_is_wanted(request))
		made = problem_page_send(request, text);
	else
	{
		write_document(request, text, &body);
		made = response_text(request, status, &body);
	}
	if (made)
		add_problem_headers(request);
}

void
refuse_request(Request *request)
{
	ProblemText text = {
		.detail = request->refusal.detail.data,
		.hint = request->refusal.hint,
		.line = request->refusal.line,
		.column = request->refusal.column
	};

	send_problem(request, &text);
}

void
refuse_as(Request *request, Problem problem)
{
	const ProblemWords *words = problem_words(problem);

	refusal_note(&request->refusal, problem, words->hint, "%s", words->detail);
	refuse_request(request);
}

/* Did If-Match fail because none of its tags can match? */
static bool
only_weak_tags(const Request *request)
{
	const char *if_match = request->call.if_match.data;

	return request->refusal.problem == PROBLEM_PRECONDITION_FAILED &&
		if_match != NULL && strcmp(if_match, "{}") == 0;
}

void
refuse_condition(Request *request)
{
	refusal_note(&request->refusal, PROBLEM_PRECONDITION_FAILED,
				 "Read the resource again.",
				 "none of the entity tags is the current one");
	if (only_weak_tags(request))
		request->refusal.hint = WEAK_TAGS;
	refuse_request(request);
}

/*
 * The hint that the database gives names SQL functions and settings where there
 * is something else for a client to look at.
 */
static const char *
hint_for_client(Problem problem, const PGresult *result)
{
	switch (problem)
	{
		case PROBLEM_MALFORMED_JSON:
			return "Send a JSON document, not too deeply nested, without \\u0000.";
		case PROBLEM_INVALID_DOCUMENT:
			return "Each fault has a JSON Pointer to its place. GET /openapi.json has the models.";
		default:
			return PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
	}
}

/*
 * The texts of our own errors and of refused input are meant for the caller.
 * Any other text may reveal what is not their business, so it goes to the log.
 */
static void
set_problem_texts(Request *request, const PGresult *result, ProblemText *text)
{
	const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
	Problem		problem = request->refusal.problem;
	const ProblemWords *words = problem_words(problem);

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

	text->hint = hint_for_client(problem, result);
	if (problem == PROBLEM_INVALID_DOCUMENT && detail &&
		detail[0] == '[')
		text->errors = detail;
	else
		text->reason = detail;
}

/* Does the log have what the answer leaves out? */
static bool
is_for_operator(Problem problem)
{
	return problem_words(problem)->detail != NULL;
}

static void
log_for_operator(const Request *request, const char *state,
				 const PGresult *result)
{
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	Problem		problem = request->refusal.problem;

	log_event(problem == PROBLEM_INTERNAL ? LOG_ERRORS : LOG_WARNINGS,
			  PROBLEM_BIT(problem) & OWN_EVENT ? problem_kind(problem)->name :
			  "database-error", "%s: %s (request %s)", state ? state : "no SQLSTATE", message ? message : "",
			  request->head.id);
}

/*
 * The server has one SQLSTATE for its timeout and for pg_cancel_backend(),
 * and its words are in its own language.  Nothing ends by the timeout before
 * that has passed.
 */
static Problem
problem_of_result(const Request *request, const char *state)
{
	bool		has_body = request->head.match.route->body != BODY_NONE;
	Problem		problem = sqlstate_problem(state, has_body);

	if (problem == PROBLEM_CANCELLED && strcmp(state, "57014") == 0 &&
		request->call.job.took >= config.statement_timeout)
		return PROBLEM_STOPPED;
	return problem;
}

void
refuse_result(Request *request, PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	ProblemText text = {0};

	request->refusal.problem = problem_of_result(request, state);
	set_problem_texts(request, result, &text);
	if (is_for_operator(request->refusal.problem))
		log_for_operator(request, state, result);
	send_problem(request, &text);
	PQclear(result);
}

/* The method is not known yet, and so HEAD gets a body, too. */
void
refuse_past_library(Request *request, Text *out)
{
	const ProblemKind *kind = problem_kind(request->refusal.problem);
	ProblemText text = {
		.detail = request->refusal.detail.data,
		.hint = request->refusal.hint
	};
	Text		body = {0};
	char		date[HTTP_DATE_SIZE] = "";

	metrics_problem(request->refusal.problem);
	write_document(request, &text, &body);
	request->reply.status = kind->status;
	request->reply.size = body.length;
	http_date(time(NULL), date);
	text_format(out, "HTTP/1.1 %d %s\r\nDate: %s\r\nConnection: close\r\n"
				"Content-Type: application/problem+json\r\n"
				"Cache-Control: no-store\r\n"
				"X-Request-Id: %s\r\nX-Content-Type-Options: nosniff\r\n"
				"Referrer-Policy: no-referrer\r\n"
				"Content-Security-Policy: " RESPONSE_POLICY "\r\n"
				"Content-Length: %zu\r\n", kind->status, kind->title, date,
				request->head.id, body.length);
	if (kind->status == 503)
		text_format(out, MHD_HTTP_HEADER_RETRY_AFTER ": %d\r\n",
					retry_seconds(request->refusal.problem));
	text_add(out, "\r\n");
	if (!text_failed(&body))
		text_add_bytes(out, body.data, body.length);
	text_free(&body);
}
