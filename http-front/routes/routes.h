/*
 * routes/routes.h
 *		The one table of what is served.
 *
 * The router, the method sets, the role check, the statement and its
 * parameters, and the OpenAPI paths are all derived from it.
 */
#ifndef DPMETA_ROUTES_H
#define DPMETA_ROUTES_H

#include <stdbool.h>
#include <stdint.h>

typedef enum Method
{
	METHOD_GET = 1,
	METHOD_HEAD = 2,
	METHOD_POST = 4,
	METHOD_PUT = 8,
	METHOD_PATCH = 16,
	METHOD_DELETE = 32,
	METHOD_OPTIONS = 64,
	METHOD_OTHER = 128
} Method;

#define METHODS_ALL (METHOD_GET | METHOD_HEAD | METHOD_POST | METHOD_PUT | \
	METHOD_PATCH | METHOD_DELETE | METHOD_OPTIONS)

/* How a request may use the lanes; see db/pool.h. */
typedef enum Work
{
	WORK_NONE,					/* answered without the database */
	WORK_READ,					/* short: may share a lane */
	WORK_LIST,
	WORK_WRITE
} Work;

typedef enum Role
{
	ROLE_NONE = 0,				/* no token needed */
	ROLE_READER = 1,
	ROLE_PRODUCER = 2,
	ROLE_STEWARD = 4
} Role;

#define ROLES_ALL (ROLE_READER | ROLE_PRODUCER | ROLE_STEWARD)

typedef enum Body
{
	BODY_NONE,
	BODY_JSON,
	BODY_MERGE_PATCH,
	BODY_DOCUMENTS				/* a JSON array, or a document on each line */
} Body;

/* Who writes the answer. */
typedef enum Answer
{
	ANSWER_RESOURCE,
	ANSWER_PAGE,
	ANSWER_HEALTH,
	ANSWER_READY,
	ANSWER_METRICS,
	ANSWER_OPENAPI,
	ANSWER_CALLER,				/* who asks, and what they may do */
	ANSWER_FILE					/* a page, or a file of one */
} Answer;

/* Where a statement's parameter comes from. */
typedef enum Source
{
	FROM_PATH,
	FROM_PATH_NAME,				/* what is named beside the ID */
	FROM_QUERY,
	FROM_FORMAT,				/* what the database calls the one chosen */
	FROM_BODY,
	FROM_IF_MATCH,
	FROM_IDEMPOTENCY,			/* is the automatic key wanted? */
	FROM_IDEMPOTENCY_KEY,
	FROM_CALLER,
	FROM_CALLER_ROLES
} Source;

typedef enum ParameterType
{
	TYPE_TEXT,
	TYPE_INTEGER,
	TYPE_BOOLEAN
} ParameterType;

typedef struct Example
{
	const char *name;
	const char *value;
} Example;

#define PARAMETER_EXAMPLES 3

typedef struct Parameter
{
	Source		source;
	const char *name;			/* in the path or the query */
	ParameterType type;
	bool		required;
	long		least;			/* of an integer */
	long		most;
	const char *initial;		/* what counts when it is not given */
	const char *pattern;		/* for the documentation: others judge texts */
	const char *format;			/* likewise */
	const char *meaning;		/* of a path's or a query's */
	Example		examples[PARAMETER_EXAMPLES];
} Parameter;

#define ROUTE_PARAMETERS 10

/* A lane has a bit for the statement of each, and two of its own (db/lane.c). */
#define ROUTES_MOST 62

typedef struct Route
{
	const char *operation;		/* names the operation and its statement */
	Method		method;
	const char *path;			/* {id} stands for one segment */
	Work		work;
	Role		role;
	int			success;
	bool		creates;		/* 201 when the resource is new */
	bool		idempotent;		/* keys are honoured */
	bool		has_figures;	/* of the store, which are kept for a while */
	bool		has_formats;	/* it is answered in any of FORMATS */
	Body		body;
	Answer		answer;
	const char *produces;		/* media type */
	const char *resource;		/* path of the resource in the answer, or NULL */
	const char *file;			/* of an ANSWER_FILE; NULL: the path names it */
	const char *page;			/* operation that a browser gets instead */
	/* for the documentation */
	bool		undocumented;	/* a page, or part of one: no operation */
	const char *tag;
	const char *summary;
	const char *description;
	const char *takes;			/* schemas of the body and of the answer */
	const char *answers;
	uint64_t	problems;		/* what only this one can meet, see
								 * PROBLEM_BIT */
	const char *sql;			/* of the metrics, it is asked beside the
								 * requests */
	int			parameter_count;
	Parameter	parameters[ROUTE_PARAMETERS];	/* in the order of $1, $2, … */
} Route;

extern const Route ROUTES[];
extern const int ROUTE_COUNT;

/* The route of an operation, or NULL. */
extern const Route *route_named(const char *operation);

/* Does it answer with a document of the database in JSON, and so in YAML too? */
extern bool route_answers_json(const Route *route);

/* Is it for those who watch the service, rather than for those who use it? */
extern bool route_is_probe(const Route *route);

/* Does it read what others write?  Such a route may be asked to read it all. */
extern bool route_reads_store(const Route *route);

/* The query parameter of such routes, which the statement does not get. */
extern const Parameter ROUTE_CONSISTENT;

#endif							/* DPMETA_ROUTES_H */
