/*
 * openapi/operation.c
 *		A route as an operation.
 */
#include "openapi/operation.h"

#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "openapi/parts.h"
#include "openapi/responses.h"
#include "routes/formats.h"

static json_t *
format_enum(void)
{
	json_t	   *names = json_array();

	for (int i = 0; i < FORMAT_COUNT; i++)
		parts_add(names, json_string(FORMATS[i].name));
	return names;
}

static json_t *
parameter_schema(const Parameter *parameter)
{
	static const char *const TYPES[] = {
		[TYPE_TEXT] = "string",
		[TYPE_INTEGER] = "integer",
		[TYPE_BOOLEAN] = "boolean",
	};
	json_t	   *schema = json_pack("{s:s}", "type", TYPES[parameter->type]);
	const char *initial = parameter->initial;

	if (parameter->source == FROM_FORMAT)
		parts_put(schema, "enum", format_enum());
	if (parameter->pattern != NULL)
		parts_put(schema, "pattern", json_string(parameter->pattern));
	if (parameter->format != NULL)
		parts_put(schema, "format", json_string(parameter->format));
	if (parameter->type == TYPE_INTEGER)
	{
		parts_put(schema, "minimum", json_integer(parameter->least));
		parts_put(schema, "maximum", json_integer(parameter->most));
	}
	if (initial == NULL)
		return schema;
	if (parameter->type == TYPE_TEXT)
		parts_put(schema, "default", json_string(initial));
	else if (parameter->type == TYPE_INTEGER)
		parts_put(schema, "default", json_integer(strtol(initial, NULL, 10)));
	else
		parts_put(schema, "default", json_boolean(strcmp(initial, "true") == 0));
	return schema;
}

/* Swagger UI fills a form in with these. */
static json_t *
form_examples(const Parameter *parameter)
{
	json_t	   *examples = json_object();

	for (int i = 0; i < PARAMETER_EXAMPLES; i++)
	{
		const Example *example = &parameter->examples[i];

		if (example->name != NULL)
			parts_put(examples, example->name,
					  json_pack("{s:s}", "value", example->value));
	}
	return examples;
}

/* These are for reading only: nobody wants to search by all of them at once. */
static json_t *
schema_examples(const Parameter *parameter)
{
	json_t	   *examples = json_array();

	for (int i = 0; i < PARAMETER_EXAMPLES; i++)
	{
		if (parameter->examples[i].name != NULL)
			parts_add(examples, json_string(parameter->examples[i].value));
	}
	return examples;
}

static json_t *
describe_parameter(const Parameter *parameter)
{
	bool		in_path = parameter->source == FROM_PATH ||
		parameter->source == FROM_PATH_NAME;
	json_t	   *described = json_pack("{s:s, s:s, s:s, s:b, s:o}",
									  "name", parameter->name,
									  "in", in_path ? "path" : "query",
									  "description", parameter->meaning,
									  "required", parameter->required,
									  "schema", parameter_schema(parameter));

	if (parameter->examples[0].name == NULL)
		return described;
	if (parameter->required)
		parts_put(described, "examples", form_examples(parameter));
	else
		parts_put(json_object_get(described, "schema"), "examples",
				  schema_examples(parameter));
	return described;
}

static json_t *
operation_parameters(const Route *route)
{
	json_t	   *parameters = json_array();

	for (int i = 0; i < route->parameter_count; i++)
	{
		const Parameter *parameter = &route->parameters[i];

		if (parameter->source == FROM_PATH ||
			parameter->source == FROM_PATH_NAME ||
			parameter->source == FROM_QUERY ||
			parameter->source == FROM_FORMAT)
			parts_add(parameters, describe_parameter(parameter));
	}
	if (route_reads_store(route))
	{
		parts_add(parameters, describe_parameter(&ROUTE_CONSISTENT));
		parts_add(parameters, parts_reference("parameters", "Position"));
	}
	if (openapi_is_tagged(route) ||
		openapi_parameter(route, FROM_IF_MATCH, NULL) != NULL)
		parts_add(parameters, parts_reference("parameters", "IfMatch"));
	if (openapi_is_tagged(route))
		parts_add(parameters, parts_reference("parameters", "IfNoneMatch"));
	if (route->idempotent)
		parts_add(parameters, parts_reference("parameters", "IdempotencyKey"));
	parts_add(parameters, parts_reference("parameters", "RequestId"));
	return parameters;
}

/* One document on each line: for the documentation that is a text. */
static json_t *
lines_of_documents(const json_t *documents)
{
	char	   *line = json_dumps(json_array_get(documents, 0), JSON_COMPACT);
	json_t	   *media = json_pack("{s:{s:s, s:s}, s:{s:{s:s}}}", "schema",
								  "type", "string", "description",
								  "A document on each line.", "examples",
								  "example", "value", line ? line : "");

	free(line);
	return media;
}

static json_t *
request_body(const Route *route, const json_t *components)
{
	const json_t *schema = json_object_get(json_object_get(components,
														   "schemas"),
										   route->takes);
	json_t	   *example = json_array_get(json_object_get(schema, "examples"), 0);
	json_t	   *content = json_object();
	json_t	   *media = json_pack("{s:o}", "schema",
								  parts_reference("schemas", route->takes));

	if (example != NULL)
		parts_put(media, "examples", json_pack("{s:{s:O}}", "example", "value",
											   example));
	if (route->body == BODY_DOCUMENTS)
		parts_put(content, "application/x-ndjson",
				  lines_of_documents(example));
	parts_put(content, route->body == BODY_MERGE_PATCH ?
			  "application/merge-patch+json" : "application/json", media);
	parts_put(content, route->body == BODY_MERGE_PATCH ?
			  "application/merge-patch+yaml" : "application/yaml",
			  json_incref(media));
	return json_pack("{s:b, s:o}", "required", true, "content", content);
}

static json_t *
operation_description(const Route *route)
{
	if (!openapi_is_secured(route))
		return json_string(route->description);
	if (route->role == ROLE_READER)
		return json_sprintf("%s\n\nNeeds a valid token.", route->description);
	return json_sprintf("%s\n\nNeeds a token with the role `%s`%s.",
						route->description,
						route->role == ROLE_STEWARD ? config.steward_role :
						config.producer_role,
						route->role == ROLE_STEWARD ? "" :
						", or a steward's");
}

json_t *
openapi_operation(const Route *route, json_t *components)
{
	json_t	   *operation = json_pack("{s:s, s:s, s:o, s:[s], s:o}",
									  "operationId", route->operation,
									  "summary", route->summary,
									  "description",
									  operation_description(route),
									  "tags", route->tag,
									  "parameters",
									  operation_parameters(route));

	if (route->body != BODY_NONE)
		parts_put(operation, "requestBody", request_body(route, components));
	parts_put(operation, "responses",
			  openapi_responses(route, json_object_get(components,
													   "responses")));
	if (openapi_is_secured(route))
		parts_put(operation, "security", json_pack("[{s:[]}]", "login"));
	else
		parts_put(operation, "security", json_array());
	return operation;
}
