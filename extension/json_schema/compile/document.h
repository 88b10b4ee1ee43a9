/*
 * json_schema/compile/document.h
 *		The schema documents of one compilation: taking them in, and where a
 *		reference leads.
 */
#ifndef DPMETA_JSON_SCHEMA_DOCUMENT_H
#define DPMETA_JSON_SCHEMA_DOCUMENT_H

#include "json_schema/compile/resource.h"

/* What a schema without an "$id" is resolved against; not to be shown. */
#define DEFAULT_BASE_URI	"schema:///"

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

extern char *schema_location_at(const char *parent, int index);

/* Reports or raises a fault of the schema. */
extern void schema_fault(SchemaDocuments *documents, const char *location,
						 const char *keyword, const char *message,...)
			pg_attribute_printf(4, 5);

#endif							/* DPMETA_JSON_SCHEMA_DOCUMENT_H */
