/*
 * routes/problem.c
 *		Every kind of refusal: its type, title and status (RFC 9457).
 */
#include "routes/problem.h"

#include <ctype.h>
#include <string.h>

_Static_assert(PROBLEM_COUNT <= 64, "a set of problems is a word");

static const ProblemKind KINDS[PROBLEM_COUNT] = {
	[PROBLEM_NONE] = {"none", "OK", 200, NULL},
	[PROBLEM_BAD_REQUEST] =
	{"bad-request", "The request is malformed", 400, NULL},
	[PROBLEM_INVALID_PARAMETER] =
	{"invalid-parameter", "A parameter is not valid", 400, "MD010"},
	[PROBLEM_MALFORMED_JSON] =
	{"malformed-json", "The body is not valid JSON", 400, NULL},
	[PROBLEM_MALFORMED_YAML] =
	{"malformed-yaml", "The body is not valid YAML", 400, NULL},
	[PROBLEM_UNAUTHORIZED] =
	{"unauthorized", "A valid token is needed", 401, NULL},
	[PROBLEM_ROLE_MISSING] =
	{"role-missing", "The token lacks the role for this", 403, NULL},
	[PROBLEM_NO_SUCH_PATH] =
	{"no-such-path", "There is nothing at this path", 404, NULL},
	[PROBLEM_METHOD_NOT_ALLOWED] =
	{"method-not-allowed", "The method is not allowed here", 405, NULL},
	[PROBLEM_NOT_ACCEPTABLE] =
	{"not-acceptable", "No acceptable media type is available", 406, NULL},
	[PROBLEM_BODY_TOO_LARGE] =
	{"body-too-large", "The body is too large", 413, NULL},
	[PROBLEM_PATH_TOO_LONG] =
	{"path-too-long", "The path is too long", 414, NULL},
	[PROBLEM_UNSUPPORTED_MEDIA_TYPE] =
	{"unsupported-media-type", "The body's media type is not supported", 415, NULL},
	[PROBLEM_EXPECTATION_FAILED] =
	{"expectation-failed", "The expectation cannot be met", 417, NULL},
	[PROBLEM_TOO_MANY_REQUESTS] =
	{"too-many-requests", "Too many requests", 429, NULL},
	[PROBLEM_HEADER_TOO_LARGE] =
	{"header-too-large", "The request head is too large", 431, NULL},
	[PROBLEM_INTERNAL] =
	{"internal", "Something went wrong inside", 500, NULL},
	[PROBLEM_BUSY] =
	{"busy", "The service is busy", 503, NULL},
	[PROBLEM_DATABASE_AWAY] =
	{"database-away", "The database is away", 503, NULL},
	[PROBLEM_NOT_READY] =
	{"not-ready", "The service is not ready", 503, NULL},
	[PROBLEM_PROVIDER_AWAY] =
	{"identity-provider-away", "Tokens cannot be checked at the moment", 503, NULL},
	[PROBLEM_SERVICE_STOPPING] =
	{"service-stopping", "The service is stopping", 503, NULL},
	[PROBLEM_READ_ONLY] =
	{"database-read-only", "The database accepts no writes at the moment", 503, NULL, 5},
	[PROBLEM_DATABASE_FULL] =
	{"database-full", "The database has no room left", 503, NULL, 30},
	[PROBLEM_STOPPED] =
	{"statement-stopped", "The database took too long", 503, NULL},
	[PROBLEM_CANCELLED] =
	{"statement-cancelled", "An administrator cancelled the statement", 503, NULL},
	[PROBLEM_TOO_MANY_CONNECTIONS] =
	{"too-many-connections", "The database has no connection left", 503, NULL, 5},
	[PROBLEM_OUT_OF_MEMORY] =
	{"database-out-of-memory", "The database has no memory left", 503, NULL, 5},
	[PROBLEM_DATABASE_STOPPING] =
	{"database-stopping", "The database is stopping or starting", 503, NULL, 2},
	[PROBLEM_LIMIT_EXCEEDED] =
	{"limit-exceeded", "A limit of the database is exceeded", 422, "MD017"},
	[PROBLEM_ANSWER_TOO_LARGE] =
	{"answer-too-large", "The answer is too large", 413, NULL},
	[PROBLEM_INVALID_ID] =
	{"invalid-id", "The ID is not valid", 400, "MD001"},
	[PROBLEM_NOT_FOUND] =
	{"not-found", "The resource does not exist", 404, "MD002"},
	[PROBLEM_GONE] =
	{"gone", "The resource was deleted", 410, "MD003"},
	[PROBLEM_ALREADY_EXISTS] =
	{"already-exists", "The name is taken", 409, "MD004"},
	[PROBLEM_VERSION_CONFLICT] =
	{"version-conflict", "The update starts from a version that is not current", 409, "MD005"},
	[PROBLEM_BREAKING_CHANGE] =
	{"breaking-change", "A breaking change belongs on the newest major", 409, "MD011"},
	[PROBLEM_NOT_RESTORABLE] =
	{"not-restorable", "The deletion can no longer be undone", 409, "MD012"},
	[PROBLEM_VERSIONS_EXHAUSTED] =
	{"versions-exhausted", "No version number is left", 409, "MD013"},
	[PROBLEM_CONSUMED] =
	{"consumed", "What is to be deleted is still consumed", 409, "MD019"},
	[PROBLEM_PRECONDITION_FAILED] =
	{"precondition-failed", "The precondition failed", 412, "MD006"},
	[PROBLEM_POSITION_LOST] =
	{"position-lost", "What the position stands for was lost", 412, "MD018"},
	[PROBLEM_INVALID_DOCUMENT] =
	{"invalid-document", "The document does not match its model", 422, "MD007"},
	[PROBLEM_KEY_REUSED] =
	{"idempotency-key-reused", "The idempotency key was used for another request", 422, "MD008"},
	[PROBLEM_FORBIDDEN] =
	{"forbidden", "The caller may not do this", 403, "MD009"},
	[PROBLEM_INVALID_SCHEMA] =
	{"invalid-schema", "The JSON Schema is not valid", 422, "MD014"},
};

static const ProblemWords WORDS[PROBLEM_COUNT] = {
	[PROBLEM_DATABASE_AWAY] = {"the database cannot do this now", PROBLEM_TRY_AGAIN},
	[PROBLEM_BUSY] =
	{"other requests are in the way, or the database is short of resources", PROBLEM_TRY_AGAIN},
	[PROBLEM_READ_ONLY] =
	{"the database that answered accepts no writes", PROBLEM_TRY_AGAIN},
	[PROBLEM_DATABASE_FULL] =
	{"the database's disk is full; nothing was changed",
	"Tell the operator, and try again when there is room."},
	[PROBLEM_STOPPED] =
	{"the statement was stopped before it finished; nothing was changed",
	"Try again, or ask for less at once."},
	[PROBLEM_CANCELLED] =
	{"an administrator of the database cancelled the statement; nothing was "
	"changed", PROBLEM_TRY_AGAIN},
	[PROBLEM_TOO_MANY_CONNECTIONS] =
	{"the database takes no more connections", PROBLEM_TRY_AGAIN},
	[PROBLEM_OUT_OF_MEMORY] =
	{"the database has not enough memory for this; nothing was changed",
	"Try again later, or send or ask for less at once."},
	[PROBLEM_DATABASE_STOPPING] =
	{"the database is stopping or starting", PROBLEM_TRY_AGAIN},
	[PROBLEM_NOT_READY] =
	{"the database lacks a part of the extension dpmeta, or does not let the "
		"service use it",
	"Tell the operator; /ready and the log say more."},
	[PROBLEM_INTERNAL] =
	{"the request could not be carried out", "Tell the operator the requestId."},
	[PROBLEM_LIMIT_EXCEEDED] =
	{"a value that was sent is larger than the database can store or index; "
		"nothing was changed",
	"Send shorter values, or fewer of them; the log tells the operator which."},
	[PROBLEM_ANSWER_TOO_LARGE] =
	{"the answer is larger than the database can make",
	"Ask for less at once."},
};

const ProblemKind *
problem_kind(Problem problem)
{
	return &KINDS[problem];
}

const ProblemWords *
problem_words(Problem problem)
{
	return &WORDS[problem];
}

void
problem_add_sentence(Text *out, const char *detail)
{
	text_add_char(out, (char) toupper((unsigned char) detail[0]));
	if (detail[0] != '\0')
		text_add(out, detail + 1);
}

static void
add_detail(Text *out, const char *detail)
{
	Text		sentence = {0};

	if (detail == NULL)
		return;
	problem_add_sentence(&sentence, detail);
	if (!text_failed(&sentence))
		text_add_member(out, "detail", sentence.data);
	text_free(&sentence);
}

void
problem_write(Text *out, Problem problem, const ProblemText *text)
{
	const ProblemKind *kind = &KINDS[problem];

	text_format(out, "{\"type\":\"" PROBLEM_TYPE_PREFIX "%s\"", kind->name);
	text_add_member(out, "title", kind->title);
	text_format(out, ",\"status\":%d", kind->status);
	add_detail(out, text->detail);
	text_add_member(out, "reason", text->reason);
	text_add_member(out, "hint", text->hint);
	if (text->instance != NULL)
	{
		text_add(out, ",\"instance\":");
		text_add_json_bytes(out, text->instance, text->instance_length);
	}
	text_add_member(out, "requestId", text->request_id);
	if (text->line > 0)
		text_format(out, ",\"line\":%zu,\"column\":%zu", text->line, text->column);
	if (text->errors != NULL)
	{
		text_add(out, ",\"errors\":");
		text_add(out, text->errors);
	}
	text_add_char(out, '}');
}
