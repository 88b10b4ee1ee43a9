/*
 * openapi/responses.c
 *		What a route answers with, and each problem that it can meet.
 */
#include "openapi/responses.h"

#include <stdio.h>
#include <string.h>

#include "openapi/parts.h"
#include "routes/formats.h"
#include "routes/problem.h"

static bool
is_any(const Route *route)
{
	(void) route;
	return true;
}

static bool
is_limited(const Route *route)
{
	return route->answer != ANSWER_HEALTH && route->answer != ANSWER_READY &&
		route->answer != ANSWER_METRICS;
}

static bool
has_document(const Route *route)
{
	return route->work != WORK_NONE && route->answer != ANSWER_READY &&
		route->answer != ANSWER_OPENAPI;
}

static bool
has_parameters(const Route *route)
{
	return has_document(route) || route->role != ROLE_NONE;
}

static bool
has_id(const Route *route)
{
	return openapi_parameter(route, FROM_PATH, "id") != NULL;
}

static bool
has_body(const Route *route)
{
	return route->body != BODY_NONE;
}

static bool
has_media_type(const Route *route)
{
	return route->produces != NULL;
}

static bool
has_condition(const Route *route)
{
	return openapi_is_tagged(route) ||
		openapi_parameter(route, FROM_IF_MATCH, NULL) != NULL;
}

static bool
takes_position(const Route *route)
{
	return route_reads_store(route);
}

static bool
has_key(const Route *route)
{
	return route->idempotent;
}

static bool
needs_role(const Route *route)
{
	return openapi_is_secured(route) && route->role != ROLE_READER;
}

static bool
needs_database(const Route *route)
{
	return route->work != WORK_NONE;
}

static bool
writes(const Route *route)
{
	return route->work == WORK_WRITE;
}

/*
 * The problems that follow from what a route is; the route names the others
 * itself.  The samples are what such an answer may say, if problem_words() has
 * no words for it.
 */
static const struct
{
	bool		(*applies) (const Route *route);
	const char *sample;
	const char *hint;
}			KNOWN[PROBLEM_COUNT] = {

	[PROBLEM_BAD_REQUEST] =
	{is_any, "the header Host was given twice", "Send it once."},
	[PROBLEM_INVALID_PARAMETER] =
	{has_parameters, "unknown query parameter \"verbose\"",
	"Leave it out; names are case-sensitive."},
	[PROBLEM_MALFORMED_JSON] =
	{has_body, "invalid input syntax for type json", NULL},
	[PROBLEM_MALFORMED_YAML] =
	{has_body, "line 3, column 1: the key \"name\" stands there twice",
	"It is read by the core schema of YAML 1.2."},
	[PROBLEM_UNAUTHORIZED] =
	{openapi_is_secured, "the token has expired", NULL},
	[PROBLEM_ROLE_MISSING] =
	{needs_role, "this needs the role \"Data Steward\"",
	"Ask whoever grants roles at the identity provider."},
	[PROBLEM_NO_SUCH_PATH] = {NULL, "there is nothing at this path", NULL},
	[PROBLEM_NOT_ACCEPTABLE] =
	{has_media_type, "answers here are application/json",
	"Leave Accept out, or name this media type in it."},
	[PROBLEM_BODY_TOO_LARGE] =
	{is_any, "the body is larger than 1048576 bytes", "Send less."},
	[PROBLEM_PATH_TOO_LONG] =
	{is_any, "the path and its query are longer than 4096 bytes",
	"Ask for less at once."},
	[PROBLEM_UNSUPPORTED_MEDIA_TYPE] =
	{has_body, "the body must be JSON or YAML in UTF-8",
	"Send Content-Type: application/json."},
	[PROBLEM_EXPECTATION_FAILED] =
	{is_any, "the only expectation that is supported is 100-continue", NULL},
	[PROBLEM_TOO_MANY_REQUESTS] =
	{is_limited, "too many requests", "Wait as long as Retry-After says."},
	[PROBLEM_HEADER_TOO_LARGE] =
	{is_any, "the request head is longer than 65536 bytes",
	"Send fewer or shorter headers."},
	[PROBLEM_INTERNAL] = {is_any, NULL, NULL},
	[PROBLEM_BUSY] =
	{needs_database, "too many requests are waiting",
	PROBLEM_TRY_AGAIN},
	[PROBLEM_DATABASE_AWAY] =
	{needs_database, "there is no connection to the database",
	PROBLEM_TRY_AGAIN},
	[PROBLEM_NOT_READY] =
	{needs_database, "the database does not have the extension dpmeta",
	"A DBA runs CREATE EXTENSION dpmeta."},
	[PROBLEM_PROVIDER_AWAY] =
	{openapi_is_secured, "the identity provider's keys could not be fetched",
	"Try again; the token may be good."},
	[PROBLEM_SERVICE_STOPPING] =
	{needs_database, "the service stopped before the database answered",
	PROBLEM_TRY_AGAIN},
	[PROBLEM_READ_ONLY] = {writes, NULL, NULL},
	[PROBLEM_DATABASE_FULL] = {needs_database, NULL, NULL},
	[PROBLEM_STOPPED] = {needs_database, NULL, NULL},
	[PROBLEM_CANCELLED] = {needs_database, NULL, NULL},
	[PROBLEM_TOO_MANY_CONNECTIONS] = {needs_database, NULL, NULL},
	[PROBLEM_OUT_OF_MEMORY] = {needs_database, NULL, NULL},
	[PROBLEM_DATABASE_STOPPING] = {needs_database, NULL, NULL},
	[PROBLEM_LIMIT_EXCEEDED] = {has_body, NULL, NULL},
	[PROBLEM_ANSWER_TOO_LARGE] =
	{has_document, "the answer has 41943040 bytes, and may have 33554432",
	"Ask for less at once."},
	[PROBLEM_INVALID_ID] =
	{has_id, "invalid id: dp:X", NULL},
	[PROBLEM_NOT_FOUND] =
	{has_id, "data product does not exist with id dp:hmpps_use_of_force", NULL},
	[PROBLEM_GONE] =
	{has_id, "data product was deleted with id dp:hmpps_use_of_force", NULL},
	[PROBLEM_ALREADY_EXISTS] =
	{NULL, "the name is taken", NULL},
	[PROBLEM_VERSION_CONFLICT] =
	{NULL, "the update starts from version v1.0, and v1.1 is current",
	"Read the current version, and start from that."},
	[PROBLEM_BREAKING_CHANGE] =
	{NULL, "a breaking change to major 1, which is not the newest",
	"Make it on the newest major."},
	[PROBLEM_NOT_RESTORABLE] =
	{NULL, "a later version has taken its place", NULL},
	[PROBLEM_VERSIONS_EXHAUSTED] = {NULL, "no version number is left", NULL},
	[PROBLEM_CONSUMED] =
	{NULL, "it is still consumed: dp:hmpps_use_of_force",
	"Ask them to move on first, or delete it with force."},
	[PROBLEM_PRECONDITION_FAILED] =
	{has_condition, "none of the entity tags is the current one",
	"Read the resource again."},
	[PROBLEM_POSITION_LOST] =
	{takes_position, "the position is not in the history of this server",
	"Read without a position, and look whether what you wrote is there."},
	[PROBLEM_INVALID_DOCUMENT] =
	{has_body, "document breaks its model in 1 place",
	"Each fault has a JSON Pointer to its place."},
	[PROBLEM_KEY_REUSED] =
	{has_key, "the idempotency key was used for another request",
	"Use a new key."},
	[PROBLEM_FORBIDDEN] =
	{NULL, "publishing needs a steward", NULL},
};

#define SAMPLE_ERRORS \
	"[{\"pointer\":\"/columns/0/type\"," \
	"\"schemaPointer\":\"/properties/columns/items/properties/type/format\"," \
	"\"keyword\":\"format\",\"message\":\"Must be a column type.\"}]"

static bool
can_meet(const Route *route, Problem problem)
{
	return (route->problems & PROBLEM_BIT(problem)) != 0 ||
		(KNOWN[problem].applies != NULL && KNOWN[problem].applies(route));
}

/* As it would be sent. */
static json_t *
problem_example(Problem problem)
{
	static const char instance[] = "/v1/data-products/dp:hmpps_use_of_force";
	const ProblemWords *words = problem_words(problem);
	bool		sampled = KNOWN[problem].sample != NULL;
	ProblemText text = {
		.detail = sampled ? KNOWN[problem].sample : words->detail,
		.hint = sampled ? KNOWN[problem].hint : words->hint,
		.instance = instance,
		.instance_length = sizeof(instance) - 1,
		.request_id = "nightly-load-42"
	};
	Text		body = {0};
	json_t	   *example = NULL;

	if (problem == PROBLEM_INVALID_DOCUMENT)
		text.errors = SAMPLE_ERRORS;
	problem_write(&body, problem, &text);
	if (!text_failed(&body))
		example = json_loadb(body.data, body.length, 0, NULL);
	text_free(&body);
	return json_pack("{s:s, s:o}", "summary", problem_kind(problem)->title,
					 "value", example);
}

/* Does any route that is served meet it? */
static bool
is_met(Problem problem)
{
	for (int i = 0; i < ROUTE_COUNT; i++)
		if (can_meet(&ROUTES[i], problem))
			return true;
	return false;
}

void
openapi_add_problems(json_t *components)
{
	json_t	   *examples = json_object_get(components, "examples");

	for (int i = PROBLEM_NONE + 1; i < PROBLEM_COUNT; i++)
		if (is_met((Problem) i))
			parts_put(examples, problem_kind((Problem) i)->name,
					  problem_example((Problem) i));
}

static void
add_header(json_t *headers, const char *name, const char *component)
{
	parts_put(headers, name, parts_reference("headers", component));
}

/* Only where a limit is set. */
static void
add_limit_headers(json_t *headers)
{
	add_header(headers, "RateLimit", "RateLimit");
	add_header(headers, "RateLimit-Policy", "RateLimit-Policy");
}

/*
 * The headers for security are only described in words, because no client
 * needs them.
 */
static json_t *
usual_headers(bool has_content)
{
	json_t	   *headers = json_object();

	add_header(headers, "X-Request-Id", "X-Request-Id");
	add_header(headers, "Cache-Control", "Cache-Control");
	add_header(headers, "Vary", "Vary");
	if (has_content)
		add_header(headers, "Content-Encoding", "Content-Encoding");
	return headers;
}

static json_t *
problem_headers(int status)
{
	json_t	   *headers = usual_headers(true);

	add_limit_headers(headers);
	if (status == 401 || status == 403)
		add_header(headers, "WWW-Authenticate", "WWW-Authenticate");
	if (status == 429 || status == 503)
		add_header(headers, "Retry-After", "Retry-After");
	if (status == 415)
		add_header(headers, "Accept-Patch", "Accept-Patch");
	if (status == 409 || status == 412)
		add_header(headers, "Dpmeta-Position", "Dpmeta-Position");
	return headers;
}

/* The response for a set of problems of one status. */
static json_t *
problem_response(uint64_t set, int status)
{
	Text		description = {0};
	json_t	   *types = json_array();
	json_t	   *examples = json_object();
	json_t	   *schema;
	json_t	   *response;

	for (int i = PROBLEM_NONE + 1; i < PROBLEM_COUNT; i++)
	{
		const ProblemKind *kind = problem_kind((Problem) i);

		if ((set & PROBLEM_BIT(i)) == 0)
			continue;
		text_format(&description, "%s%s.", description.length ? " " : "",
					kind->title);
		parts_add(types, json_sprintf(PROBLEM_TYPE_PREFIX "%s", kind->name));
		parts_put(examples, kind->name,
				  parts_reference("examples", kind->name));
	}
	schema = json_pack("{s:[o, {s:s, s:{s:{s:o}, s:{s:i}}}]}", "allOf",
					   parts_reference("schemas", "Problem"),
					   "type", "object", "properties",
					   "type", "enum", types, "status", "const", status);
	response = json_pack("{s:s, s:o, s:{s:{s:o, s:o}}}",
						 "description",
						 text_failed(&description) ? "" : description.data,
						 "headers", problem_headers(status),
						 "content", "application/problem+json",
						 "schema", schema, "examples", examples);
	text_free(&description);
	return response;
}

static uint64_t
problems_met(const Route *route, int status)
{
	uint64_t	set = 0;

	for (int i = PROBLEM_NONE + 1; i < PROBLEM_COUNT; i++)
		if (problem_kind((Problem) i)->status == status &&
			can_meet(route, (Problem) i))
			set |= PROBLEM_BIT(i);
	return set;
}

/*
 * All that a route can meet under one status; NULL if there is nothing.  The
 * routes share their responses, which are named after what is in them.
 */
static json_t *
refer_to_problems(const Route *route, int status, json_t *shared)
{
	uint64_t	set = problems_met(route, status);
	Text		name = {0};
	json_t	   *reference = NULL;

	for (int i = PROBLEM_NONE + 1; i < PROBLEM_COUNT; i++)
		if (set & PROBLEM_BIT(i))
			text_format(&name, "%s%s", name.length ? "." : "",
						problem_kind((Problem) i)->name);
	if (set != 0 && !text_failed(&name))
	{
		if (json_object_get(shared, name.data) == NULL)
			parts_put(shared, name.data, problem_response(set, status));
		reference = parts_reference("responses", name.data);
	}
	text_free(&name);
	return reference;
}

static json_t *
success_headers(const Route *route, int status)
{
	json_t	   *headers = usual_headers(status != 204 && status != 304);

	if (is_limited(route))
		add_limit_headers(headers);
	if (status == 201)
		add_header(headers, "Location", "Location");
	if (openapi_is_tagged(route) ||
		(route->work == WORK_WRITE && route->success != 204))
		add_header(headers, "ETag", "ETag");
	if (route->answer == ANSWER_PAGE)
		add_header(headers, "Link", "NextLink");
	else if (route->resource != NULL)
		add_header(headers, "Link", "SuccessorLink");
	if (route->resource != NULL)
	{
		add_header(headers, "Deprecation", "Deprecation");
		add_header(headers, "Sunset", "Sunset");
	}
	if (route->idempotent)
		add_header(headers, "idempotent-replayed", "idempotent-replayed");
	if (route->work == WORK_WRITE)
		add_header(headers, "Dpmeta-Position", "Dpmeta-Position");
	return headers;
}

static bool
can_dry_run(const Route *route)
{
	return openapi_parameter(route, FROM_QUERY, "dryRun") != NULL;
}

/* A file has no form that could be told here. */
static json_t *
success_schema(const Route *route, int status)
{
	json_t	   *dry_run = parts_reference("schemas", "DryRun");

	if (status != route->success && !(route->creates && status == 201) &&
		route->answers == NULL)
		return dry_run;
	if (route->answers != NULL && can_dry_run(route) && status == 200 &&
		route->body != BODY_DOCUMENTS)
		return json_pack("{s:[o, o]}", "oneOf",
						 parts_reference("schemas", route->answers), dry_run);
	json_decref(dry_run);
	if (route->answers != NULL)
		return parts_reference("schemas", route->answers);
	return json_pack("{s:s}", "type", "string");
}

static const char *
success_description(const Route *route, int status)
{
	switch (status)
	{
		case 201:
			return "It was made.";
		case 204:
			return route->success == 204 ? "It is done." :
				"It is done, and its document is too large for an answer.";
		case 304:
			return "The client has the current state already.";
		default:
			if (status != route->success)
				return "With dryRun: what would be made.";
			return can_dry_run(route) ?
				"It is done; with dryRun: what would be made." :
				"What was asked for.";
	}
}

/* Those of others; their owners say what is in them. */
static void
add_formats(json_t *content)
{
	for (const Format *one = FORMAT_YAML + 1; one < FORMATS + FORMAT_COUNT; one++)
		parts_put(content, one->media_type,
				  one->is_json ?
				  json_pack("{s:{s:[s, s], s:{}}}", "schema", "type", "object",
							"array", "items") :
				  json_pack("{s:{s:s}}", "schema", "type", "string"));
}

static json_t *
success_response(const Route *route, int status)
{
	json_t	   *response =
		json_pack("{s:s, s:o}",
				  "description", success_description(route, status),
				  "headers", success_headers(route, status));
	json_t	   *content = json_object();

	if (status == 204 || status == 304)
	{
		json_decref(content);
		return response;
	}
	parts_put(content, route->produces ? route->produces : "*/*",
			  json_pack("{s:o}", "schema", success_schema(route, status)));
	if (route->has_formats)
		add_formats(content);
	if (route_answers_json(route))
		parts_put(content, FORMAT_YAML->media_type,
				  json_pack("{s:o}", "schema", success_schema(route, status)));
	parts_put(response, "content", content);
	return response;
}

static bool
can_succeed_with(const Route *route, int status)
{
	return status == route->success ||
		(status == 201 && route->creates) ||
		(status == 200 && can_dry_run(route)) ||
		(status == 204 && writes(route) && route->success == 200) ||
		(status == 304 && openapi_is_tagged(route));
}

json_t *
openapi_responses(const Route *route, json_t *shared)
{
	json_t	   *responses = json_object();

	for (int status = 200; status < 600; status++)
	{
		json_t	   *response = can_succeed_with(route, status) ?
			success_response(route, status) :
			refer_to_problems(route, status, shared);
		char		name[16];

		if (response == NULL)
			continue;
		snprintf(name, sizeof(name), "%d", status);
		parts_put(responses, name, response);
	}
	return responses;
}
