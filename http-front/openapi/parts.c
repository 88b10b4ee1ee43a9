/*
 * openapi/parts.c
 *		What the makers of the OpenAPI document share.
 */
#include "openapi/parts.h"

#include <string.h>

#include "config.h"

static bool failed;

void
parts_begin(void)
{
	failed = false;
}

void
parts_fail(void)
{
	failed = true;
}

bool
parts_failed(void)
{
	return failed;
}

void
parts_put(json_t *object, const char *name, json_t *value)
{
	if (json_object_set_new(object, name, value) != 0)
		failed = true;
}

void
parts_add(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) != 0)
		failed = true;
}

json_t *
parts_reference(const char *kind, const char *name)
{
	return json_pack("{s:o}", "$ref",
					 json_sprintf("#/components/%s/%s", kind, name));
}

bool
openapi_is_secured(const Route *route)
{
	return config.auth == AUTH_ON && route->role != ROLE_NONE;
}

bool
openapi_is_tagged(const Route *route)
{
	return route->method == METHOD_GET &&
		(route->answer == ANSWER_RESOURCE || route->answer == ANSWER_PAGE ||
		 route->answer == ANSWER_OPENAPI || route->file != NULL);
}

/* The first parameter from there, of that name if one is given. */
const Parameter *
openapi_parameter(const Route *route, Source source, const char *name)
{
	for (int i = 0; i < route->parameter_count; i++)
	{
		const Parameter *parameter = &route->parameters[i];

		if (parameter->source == source &&
			(name == NULL || strcmp(parameter->name, name) == 0))
			return parameter;
	}
	return NULL;
}
