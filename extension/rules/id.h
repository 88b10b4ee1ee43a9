/*
 * rules/id.h
 *		IDs as the calls use them: made from names and versions, and required
 *		to be of the right kind.
 */
#ifndef DPMETA_ID_H
#define DPMETA_ID_H

#include "postgres.h"
#include "lib/stringinfo.h"

#include "types/dpid.h"
#include "types/version.h"

/* The ID of a product, without a version. */
extern void id_of_product(const char *name, DpIdParts *id);

/* The bounds of the versions that an ID can mean. */
extern DpVersion id_first_version(const DpIdParts *id);
extern DpVersion id_last_version(const DpIdParts *id);

/* The ID of a version (or of a table in it, when table is not ""). */
extern void id_of_version(const char *name, DpVersion version,
						  const char *table, DpIdParts *id);

/* The same as text, of a version that is text already. */
extern void id_append(StringInfo out, const char *name, const char *version,
					  const char *table);
extern char *id_text(const char *name, const char *version, const char *table);

/*
 * Raise ERRCODE_DP_INVALID_ID unless the ID is one of a product, or of a
 * table.
 */
extern void id_require_product(const DpIdParts *id);
extern void id_require_table(const DpIdParts *id);

#endif							/* DPMETA_ID_H */
