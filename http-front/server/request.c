/*
 * server/request.c
 *		One request's life: read, judged, sent to a lane, answered.
 *
 * libmicrohttpd calls request_handle() once when the head is there, then for
 * each piece of the body, then at its end, and again until there is an answer.
 *
 * A request that waits is suspended, and answered when libmicrohttpd calls
 * again.
 *
 * What is wrong is noted as early as it is seen, and answered at the end of
 * the body, so that the connection lives on; a body is not kept once the
 * request is refused.
 */
#include "server/request.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "auth/auth.h"
#include "checks/check.h"
#include "config.h"
#include "auth/limit.h"
#include "base/log.h"
#include "base/loop.h"
#include "metrics/metrics.h"
#include "db/reads.h"
#include "answers/refusal.h"
#include "answers/reply.h"

#define MOST_SPARE 128
/* So much of a path stands in the log, in bytes. */
#define LOGGED_PATH 256
/* A refused body is read and dropped up to this; beyond, the line is cut. */
#define DISCARD_MOST (UINT64_C(128) * 1024 * 1024)

static Pool *write_pool;
static Pool *read_pool;
static bool draining;
static bool progressed;
static long count;
static Request *spare;
static int spare_count;

void
request_use_pools(Pool *writes, Pool *reads)
{
	write_pool = writes;
	read_pool = reads ? reads : writes;
}

Pool *
request_write_pool(void)
{
	return write_pool;
}

Pool *
request_read_pool(void)
{
	return read_pool;
}

void
request_drain(void)
{
	draining = true;
}

bool
request_draining(void)
{
	return draining;
}

long
request_count(void)
{
	return count;
}

bool
request_progressed(void)
{
	bool		was = progressed;

	progressed = false;
	return was;
}

bool
request_waits_for_turn(void)
{
	return progressed;
}

/* 128 bits: a random start for the process, then splitmix64 steps. */
static uint64_t
next_random(void)
{
	static uint64_t state;
	uint64_t	mixed;

	if (state == 0 &&
		getrandom(&state, sizeof(state), 0) != (ssize_t) sizeof(state))
		state = (uint64_t) clock_microseconds();
	state += UINT64_C(0x9E3779B97F4A7C15);
	mixed = state;
	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
	return mixed ^ (mixed >> 31);
}

static void
make_id(char *id)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t	halves[2] = {next_random(), next_random()};

	for (int i = 0; i < 32; i++)
		id[i] = digits[(halves[i / 16] >> (i % 16 * 4)) & 15];
	id[32] = '\0';
}

/*
 * Requests that are done with are kept for the next ones: the allocator is
 * slow for what is as large.
 */
static Request *
take_spare(void)
{
	Request    *request = spare;

	if (request == NULL)
		request = malloc(sizeof(*request));
	else
	{
		spare = request->next_spare;
		spare_count--;
	}
	if (request == NULL)
		return NULL;
	memset(request, 0, offsetof(Request, uri));
	request->traceparent[0] = '\0';
	return request;
}

static void
keep_spare(Request *request)
{
	if (spare_count >= MOST_SPARE)
	{
		free(request);
		return;
	}
	request->next_spare = spare;
	spare = request;
	spare_count++;
}

void
request_free_spare(void)
{
	while (spare != NULL)
	{
		Request    *next = spare->next_spare;

		free(spare);
		spare = next;
	}
	spare_count = 0;
}

/* Refuse it past libmicrohttpd, which may not come so far. */
static void
say_last_words(Request *request)
{
	Text		words = {0};

	reply_last_words(request, &words);
	if (!text_failed(&words))
		client_last_words(request->client, words.data, words.length);
	text_free(&words);
}

/* Our problem document goes first, and nothing can be sent after it. */
void
request_refuse_head(void)
{
	Request    *request = client_judged();

	if (request == NULL || request->status != 0)
		return;
	check_refused_head(request);
	say_last_words(request);
	progressed = true;
}

/* The request line has come: the one place where the target is whole. */
void *
request_create(void *cls, const char *uri, struct MHD_Connection *connection)
{
	Request    *request = take_spare();
	const char *target = uri ? uri : "";
	size_t		length = strlen(target);
	size_t		room = uri_room(target);
	char	   *memory;

	(void) cls;
	if (request == NULL)
		return NULL;
	request->connection = connection;
	request->client = client_begin(connection, request);
	request->started = clock_microseconds();
	memory = request->short_target;
	if (room + length + 1 > SHORT_TARGET)
		memory = request->target_memory = malloc(room + length + 1);
	if (memory == NULL)
	{
		client_head_came(request->client);
		keep_spare(request);
		return NULL;
	}
	request->target = memcpy(memory + room, target, length + 1);
	uri_parse(&request->uri, request->target, memory);
	make_id(request->id);
	progressed = true;
	if (!check_target(request))
		say_last_words(request);
	return request;
}

static void
destroy_request(Request *request)
{
	if (request->response != NULL)
		MHD_destroy_response(request->response);
	for (int i = 0; i < FIELD_COUNT; i++)
		if (request->copied & 1u << i)
			free((char *) request->fields[i]);
	document_free(&request->job.document);
	text_free(&request->if_match);
	text_free(&request->body);
	text_free(&request->detail);
	free(request->answered_id);
	free(request->target_memory);
	if (request->begun)
		count--;
	keep_spare(request);
}

static const char *
client_aborted(const Request *request,
			   enum MHD_RequestTerminationCode code)
{
	if (request->client != NULL && request->client->cut)
		return "too slow";
	switch (code)
	{
		case MHD_REQUEST_TERMINATED_COMPLETED_OK:
			return NULL;
		case MHD_REQUEST_TERMINATED_TIMEOUT_REACHED:
			return "timeout";
		case MHD_REQUEST_TERMINATED_DAEMON_SHUTDOWN:
			return "shutdown";
		default:
			return "connection";
	}
}

/* The parts of a dp: ID, for the log only: nothing is judged by them. */
static void
add_id_parts(Text *line, const char *id)
{
	const char *name;
	const char *part;

	if (id == NULL || strncmp(id, "dp:", 3) != 0)
		return;
	name = id + 3;
	text_add(line, ",\"dataProduct\":");
	text_add_json_bytes(line, name, strcspn(name, ":"));
	part = strrchr(name, ':');
	if (part != NULL && !(part[1] == 'v' && strspn(part + 2, "0123456789.") ==
						  strlen(part + 2)))
		text_add_member(line, "table", part + 1);
}

/* Where there is no route; without the query, which may hold secrets. */
static void
add_path(Text *line, const Request *request)
{
	size_t		length = request->uri.path_length;

	if (request->match.route != NULL)
		return;
	text_add(line, ",\"path\":");
	text_add_json_bytes(line, request->uri.path,
						length < LOGGED_PATH ? length : LOGGED_PATH);
}

/* Probes come every few seconds, and say something when they fail. */
static LogLevel
request_level(const Request *request, const char *aborted)
{
	return request->match.route != NULL &&
		route_is_probe(request->match.route) && request->status < 400 &&
		aborted == NULL ? LOG_PROBES : LOG_REQUESTS;
}

static void
log_request(const Request *request, enum MHD_RequestTerminationCode code,
			int64_t duration)
{
	const char *aborted = client_aborted(request, code);
	LogLevel	level = request_level(request, aborted);
	Text	   *line;

	if (!log_wants(level))
		return;
	line = log_begin(level, "request");
	text_add_member(line, "requestId", request->id);
	if (request->traceparent[0] != '\0')
		text_add_member(line, "traceparent", request->traceparent);
	text_add_member(line, "method", request->method_name);
	text_add_member(line, "route", request->match.route ?
					request->match.route->path : NULL);
	add_path(line, request);
	text_add(line, ",\"status\":");
	text_add_number(line, (uint64_t) request->status);
	text_add(line, ",\"microseconds\":");
	text_add_number(line, (uint64_t) duration);
	text_add(line, ",\"bytes\":");
	text_add_number(line, request->answer_size);
	if (request->problem != PROBLEM_NONE)
		text_add_member(line, "problem", problem_kind(request->problem)->name);
	text_add_member(line, "client", request->address_text);
	text_add_member(line, "caller", request->caller);
	if (request->token_reason != TOKEN_NO_REASON)
		text_add_member(line, "tokenRefused",
						token_reason_name(request->token_reason));
	if (request->answered_id != NULL)
		add_id_parts(line, request->answered_id);
	else if (request->match.id != NULL && !request->match.id->bad)
		add_id_parts(line, request->match.id->text);
	text_add_member(line, "aborted", aborted);
	log_end(line);
}

void
request_completed(void *cls, struct MHD_Connection *connection,
				  void **context, enum MHD_RequestTerminationCode code)
{
	Request    *request = *context;
	int64_t		duration;

	(void) cls;
	(void) connection;
	if (request == NULL)
		return;
	*context = NULL;
	duration = clock_microseconds() - request->started;
	metrics_request(request->match.route, request->status, duration);
	log_request(request, code, duration);
	client_answered(request->client);
	request->client = NULL;
	progressed = true;
	request->suspended = false;
	/* The lane still has its job: what comes back is dropped then. */
	if (request->asked)
		request->abandoned = true;
	else
		destroy_request(request);
}

/* libmicrohttpd has its own reference to the response from here on. */
static enum MHD_Result
send_response(Request *request)
{
	struct MHD_Response *response = request->response;
	enum MHD_Result result;

	if (response == NULL)
		return MHD_NO;
	request->response = NULL;
	progressed = true;
	client_answer_begins(request->client);
	result = MHD_queue_response(request->connection,
								(unsigned) request->status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result
refuse(Request *request)
{
	reply_problem(request);
	return send_response(request);
}

static void
note_outcome(Request *request, Outcome outcome)
{
	if (outcome == JOB_BUSY)
	{
		request->problem = PROBLEM_BUSY;
		text_add(&request->detail, "too many requests are waiting");
	}
	else
	{
		request->problem = PROBLEM_DATABASE_AWAY;
		text_add(&request->detail, outcome == JOB_AWAY ?
				 "there is no connection to the database" :
				 "the connection to the database was lost meanwhile");
	}
	request->hint = PROBLEM_TRY_AGAIN;
}

void
request_resume(Request *request)
{
	if (!request->suspended)
		return;
	request->suspended = false;
	progressed = true;
	MHD_resume_connection(request->connection);
}

static enum MHD_Result
suspend(Request *request)
{
	request->suspended = true;
	client_waits(request->client);
	MHD_suspend_connection(request->connection);
	return MHD_YES;
}

/* The answer may be there at once. */
static void
submit(Request *request, Pool *pool)
{
	request->asked = true;
	request->asked_pool = pool;
	pool_submit(pool, &request->job);
}

/* A lane has answered, or there was none. */
static void
job_done(Job *job, Outcome outcome, PGresult *result)
{
	Request    *request = (Request *) job;

	request->asked = false;
	if (request->abandoned)
	{
		PQclear(result);
		destroy_request(request);
		return;
	}
	if (reads_need_primary(request, outcome, result))
	{
		PQclear(result);
		job->position = 0;
		submit(request, write_pool);
		return;
	}
	if (outcome == JOB_ANSWERED)
		reply_result(request, result);
	else
	{
		note_outcome(request, outcome);
		reply_problem(request);
	}
	request_resume(request);
}

/* The answer may be there at once, when there is no database to ask. */
static enum MHD_Result
ask_database(Request *request)
{
	Job		   *job = &request->job;
	bool		writes = request->match.route->work == WORK_WRITE;

	job->route = request->match.route;
	job->trace = request->traceparent[0] ? request->traceparent : NULL;
	job->wants_position = writes && !request->dry_run &&
		read_pool != write_pool;
	job->done = job_done;
	submit(request, writes ? write_pool : reads_pool(request));
	return request->asked ? suspend(request) : send_response(request);
}

static enum MHD_Result
answer(Request *request)
{
	const Route *route = request->match.route;

	client_sent_all(request->client);
	client_waited(request->client);
	if (request->status != 0)
		return send_response(request);
	if (auth_must_wait(request))
		return suspend(request);
	limit_check(request);
	check_body(request);
	if (request->problem != PROBLEM_NONE)
		return refuse(request);
	if (request->method == METHOD_OPTIONS)
		reply_options(request);
	else if (route->work == WORK_NONE)
		reply_local(request);
	else
	{
		if (check_values(request))
			return ask_database(request);
		return refuse(request);
	}
	return send_response(request);
}

/* Is it sent in chunks, whose sizes libmicrohttpd keeps to itself? */
static bool
is_chunked(const Request *request)
{
	return request->fields[FIELD_TRANSFER_ENCODING] != NULL;
}

/* Keep the body unless it is refused or of no use. */
static enum MHD_Result
take_body(Request *request, const char *upload, size_t size)
{
	const Route *route = request->match.route;

	request->body_received += size;
	if (is_chunked(request))
		client_sends_chunk(request->client);
	if (request->body_received > DISCARD_MOST)
		return MHD_NO;
	if (request->problem != PROBLEM_NONE)
		return MHD_YES;
	if (request->body_received > (uint64_t) config.max_body)
	{
		check_body_size(request, request->body_received);
		text_free(&request->body);
		return MHD_YES;
	}
	if (route != NULL && route->body != BODY_NONE)
		text_add_bytes(&request->body, upload, size);
	return MHD_YES;
}

static enum MHD_Result
begin(Request *request, const char *method, const char *version)
{
	request->begun = true;
	progressed = true;
	count++;
	client_head_came(request->client);
	check_head(request, method, version);
	if (request->oversized)
	{
		say_last_words(request);
		return MHD_NO;
	}
	if (request->fatal)
		return refuse(request);
	if (is_chunked(request))
		client_sends_chunk(request->client);
	return MHD_YES;
}

enum MHD_Result
request_handle(void *cls, struct MHD_Connection *connection,
			   const char *url, const char *method, const char *version,
			   const char *upload, size_t *upload_size, void **context)
{
	Request    *request = *context;

	(void) cls;
	(void) connection;
	(void) url;
	/* Without memory, or with its answer sent: the line is closed. */
	if (request == NULL || (!request->begun && request->status != 0))
		return MHD_NO;
	if (!request->begun)
		return begin(request, method, version);
	if (*upload_size > 0)
	{
		size_t		size = *upload_size;

		progressed = true;
		*upload_size = 0;
		return take_body(request, upload, size);
	}
	return answer(request);
}
