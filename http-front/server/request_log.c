/*
 * server/request_log.c
 *		The log's line for each request.
 */
#include "server/request_log.h"

#include <string.h>

#include "base/log.h"
#include "connection/client.h"

/* So much of a path stands in the log, in bytes. */
#define LOGGED_PATH 256
/* Longer than any that there is. */
#define LOGGED_METHOD 24

static const char *
client_aborted(const Request *request, enum MHD_RequestTerminationCode code)
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
add_path(Text *line, const Head *head)
{
	size_t		length = head->uri.path_length;

	if (head->match.route != NULL)
		return;
	text_add(line, ",\"path\":");
	text_add_json_bytes(line, head->uri.path,
						length < LOGGED_PATH ? length : LOGGED_PATH);
}

/* Probes come every few seconds, and say something when they fail. */
static LogLevel
request_level(const Request *request, const char *aborted)
{
	return request->head.match.route != NULL &&
		route_is_probe(request->head.match.route) && request->reply.status < 400 &&
		aborted == NULL ? LOG_PROBES : LOG_REQUESTS;
}

/* As long as the client likes, like a path. */
static void
add_method(Text *line, const Head *head)
{
	const char *name = head->method_name != NULL ? head->method_name : "";
	size_t		length = strlen(name);

	text_add(line, ",\"method\":");
	text_add_json_bytes(line, name,
						length < LOGGED_METHOD ? length : LOGGED_METHOD);
}

static void
add_request(Text *line, const Request *request)
{
	const Head *head = &request->head;

	text_add_member(line, "requestId", head->id);
	if (head->traceparent[0] != '\0')
		text_add_member(line, "traceparent", head->traceparent);
	add_method(line, head);
	text_add_member(line, "route",
					head->match.route ? head->match.route->path : NULL);
	add_path(line, head);
}

static void
add_caller(Text *line, const Caller *caller)
{
	text_add_member(line, "client", caller->address_text);
	text_add_member(line, "caller", caller->name);
	if (caller->refused != TOKEN_NO_REASON)
		text_add_member(line, "tokenRefused",
						token_reason_name(caller->refused));
}

void
request_log(const Request *request, int64_t duration,
			enum MHD_RequestTerminationCode code)
{
	const Piece *id = request->head.match.id;
	Problem		problem = request->refusal.problem;
	const char *aborted = client_aborted(request, code);
	LogLevel	level = request_level(request, aborted);
	Text	   *line;

	if (!log_wants(level))
		return;
	line = log_begin(level, "request");
	add_request(line, request);
	text_add(line, ",\"status\":");
	text_add_number(line, (uint64_t) request->reply.status);
	text_add(line, ",\"microseconds\":");
	text_add_number(line, (uint64_t) duration);
	text_add(line, ",\"bytes\":");
	text_add_number(line, request->reply.size);
	if (problem != PROBLEM_NONE)
		text_add_member(line, "problem", problem_kind(problem)->name);
	add_caller(line, &request->caller);
	if (request->reply.about != NULL)
		add_id_parts(line, request->reply.about);
	else if (id != NULL && !id->bad)
		add_id_parts(line, id->text);
	text_add_member(line, "aborted", aborted);
	log_end(line);
}
