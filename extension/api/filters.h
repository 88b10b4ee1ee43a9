/*
 * api/filters.h
 *		What lists of data products and searches are narrowed down by.
 */
#ifndef DPMETA_FILTERS_H
#define DPMETA_FILTERS_H

#include "postgres.h"
#include "utils/array.h"

/* Raise ERRCODE_DP_INVALID_PARAMETER for a value that none has; not for NULL. */
extern void filter_check_status(const text *value);
extern void filter_check_domain(const text *value);

/*
 * Reads "KEY:VALUE" as {"KEY": "VALUE"}.  Both may contain colons, so each
 * colon may be the one that divides them.  A product with any of these tags is
 * found.
 */
extern ArrayType *filter_tag(const text *value);

#endif							/* DPMETA_FILTERS_H */
