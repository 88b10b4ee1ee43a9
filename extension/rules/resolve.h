/*
 * rules/resolve.h
 *		A data product's row and one version's, as the rules hold them, and
 *		how an ID finds them.
 */
#ifndef DPMETA_PRODUCT_H
#define DPMETA_PRODUCT_H

#include "postgres.h"
#include "utils/date.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "types/dpid.h"
#include "types/version.h"

/* Stands for a time that is not there. */
#define NO_TIME		DT_NOBEGIN
/* Stands for a version that is not there. */
#define NO_VERSION	((DpVersion) 0)

#define LAST_OF_MAJOR(major)	dpversion_make(major, DPVERSION_PART_MAX)
#define FIRST_VERSION			dpversion_make(1, 0)
#define LAST_VERSION			LAST_OF_MAJOR(DPVERSION_PART_MAX)

typedef struct Product
{
	int64		product_id;
	char		name[DP_NAME_MAX + 1];
	DpVersion	current;		/* newest live, or NO_VERSION */
	DpVersion	trunk;			/* last one on the trunk, dead or alive */
	TimestampTz registered_at;
	TimestampTz changed_at;
	TimestampTz deleted_at;		/* or NO_TIME */
	TimestampTz retired_at;		/* or NO_TIME */
	bool		has_sunset;
	DateADT		sunset;
} Product;

typedef struct Version
{
	DpVersion	version;
	DpVersion	trunk;			/* see 20-storage.sql */
	TimestampTz created_at;
	TimestampTz deleted_at;		/* or NO_TIME */
	int32		facts_revision;
	Jsonb	   *metadata;
	Jsonb	   *facts;
	text	   *document;		/* without "schemas" */
} Version;

/* One revision of a table's schema. */
typedef struct TableSchema
{
	int64		table_schema_id;
	Datum		stored_definition;	/* see table_definition() */
	text	   *document;
} TableSchema;

/*
 * How a statement reads: what the caller's query sees, all that is committed
 * by now, or that and the product's lock until the transaction ends.
 */
typedef enum ReadMode
{
	READ_SNAPSHOT,
	READ_LATEST,
	READ_LOCK
} ReadMode;

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

/* The newest version within bounds, live or of all; false when there is none. */
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

/* Raise ERRCODE_DP_INVALID_ID for an ID of the other kind. */
extern void id_require_product(const DpIdParts *id);
extern void id_require_table(const DpIdParts *id);

/*
 * Raises for an ID none of whose versions is stored: ERRCODE_DP_GONE when it
 * must have had one, which was purged, else ERRCODE_DP_NOT_FOUND.
 */
pg_noreturn extern void report_absent(const Product *product,
									  const DpIdParts *id, ReadMode mode);

/* Raise; for a table when the ID names one. */
pg_noreturn extern void report_not_found(const DpIdParts *id);
pg_noreturn extern void report_gone(const DpIdParts *id);

#endif							/* DPMETA_PRODUCT_H */
