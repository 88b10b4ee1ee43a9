/*
 * json_schema/compile/index.h
 *		Numbers by name, for what a compilation has to find again: many
 *		thousand resources and anchors cost no more each than a few.
 */
#ifndef DPMETA_JSON_SCHEMA_INDEX_H
#define DPMETA_JSON_SCHEMA_INDEX_H

#include "postgres.h"

/* What the index has nothing for. */
#define INDEX_NONE	(-1)

typedef struct SchemaIndex SchemaIndex;

extern SchemaIndex *schema_index_create(MemoryContext context);

/*
 * Names are kept apart by their space.  An index refers to a name, which has
 * to stay.
 */
extern int	schema_index_get(const SchemaIndex *index, int space,
							 const char *name);

/* Enters a number, unless there is one: gives the one that is there then. */
extern int	schema_index_add(SchemaIndex *index, int space, const char *name,
							 int number);
extern void schema_index_remove(SchemaIndex *index, int space,
								const char *name);

/* The same by address. */
extern int	schema_index_get_place(const SchemaIndex *index,
								   const void *place);
extern int	schema_index_add_place(SchemaIndex *index, const void *place,
								   int number);

#endif							/* DPMETA_JSON_SCHEMA_INDEX_H */
