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
#include "json/pointer.h"
#include "json_schema/builtin.h"
#include "json_schema/compile/document.h"
#include "json_schema/uri.h"

static void scan_schema(SchemaDocuments *documents, const JsonItem *item,
						int resource, const char *location);

SchemaDialect
schema_dialect_of_draft(SchemaDraft draft)
{
	SchemaDialect dialect = {schema_draft(draft), VOCAB_STANDARD};

	return dialect;
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
schema_location_at(const char *parent, int index)
{
	return psprintf("%s/%d", parent, index);
}

static char *
copy_string(const JsonItem *item)
{
	return pnstrdup(item->u.string, item->len);
}

const char *
schema_shown_uri(const SchemaDocuments *documents, const char *uri)
{
	int			whole = strlen(DEFAULT_BASE_URI);
	int			scheme = strlen("schema:");

	if (!documents->unnamed)
		return uri;
	if (strncmp(uri, DEFAULT_BASE_URI, whole) == 0)
		return uri + whole;
	return strncmp(uri, DEFAULT_BASE_URI, scheme + 2) == 0 ? uri + scheme : uri;
}

/* Reads "$vocabulary" of a meta-schema. */
static int
read_vocabularies(SchemaDocuments *documents, const SchemaDraftFacts *draft,
				  const JsonItem *metaschema, const char *location)
{
	JsonItem	list;
	JsonItem	uri;
	JsonItem	value;
	JsonWalk	walk;
	int			bits = 0;

	if (draft->vocabularies == NULL ||
		!json_item_member(metaschema, "$vocabulary", 11, &list) ||
		list.kind != JSON_OBJECT)
		return VOCAB_STANDARD;
	json_walk_start(&walk, &list);
	while (json_walk_next(&walk, &uri, &value))
	{
		bool		required = value.kind == JSON_BOOLEAN && value.u.boolean;
		int			known = schema_vocabulary(draft, &uri, required);

		bits |= known;
		if (known == 0 && required)
			schema_fault(documents, location, "$schema",
						 "The meta-schema requires the vocabulary \"%s\", which is not known.",
						 copy_string(&uri));
	}
	return bits;
}

/* The dialect that a "$schema" names, or the one given if it is not known. */
static SchemaDialect
find_dialect(SchemaDocuments *documents, int resource, const JsonItem *uri,
			 SchemaDialect dialect, const char *location)
{
	const SchemaDraftFacts *draft;
	SchemaPlace place;
	const char *reason;
	char	   *fragment;
	char	   *name = uri_resolve("", uri->u.string, uri->len, &fragment);

	draft = schema_draft_find(name);
	if (draft != NULL)
		return schema_dialect_of_draft(draft->number);
	if (documents->depth > 8)
		return dialect;
	documents->depth++;
	if (!schema_documents_resolve(documents, resource, uri, &place, &reason))
		schema_fault(documents, location, "$schema",
					 "The dialect \"%s\" is not known; known are %s, and what is registered.",
					 name, schema_draft_names());
	else
	{
		dialect.draft = documents->resources[place.resource].dialect.draft;
		dialect.vocabularies = read_vocabularies(documents, dialect.draft,
												 &place.item, location);
	}
	documents->depth--;
	return dialect;
}

/* Takes in an anchor, by the keyword that says so. */
static void
scan_anchor(SchemaDocuments *documents, int resource, const JsonItem *item,
			char *name, const char *keyword, bool dynamic,
			const char *location)
{
	SchemaAnchor anchor = {0};
	const SchemaAnchor *first;

	anchor.name = name;
	anchor.dynamic = dynamic;
	anchor.item = *item;
	anchor.location = location;
	anchor.resource = resource;
	first = schema_anchor_add(documents, &anchor);
	if (!json_item_equal(&first->item, item))
		schema_fault(documents, location, keyword,
					 "The anchor \"%s\" stands at \"%s\" as well.",
					 anchor.name, first->location);
}

static bool
is_root_of(const SchemaDocuments *documents, int resource,
		   const JsonItem *item)
{
	return documents->resources[resource].root.u.container ==
		item->u.container;
}

/* Gives a schema the URI that its ID says; the number of its resource. */
static int
open_resource(SchemaDocuments *documents, const JsonItem *item, char *uri,
			  int resource, SchemaDialect dialect, const char *location)
{
	int			known;

	if (is_root_of(documents, resource, item))
	{
		schema_resource_rename(documents, resource, uri);
		return resource;
	}
	known = schema_resource_find(documents, uri);
	if (known >= 0 &&
		!json_item_equal(&documents->resources[known].root, item))
		schema_fault(documents, location, dialect.draft->id,
					 "The schema at \"%s\" has the same \"%s\", \"%s\".",
					 documents->resources[known].location, dialect.draft->id,
					 schema_shown_uri(documents, uri));
	return schema_resource_add(documents, uri, item, location, dialect);
}

/* Takes in an ID: a URI, in older drafts an anchor, or both. */
static int
scan_id(SchemaDocuments *documents, const JsonItem *item, const JsonItem *id,
		int resource, SchemaDialect dialect, const char *location)
{
	const char *base = documents->resources[resource].uri;
	char	   *fragment;
	char	   *uri = uri_resolve(base, id->u.string, id->len, &fragment);
	bool		named = fragment != NULL && fragment[0] != '\0';

	if (named && !dialect.draft->id_is_anchor)
		schema_fault(documents, location, dialect.draft->id,
					 "An \"$id\" must have no fragment; use \"$anchor\".");
	if (!named || !dialect.draft->id_is_anchor || strcmp(uri, base) != 0)
		resource = open_resource(documents, item, uri, resource, dialect,
								 location);
	if (named && dialect.draft->id_is_anchor)
		scan_anchor(documents, resource, item, fragment, dialect.draft->id,
					false, location);
	return resource;
}

/* A string member of a schema, under the name that a draft gives it. */
static bool
string_member(const JsonItem *item, const char *name, JsonItem *value)
{
	return json_item_member(item, name, strlen(name), value) &&
		value->kind == JSON_STRING;
}

/* Takes in the anchors that the draft has keywords for. */
static void
scan_anchors(SchemaDocuments *documents, const JsonItem *item, int resource,
			 const char *location)
{
	static const SchemaKeyword anchors[] = {
		KEYWORD_ANCHOR, KEYWORD_DYNAMIC_ANCHOR
	};
	SchemaDraft draft = documents->resources[resource].dialect.draft->number;
	JsonItem	value;

	for (int i = 0; i < lengthof(anchors); i++)
	{
		const char *keyword = schema_keyword_name(anchors[i]);

		if (schema_keyword_is_in(draft, anchors[i]) &&
			string_member(item, keyword, &value))
			scan_anchor(documents, resource, item, copy_string(&value),
						keyword, anchors[i] == KEYWORD_DYNAMIC_ANCHOR,
						location);
	}
	/* no anchor that has a name is called like this one */
	if (schema_keyword_is_in(draft, KEYWORD_RECURSIVE_ANCHOR) &&
		is_root_of(documents, resource, item) &&
		json_item_member(item, "$recursiveAnchor", 16, &value) &&
		value.kind == JSON_BOOLEAN && value.u.boolean)
		scan_anchor(documents, resource, item, pstrdup(RECURSIVE_ANCHOR),
					"$recursiveAnchor", true, location);
}

/*
 * Takes in the identifiers of one schema object.  Its own "$schema" counts if
 * it is the root of a resource, and says which keyword makes it one.
 */
static int
scan_identifiers(SchemaDocuments *documents, const JsonItem *item,
				 int resource, const char *location)
{
	SchemaDialect dialect = documents->resources[resource].dialect;
	bool		root = is_root_of(documents, resource, item);
	bool		named;
	JsonItem	value;

	named = string_member(item, "$schema", &value) &&
		(root || string_member(item, "$id", &value) ||
		 string_member(item, "id", &value));
	if (named && string_member(item, "$schema", &value))
		dialect = find_dialect(documents, resource, &value, dialect, location);
	if (root)
		documents->resources[resource].dialect = dialect;
	if (!(dialect.draft->ref_alone && string_member(item, "$ref", &value)) &&
		string_member(item, dialect.draft->id, &value))
		resource = scan_id(documents, item, &value, resource, dialect,
						   location);
	if (named && is_root_of(documents, resource, item))
		documents->resources[resource].names_dialect = true;
	scan_anchors(documents, item, resource, location);
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
					pointer_to(location, key.u.string, key.len) :
					schema_location_at(location, walk.index - 1));
	}
}

/* How a keyword's value, an array or object, holds schemas, if it does. */
static KeywordShape
keyword_shape(const SchemaDocuments *documents, int resource,
			  const JsonItem *key, const JsonItem *value)
{
	SchemaDraft draft = documents->resources[resource].dialect.draft->number;
	int			keyword = schema_keyword_find(draft, key);
	KeywordShape shape;

	if (keyword == KEYWORD_UNKNOWN)
		return SHAPE_NONE;
	shape = schema_keyword(keyword)->shape;
	if (shape == SHAPE_EITHER)
		return value->kind == JSON_ARRAY ? SHAPE_ARRAY : SHAPE_SCHEMA;
	if (shape == SHAPE_ARRAY && value->kind != JSON_ARRAY)
		return SHAPE_NONE;
	return shape == SHAPE_MAP && value->kind != JSON_OBJECT ? SHAPE_NONE :
		shape;
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
		char	   *at;

		if (value.kind != JSON_OBJECT && value.kind != JSON_ARRAY)
			continue;
		at = pointer_to(location, key.u.string, key.len);
		switch (keyword_shape(documents, resource, &key, &value))
		{
			case SHAPE_SCHEMA:
				scan_schema(documents, &value, resource, at);
				break;
			case SHAPE_ARRAY:
			case SHAPE_MAP:
				scan_children(documents, &value, resource, at);
				break;
			default:
				pfree(at);
				break;
		}
	}
}

int
schema_documents_add(SchemaDocuments *documents, Jsonb *schema,
					 const char *uri, const char *prefix,
					 SchemaDialect dialect)
{
	JsonItem	root;
	int			resource;

	json_item_root(schema, &root);
	resource = schema_resource_add(documents, uri, &root, prefix, dialect);
	scan_schema(documents, &root, resource, prefix);
	/* its own "$id" may differ; it answers to the URI it was asked by */
	schema_resource_alias(documents, resource, uri);
	return resource;
}

/*
 * Loads what is built in or registered under the URI; -1 if nothing is.  If it
 * does not name its dialect it is taken to be of that of what refers to it.
 */
static int
load_document(SchemaDocuments *documents, const char *uri,
			  SchemaDialect dialect)
{
	Jsonb	   *schema = schema_builtin(uri);
	char	   *prefix = psprintf("%s#", uri);
	int			resource;

	if (schema == NULL && documents->loader != NULL)
	{
		/* the program points into what is loaded */
		MemoryContext caller = MemoryContextSwitchTo(documents->context);
		SchemaSource *source = palloc0(sizeof(SchemaSource));

		schema = documents->loader(uri, source);
		documents->sources = lappend(documents->sources, source);
		MemoryContextSwitchTo(caller);
	}
	if (schema == NULL)
		return -1;
	resource = schema_documents_add(documents, schema, pstrdup(uri), prefix,
									dialect);
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
		place->location = pointer_to(place->location, token,
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
		target = load_document(documents, uri,
							   documents->resources[resource].dialect);
	if (target < 0)
	{
		*reason = psprintf("no schema is known by the URI \"%s\"",
						   schema_shown_uri(documents, uri));
		return false;
	}
	place->item = documents->resources[target].root;
	place->resource = target;
	place->location = documents->resources[target].location;
	place->anchor = NULL;
	if (fragment == NULL || fragment[0] == '\0')
	{
		schema_anchor_find(documents, target, RECURSIVE_ANCHOR, place);
		return true;
	}
	if (fragment[0] == '/' && follow_pointer(documents, fragment, place))
		return true;
	if (fragment[0] != '/' &&
		schema_anchor_find(documents, target, fragment, place))
		return true;
	uri = unconstify(char *, schema_shown_uri(documents, uri));
	*reason = uri[0] == '\0' ? "this schema has nothing there" :
		psprintf("the schema \"%s\" has nothing there", uri);
	return false;
}
