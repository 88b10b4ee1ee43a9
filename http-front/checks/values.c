/*
 * checks/values.c
 *		The query, and what the statement of a route is called with.
 */
#include "checks/values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/field.h"

static const Parameter *
find_query_parameter(const Route *route, const char *name)
{
	for (int i = 0; i < route->parameter_count; i++)
		if ((route->parameters[i].source == FROM_QUERY ||
			 route->parameters[i].source == FROM_FORMAT) &&
			strcmp(route->parameters[i].name, name) == 0)
			return &route->parameters[i];
	if (route_reads_store(route) && strcmp(ROUTE_CONSISTENT.name, name) == 0)
		return &ROUTE_CONSISTENT;
	return NULL;
}

static bool
is_given_true(const Head *head, const char *name)
{
	const UriParameter *given = head_parameter(head, name);

	return given != NULL && strcmp(given->value.text, "true") == 0;
}

static bool
integer_is_between(const char *value, long least, long most)
{
	char	   *end;
	long		number;

	if (value[0] < '0' || value[0] > '9')
		return false;
	errno = 0;
	number = strtol(value, &end, 10);
	return errno == 0 && *end == '\0' && number >= least && number <= most;
}

static void
check_parameter_value(const Parameter *known, const char *value,
					  Refusal *refusal)
{
	if (known->type == TYPE_INTEGER &&
		!integer_is_between(value, known->least, known->most))
		refusal_note(refusal, PROBLEM_INVALID_PARAMETER, NULL,
					 "query parameter \"%s\" must be a whole number from %ld to %ld",
					 known->name, known->least, known->most);
	if (known->type == TYPE_BOOLEAN && strcmp(value, "true") != 0 &&
		strcmp(value, "false") != 0)
		refusal_note(refusal, PROBLEM_INVALID_PARAMETER, NULL,
					 "query parameter \"%s\" must be true or false", known->name);
}

/* An unknown, malformed or repeated parameter is an error that names it. */
static void
check_query(const Head *head, Refusal *refusal)
{
	const Route *route = head->match.route;
	const Uri  *uri = &head->uri;

	if (uri->parameter_count < 0)
		refusal_note(refusal, PROBLEM_INVALID_PARAMETER, NULL,
					 "there are more than %d query parameters", URI_PARAMETERS);
	for (int i = 0; i < uri->parameter_count; i++)
	{
		const UriParameter *given = &uri->parameters[i];
		const Parameter *known;

		known = given->name.bad ? NULL :
			find_query_parameter(route, given->name.text);
		if (known == NULL)
			refusal_note(refusal, PROBLEM_INVALID_PARAMETER,
						 "Leave it out; names are case-sensitive.",
						 "unknown query parameter \"%.*s\"",
						 (int) (given->name.raw_length > 100 ? 100 :
								given->name.raw_length), given->name.raw);
		else if (given->value.bad)
			refusal_note(refusal, PROBLEM_INVALID_PARAMETER, NULL,
						 "query parameter \"%s\" is not percent-encoded UTF-8",
						 known->name);
		else if (head_parameter(head, known->name) != given)
			refusal_note(refusal, PROBLEM_INVALID_PARAMETER, NULL,
						 "query parameter \"%s\" was given twice", known->name);
		else
			check_parameter_value(known, given->value.text, refusal);
	}
}

static const char *
query_value(const Head *head, const Parameter *parameter, Call *call,
			Refusal *refusal)
{
	const UriParameter *given = head_parameter(head, parameter->name);

	if (given == NULL && parameter->required)
		refusal_note(refusal, PROBLEM_INVALID_PARAMETER, NULL,
					 "query parameter \"%s\" is required", parameter->name);
	if (strcmp(parameter->name, "dryRun") == 0)
	{
		call->dry_run = is_given_true(head, parameter->name);
		return call->dry_run ? "t" : "f";
	}
	return given ? given->value.text : NULL;
}

static const char *
roles_array(unsigned roles)
{
	static const char *const ARRAYS[] = {
		"{}", "{reader}", "{producer}", "{reader,producer}",
		"{steward}", "{reader,steward}", "{producer,steward}",
		"{reader,producer,steward}"
	};

	return ARRAYS[roles & ROLES_ALL];
}

static const char *
parameter_value(const Head *head, const Caller *caller,
				const Parameter *parameter, Call *call, Refusal *refusal)
{
	switch (parameter->source)
	{
		case FROM_PATH:
			return head->match.id->text;
		case FROM_PATH_NAME:
			return head->match.name->text;
		case FROM_QUERY:
			return query_value(head, parameter, call, refusal);
		case FROM_FORMAT:
			return call->format ? call->format->rendering : NULL;
		case FROM_BODY:
			return call->body.data;
		case FROM_IF_MATCH:
			return call->if_match.data;
		case FROM_IDEMPOTENCY:
			return "t";
		case FROM_IDEMPOTENCY_KEY:
			return head->fields[FIELD_IDEMPOTENCY_KEY];
		case FROM_CALLER:
			return caller->name;
		case FROM_CALLER_ROLES:
			return roles_array(caller->roles);
	}
	return NULL;
}

/*
 * A dry run has no key, because a key stands for an answer that changed
 * something.
 */
static void
drop_keys(const Route *route, Call *call)
{
	for (int i = 0; i < route->parameter_count; i++)
	{
		if (route->parameters[i].source == FROM_IDEMPOTENCY)
			call->job.values[i] = "f";
		if (route->parameters[i].source == FROM_IDEMPOTENCY_KEY)
			call->job.values[i] = NULL;
	}
}

void
check_values(const Head *head, const Caller *caller, Call *call,
			 Refusal *refusal)
{
	const Route *route = head->match.route;

	check_query(head, refusal);
	if (is_refused(refusal))
		return;
	call->consistent = route_reads_store(route) &&
		is_given_true(head, ROUTE_CONSISTENT.name);
	call->job.value_count = route->parameter_count;
	for (int i = 0; i < route->parameter_count; i++)
		call->job.values[i] = parameter_value(head, caller,
											  &route->parameters[i], call,
											  refusal);
	if (call->dry_run)
		drop_keys(route, call);
}
