/*
 * json_schema_document.h
 *		The schema documents of one compilation: which resources and anchors
 *		they hold, and where a reference leads.
 */
#ifndef DPMETA_JSON_SCHEMA_DOCUMENT_H
#define DPMETA_JSON_SCHEMA_DOCUMENT_H

#include "json_schema_program.h"

/* What a schema without an "$id" is resolved against; not to be shown. */
#define DEFAULT_BASE_URI	"schema:///"

/* How the value of a keyword holds schemas. */
typedef enum KeywordShape
{
	SHAPE_NONE,
	SHAPE_SCHEMA,
	SHAPE_ARRAY,				/* of schemas */
	SHAPE_MAP					/* from names to schemas */
} KeywordShape;

typedef struct SchemaAnchor
{
	const char *name;
	bool		dynamic;
	JsonItem	item;
	const char *location;
} SchemaAnchor;

/* A schema with a URI of its own. */
typedef struct SchemaResource
{
	const char *uri;			/* absolute, no fragment */
	JsonItem	root;
	const char *location;
	int			vocabularies;
	List	   *anchors;
	bool		entered;		/* has a compiled node */
} SchemaResource;

typedef struct SchemaDocuments
{
	MemoryContext context;		/* of the program */
	SchemaLoader loader;		/* or NULL */
	bool		unnamed;		/* given by no URI: has the default base */
	SchemaReport *report;		/* or NULL, to raise the first fault */
	int			nresources;
	int			capacity;
	SchemaResource *resources;
	List	   *sources;
	int			depth;			/* of dialects being looked up */
} SchemaDocuments;

/* Where a schema was found. */
typedef struct SchemaPlace
{
	JsonItem	item;
	int			resource;
	const char *location;
	const char *anchor;			/* the dynamic anchor that led there, or NULL */
} SchemaPlace;

extern KeywordShape schema_keyword_shape(const JsonItem *key);

/* The resource whose root lies at this place, else the one given. */
extern int	schema_documents_resource_at(const SchemaDocuments *documents,
										 const JsonItem *item, int resource);

/*
 * Takes in a document; gives the number of its root resource.
 */
extern int	schema_documents_add(SchemaDocuments *documents, Jsonb *schema,
								 const char *uri, const char *prefix);

/* Resolves a reference from within a resource; false if it leads nowhere. */
extern bool schema_documents_resolve(SchemaDocuments *documents, int resource,
									 const JsonItem *ref, SchemaPlace *place,
									 const char **reason);

/* The schema at a dynamic anchor of a resource. */
extern bool schema_resource_anchor(const SchemaDocuments *documents,
								   int resource, const char *name,
								   bool dynamic, SchemaPlace *place);

extern char *schema_location(const char *parent, const char *token, int len);
extern char *schema_location_at(const char *parent, int index);

/* Reports or raises a fault of the schema. */
extern void schema_fault(SchemaDocuments *documents, const char *location,
						 const char *keyword, const char *message,...)
			pg_attribute_printf(4, 5);

#endif							/* DPMETA_JSON_SCHEMA_DOCUMENT_H */
