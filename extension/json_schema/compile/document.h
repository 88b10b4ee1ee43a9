/*
 * json_schema/compile/document.h
 *		The schema documents of one compilation: which resources and anchors
 *		they hold, and where a reference leads.
 */
#ifndef DPMETA_JSON_SCHEMA_DOCUMENT_H
#define DPMETA_JSON_SCHEMA_DOCUMENT_H

#include "json_schema/compile/index.h"
#include "json_schema/program.h"

/* What a schema without an "$id" is resolved against; not to be shown. */
#define DEFAULT_BASE_URI	"schema:///"

/* The dynamic anchor that "$recursiveAnchor" stands for. */
#define RECURSIVE_ANCHOR	""

typedef struct SchemaAnchor
{
	const char *name;
	bool		dynamic;
	JsonItem	item;
	const char *location;
	int			resource;
	int			number;			/* of its name, if dynamic */
	bool		is_target;		/* the program knows that it stands here */
} SchemaAnchor;

/* What has a dynamic anchor of one name. */
typedef struct SchemaAnchorName
{
	bool		asked;			/* by a "$dynamicRef" */
	List	   *anchors;		/* the first of each resource */
} SchemaAnchorName;

/* A schema with a URI of its own. */
typedef struct SchemaResource
{
	const char *uri;			/* absolute, no fragment */
	JsonItem	root;
	const char *location;
	SchemaDialect dialect;
	bool		names_dialect;	/* by a "$schema" of its own */
	List	   *dynamic_anchors;	/* the first of each name */
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
	SchemaIndex *index;			/* of what follows, and the resources */
	List	   *anchors;		/* SchemaAnchor */
	List	   *names;			/* SchemaAnchorName */
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

/* A draft with all that it has. */
extern SchemaDialect schema_dialect_of_draft(SchemaDraft draft);

/*
 * Takes in a document, which is of the dialect if it names none; gives the
 * number of its root resource.
 */
extern int	schema_documents_add(SchemaDocuments *documents, Jsonb *schema,
								 const char *uri, const char *prefix,
								 SchemaDialect dialect);

/* Resolves a reference from within a resource; false if it leads nowhere. */
extern bool schema_documents_resolve(SchemaDocuments *documents, int resource,
									 const JsonItem *ref, SchemaPlace *place,
									 const char **reason);

/* A URI as it may be shown: less what the default base lent it. */
extern const char *schema_shown_uri(const SchemaDocuments *documents,
									const char *uri);

/* Adds a resource and gives its number. */
extern int	schema_resource_add(SchemaDocuments *documents, const char *uri,
								const JsonItem *root, const char *location,
								SchemaDialect dialect);

/* Lets a resource go by another URI. */
extern void schema_resource_rename(SchemaDocuments *documents, int resource,
								   const char *uri);

/* Lets a URI that is free lead to a resource as well. */
extern void schema_resource_alias(SchemaDocuments *documents, int resource,
								  const char *uri);

/* The resource with this URI, the first one; or INDEX_NONE. */
extern int	schema_resource_find(const SchemaDocuments *documents,
								 const char *uri);

/* The resource whose root lies at this place, else the one given. */
extern int	schema_resource_at(const SchemaDocuments *documents,
							   const JsonItem *item, int resource);

/*
 * Adds an anchor.  The first of its name in a resource is the one that is
 * found; gives that.
 */
extern const SchemaAnchor *schema_anchor_add(SchemaDocuments *documents,
											 const SchemaAnchor *anchor);

/* The schema at an anchor of a resource. */
extern bool schema_anchor_find(const SchemaDocuments *documents, int resource,
							   const char *name, SchemaPlace *place);

/* The number of a dynamic anchor's name, one that is new included. */
extern int	schema_anchor_number(SchemaDocuments *documents, const char *name);

extern char *schema_location(const char *parent, const char *token, int len);
extern char *schema_location_at(const char *parent, int index);

/* Reports or raises a fault of the schema. */
extern void schema_fault(SchemaDocuments *documents, const char *location,
						 const char *keyword, const char *message,...)
			pg_attribute_printf(4, 5);

#endif							/* DPMETA_JSON_SCHEMA_DOCUMENT_H */
