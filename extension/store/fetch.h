/*
 * store/fetch.h
 *		Rows by their keys, straight from the indexes.
 */
#ifndef DPMETA_FETCH_H
#define DPMETA_FETCH_H

#include "postgres.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#include "store/lookup.h"
#include "store/product.h"

/* One revision of a table's schema. */
typedef struct TableSchema
{
	int64		table_schema_id;
	Datum		stored_definition;	/* see fetch_definition() */
	text	   *document;
} TableSchema;

/* All are false when there is no such row. */
extern bool fetch_product(const char *name, ReadMode mode, Product *product);

extern bool fetch_version(int64 product_id, DpVersion number, ReadMode mode,
						  Version *version);

/* The newest one within bounds, of the live ones only if "live". */
extern bool fetch_newest_version(int64 product_id, DpVersion from,
								 DpVersion to, bool live, ReadMode mode,
								 Version *version);

/* A table's schema in a version. */
extern bool fetch_table(int64 product_id, const Version *version,
						const char *table, ReadMode mode, TableSchema *schema);

/* A schema's definition; reads do not need it, and it may be long. */
extern Jsonb *fetch_definition(const TableSchema *schema);

/* Does the version have the table?  No document is read. */
extern bool fetch_has_table(int64 product_id, DpVersion number,
							const char *table, ReadMode mode);

/* Did the version, or any before it, have the table? */
extern bool fetch_table_ever(const Product *product, DpVersion version,
							 const char *table, ReadMode mode);

/* The names of a version's tables in C order, a List of char *. */
extern List *fetch_table_names(const Product *product, const Version *version,
							   ReadMode mode);

#endif							/* DPMETA_FETCH_H */
