/*
 * json_schema/compile/resource.c
 *		The resources and anchors that were found, by what is asked for.
 */
#include "postgres.h"

#include "json_schema/array.h"
#include "json_schema/compile/resource.h"

/*
 * The spaces of the index's names: URIs, names of dynamic anchors, and two for
 * each resource: all its anchors and the dynamic ones.
 */
#define SPACE_URIS		0
#define SPACE_NAMES		1
#define SPACE_ANCHORS(resource, dynamic)	(2 + 2 * (resource) + (dynamic))

int
schema_resource_find(const SchemaDocuments *documents, const char *uri)
{
	return schema_index_get(documents->index, SPACE_URIS, uri);
}

int
schema_resource_at(const SchemaDocuments *documents, const JsonItem *item,
				   int resource)
{
	int			found = INDEX_NONE;

	if (item->kind == JSON_OBJECT)
		found = schema_index_get_place(documents->index, item->u.container);
	return found == INDEX_NONE ? resource : found;
}

static SchemaResource *
append_resource(SchemaDocuments *documents)
{
	documents->resources = array_with_room(documents->resources,
										   documents->nresources,
										   &documents->capacity,
										   sizeof(SchemaResource));
	return &documents->resources[documents->nresources++];
}

int
schema_resource_add(SchemaDocuments *documents, const char *uri,
					const JsonItem *root, const char *location,
					SchemaDialect dialect)
{
	SchemaResource *resource = append_resource(documents);
	int			number = documents->nresources - 1;

	resource->uri = uri;
	resource->root = *root;
	resource->location = location;
	resource->dialect = dialect;
	resource->names_dialect = false;
	resource->dynamic_anchors = NIL;
	resource->entered = false;
	schema_index_add(documents->index, SPACE_URIS, uri, number);
	if (root->kind == JSON_OBJECT)
		schema_index_add_place(documents->index, root->u.container, number);
	return number;
}

void
schema_resource_rename(SchemaDocuments *documents, int resource,
					   const char *uri)
{
	schema_index_remove(documents->index, SPACE_URIS,
						documents->resources[resource].uri);
	documents->resources[resource].uri = uri;
	schema_index_add(documents->index, SPACE_URIS, uri, resource);
}

void
schema_resource_alias(SchemaDocuments *documents, int resource,
					  const char *uri)
{
	schema_index_add(documents->index, SPACE_URIS, uri, resource);
}

int
schema_anchor_number(SchemaDocuments *documents, const char *name)
{
	int			next = list_length(documents->names);
	int			number = schema_index_add(documents->index, SPACE_NAMES, name,
										  next);

	if (number == next)
		documents->names = lappend(documents->names,
								   palloc0(sizeof(SchemaAnchorName)));
	return number;
}

/* Takes in the first dynamic anchor of its name in its resource. */
static void
add_dynamic_anchor(SchemaDocuments *documents, SchemaAnchor *anchor)
{
	SchemaResource *resource = &documents->resources[anchor->resource];
	SchemaAnchorName *name;

	anchor->number = schema_anchor_number(documents, anchor->name);
	name = list_nth(documents->names, anchor->number);
	name->anchors = lappend(name->anchors, anchor);
	resource->dynamic_anchors = lappend(resource->dynamic_anchors, anchor);
}

/* Enters an anchor among all or the dynamic ones; gives the first there. */
static int
enter_anchor(SchemaDocuments *documents, const SchemaAnchor *anchor,
			 int number, bool dynamic)
{
	return schema_index_add(documents->index,
							SPACE_ANCHORS(anchor->resource, dynamic),
							anchor->name, number);
}

const SchemaAnchor *
schema_anchor_add(SchemaDocuments *documents, const SchemaAnchor *anchor)
{
	SchemaAnchor *kept = palloc(sizeof(SchemaAnchor));
	int			number = list_length(documents->anchors);
	int			first;

	*kept = *anchor;
	documents->anchors = lappend(documents->anchors, kept);
	first = enter_anchor(documents, kept, number, false);
	if (kept->dynamic &&
		enter_anchor(documents, kept, number, true) == number)
		add_dynamic_anchor(documents, kept);
	return list_nth(documents->anchors, first);
}

bool
schema_anchor_find(const SchemaDocuments *documents, int resource,
				   const char *name, SchemaPlace *place)
{
	int			number = schema_index_get(documents->index,
										  SPACE_ANCHORS(resource, false),
										  name);
	const SchemaAnchor *anchor;

	if (number == INDEX_NONE)
		return false;
	anchor = list_nth(documents->anchors, number);
	place->item = anchor->item;
	place->resource = resource;
	place->location = anchor->location;
	place->anchor = anchor->dynamic ? anchor->name : NULL;
	return true;
}
