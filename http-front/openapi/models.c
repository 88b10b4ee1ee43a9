/*
 * openapi/models.c
 *		The schemas that follow from the models that documents are held to.
 *
 * A document that is read has the members of its model and those of the
 * platform.  A domain that was valid when it was written may no longer be, so
 * the schema for reading has no enum of domains.
 */
#include "openapi/models.h"

#include <string.h>

#include "openapi/parts.h"

/* The same members, with those that are named first, in that order. */
static json_t *
order_members(json_t *object, const json_t *names)
{
	json_t	   *ordered = json_object();
	size_t		index;
	json_t	   *name;
	const char *rest;
	json_t	   *value;

	json_array_foreach((json_t *) names, index, name)
	{
		value = json_object_get(object, json_string_value(name));
		if (value != NULL)
			parts_put(ordered, json_string_value(name), json_incref(value));
	}
	json_object_foreach(object, rest, value)
	{
		if (json_object_get(ordered, rest) == NULL)
			parts_put(ordered, rest, json_incref(value));
	}
	return ordered;
}

/*
 * A jsonb keeps the order of arrays, but not of members.  The list of required
 * members is in the order in which a person would read them.
 */
static void
order_properties(json_t *schema)
{
	const json_t *required = json_object_get(schema, "required");
	json_t	   *properties = json_object_get(schema, "properties");
	json_t	   *examples = json_object_get(schema, "examples");
	json_t	   *ordered = json_array();
	size_t		index;
	json_t	   *example;
	const char *name;
	json_t	   *property;

	json_object_foreach(properties, name, property)
	{
		if (json_object_get(property, "items") != NULL)
			order_properties(json_object_get(property, "items"));
	}
	json_array_foreach(examples, index, example)
	{
		parts_add(ordered, order_members(example, required));
	}
	if (properties != NULL)
		parts_put(schema, "properties", order_members(properties, required));
	if (examples != NULL)
		parts_put(schema, "examples", json_incref(ordered));
	json_decref(ordered);
}

/* A model as a component: the dialect is the document's own. */
static json_t *
copy_model(const json_t *models, const char *name, const char *title)
{
	json_t	   *model = json_deep_copy(json_object_get(models, name));

	if (!json_is_object(model))
	{
		json_decref(model);
		model = json_object();
	}
	json_object_del(model, "$schema");
	order_properties(model);
	parts_put(model, "title", json_string(title));
	return model;
}

static bool
array_has(const json_t *array, const char *text)
{
	size_t		index;
	json_t	   *value;

	json_array_foreach((json_t *) array, index, value)
	{
		if (json_is_string(value) && strcmp(json_string_value(value), text) == 0)
			return true;
	}
	return false;
}

/* Let it be null too, which in a patch removes. */
static void
make_nullable(json_t *schema)
{
	json_t	   *type = json_object_get(schema, "type");

	if (json_is_string(type))
		parts_put(schema, "type",
				  json_pack("[O, s]", type, "null"));
	else if (json_is_array(type) && !array_has(type, "null"))
		parts_add(type, json_string("null"));
	if (json_is_object(json_object_get(schema, "additionalProperties")))
		make_nullable(json_object_get(schema, "additionalProperties"));
}

/* A few of the model's own examples, in its order. */
static json_t *
patch_example(const json_t *model)
{
	static const char *const MEMBERS[] = {
		"tableDescription", "description", "status", "tags"
	};
	const json_t *whole = json_array_get(json_object_get(model, "examples"), 0);
	json_t	   *example = json_object();

	for (size_t i = 0; i < sizeof(MEMBERS) / sizeof(MEMBERS[0]); i++)
	{
		json_t	   *value = json_object_get(whole, MEMBERS[i]);

		if (value != NULL)
			parts_put(example, MEMBERS[i], json_incref(value));
	}
	return example;
}

/* A merge patch may leave out anything, and may remove what is optional. */
static void
make_patch(json_t *model)
{
	const json_t *required = json_object_get(model, "required");
	const char *name;
	json_t	   *property;

	json_object_foreach(json_object_get(model, "properties"), name, property)
	{
		if (!array_has(required, name))
			make_nullable(property);
	}
	parts_put(model, "examples", json_pack("[o]", patch_example(model)));
	json_object_del(model, "required");
	parts_put(model, "description",
			  json_string("A JSON merge patch (RFC 7396): what is left out "
						  "stays, null removes, an array is replaced as a "
						  "whole."));
}

static json_t *
copy_property(const json_t *property, const char *name)
{
	json_t	   *copy = json_deep_copy(property);

	if (strcmp(name, "domain") == 0)
		json_object_del(copy, "enum");
	return copy;
}

/*
 * base.json says under this name what a document that is read need not have.  It is
 * taken out here.
 */
#define MAY_BE_LEFT_OUT	"x-may-be-left-out"

static json_t *
names_always_there(const json_t *properties, const json_t *left_out)
{
	json_t	   *names = json_array();
	const char *name;
	json_t	   *property;

	json_object_foreach((json_t *) properties, name, property)
	{
		if (!array_has(left_out, name))
			parts_add(names, json_string(name));
	}
	return names;
}

/* As documents are read: which they are, what was written, what is known. */
static json_t *
reading_order(const json_t *model)
{
	json_t	   *names = json_pack("[s, s, s]", "id", "name", "version");
	const char *name;
	json_t	   *property;

	json_object_foreach(json_object_get(model, "properties"), name, property)
	{
		parts_add(names, json_string(name));
	}
	return names;
}

/* Complete a document as read by what its model says. */
static void
add_written(json_t *schema, const json_t *model)
{
	json_t	   *properties = json_object_get(schema, "properties");
	json_t	   *example = json_array_get(json_object_get(schema, "examples"), 0);
	json_t	   *order = reading_order(model);
	const char *name;
	json_t	   *property;

	json_object_foreach(json_object_get(model, "properties"), name, property)
	{
		if (!json_is_true(json_object_get(property, "readOnly")))
			parts_put(properties, name, copy_property(property, name));
	}
	if (json_is_object(example))
		json_object_update_missing(example,
								   json_array_get(json_object_get(model, "examples"), 0));
	parts_put(schema, "required",
			  names_always_there(properties,
								 json_object_get(schema, MAY_BE_LEFT_OUT)));
	json_object_del(schema, MAY_BE_LEFT_OUT);
	parts_put(schema, "examples", json_pack("[o]",
											order_members(example, order)));
	parts_put(schema, "properties", order_members(properties, order));
	json_decref(order);
}

/* Many of them, each of which has to say its name. */
static json_t *
contract_documents(const json_t *contract)
{
	const json_t *example = json_array_get(json_object_get(contract, "examples"),
										   0);

	return json_pack("{s:s, s:s, s:{s:[o, {s:[s]}]}, s:[[O]]}",
					 "title", "Contracts", "type", "array", "items", "allOf",
					 parts_reference("schemas", "ContractDocument"),
					 "required", "name", "examples", example);
}

/*
 * A contract has what the platform adds to a data product, but for the list of
 * tables, because it has the tables themselves.
 */
static json_t *
contract_as_read(const json_t *product)
{
	json_t	   *contract = json_deep_copy(product);
	json_t	   *properties = json_object_get(contract, "properties");

	json_object_del(properties, "schemas");
	json_object_del(properties, "deleted");
	json_object_del(json_array_get(json_object_get(contract, "examples"), 0),
					"schemas");
	parts_put(properties, "keptTables",
			  json_pack("{s:s, s:s, s:{s:s}, s:b}", "description",
						"The tables that a write kept because its document did "
						"not have them; only the answer to a write has it.",
						"type", "array", "items", "type", "string",
						"readOnly", true));
	parts_put(properties, "affectedConsumers",
			  parts_reference("schemas", "AffectedConsumers"));
	parts_put(properties, "warnings", parts_reference("schemas", "Warnings"));
	parts_put(contract, MAY_BE_LEFT_OUT,
			  json_pack("[s, s, s]", "keptTables", "affectedConsumers",
						"warnings"));
	parts_put(contract, "title", json_string("Contract, as read"));
	parts_put(contract, "description",
			  json_string("A version of a data product with all of its "
						  "tables."));
	return contract;
}

void
openapi_add_models(json_t *schemas, const json_t *models)
{
	static const struct
	{
		const char *component;
		const char *model;
		const char *title;
		bool		patch;
	}			COMPONENTS[] = {
		{"DataProductRegistration", "registration", "Data product registration", false},
		{"DataProductUpdate", "update", "Data product update", false},
		{"DataProductPatch", "update", "Data product patch", true},
		{"TableSchemaDocument", "table", "Table schema, as written", false},
		{"TableSchemaPatch", "table", "Table schema patch", true},
		{"ContractDocument", "contract", "Contract, as written", false},
		{"ConsumerDocument", "consumer", "Consumer, as written", false},
	};

	for (size_t i = 0; i < sizeof(COMPONENTS) / sizeof(COMPONENTS[0]); i++)
	{
		json_t	   *model = copy_model(models, COMPONENTS[i].model,
									   COMPONENTS[i].title);

		if (COMPONENTS[i].patch)
			make_patch(model);
		parts_put(schemas, COMPONENTS[i].component, model);
	}
	parts_put(schemas, "ContractDocuments",
			  contract_documents(json_object_get(schemas, "ContractDocument")));
	parts_put(schemas, "Contract",
			  contract_as_read(json_object_get(schemas, "DataProduct")));
	add_written(json_object_get(schemas, "Contract"),
				json_object_get(schemas, "ContractDocument"));
	add_written(json_object_get(schemas, "Consumer"),
				json_object_get(schemas, "ConsumerDocument"));
	add_written(json_object_get(schemas, "DataProduct"),
				json_object_get(schemas, "DataProductRegistration"));
	add_written(json_object_get(schemas, "TableSchema"),
				json_object_get(schemas, "TableSchemaDocument"));
}
