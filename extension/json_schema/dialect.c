/*
 * json_schema/dialect.c
 *		The one table of what each dialect has.
 */
#include "postgres.h"

#include "json_schema/dialect.h"

static const SchemaDraftFacts drafts[] = {
	{
		DRAFT_04, "draft-04", "http://json-schema.org/draft-04/schema",
		"id", NULL, true, true, true
	},
	{
		DRAFT_06, "draft-06", "http://json-schema.org/draft-06/schema",
		"$id", NULL, true, true, false
	},
	{
		DRAFT_07, "draft-07", "http://json-schema.org/draft-07/schema",
		"$id", NULL, true, true, false
	},
	{
		DRAFT_2019_09, "2019-09",
		"https://json-schema.org/draft/2019-09/schema",
		"$id", "https://json-schema.org/draft/2019-09/vocab/",
		false, false, false
	},
	{
		DRAFT_2020_12, "2020-12",
		"https://json-schema.org/draft/2020-12/schema",
		"$id", "https://json-schema.org/draft/2020-12/vocab/",
		false, false, false
	},
};

#define SINCE(draft)	draft, DRAFT_2020_12
#define ONLY(draft)	draft, draft

/*
 * The formats have a table of their own, in json_schema/format/format.c.
 * "x-uniqueBy" is an addition of ours.  "definitions" and "dependencies" have
 * left the drafts but stay in their meta-schemas.
 */
static const SchemaKeywordFacts keywords[] = {
	[KEYWORD_TYPE] = {"type", SINCE(DRAFT_04), VOCAB_VALIDATION},
	[KEYWORD_CONST] = {"const", SINCE(DRAFT_06), VOCAB_VALIDATION},
	[KEYWORD_ENUM] = {"enum", SINCE(DRAFT_04), VOCAB_VALIDATION},
	[KEYWORD_MINIMUM] = {"minimum", SINCE(DRAFT_06), VOCAB_VALIDATION},
	[KEYWORD_MINIMUM_04] = {"minimum", ONLY(DRAFT_04), VOCAB_VALIDATION},
	[KEYWORD_EXCLUSIVE_MINIMUM] = {"exclusiveMinimum", SINCE(DRAFT_06), VOCAB_VALIDATION},
	[KEYWORD_EXCLUSIVE_MINIMUM_04] = {"exclusiveMinimum", ONLY(DRAFT_04), VOCAB_VALIDATION},
	[KEYWORD_MAXIMUM] = {"maximum", SINCE(DRAFT_06), VOCAB_VALIDATION},
	[KEYWORD_MAXIMUM_04] = {"maximum", ONLY(DRAFT_04), VOCAB_VALIDATION},
	[KEYWORD_EXCLUSIVE_MAXIMUM] = {"exclusiveMaximum", SINCE(DRAFT_06), VOCAB_VALIDATION},
	[KEYWORD_EXCLUSIVE_MAXIMUM_04] = {"exclusiveMaximum", ONLY(DRAFT_04), VOCAB_VALIDATION},
	[KEYWORD_MULTIPLE_OF] = {"multipleOf", SINCE(DRAFT_04), VOCAB_VALIDATION},
	[KEYWORD_MIN_LENGTH] = {"minLength", SINCE(DRAFT_04), VOCAB_VALIDATION},
	[KEYWORD_MAX_LENGTH] = {"maxLength", SINCE(DRAFT_04), VOCAB_VALIDATION},
	[KEYWORD_PATTERN] = {"pattern", SINCE(DRAFT_04), VOCAB_VALIDATION},
	[KEYWORD_FORMAT] = {"format", SINCE(DRAFT_04), VOCAB_FORMAT | VOCAB_FORMAT_ASSERTION},
	[KEYWORD_MIN_ITEMS] = {"minItems", SINCE(DRAFT_04), VOCAB_VALIDATION},
	[KEYWORD_MAX_ITEMS] = {"maxItems", SINCE(DRAFT_04), VOCAB_VALIDATION},
	[KEYWORD_MIN_PROPERTIES] = {"minProperties", SINCE(DRAFT_04), VOCAB_VALIDATION},
	[KEYWORD_MAX_PROPERTIES] = {"maxProperties", SINCE(DRAFT_04), VOCAB_VALIDATION},
	[KEYWORD_REQUIRED] = {"required", SINCE(DRAFT_04), VOCAB_VALIDATION},
	[KEYWORD_DEPENDENT_REQUIRED] = {"dependentRequired", SINCE(DRAFT_2019_09), VOCAB_VALIDATION},
	[KEYWORD_PROPERTY_NAMES] = {"propertyNames", SINCE(DRAFT_06), VOCAB_APPLICATOR, SHAPE_SCHEMA},
	[KEYWORD_PROPERTIES] = {"properties", SINCE(DRAFT_04), VOCAB_APPLICATOR, SHAPE_MAP},
	[KEYWORD_PATTERN_PROPERTIES] = {"patternProperties", SINCE(DRAFT_04), VOCAB_APPLICATOR, SHAPE_MAP},
	[KEYWORD_ADDITIONAL_PROPERTIES] = {"additionalProperties", SINCE(DRAFT_04), VOCAB_APPLICATOR, SHAPE_SCHEMA},
	[KEYWORD_PREFIX_ITEMS] = {"prefixItems", SINCE(DRAFT_2020_12), VOCAB_APPLICATOR, SHAPE_ARRAY},
	[KEYWORD_ITEMS] = {"items", SINCE(DRAFT_2020_12), VOCAB_APPLICATOR, SHAPE_SCHEMA},
	[KEYWORD_ITEMS_2019] = {"items", DRAFT_04, DRAFT_2019_09, VOCAB_APPLICATOR, SHAPE_EITHER},
	[KEYWORD_ADDITIONAL_ITEMS] = {"additionalItems", DRAFT_04, DRAFT_2019_09, VOCAB_APPLICATOR, SHAPE_SCHEMA},
	[KEYWORD_UNIQUE_ITEMS] = {"uniqueItems", SINCE(DRAFT_04), VOCAB_VALIDATION},
	[KEYWORD_UNIQUE_BY] = {"x-uniqueBy", SINCE(DRAFT_04), VOCAB_VALIDATION},
	[KEYWORD_CONTAINS] = {"contains", SINCE(DRAFT_2020_12), VOCAB_APPLICATOR, SHAPE_SCHEMA},
	[KEYWORD_CONTAINS_2019] = {"contains", DRAFT_06, DRAFT_2019_09, VOCAB_APPLICATOR, SHAPE_SCHEMA},
	[KEYWORD_MIN_CONTAINS] = {"minContains", SINCE(DRAFT_2019_09), VOCAB_VALIDATION},
	[KEYWORD_MAX_CONTAINS] = {"maxContains", SINCE(DRAFT_2019_09), VOCAB_VALIDATION},
	[KEYWORD_REF] = {"$ref", SINCE(DRAFT_04), VOCAB_CORE},
	[KEYWORD_DYNAMIC_REF] = {"$dynamicRef", SINCE(DRAFT_2020_12), VOCAB_CORE},
	[KEYWORD_RECURSIVE_REF] = {"$recursiveRef", ONLY(DRAFT_2019_09), VOCAB_CORE},
	[KEYWORD_ALL_OF] = {"allOf", SINCE(DRAFT_04), VOCAB_APPLICATOR, SHAPE_ARRAY},
	[KEYWORD_ANY_OF] = {"anyOf", SINCE(DRAFT_04), VOCAB_APPLICATOR, SHAPE_ARRAY},
	[KEYWORD_ONE_OF] = {"oneOf", SINCE(DRAFT_04), VOCAB_APPLICATOR, SHAPE_ARRAY},
	[KEYWORD_NOT] = {"not", SINCE(DRAFT_04), VOCAB_APPLICATOR, SHAPE_SCHEMA},
	[KEYWORD_IF] = {"if", SINCE(DRAFT_07), VOCAB_APPLICATOR, SHAPE_SCHEMA},
	[KEYWORD_THEN] = {"then", SINCE(DRAFT_07), VOCAB_APPLICATOR, SHAPE_SCHEMA},
	[KEYWORD_ELSE] = {"else", SINCE(DRAFT_07), VOCAB_APPLICATOR, SHAPE_SCHEMA},
	[KEYWORD_DEPENDENT_SCHEMAS] = {"dependentSchemas", SINCE(DRAFT_2019_09), VOCAB_APPLICATOR, SHAPE_MAP},
	[KEYWORD_DEPENDENCIES] = {"dependencies", SINCE(DRAFT_04), VOCAB_APPLICATOR, SHAPE_MAP},
	[KEYWORD_UNEVALUATED_ITEMS] = {"unevaluatedItems", SINCE(DRAFT_2019_09), VOCAB_UNEVALUATED, SHAPE_SCHEMA},
	[KEYWORD_UNEVALUATED_PROPERTIES] = {"unevaluatedProperties", SINCE(DRAFT_2019_09), VOCAB_UNEVALUATED, SHAPE_SCHEMA},
	[KEYWORD_ANCHOR] = {"$anchor", SINCE(DRAFT_2019_09), VOCAB_CORE},
	[KEYWORD_DYNAMIC_ANCHOR] = {"$dynamicAnchor", SINCE(DRAFT_2020_12), VOCAB_CORE},
	[KEYWORD_RECURSIVE_ANCHOR] = {"$recursiveAnchor", ONLY(DRAFT_2019_09), VOCAB_CORE},
	[KEYWORD_DEFINITIONS] = {"definitions", SINCE(DRAFT_04), VOCAB_CORE, SHAPE_MAP},
	[KEYWORD_DEFS] = {"$defs", SINCE(DRAFT_2019_09), VOCAB_CORE, SHAPE_MAP},
	[KEYWORD_CONTENT_SCHEMA] = {"contentSchema", SINCE(DRAFT_2019_09), VOCAB_OTHER, SHAPE_SCHEMA},
	[KEYWORD_FALSE] = {"false", SINCE(DRAFT_04), VOCAB_CORE},
};

/* A vocabulary, and what it is when the meta-schema requires it. */
static const struct
{
	SchemaDraft draft;
	const char *name;
	int			bits;
	int			required_bits;
}			vocabularies[] =

{
	{DRAFT_2019_09, "core", VOCAB_CORE},
	{DRAFT_2019_09, "applicator", VOCAB_APPLICATOR | VOCAB_UNEVALUATED},
	{DRAFT_2019_09, "validation", VOCAB_VALIDATION},
	{DRAFT_2019_09, "format", VOCAB_FORMAT, VOCAB_FORMAT_ASSERTION},
	{DRAFT_2019_09, "meta-data", VOCAB_OTHER},
	{DRAFT_2019_09, "content", VOCAB_OTHER},
	{DRAFT_2020_12, "core", VOCAB_CORE},
	{DRAFT_2020_12, "applicator", VOCAB_APPLICATOR},
	{DRAFT_2020_12, "unevaluated", VOCAB_UNEVALUATED},
	{DRAFT_2020_12, "validation", VOCAB_VALIDATION},
	{DRAFT_2020_12, "format-annotation", VOCAB_FORMAT},
	{DRAFT_2020_12, "format-assertion", VOCAB_FORMAT_ASSERTION},
	{DRAFT_2020_12, "meta-data", VOCAB_OTHER},
	{DRAFT_2020_12, "content", VOCAB_OTHER},
};

const SchemaDraftFacts *
schema_draft(SchemaDraft number)
{
	return &drafts[number];
}

/* What of a URI is behind "http" or "https"; the whole of any other. */
static const char *
behind_http(const char *uri)
{
	if (strncmp(uri, "https://", 8) == 0)
		return uri + 5;
	return strncmp(uri, "http://", 7) == 0 ? uri + 4 : uri;
}

bool
schema_draft_uri_is(const char *uri, const char *known)
{
	return strcmp(behind_http(uri), behind_http(known)) == 0;
}

const SchemaDraftFacts *
schema_draft_find(const char *name)
{
	int			len = strlen(name);
	char	   *uri;

	if (len > 0 && name[len - 1] == '#')
		len--;
	uri = pnstrdup(name, len);
	for (int i = 0; i < lengthof(drafts); i++)
	{
		if (strcmp(name, drafts[i].name) == 0 ||
			schema_draft_uri_is(uri, drafts[i].uri))
			return &drafts[i];
	}
	return NULL;
}

char *
schema_draft_names(void)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 0; i < lengthof(drafts); i++)
		appendStringInfo(&buf, "%s%s", i == 0 ? "" :
						 i == lengthof(drafts) - 1 ? " and " : ", ",
						 drafts[i].name);
	return buf.data;
}

const SchemaKeywordFacts *
schema_keyword(int keyword)
{
	return &keywords[keyword];
}

const char *
schema_keyword_name(int keyword)
{
	return keywords[keyword].name;
}

bool
schema_keyword_is_in(SchemaDraft draft, SchemaKeyword keyword)
{
	return keywords[keyword].first <= draft && draft <= keywords[keyword].last;
}

int
schema_keyword_find(SchemaDraft draft, const JsonItem *name)
{
	for (int i = 0; i < KEYWORD_COUNT; i++)
	{
		/* most are told apart by their first letters */
		if (name->len > 0 &&
			keywords[i].name[0] == name->u.string[0] &&
			schema_keyword_is_in(draft, i) &&
			json_string_is(name, keywords[i].name))
			return i;
	}
	return KEYWORD_UNKNOWN;
}

int
schema_vocabulary(const SchemaDraftFacts *draft, const JsonItem *uri,
				  bool required)
{
	int			skip = draft->vocabularies ? strlen(draft->vocabularies) : 0;
	JsonItem	name = *uri;

	if (skip == 0 || uri->len <= skip ||
		memcmp(uri->u.string, draft->vocabularies, skip) != 0)
		return 0;
	name.u.string += skip;
	name.len -= skip;
	for (int i = 0; i < lengthof(vocabularies); i++)
	{
		if (vocabularies[i].draft == draft->number &&
			json_string_is(&name, vocabularies[i].name))
			return vocabularies[i].bits |
				(required ? vocabularies[i].required_bits : 0);
	}
	return 0;
}
