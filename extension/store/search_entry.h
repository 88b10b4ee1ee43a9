/*
 * store/search_entry.h
 *		Keeping what search finds the current versions by.
 */
#ifndef DPMETA_SEARCH_ENTRY_H
#define DPMETA_SEARCH_ENTRY_H

#include "store/product.h"

/* The current version's metadata is other than before, or the first. */
extern void search_entry_product(const Product *product,
								 const Version *current);

/* A table of the current version is new (old NULL), other, or gone (new NULL). */
extern void search_entry_table(const Product *product, const char *table,
							   Jsonb *old, Jsonb *new);

/* Another version is current, whose tables may all be others; or none is. */
extern void search_entry_renew(const Product *product);

/* It is purged. */
extern void search_entry_purge(const Product *product);

#endif							/* DPMETA_SEARCH_ENTRY_H */
