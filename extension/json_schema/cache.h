/*
 * json_schema/cache.h
 *		Compiled schemas, kept for the backend's life within a bound.
 */
#ifndef DPMETA_JSON_SCHEMA_CACHE_H
#define DPMETA_JSON_SCHEMA_CACHE_H

#include "json_schema/program.h"

/* Room for a name, which is cut to it. */
#define SCHEMA_NAME_SIZE	256

typedef struct SchemaCacheEntry SchemaCacheEntry;

typedef struct SchemaCacheStats
{
	int64		entries;
	int64		bytes;
	int64		hits;
	int64		misses;
	int64		evictions;
	int64		too_large;		/* programs that could not be kept */
	int64		too_large_bytes;	/* of the largest of them */
	char		too_large_name[SCHEMA_NAME_SIZE];	/* its URI, "$id" or
													 * title; "" if it has
													 * none */
} SchemaCacheStats;

/* The settings; called once, when the library is loaded. */
extern void schema_cache_init(void);

/*
 * The program of a schema, compiled if need be; of the draft if it names none.
 * The entry stays until it is released by the reset of the context given.
 */
extern const SchemaProgram *schema_cache_get(Jsonb *schema,
											 SchemaDraft draft,
											 MemoryContext holder);

/*
 * The program of a registered schema, as the active snapshot has it.
 */
extern const SchemaProgram *schema_cache_get_ref(const char *uri,
												 SchemaDraft draft,
												 MemoryContext holder);

extern void schema_cache_stats(SchemaCacheStats *stats);

#endif							/* DPMETA_JSON_SCHEMA_CACHE_H */
