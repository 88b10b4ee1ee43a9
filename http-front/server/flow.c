/*
 * server/flow.c
 *		One request from its first line to the end of its answer.
 *
 * Read it from top to bottom, as a request goes through it: its line, its head,
 * its body, its answer, the end.  libmicrohttpd calls flow_begin() with the
 * line; then flow_handle(), once when the head is there, for each piece of the
 * body, at its end, and again when a request goes on that was suspended; then
 * flow_completed().
 *
 * A fault is noted when it is seen, but the refusal is sent only at the end of the
 * body, so that the connection can be used again.  The body of a refused request is
 * not kept.
 */
#include "server/flow.h"

#include "answers/local.h"
#include "answers/ready.h"
#include "answers/refuse.h"
#include "answers/result.h"
#include "auth/auth.h"
#include "auth/limit.h"
#include "base/loop.h"
#include "checks/check.h"
#include "checks/head.h"
#include "checks/values.h"
#include "config.h"
#include "connection/client.h"
#include "db/pools.h"
#include "metrics/metrics.h"
#include "request/request.h"
#include "server/request_log.h"

static bool progressed;
static long count;				/* of requests past STAGE_LINE */

long
flow_count(void)
{
	return count;
}

bool
flow_progressed(void)
{
	bool		was = progressed;

	progressed = false;
	return was;
}

bool
flow_waits_for_turn(void)
{
	return progressed;
}

static void
record(const Request *request, enum MHD_RequestTerminationCode code)
{
	int64_t		duration = clock_microseconds() - request->head.started;

	metrics_request(request->head.match.route, request->reply.status, duration);
	request_log(request, duration, code);
}

static void
end_request(Request *request)
{
	if (request->stage != STAGE_LINE)
		count--;
	request_destroy(request);
}

/* ---- handing over to libmicrohttpd ---- */

/* It has its own reference to the response from here on. */
static enum MHD_Result
send_reply(Request *request)
{
	struct MHD_Response *response = request->reply.response;
	enum MHD_Result result;

	request->stage = STAGE_SENT;
	if (response == NULL)
		return MHD_NO;
	request->reply.response = NULL;
	progressed = true;
	client_answer_begins(request->client);
	result = MHD_queue_response(request->connection,
								(unsigned) request->reply.status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result
send_refusal(Request *request)
{
	refuse_request(request);
	return send_reply(request);
}

/* Write to the socket ourselves: libmicrohttpd might never send an answer. */
static void
say_last_words(Request *request)
{
	Text		words = {0};

	refuse_past_library(request, &words);
	if (!text_failed(&words))
		client_last_words(request->client, words.data, words.length);
	text_free(&words);
}

static enum MHD_Result
suspend(Request *request, Stage stage)
{
	request->stage = stage;
	client_waits(request->client);
	MHD_suspend_connection(request->connection);
	return MHD_YES;
}

static void
resume(Request *request)
{
	progressed = true;
	MHD_resume_connection(request->connection);
}

/* ---- the line ---- */

/*
 * Called by connection/client.c: libmicrohttpd refused the head by itself, and closed
 * the connection without calling flow_completed().
 */
static void
lose(void *request)
{
	record(request, MHD_REQUEST_TERMINATED_WITH_ERROR);
	end_request(request);
}

/* This is the one place where the target is whole. */
void *
flow_begin(void *cls, const char *uri, struct MHD_Connection *connection)
{
	Request    *request = request_create(uri ? uri : "");

	(void) cls;
	if (request == NULL)
		return NULL;
	request->connection = connection;
	request->client = client_begin(connection, request, lose);
	progressed = true;
	if (check_target(uri ? uri : "", &request->refusal))
		return request;
	/* libmicrohttpd gets NULL, and does not speak of it again. */
	client_head_came(request->client);
	caller_locate(&request->caller, request->client, &request->head);
	say_last_words(request);
	record(request, MHD_REQUEST_TERMINATED_COMPLETED_OK);
	end_request(request);
	return NULL;
}

/* ---- the head ---- */

static bool
wants_body(const Request *request)
{
	const Route *route = request->head.match.route;

	return !is_refused(&request->refusal) && route != NULL &&
		route->body != BODY_NONE;
}

/* Room for the whole body is had before its first byte is asked for. */
static void
take_room(Request *request, uint64_t size)
{
	if (!wants_body(request) || call_has_room(&request->call, size))
		return;
	call_drop_body(&request->call);
	refusal_note(&request->refusal, PROBLEM_BUSY, PROBLEM_TRY_AGAIN,
				 "the bodies of other requests leave no room for this one");
}

/* Who is it, what do they want, and may they? */
static void
check_head(Request *request, const char *method, const char *version)
{
	Head	   *head = &request->head;
	Caller	   *caller = &request->caller;
	Refusal    *refusal = &request->refusal;

	head->method_name = method;
	head->method = method_from_name(method);
	check_fields(request->connection, version, head, refusal);
	caller_locate(caller, request->client, head);
	check_route(head, refusal);
	auth_check(head, false, caller, refusal);
	if (!caller->undecided)
		limit_check(head, caller, refusal);
	check_meaning(head, &request->call, refusal);
	take_room(request, head_body_size(head));
	check_refused_body(head, refusal);
}

/* Our problem document goes first, and nothing can be sent after it. */
void
flow_refuse_head(void)
{
	Request    *request = client_unannounced();

	if (request == NULL || is_refused(&request->refusal))
		return;
	check_refused_head(request->connection, &request->head, &request->refusal);
	say_last_words(request);
	progressed = true;
}

static enum MHD_Result
take_head(Request *request, const char *method, const char *version)
{
	/* flow_refuse_head() has said its last words. */
	if (is_refused(&request->refusal))
		return MHD_NO;
	request->stage = STAGE_BODY;
	progressed = true;
	count++;
	client_head_came(request->client);
	check_head(request, method, version);
	switch (request->refusal.urgency)
	{
		case REFUSE_PAST_LIBRARY:
			say_last_words(request);
			request->stage = STAGE_SENT;
			return MHD_NO;
		case REFUSE_AT_ONCE:
			return send_refusal(request);
		case REFUSE_AT_END:
			break;
	}
	if (head_is_chunked(&request->head))
		client_sends_chunk(request->client);
	return MHD_YES;
}

/* ---- the body ---- */

static enum MHD_Result
take_body(Request *request, const char *upload, size_t size)
{
	Call	   *call = &request->call;

	progressed = true;
	call->body_received += size;
	if (head_is_chunked(&request->head))
		client_sends_chunk(request->client);
	if (is_refused(&request->refusal))
		return call->body_received > DISCARD_MOST ? MHD_NO : MHD_YES;
	check_body_size(call->body_received, &request->refusal);
	take_room(request, call->body_received);
	if (is_refused(&request->refusal))
		call_drop_body(call);
	else if (wants_body(request))
		text_add_bytes(&call->body, upload, size);
	return MHD_YES;
}

/* ---- the answer ---- */

/* Called by auth/auth.c: flow_handle() goes on with it. */
static void
keys_came(Caller *caller)
{
	resume(caller->owner);
}

static enum MHD_Result
wait_for_keys(Request *request)
{
	request->caller.owner = request;
	request->caller.keys_came = keys_came;
	auth_wait(&request->caller);
	return suspend(request, STAGE_AWAITS_KEYS);
}

static void
note_no_answer(Request *request, Outcome outcome)
{
	Problem		problem = pool_problem(request->call.pool);
	const char *detail = "the connection to the database was lost";

	if (problem == PROBLEM_SERVICE_STOPPING)
		detail = "the service stopped before the database answered";
	else if (outcome == JOB_AWAY)
		detail = "there is no connection to the database";
	if (outcome == JOB_BUSY)
		refusal_note(&request->refusal, PROBLEM_BUSY, PROBLEM_TRY_AGAIN,
					 "too many requests are waiting");
	else
		refusal_note(&request->refusal, problem, PROBLEM_TRY_AGAIN, "%s",
					 detail);
}

/* The database has answered, or could not be asked. */
static void
take_result(Job *job, Outcome outcome, PGresult *result)
{
	Request    *request = (Request *) job;
	bool		suspended = request->stage == STAGE_ASKED;

	if (request->stage == STAGE_ABANDONED)
	{
		PQclear(result);
		end_request(request);
		return;
	}
	if (pools_need_primary(request->call.pool, outcome, result))
	{
		PQclear(result);
		request->call.pool = pools_for_write();
		pool_submit(request->call.pool, job);
		return;
	}
	if (outcome == JOB_ANSWERED)
		answer_result(request, result);
	else if (outcome == JOB_BUSY && job_is_probe(job))
		answer_ready_unasked(request);
	else
	{
		note_no_answer(request, outcome);
		refuse_request(request);
	}
	request->stage = STAGE_ANSWERED;
	if (suspended)
		resume(request);
}

/* take_result() may be called at once, when there is no database to ask. */
static enum MHD_Result
ask_database(Request *request)
{
	const Head *head = &request->head;
	Call	   *call = &request->call;
	Job		   *job = &call->job;
	bool		writes = head->match.route->work == WORK_WRITE;

	job->route = head->match.route;
	job->trace = head->traceparent[0] ? head->traceparent : NULL;
	job->wants_position = writes && !call->dry_run && pools_are_split();
	job->done = take_result;
	call->pool = writes ? pools_for_write() :
		pools_for_read(call->consistent, &job->position);
	request->stage = STAGE_ASKING;
	pool_submit(call->pool, job);
	return request->stage == STAGE_ASKING ?
		suspend(request, STAGE_ASKED) : send_reply(request);
}

/* The body is whole, and the keys have come if they were waited for. */
static enum MHD_Result
answer(Request *request)
{
	const Head *head = &request->head;
	Caller	   *caller = &request->caller;
	Call	   *call = &request->call;
	Refusal    *refusal = &request->refusal;
	bool		answers;
	bool		asks;

	if (caller->undecided && !is_refused(refusal))
	{
		auth_check(head, true, caller, refusal);
		if (caller->undecided)
			return wait_for_keys(request);
	}
	limit_check(head, caller, refusal);
	check_body(head, call, refusal);
	answers = head->method != METHOD_OPTIONS && !is_refused(refusal);
	asks = answers && head->match.route->work != WORK_NONE;
	/* Neither a probe nor a browser should fail by what it adds to a page. */
	if (asks || (answers && head->match.route->role != ROLE_NONE))
		check_values(head, caller, call, refusal);
	if (is_refused(refusal))
		return send_refusal(request);
	if (asks)
		return ask_database(request);
	if (head->method == METHOD_OPTIONS)
		answer_options(request);
	else
		answer_local(request);
	return send_reply(request);
}

enum MHD_Result
flow_handle(void *cls, struct MHD_Connection *connection, const char *url,
			const char *method, const char *version, const char *upload,
			size_t *upload_size, void **context)
{
	Request    *request = *context;
	size_t		size = *upload_size;

	(void) cls;
	(void) connection;
	(void) url;
	if (request == NULL)
		return MHD_NO;			/* it was refused, or there was no memory */
	if (request->stage == STAGE_LINE)
		return take_head(request, method, version);
	if (size > 0)
	{
		*upload_size = 0;
		return take_body(request, upload, size);
	}
	client_sent_all(request->client);
	client_waited(request->client);
	if (request->stage == STAGE_BODY || request->stage == STAGE_AWAITS_KEYS)
		return answer(request);
	return send_reply(request);
}

/* ---- the end ---- */

void
flow_completed(void *cls, struct MHD_Connection *connection, void **context,
			   enum MHD_RequestTerminationCode code)
{
	Request    *request = *context;

	(void) cls;
	(void) connection;
	if (request == NULL)
		return;
	*context = NULL;
	record(request, code);
	client_answered(request->client);
	progressed = true;
	/* A lane still has its job; take_result() will drop the result. */
	if (request->stage == STAGE_ASKED)
		request->stage = STAGE_ABANDONED;
	else
		end_request(request);
}
