/*
 * rules/resolve.h
 *		How an ID finds a data product, a version of it and a table in that.
 */
#ifndef DPMETA_RESOLVE_H
#define DPMETA_RESOLVE_H

#include "postgres.h"

#include "compat.h"
#include "rules/id.h"
#include "store/fetch.h"

/* Finds a product by its name; false when the name was never registered. */
extern bool resolve_name(const char *name, ReadMode mode, Product *product);

/* The same, with its row locked until the transaction ends, but for a dry run. */
extern bool resolve_name_to_write(const char *name, bool dry_run,
								  Product *product);

/* Each of them, raising ERRCODE_DP_NOT_FOUND for the ID that was asked for. */
extern void resolve_product(const DpIdParts *id, ReadMode mode, Product *product);
extern void resolve_product_to_write(const DpIdParts *id, bool dry_run,
									 Product *product);

/*
 * The product as of a time (AS_OF_NOW for now): what the functions below find of it
 * is then as of that time, too.  What was made later has never existed.
 */
extern void resolve_product_as_of(const DpIdParts *id, TimestampTz as_of,
								  ReadMode mode, Product *product);

/* A version by its number, dead or alive; false when there is none. */
extern bool resolve_number(const Product *product, DpVersion number,
						   ReadMode mode, Version *version);

/* The newest version within bounds, of the live ones only if "live". */
extern bool resolve_newest(const Product *product, DpVersion from, DpVersion to,
						   bool live, ReadMode mode, Version *version);

/*
 * Finds the live version that the ID resolves to.  Raises ERRCODE_DP_GONE or
 * ERRCODE_DP_NOT_FOUND.
 */
extern void resolve_version(const Product *product, const DpIdParts *id,
							ReadMode mode, Version *version);

/*
 * Finds a table's schema in a version.  Raises ERRCODE_DP_GONE or
 * ERRCODE_DP_NOT_FOUND.
 */
extern void resolve_table(const Product *product, const Version *version,
						  const DpIdParts *id, ReadMode mode, TableSchema *schema);

/*
 * Raises for an ID of which no version is stored: ERRCODE_DP_GONE if there was
 * one that was purged, else ERRCODE_DP_NOT_FOUND.
 */
pg_noreturn extern void resolve_report_absent(const Product *product,
											  const DpIdParts *id, ReadMode mode);

/* Raise; for a table when the ID names one. */
pg_noreturn extern void resolve_report_not_found(const DpIdParts *id);
pg_noreturn extern void resolve_report_gone(const DpIdParts *id);

#endif							/* DPMETA_RESOLVE_H */
