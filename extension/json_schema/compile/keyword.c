/*
 * json_schema/compile/keyword.c
 *		The table of keywords, and those that apply other schemas or look at the
 *		names of members.
 */
#include "postgres.h"

#include "json/pointer.h"
#include "json_schema/compile/keyword.h"
#include "json_schema/compile/keyword_value.h"
#include "json_schema/compile/target.h"

typedef void (*KeywordCompiler) (SchemaCompiler *compiler,
								 const JsonItem *value);

static int
compare_names(const void *a, const void *b)
{
	const SchemaName *left = a;
	const SchemaName *right = b;

	return json_key_compare(left->str, left->len, right->str, right->len);
}

static SchemaNames *
make_names(SchemaCompiler *compiler, int count)
{
	SchemaNames *names = compile_alloc(compiler,
									   offsetof(SchemaNames, list) +
									   (Size) count * sizeof(SchemaName));

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
	names = make_names(compiler, value->len);
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
	JsonItem	key = {0};
	JsonItem	item;
	int			i = 0;

	if (!keyword_expect_kind(compiler, JSON_OBJECT, "an object", value))
		return NULL;
	names = make_names(compiler, value->len);
	json_walk_start(&walk, value);
	while (json_walk_next(&walk, &key, &item))
	{
		SchemaNames *list = NULL;
		int			node = NODE_ABSENT;

		if (arrays && (!schemas || item.kind == JSON_ARRAY))
			list = read_names(compiler, &item);
		else
			node = compile_child(compiler, &item,
								 pointer_to(location, key.u.string,
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
	JsonItem	key = {0};
	JsonItem	item;

	compiler->keyword = "patternProperties";
	location = keyword_location(compiler);
	if (!keyword_expect_kind(compiler, JSON_OBJECT, "an object", value))
		return;
	members->patterns = compile_alloc(compiler, (Size) value->len *
									  sizeof(SchemaPatternNode));
	json_walk_start(&walk, value);
	while (json_walk_next(&walk, &key, &item))
	{
		char	   *at = pointer_to(location, key.u.string, key.len);
		SchemaPatternNode *entry = &members->patterns[members->npatterns++];

		entry->pattern = keyword_pattern(compiler, key.u.string, key.len, at);
		entry->node = compile_child(compiler, &item, at);
	}
}

/*
 * The three keywords that share out the members of an object, when the first
 * of them that is there comes up.
 */
static void
compile_members(SchemaCompiler *compiler, const JsonItem *unused)
{
	SchemaMembers *members;
	JsonItem	value;

	if (compiler->members_done)
		return;
	compiler->members_done = true;
	members = compile_alloc(compiler, sizeof(SchemaMembers));
	members->additional = NODE_ABSENT;
	compiler->keyword = "properties";
	if (keyword_sibling(compiler, "properties", &value))
		members->names = read_name_map(compiler, &value, true, false);
	if (keyword_sibling(compiler, "patternProperties", &value))
		read_pattern_properties(compiler, &value, members);
	compiler->keyword = "additionalProperties";
	if (keyword_sibling(compiler, "additionalProperties", &value))
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
	list = compile_alloc(compiler, offsetof(SchemaNodeList, nodes) +
						 (Size) value->len * sizeof(int));
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

/* Appends what goes for the elements of an array. */
static void
append_items(SchemaCompiler *compiler, const SchemaNodeList *prefix,
			 const char *prefix_keyword, int rest, const char *rest_keyword)
{
	SchemaItems *items = compile_alloc(compiler, sizeof(SchemaItems));

	items->rest = rest;
	items->prefix_keyword = prefix_keyword;
	items->rest_keyword = rest_keyword;
	if (prefix != NULL)
	{
		items->nprefix = prefix->count;
		items->prefix = prefix->nodes;
	}
	if (prefix != NULL || rest != NODE_ABSENT)
		compile_append_op(compiler, OP_ITEMS,
						  JSON_BIT(JSON_ARRAY))->arg.items = items;
}

/* A schema beside the keyword at hand, or NODE_ABSENT. */
static int
read_sibling(SchemaCompiler *compiler, const char *keyword)
{
	JsonItem	value;

	compiler->keyword = keyword;
	if (!keyword_sibling(compiler, keyword, &value))
		return NODE_ABSENT;
	return compile_child(compiler, &value, keyword_location(compiler));
}

/* prefixItems and items, whichever comes up first */
static void
compile_items(SchemaCompiler *compiler, const JsonItem *unused)
{
	SchemaNodeList *list = NULL;
	JsonItem	value;

	if (compiler->items_done)
		return;
	compiler->items_done = true;
	compiler->keyword = "prefixItems";
	if (keyword_sibling(compiler, "prefixItems", &value))
		list = read_node_list(compiler, &value);
	append_items(compiler, list, "prefixItems",
				 read_sibling(compiler, "items"), "items");
}

/* items as it was until 2019-09: a schema, or an array and additionalItems */
static void
compile_items_2019(SchemaCompiler *compiler, const JsonItem *value)
{
	SchemaNodeList *list;

	if (value->kind != JSON_ARRAY)
	{
		append_items(compiler, NULL, NULL,
					 compile_child(compiler, value, keyword_location(compiler)),
					 "items");
		return;
	}
	list = read_node_list(compiler, value);
	append_items(compiler, list, "items",
				 read_sibling(compiler, "additionalItems"), "additionalItems");
}

/* Reads a bound of "contains", if the dialect has it; is it there? */
static bool
read_contains_bound(SchemaCompiler *compiler, SchemaKeyword keyword,
					int64 *bound)
{
	const SchemaDialect *dialect = keyword_dialect(compiler);
	JsonItem	value;

	if (!(dialect->vocabularies & VOCAB_VALIDATION) ||
		!schema_keyword_is_in(dialect->draft->number, keyword))
		return false;
	compiler->keyword = schema_keyword_name(keyword);
	return keyword_sibling(compiler, compiler->keyword, &value) &&
		keyword_count(compiler, &value, bound);
}

/* contains, with the bounds that only have a meaning beside it */
static void
append_contains(SchemaCompiler *compiler, const JsonItem *value, bool marks)
{
	SchemaContains *contains = compile_alloc(compiler, sizeof(SchemaContains));

	contains->node = compile_child(compiler, value,
								   keyword_location(compiler));
	contains->min = 1;
	contains->max = PG_INT64_MAX;
	contains->marks = marks;
	contains->min_given = read_contains_bound(compiler, KEYWORD_MIN_CONTAINS,
											  &contains->min);
	read_contains_bound(compiler, KEYWORD_MAX_CONTAINS, &contains->max);
	compiler->keyword = "contains";
	compile_append_op(compiler, OP_CONTAINS,
					  JSON_BIT(JSON_ARRAY))->arg.contains = contains;
}

static void
compile_contains(SchemaCompiler *compiler, const JsonItem *value)
{
	append_contains(compiler, value, true);
}

/* What it accepted did not count as evaluated until 2020-12. */
static void
compile_contains_2019(SchemaCompiler *compiler, const JsonItem *value)
{
	append_contains(compiler, value, false);
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

/* $dynamicRef, and $recursiveRef with its one anchor that has no name */
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

static void
compile_if(SchemaCompiler *compiler, const JsonItem *value)
{
	SchemaIf   *branch = compile_alloc(compiler, sizeof(SchemaIf));

	branch->condition = compile_child(compiler, value,
									  keyword_location(compiler));
	branch->then_node = read_sibling(compiler, "then");
	branch->else_node = read_sibling(compiler, "else");
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
 * How each keyword is compiled; those that others read beside themselves, and
 * those that assert nothing, have no entry.
 */
static const KeywordCompiler compilers[KEYWORD_COUNT] = {
	[KEYWORD_TYPE] = compile_type,
	[KEYWORD_CONST] = compile_const,
	[KEYWORD_ENUM] = compile_enum,
	[KEYWORD_MINIMUM] = compile_minimum,
	[KEYWORD_MINIMUM_04] = compile_minimum_04,
	[KEYWORD_EXCLUSIVE_MINIMUM] = compile_exclusive_minimum,
	[KEYWORD_EXCLUSIVE_MINIMUM_04] = compile_exclusive_04,
	[KEYWORD_MAXIMUM] = compile_maximum,
	[KEYWORD_MAXIMUM_04] = compile_maximum_04,
	[KEYWORD_EXCLUSIVE_MAXIMUM] = compile_exclusive_maximum,
	[KEYWORD_EXCLUSIVE_MAXIMUM_04] = compile_exclusive_04,
	[KEYWORD_MULTIPLE_OF] = compile_multiple_of,
	[KEYWORD_MIN_LENGTH] = compile_min_length,
	[KEYWORD_MAX_LENGTH] = compile_max_length,
	[KEYWORD_PATTERN] = compile_pattern,
	[KEYWORD_FORMAT] = compile_format,
	[KEYWORD_MIN_ITEMS] = compile_min_items,
	[KEYWORD_MAX_ITEMS] = compile_max_items,
	[KEYWORD_MIN_PROPERTIES] = compile_min_properties,
	[KEYWORD_MAX_PROPERTIES] = compile_max_properties,
	[KEYWORD_REQUIRED] = compile_required,
	[KEYWORD_DEPENDENT_REQUIRED] = compile_dependent_required,
	[KEYWORD_PROPERTY_NAMES] = compile_property_names,
	[KEYWORD_PROPERTIES] = compile_members,
	[KEYWORD_PATTERN_PROPERTIES] = compile_members,
	[KEYWORD_ADDITIONAL_PROPERTIES] = compile_members,
	[KEYWORD_PREFIX_ITEMS] = compile_items,
	[KEYWORD_ITEMS] = compile_items,
	[KEYWORD_ITEMS_2019] = compile_items_2019,
	[KEYWORD_UNIQUE_ITEMS] = compile_unique_items,
	[KEYWORD_UNIQUE_BY] = compile_unique_by,
	[KEYWORD_CONTAINS] = compile_contains,
	[KEYWORD_CONTAINS_2019] = compile_contains_2019,
	[KEYWORD_REF] = compile_ref,
	[KEYWORD_DYNAMIC_REF] = compile_dynamic_ref,
	[KEYWORD_RECURSIVE_REF] = compile_dynamic_ref,
	[KEYWORD_ALL_OF] = compile_all_of,
	[KEYWORD_ANY_OF] = compile_any_of,
	[KEYWORD_ONE_OF] = compile_one_of,
	[KEYWORD_NOT] = compile_not,
	[KEYWORD_IF] = compile_if,
	[KEYWORD_DEPENDENT_SCHEMAS] = compile_dependent_schemas,
	[KEYWORD_DEPENDENCIES] = compile_dependencies,
	[KEYWORD_UNEVALUATED_ITEMS] = compile_unevaluated_items,
	[KEYWORD_UNEVALUATED_PROPERTIES] = compile_unevaluated_properties,
};

/* Compiles a keyword unless the dialect lacks its vocabulary. */
static void
compile_keyword(SchemaCompiler *compiler, int keyword, const JsonItem *value)
{
	const SchemaDialect *dialect = keyword_dialect(compiler);

	if (compilers[keyword] == NULL ||
		!(schema_keyword(keyword)->vocabulary &
		  (dialect->vocabularies | VOCAB_CORE)))
		return;
	compiler->keyword = schema_keyword_name(keyword);
	compilers[keyword] (compiler, value);
}

/* Puts the values of the schema's keywords under their numbers. */
static void
find_keywords(SchemaCompiler *compiler, JsonItem *values, bool *present)
{
	SchemaDraft draft = keyword_dialect(compiler)->draft->number;
	JsonWalk	walk;
	JsonItem	key;
	JsonItem	value;

	memset(present, 0, KEYWORD_COUNT);
	json_walk_start(&walk, &compiler->schema);
	while (json_walk_next(&walk, &key, &value))
	{
		int			keyword = schema_keyword_find(draft, &key);

		if (keyword == KEYWORD_UNKNOWN)
			continue;
		present[keyword] = true;
		values[keyword] = value;
	}
}

void
compile_keywords(SchemaCompiler *compiler)
{
	JsonItem	values[KEYWORD_COUNT];
	bool		present[KEYWORD_COUNT];

	find_keywords(compiler, values, present);
	compiler->members_done = false;
	compiler->items_done = false;
	if (present[KEYWORD_REF] && keyword_dialect(compiler)->draft->ref_alone)
	{
		compile_keyword(compiler, KEYWORD_REF, &values[KEYWORD_REF]);
		return;
	}
	for (int i = 0; i < KEYWORD_COUNT; i++)
	{
		if (present[i])
			compile_keyword(compiler, i, &values[i]);
	}
}
