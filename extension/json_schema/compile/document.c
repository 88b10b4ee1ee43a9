/*
 * json_schema/compile/document.c
 *		Finding the resources and anchors of documents, and references.
 *
 * A document is scanned once, through the places that the specification knows
 * as schemas and through no others: an "$id" inside an "enum" or an unknown
 * keyword is plain data.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "errors.h"
#include "json_schema/compile/document.h"
#include "json_schema/uri.h"

static const struct
{
	const char *name;
	KeywordShape shape;
}			shapes[] =

{
	{"$defs", SHAPE_MAP},
	{"additionalProperties", SHAPE_SCHEMA},
	{"allOf", SHAPE_ARRAY},
	{"anyOf", SHAPE_ARRAY},
	{"contains", SHAPE_SCHEMA},
	{"contentSchema", SHAPE_SCHEMA},
	{"definitions", SHAPE_MAP},
	{"dependencies", SHAPE_MAP},
	{"dependentSchemas", SHAPE_MAP},
	{"else", SHAPE_SCHEMA},
	{"if", SHAPE_SCHEMA},
	{"items", SHAPE_SCHEMA},
	{"not", SHAPE_SCHEMA},
	{"oneOf", SHAPE_ARRAY},
	{"patternProperties", SHAPE_MAP},
	{"prefixItems", SHAPE_ARRAY},
	{"properties", SHAPE_MAP},
	{"propertyNames", SHAPE_SCHEMA},
	{"then", SHAPE_SCHEMA},
	{"unevaluatedItems", SHAPE_SCHEMA},
	{"unevaluatedProperties", SHAPE_SCHEMA},
};

static const struct
{
	const char *name;
	int			bit;
}			vocabularies[] =

{
	{"core", VOCAB_CORE},
	{"applicator", VOCAB_APPLICATOR},
	{"unevaluated", VOCAB_UNEVALUATED},
	{"validation", VOCAB_VALIDATION},
	{"format-annotation", VOCAB_FORMAT},
	{"format-assertion", VOCAB_FORMAT_ASSERTION},
	{"meta-data", VOCAB_OTHER},
	{"content", VOCAB_OTHER},
};

#define STANDARD_DIALECT	"https://json-schema.org/draft/2020-12/schema"
#define VOCABULARY_PREFIX	"https://json-schema.org/draft/2020-12/vocab/"

static void scan_schema(SchemaDocuments *documents, const JsonItem *item,
						int resource, const char *location);

KeywordShape
schema_keyword_shape(const JsonItem *key)
{
	for (int i = 0; i < lengthof(shapes); i++)
	{
		if (json_string_is(key, shapes[i].name))
			return shapes[i].shape;
	}
	return SHAPE_NONE;
}

void
schema_fault(SchemaDocuments *documents, const char *location,
			 const char *keyword, const char *message,...)
{
	char	   *text;
	va_list		args;

	va_start(args, message);
	text = schema_message(message, args);

	va_end(args);
	if (documents->report == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DP_INVALID_SCHEMA),
				 errmsg("invalid JSON schema at \"%s\"", location),
				 errdetail("%s", text),
				 errhint("dpmeta.check_schema() lists all that is wrong with a schema.")));
	schema_report_add(documents->report, NULL, location, keyword, text);
}

char *
schema_location(const char *parent, const char *token, int len)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoString(&buf, parent);
	append_pointer_token(&buf, token, len);
	return buf.data;
}

char *
schema_location_at(const char *parent, int index)
{
	return psprintf("%s/%d", parent, index);
}

static char *
copy_string(const JsonItem *item)
{
	return pnstrdup(item->u.string, item->len);
}

/* A URI as it may be shown: less what the default base lent it. */
static const char *
shown_uri(const SchemaDocuments *documents, const char *uri)
{
	int			whole = strlen(DEFAULT_BASE_URI);
	int			scheme = strlen("schema:");

	if (!documents->unnamed)
		return uri;
	if (strncmp(uri, DEFAULT_BASE_URI, whole) == 0)
		return uri + whole;
	return strncmp(uri, DEFAULT_BASE_URI, scheme + 2) == 0 ? uri + scheme : uri;
}

/* The bit of a vocabulary, or 0 for one that is not known. */
static int
vocabulary_bit(const JsonItem *uri)
{
	int			skip = strlen(VOCABULARY_PREFIX);
	JsonItem	name = *uri;

	if (uri->len <= skip ||
		memcmp(uri->u.string, VOCABULARY_PREFIX, skip) != 0)
		return 0;
	name.u.string += skip;
	name.len -= skip;
	for (int i = 0; i < lengthof(vocabularies); i++)
	{
		if (json_string_is(&name, vocabularies[i].name))
			return vocabularies[i].bit;
	}
	return 0;
}

/* Reads "$vocabulary" of a meta-schema. */
static int
read_vocabularies(SchemaDocuments *documents, const JsonItem *metaschema,
				  const char *location)
{
	JsonItem	list;
	JsonItem	uri;
	JsonItem	required;
	JsonWalk	walk;
	int			bits = 0;

	if (!json_item_member(metaschema, "$vocabulary", 11, &list) ||
		list.kind != JSON_OBJECT)
		return VOCAB_STANDARD;
	json_walk_start(&walk, &list);
	while (json_walk_next(&walk, &uri, &required))
	{
		int			bit = vocabulary_bit(&uri);

		bits |= bit;
		if (bit == 0 && required.kind == JSON_BOOLEAN && required.u.boolean)
			schema_fault(documents, location, "$schema",
						 "The meta-schema requires the vocabulary \"%s\", which is not known.",
						 copy_string(&uri));
	}
	return bits;
}

/* Which vocabularies a resource with this "$schema" is written in. */
static int
dialect_vocabularies(SchemaDocuments *documents, int resource,
					 const JsonItem *uri, const char *location)
{
	SchemaPlace place;
	const char *reason;
	char	   *fragment;
	char	   *name;
	int			bits = VOCAB_STANDARD;

	name = uri_resolve("", uri->u.string, uri->len, &fragment);
	if (strcmp(name, STANDARD_DIALECT) == 0)
		return VOCAB_STANDARD;
	if (documents->depth > 8)
		return VOCAB_STANDARD;
	documents->depth++;
	if (!schema_documents_resolve(documents, resource, uri, &place, &reason))
		schema_fault(documents, location, "$schema",
					 "The dialect \"%s\" is not known; this is a validator of draft 2020-12.",
					 name);
	else
		bits = read_vocabularies(documents, &place.item, location);
	documents->depth--;
	return bits;
}

static void
scan_anchor(SchemaDocuments *documents, int resource, const JsonItem *item,
			const JsonItem *name, bool dynamic, const char *location)
{
	SchemaAnchor anchor = {0};
	const SchemaAnchor *first;

	anchor.name = copy_string(name);
	anchor.dynamic = dynamic;
	anchor.item = *item;
	anchor.location = location;
	anchor.resource = resource;
	first = schema_anchor_add(documents, &anchor);
	if (!json_item_equal(&first->item, item))
		schema_fault(documents, location, dynamic ? "$dynamicAnchor" : "$anchor",
					 "The anchor \"%s\" stands at \"%s\" as well.",
					 anchor.name, first->location);
}

/* Opens a resource for an "$id", unless it is but an old-style anchor. */
static int
scan_id(SchemaDocuments *documents, const JsonItem *item, const JsonItem *id,
		int resource, const char *location)
{
	char	   *fragment;
	char	   *uri = uri_resolve(documents->resources[resource].uri,
								  id->u.string, id->len, &fragment);
	int			known;
	int			vocabs = documents->resources[resource].vocabularies;

	if (fragment != NULL && fragment[0] != '\0')
		schema_fault(documents, location, "$id",
					 "An \"$id\" must have no fragment; use \"$anchor\".");
	if (documents->resources[resource].root.u.container == item->u.container)
	{
		schema_resource_rename(documents, resource, uri);
		return resource;
	}
	known = schema_resource_find(documents, uri);
	if (known >= 0 &&
		!json_item_equal(&documents->resources[known].root, item))
		schema_fault(documents, location, "$id",
					 "The schema at \"%s\" has the same \"$id\", \"%s\".",
					 documents->resources[known].location,
					 shown_uri(documents, uri));
	resource = schema_resource_add(documents, uri, item, location);
	documents->resources[resource].vocabularies = vocabs;
	return resource;
}

/* Takes in the identifiers of one schema object. */
static int
scan_identifiers(SchemaDocuments *documents, const JsonItem *item,
				 int resource, const char *location)
{
	JsonItem	value;

	if (json_item_member(item, "$id", 3, &value) && value.kind == JSON_STRING)
		resource = scan_id(documents, item, &value, resource, location);
	if (documents->resources[resource].root.u.container == item->u.container &&
		json_item_member(item, "$schema", 7, &value) &&
		value.kind == JSON_STRING)
	{
		int			bits = dialect_vocabularies(documents, resource, &value,
												location);

		documents->resources[resource].vocabularies = bits;
	}
	if (json_item_member(item, "$anchor", 7, &value) &&
		value.kind == JSON_STRING)
		scan_anchor(documents, resource, item, &value, false, location);
	if (json_item_member(item, "$dynamicAnchor", 14, &value) &&
		value.kind == JSON_STRING)
		scan_anchor(documents, resource, item, &value, true, location);
	return resource;
}

/* Scans the schemas that a keyword's array or map holds. */
static void
scan_children(SchemaDocuments *documents, const JsonItem *parent,
			  int resource, const char *location)
{
	JsonWalk	walk;
	JsonItem	key;
	JsonItem	value;

	json_walk_start(&walk, parent);
	while (json_walk_next(&walk, &key, &value))
	{
		if (value.kind != JSON_OBJECT)
			continue;
		scan_schema(documents, &value, resource,
					walk.keyed ?
					schema_location(location, key.u.string, key.len) :
					schema_location_at(location, walk.index - 1));
	}
}

static void
scan_schema(SchemaDocuments *documents, const JsonItem *item,
			int resource, const char *location)
{
	JsonWalk	walk;
	JsonItem	key;
	JsonItem	value;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (item->kind != JSON_OBJECT)
		return;
	resource = scan_identifiers(documents, item, resource, location);
	json_walk_start(&walk, item);
	while (json_walk_next(&walk, &key, &value))
	{
		KeywordShape shape;

		if (value.kind != JSON_OBJECT && value.kind != JSON_ARRAY)
			continue;
		shape = schema_keyword_shape(&key);
		if (shape == SHAPE_SCHEMA)
			scan_schema(documents, &value, resource,
						schema_location(location, key.u.string, key.len));
		else if ((shape == SHAPE_ARRAY && value.kind == JSON_ARRAY) ||
				 (shape == SHAPE_MAP && value.kind == JSON_OBJECT))
			scan_children(documents, &value, resource,
						  schema_location(location, key.u.string, key.len));
	}
}

int
schema_documents_add(SchemaDocuments *documents, Jsonb *schema,
					 const char *uri, const char *prefix)
{
	JsonItem	root;
	int			resource;

	json_item_root(schema, &root);
	resource = schema_resource_add(documents, uri, &root, prefix);
	scan_schema(documents, &root, resource, prefix);
	/* its own "$id" may differ; it answers to the URI it was asked by */
	schema_resource_alias(documents, resource, uri);
	return resource;
}

/* Loads what is built in or registered under the URI; -1 if nothing is. */
static int
load_document(SchemaDocuments *documents, const char *uri)
{
	Jsonb	   *schema = schema_builtin(uri);
	char	   *prefix = psprintf("%s#", uri);
	int			resource;

	if (schema == NULL && documents->loader != NULL)
	{
		SchemaSource *source = palloc0(sizeof(SchemaSource));

		schema = documents->loader(uri, source);
		documents->sources = lappend(documents->sources, source);
	}
	if (schema == NULL)
		return -1;
	resource = schema_documents_add(documents, schema, pstrdup(uri), prefix);
	return resource;
}

/* Reads one token of a pointer and undoes its escapes; *str moves behind it. */
static char *
next_token(const char **str, bool *ok)
{
	StringInfoData buf;
	const char *p = *str + 1;

	initStringInfo(&buf);
	for (; *p != '\0' && *p != '/'; p++)
	{
		if (*p != '~')
			appendStringInfoChar(&buf, *p);
		else if (p[1] == '0' || p[1] == '1')
			appendStringInfoChar(&buf, *++p == '0' ? '~' : '/');
		else
			*ok = false;
	}
	*str = p;
	return buf.data;
}

/* Is the token an array index as RFC 6901 has it? */
static bool
read_index(const char *token, int *index)
{
	if (token[0] == '\0' || strlen(token) > 9 ||
		strspn(token, "0123456789") != strlen(token) ||
		(token[0] == '0' && token[1] != '\0'))
		return false;
	*index = atoi(token);
	return true;
}

/* Follows a JSON Pointer from the root of a resource. */
static bool
follow_pointer(const SchemaDocuments *documents, const char *pointer,
			   SchemaPlace *place)
{
	bool		ok = true;

	while (*pointer != '\0')
	{
		char	   *token = next_token(&pointer, &ok);
		JsonItem	found;
		int			index;

		if (!ok)
			return false;
		if (place->item.kind == JSON_ARRAY)
			ok = read_index(token, &index) &&
				json_item_element(&place->item, index, &found);
		else
			ok = json_item_member(&place->item, token, strlen(token), &found);
		if (!ok)
			return false;
		place->item = found;
		place->resource =
			schema_resource_at(documents, &found, place->resource);
		place->location = schema_location(place->location, token,
										  strlen(token));
	}
	return true;
}

bool
schema_documents_resolve(SchemaDocuments *documents, int resource,
						 const JsonItem *ref, SchemaPlace *place,
						 const char **reason)
{
	char	   *fragment;
	char	   *uri = uri_resolve(documents->resources[resource].uri,
								  ref->u.string, ref->len, &fragment);
	int			target = schema_resource_find(documents, uri);

	if (target < 0)
		target = load_document(documents, uri);
	if (target < 0)
	{
		*reason = psprintf("no schema is known by the URI \"%s\"",
						   shown_uri(documents, uri));
		return false;
	}
	place->item = documents->resources[target].root;
	place->resource = target;
	place->location = documents->resources[target].location;
	place->anchor = NULL;
	if (fragment == NULL || fragment[0] == '\0')
		return true;
	if (fragment[0] == '/' && follow_pointer(documents, fragment, place))
		return true;
	if (fragment[0] != '/' &&
		schema_anchor_find(documents, target, fragment, place))
		return true;
	uri = unconstify(char *, shown_uri(documents, uri));
	*reason = uri[0] == '\0' ? "this schema has nothing there" :
		psprintf("the schema \"%s\" has nothing there", uri);
	return false;
}
