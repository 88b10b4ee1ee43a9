/*
 * json_schema/compile/keyword.c
 *		The table of keywords, and those that apply other schemas or look at the
 *		names of members.
 */
#include "postgres.h"

#include "json_schema/compile/keyword.h"

typedef void (*KeywordCompiler) (SchemaCompiler *compiler,
								 const JsonItem *value);

/* Another keyword of the same schema. */
static bool
sibling(SchemaCompiler *compiler, const char *keyword, JsonItem *value)
{
	return json_item_member(&compiler->schema, keyword, strlen(keyword),
							value);
}

static int
compare_names(const void *a, const void *b)
{
	const SchemaName *left = a;
	const SchemaName *right = b;

	return json_key_compare(left->str, left->len, right->str, right->len);
}

static SchemaNames *
make_names(int count)
{
	SchemaNames *names = palloc_extended(offsetof(SchemaNames, list) +
										 (Size) count * sizeof(SchemaName),
										 MCXT_ALLOC_HUGE);

	names->count = count;
	return names;
}

static void
set_name(SchemaName *name, const JsonItem *key, int node, SchemaNames *names)
{
	name->str = key->u.string;
	name->len = key->len;
	name->node = node;
	name->names = names;
}

/* An array of strings, sorted as the keys of a jsonb are. */
static SchemaNames *
read_names(SchemaCompiler *compiler, const JsonItem *value)
{
	SchemaNames *names;
	JsonWalk	walk;
	JsonItem	item;
	int			i = 0;

	if (!keyword_expect_kind(compiler, JSON_ARRAY, "an array of strings", value))
		return NULL;
	names = make_names(value->len);
	json_walk_start(&walk, value);
	while (json_walk_next(&walk, NULL, &item))
	{
		if (!keyword_expect(compiler, item.kind == JSON_STRING,
							"an array of strings", value))
			return NULL;
		set_name(&names->list[i++], &item, NODE_ABSENT, NULL);
	}
	qsort(names->list, names->count, sizeof(SchemaName), compare_names);
	return names;
}

static void
compile_required(SchemaCompiler *compiler, const JsonItem *value)
{
	SchemaNames *names = read_names(compiler, value);

	if (names != NULL && names->count > 0)
		compile_append_op(compiler, OP_REQUIRED,
						  JSON_BIT(JSON_OBJECT))->arg.names = names;
}

/* A map whose values are, as asked, schemas or arrays of names or either. */
static SchemaNames *
read_name_map(SchemaCompiler *compiler, const JsonItem *value,
			  bool schemas, bool arrays)
{
	char	   *location = keyword_location(compiler);
	SchemaNames *names;
	JsonWalk	walk;
	JsonItem	key;
	JsonItem	item;
	int			i = 0;

	if (!keyword_expect_kind(compiler, JSON_OBJECT, "an object", value))
		return NULL;
	names = make_names(value->len);
	json_walk_start(&walk, value);
	while (json_walk_next(&walk, &key, &item))
	{
		SchemaNames *list = NULL;
		int			node = NODE_ABSENT;

		if (arrays && (!schemas || item.kind == JSON_ARRAY))
			list = read_names(compiler, &item);
		else
			node = compile_child(compiler, &item,
								 schema_location(location, key.u.string,
												 key.len));
		set_name(&names->list[i++], &key, node, list);
	}
	return names;
}

static void
compile_dependent_required(SchemaCompiler *compiler, const JsonItem *value)
{
	SchemaNames *names = read_name_map(compiler, value, false, true);

	if (names != NULL)
		compile_append_op(compiler, OP_DEPENDENT_REQUIRED,
						  JSON_BIT(JSON_OBJECT))->arg.names = names;
}

static void
compile_dependent_schemas(SchemaCompiler *compiler, const JsonItem *value)
{
	SchemaNames *names = read_name_map(compiler, value, true, false);

	if (names != NULL)
		compile_append_op(compiler, OP_DEPENDENT_SCHEMAS,
						  JSON_BIT(JSON_OBJECT))->arg.names = names;
}

/* The ancestor of the two above, still in the meta-schema. */
static void
compile_dependencies(SchemaCompiler *compiler, const JsonItem *value)
{
	SchemaNames *names = read_name_map(compiler, value, true, true);

	if (names == NULL)
		return;
	compile_append_op(compiler, OP_DEPENDENT_REQUIRED,
					  JSON_BIT(JSON_OBJECT))->arg.names = names;
	compile_append_op(compiler, OP_DEPENDENT_SCHEMAS,
					  JSON_BIT(JSON_OBJECT))->arg.names = names;
}

static void
read_pattern_properties(SchemaCompiler *compiler, const JsonItem *value,
						SchemaMembers *members)
{
	char	   *location;
	JsonWalk	walk;
	JsonItem	key;
	JsonItem	item;

	compiler->keyword = "patternProperties";
	location = keyword_location(compiler);
	if (!keyword_expect_kind(compiler, JSON_OBJECT, "an object", value))
		return;
	members->patterns = palloc(Max(1, value->len) * sizeof(SchemaPatternNode));
	json_walk_start(&walk, value);
	while (json_walk_next(&walk, &key, &item))
	{
		char	   *at = schema_location(location, key.u.string, key.len);
		SchemaPatternNode *entry = &members->patterns[members->npatterns++];

		entry->pattern = keyword_pattern(compiler, key.u.string, key.len, at);
		entry->node = compile_child(compiler, &item, at);
	}
}

/* The three keywords that share out the members of an object. */
static void
compile_members(SchemaCompiler *compiler)
{
	SchemaMembers *members = palloc0(sizeof(SchemaMembers));
	JsonItem	value;

	members->additional = NODE_ABSENT;
	compiler->keyword = "properties";
	if (sibling(compiler, "properties", &value))
		members->names = read_name_map(compiler, &value, true, false);
	if (sibling(compiler, "patternProperties", &value))
		read_pattern_properties(compiler, &value, members);
	compiler->keyword = "additionalProperties";
	if (sibling(compiler, "additionalProperties", &value))
		members->additional = compile_child(compiler, &value,
											keyword_location(compiler));
	if (members->names || members->patterns ||
		members->additional != NODE_ABSENT)
		compile_append_op(compiler, OP_MEMBERS,
						  JSON_BIT(JSON_OBJECT))->arg.members = members;
}

static void
compile_node_op(SchemaCompiler *compiler, const JsonItem *value,
				SchemaOpCode code, int kinds)
{
	int			node = compile_child(compiler, value,
									 keyword_location(compiler));

	compile_append_op(compiler, code, kinds)->arg.node = node;
}

static void
compile_property_names(SchemaCompiler *compiler, const JsonItem *value)
{
	compile_node_op(compiler, value, OP_PROPERTY_NAMES, JSON_BIT(JSON_OBJECT));
}

static SchemaNodeList *
read_node_list(SchemaCompiler *compiler, const JsonItem *value)
{
	char	   *location = keyword_location(compiler);
	SchemaNodeList *list;
	JsonWalk	walk;
	JsonItem	item;

	if (!keyword_expect_kind(compiler, JSON_ARRAY, "an array of schemas", value))
		return NULL;
	list = palloc(offsetof(SchemaNodeList, nodes) + value->len * sizeof(int));
	list->count = 0;
	json_walk_start(&walk, value);
	while (json_walk_next(&walk, NULL, &item))
	{
		list->nodes[list->count] =
			compile_child(compiler, &item,
						  schema_location_at(location, list->count));
		list->count++;
	}
	return list;
}

/* prefixItems and items */
static void
compile_items(SchemaCompiler *compiler)
{
	SchemaItems *items = palloc0(sizeof(SchemaItems));
	SchemaNodeList *list = NULL;
	JsonItem	value;

	items->rest = NODE_ABSENT;
	compiler->keyword = "prefixItems";
	if (sibling(compiler, "prefixItems", &value))
		list = read_node_list(compiler, &value);
	if (list != NULL)
	{
		items->nprefix = list->count;
		items->prefix = list->nodes;
	}
	compiler->keyword = "items";
	if (sibling(compiler, "items", &value))
		items->rest = compile_child(compiler, &value,
									keyword_location(compiler));
	if (list != NULL || items->rest != NODE_ABSENT)
		compile_append_op(compiler, OP_ITEMS,
						  JSON_BIT(JSON_ARRAY))->arg.items = items;
}

/* contains, with the bounds that only have a meaning beside it */
static void
compile_contains(SchemaCompiler *compiler, const JsonItem *value)
{
	int			vocabularies =
	compiler->documents.resources[compiler->resource].vocabularies;
	SchemaContains *contains = palloc(sizeof(SchemaContains));
	JsonItem	bound;

	contains->node = compile_child(compiler, value,
								   keyword_location(compiler));
	contains->min = 1;
	contains->max = PG_INT64_MAX;
	contains->min_given = false;
	if (vocabularies & VOCAB_VALIDATION)
	{
		compiler->keyword = "minContains";
		if (sibling(compiler, "minContains", &bound))
			contains->min_given = keyword_count(compiler, &bound, &contains->min);
		compiler->keyword = "maxContains";
		if (sibling(compiler, "maxContains", &bound))
			keyword_count(compiler, &bound, &contains->max);
		compiler->keyword = "contains";
	}
	compile_append_op(compiler, OP_CONTAINS,
					  JSON_BIT(JSON_ARRAY))->arg.contains = contains;
}

/* Finds what a reference means; NODE_ABSENT if nothing. */
static int
read_reference(SchemaCompiler *compiler, const JsonItem *value,
			   SchemaPlace *place)
{
	const char *reason;

	if (!keyword_expect_kind(compiler, JSON_STRING, "a string", value))
		return NODE_ABSENT;
	if (!schema_documents_resolve(&compiler->documents, compiler->resource,
								  value, place, &reason))
	{
		schema_fault(&compiler->documents, keyword_location(compiler),
					 compiler->keyword,
					 "The reference \"%s\" leads nowhere: %s.",
					 pnstrdup(value->u.string, value->len), reason);
		return NODE_ABSENT;
	}
	return compile_add_node(compiler, &place->item, place->resource,
							place->location);
}

static void
compile_ref(SchemaCompiler *compiler, const JsonItem *value)
{
	SchemaPlace place;
	int			node = read_reference(compiler, value, &place);

	if (node != NODE_ABSENT)
		compile_append_op(compiler, OP_REF, JSON_BITS_ALL)->arg.node = node;
}

static void
compile_dynamic_ref(SchemaCompiler *compiler, const JsonItem *value)
{
	SchemaPlace place;
	int			node = read_reference(compiler, value, &place);
	int			anchor;
	SchemaOp   *op;

	if (node == NODE_ABSENT)
		return;
	if (place.anchor == NULL)
	{
		compile_append_op(compiler, OP_REF, JSON_BITS_ALL)->arg.node = node;
		return;
	}
	anchor = compile_dynamic_anchor(compiler, place.anchor);
	op = compile_append_op(compiler, OP_DYNAMIC_REF, JSON_BITS_ALL);
	op->arg.dynamic.node = node;
	op->arg.dynamic.anchor = anchor;
}

static void
compile_list(SchemaCompiler *compiler, const JsonItem *value,
			 SchemaOpCode code)
{
	SchemaNodeList *list = read_node_list(compiler, value);

	if (list != NULL)
		compile_append_op(compiler, code, JSON_BITS_ALL)->arg.nodes = list;
}

static void
compile_all_of(SchemaCompiler *compiler, const JsonItem *value)
{
	compile_list(compiler, value, OP_ALL_OF);
}

static void
compile_any_of(SchemaCompiler *compiler, const JsonItem *value)
{
	compile_list(compiler, value, OP_ANY_OF);
}

static void
compile_one_of(SchemaCompiler *compiler, const JsonItem *value)
{
	compile_list(compiler, value, OP_ONE_OF);
}

static void
compile_not(SchemaCompiler *compiler, const JsonItem *value)
{
	compile_node_op(compiler, value, OP_NOT, JSON_BITS_ALL);
}

/* A branch of a conditional, or NODE_ABSENT. */
static int
read_branch(SchemaCompiler *compiler, const char *keyword)
{
	JsonItem	value;

	compiler->keyword = keyword;
	if (!sibling(compiler, keyword, &value))
		return NODE_ABSENT;
	return compile_child(compiler, &value, keyword_location(compiler));
}

static void
compile_if(SchemaCompiler *compiler, const JsonItem *value)
{
	SchemaIf   *branch = palloc(sizeof(SchemaIf));

	branch->condition = compile_child(compiler, value,
									  keyword_location(compiler));
	branch->then_node = read_branch(compiler, "then");
	branch->else_node = read_branch(compiler, "else");
	compiler->keyword = "if";
	compile_append_op(compiler, OP_IF, JSON_BITS_ALL)->arg.branch = branch;
}

static void
compile_unevaluated_items(SchemaCompiler *compiler, const JsonItem *value)
{
	compile_node_op(compiler, value, OP_UNEVALUATED_ITEMS,
					JSON_BIT(JSON_ARRAY));
	compiler->program->nodes[compiler->node].wants_marks = true;
}

static void
compile_unevaluated_properties(SchemaCompiler *compiler,
							   const JsonItem *value)
{
	compile_node_op(compiler, value, OP_UNEVALUATED_PROPERTIES,
					JSON_BIT(JSON_OBJECT));
	compiler->program->nodes[compiler->node].wants_marks = true;
}

/*
 * In the order in which they run: what is cheap and says most first, what
 * needs the marks of the others last.
 */
static const struct
{
	const char *name;
	int			vocabulary;
	KeywordCompiler compile;	/* of its value */
	void		(*compile_group) (SchemaCompiler *compiler);
}			keywords[] =

{
	{"type", VOCAB_VALIDATION, compile_type},
	{"const", VOCAB_VALIDATION, compile_const},
	{"enum", VOCAB_VALIDATION, compile_enum},
	{"minimum", VOCAB_VALIDATION, compile_minimum},
	{"exclusiveMinimum", VOCAB_VALIDATION, compile_exclusive_minimum},
	{"maximum", VOCAB_VALIDATION, compile_maximum},
	{"exclusiveMaximum", VOCAB_VALIDATION, compile_exclusive_maximum},
	{"multipleOf", VOCAB_VALIDATION, compile_multiple_of},
	{"minLength", VOCAB_VALIDATION, compile_min_length},
	{"maxLength", VOCAB_VALIDATION, compile_max_length},
	{"pattern", VOCAB_VALIDATION, compile_pattern},
	{"format", VOCAB_FORMAT | VOCAB_FORMAT_ASSERTION, compile_format},
	{"minItems", VOCAB_VALIDATION, compile_min_items},
	{"maxItems", VOCAB_VALIDATION, compile_max_items},
	{"minProperties", VOCAB_VALIDATION, compile_min_properties},
	{"maxProperties", VOCAB_VALIDATION, compile_max_properties},
	{"required", VOCAB_VALIDATION, compile_required},
	{"dependentRequired", VOCAB_VALIDATION, compile_dependent_required},
	{"propertyNames", VOCAB_APPLICATOR, compile_property_names},
	{NULL, VOCAB_APPLICATOR, NULL, compile_members},
	{NULL, VOCAB_APPLICATOR, NULL, compile_items},
	{"uniqueItems", VOCAB_VALIDATION, compile_unique_items},
	{"x-uniqueBy", VOCAB_VALIDATION, compile_unique_by},
	{"contains", VOCAB_APPLICATOR, compile_contains},
	{"$ref", VOCAB_CORE, compile_ref},
	{"$dynamicRef", VOCAB_CORE, compile_dynamic_ref},
	{"allOf", VOCAB_APPLICATOR, compile_all_of},
	{"anyOf", VOCAB_APPLICATOR, compile_any_of},
	{"oneOf", VOCAB_APPLICATOR, compile_one_of},
	{"not", VOCAB_APPLICATOR, compile_not},
	{"if", VOCAB_APPLICATOR, compile_if},
	{"dependentSchemas", VOCAB_APPLICATOR, compile_dependent_schemas},
	{"dependencies", VOCAB_APPLICATOR, compile_dependencies},
	{"unevaluatedItems", VOCAB_UNEVALUATED, compile_unevaluated_items},
	{"unevaluatedProperties", VOCAB_UNEVALUATED, compile_unevaluated_properties},
};

void
compile_keywords(SchemaCompiler *compiler)
{
	int			vocabularies =
	compiler->documents.resources[compiler->resource].vocabularies |
	VOCAB_CORE;

	for (int i = 0; i < lengthof(keywords); i++)
	{
		JsonItem	value;

		if (!(keywords[i].vocabulary & vocabularies))
			continue;
		compiler->keyword = keywords[i].name;
		if (keywords[i].compile_group != NULL)
			keywords[i].compile_group(compiler);
		else if (sibling(compiler, keywords[i].name, &value))
			keywords[i].compile(compiler, &value);
	}
}
