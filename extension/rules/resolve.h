/*
 * rules/resolve.h
 *		How an ID finds a data product, a version of it and a table in that.
 */
#ifndef DPMETA_RESOLVE_H
#define DPMETA_RESOLVE_H

#include "postgres.h"

#include "compat.h"
#include "store/product.h"
#include "types/dpid.h"

/* Finds a product by its name; false when the name was never registered. */
extern bool product_find(const char *name, ReadMode mode, Product *product);

/* The same, raising ERRCODE_DP_NOT_FOUND for the ID that was asked for. */
extern void product_get(const DpIdParts *id, ReadMode mode, Product *product);

/*
 * Finds the live version that the ID resolves to.  Raises ERRCODE_DP_GONE or
 * ERRCODE_DP_NOT_FOUND.
 */
extern void version_resolve(const Product *product, const DpIdParts *id,
							ReadMode mode, Version *version);

/*
 * The newest version within bounds, of the live ones only if "live"; false when
 * there is none.
 */
extern bool version_newest(const Product *product, DpVersion from,
						   DpVersion to, bool live, ReadMode mode,
						   Version *version);

/* One version, dead or alive; false when there never was one. */
extern bool version_find(const Product *product, DpVersion number,
						 ReadMode mode, Version *version);

/* A table's schema in a version; false when the version has no such table. */
extern bool table_find(const Product *product, const Version *version,
					   const char *table, ReadMode mode, TableSchema *schema);

/* A schema's definition; reads do not need it, and it may be long. */
extern Jsonb *table_definition(const TableSchema *schema);

/* The same as table_find(), raising ERRCODE_DP_GONE or ERRCODE_DP_NOT_FOUND. */
extern void table_get(const Product *product, const Version *version,
					  const DpIdParts *id, ReadMode mode, TableSchema *schema);

/* The ID of a product, without a version. */
extern void id_of_product(const char *name, DpIdParts *id);

/* The bounds of the versions that an ID can mean. */
extern DpVersion id_first_version(const DpIdParts *id);
extern DpVersion id_last_version(const DpIdParts *id);

/* The ID of a version (or of a table in it, when table is not ""). */
extern void id_of_version(const char *name, DpVersion version,
						  const char *table, DpIdParts *id);

/*
 * Raise ERRCODE_DP_INVALID_ID unless the ID is one of a product, or of a
 * table.
 */
extern void id_require_product(const DpIdParts *id);
extern void id_require_table(const DpIdParts *id);

/*
 * Raises for an ID of which no version is stored: ERRCODE_DP_GONE if there was
 * one that was purged, else ERRCODE_DP_NOT_FOUND.
 */
pg_noreturn extern void report_absent(const Product *product,
									  const DpIdParts *id, ReadMode mode);

/* Raise; for a table when the ID names one. */
pg_noreturn extern void report_not_found(const DpIdParts *id);
pg_noreturn extern void report_gone(const DpIdParts *id);

#endif							/* DPMETA_RESOLVE_H */
