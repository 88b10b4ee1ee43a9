/*
 * routes/problem.h
 *		Every kind of refusal: its type, title and status (RFC 9457).
 */
#ifndef DPMETA_PROBLEM_H
#define DPMETA_PROBLEM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

typedef enum Problem
{
	PROBLEM_NONE,
	/* made by the front */
	PROBLEM_BAD_REQUEST,
	PROBLEM_INVALID_PARAMETER,
	PROBLEM_MALFORMED_JSON,
	PROBLEM_MALFORMED_YAML,
	PROBLEM_UNAUTHORIZED,
	PROBLEM_ROLE_MISSING,
	PROBLEM_NO_SUCH_PATH,
	PROBLEM_METHOD_NOT_ALLOWED,
	PROBLEM_NOT_ACCEPTABLE,
	PROBLEM_BODY_TOO_LARGE,
	PROBLEM_PATH_TOO_LONG,
	PROBLEM_UNSUPPORTED_MEDIA_TYPE,
	PROBLEM_EXPECTATION_FAILED,
	PROBLEM_TOO_MANY_REQUESTS,
	PROBLEM_HEADER_TOO_LARGE,
	PROBLEM_INTERNAL,
	PROBLEM_BUSY,
	PROBLEM_DATABASE_AWAY,
	PROBLEM_NOT_READY,
	PROBLEM_PROVIDER_AWAY,
	PROBLEM_SERVICE_STOPPING,
	/* made by the front of what the database says: db/sqlstate.c */
	PROBLEM_READ_ONLY,
	PROBLEM_DATABASE_FULL,
	PROBLEM_STOPPED,
	PROBLEM_CANCELLED,
	PROBLEM_TOO_MANY_CONNECTIONS,
	PROBLEM_OUT_OF_MEMORY,
	PROBLEM_DATABASE_STOPPING,
	PROBLEM_LIMIT_EXCEEDED,
	PROBLEM_ANSWER_TOO_LARGE,
	/* made by the extension */
	PROBLEM_INVALID_ID,
	PROBLEM_NOT_FOUND,
	PROBLEM_GONE,
	PROBLEM_ALREADY_EXISTS,
	PROBLEM_VERSION_CONFLICT,
	PROBLEM_BREAKING_CHANGE,
	PROBLEM_NOT_RESTORABLE,
	PROBLEM_VERSIONS_EXHAUSTED,
	PROBLEM_CONSUMED,
	PROBLEM_PRECONDITION_FAILED,
	PROBLEM_POSITION_LOST,
	PROBLEM_INVALID_DOCUMENT,
	PROBLEM_KEY_REUSED,
	PROBLEM_FORBIDDEN,
	PROBLEM_INVALID_SCHEMA,
	PROBLEM_COUNT
} Problem;

/* A set of them is a word. */
#define PROBLEM_BIT(problem) (UINT64_C(1) << (problem))

typedef struct ProblemKind
{
	const char *name;			/* ends the type URI; also the metric's label */
	const char *title;
	int			status;
	const char *sqlstate;		/* what raises it, NULL if the front does */
	int			retry_after;	/* seconds, of a 503; 0: one */
} ProblemKind;

/* What one answer says, beside its kind. */
typedef struct ProblemText
{
	const char *detail;
	const char *reason;
	const char *hint;
	size_t		line;			/* in the body, from 1; 0 for none */
	size_t		column;
	const char *errors;			/* a JSON array, as it is */
	const char *instance;
	size_t		instance_length;
	const char *request_id;
} ProblemText;

/*
 * The hint for trying again.  Without a key or a condition, a repeated write
 * may be done twice.
 */
#define PROBLEM_TRY_AGAIN "Try again. With If-Match or an Idempotency-Key, a " \
	"repeated write is done only once."

/*
 * What a client is told of a problem whose own text is for the operator's log;
 * empty where its own text is for the client.
 */
typedef struct ProblemWords
{
	const char *detail;
	const char *hint;
} ProblemWords;

/* What a type URI begins with. */
#define PROBLEM_TYPE_PREFIX "urn:dpmeta:problem:"

extern const ProblemKind *problem_kind(Problem problem);
extern const ProblemWords *problem_words(Problem problem);

/* A detail begins with a capital letter when a client reads it. */
extern void problem_add_sentence(Text *out, const char *detail);
extern void problem_write(Text *out, Problem problem, const ProblemText *text);

#endif							/* DPMETA_PROBLEM_H */
