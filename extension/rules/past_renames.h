/*
 * rules/past_renames.h
 *		The columns that were renamed between two versions of a data product.
 */
#ifndef DPMETA_PAST_RENAMES_H
#define DPMETA_PAST_RENAMES_H

#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#include "store/product.h"
#include "store/version.h"

/* All of them, from the older version to the newer; a List. */
extern List *past_renames_read(const Product *product, const Version *old,
							   const Version *new);

/*
 * What each column of a table was called in the older version, for diff_table();
 * NULL if none of them was renamed.
 */
extern JsonbValue **past_renames_of(List *renames, const char *table,
									Jsonb *new);

#endif							/* DPMETA_PAST_RENAMES_H */
