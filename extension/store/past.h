/*
 * store/past.h
 *		What was, and when: 23-time.sql says what is kept of it.
 *
 * The first release kept nothing.  While its SQL is installed, the functions that
 * record do nothing, and none of the others is called.
 */
#ifndef DPMETA_PAST_H
#define DPMETA_PAST_H

#include "postgres.h"

#include "store/lookup.h"
#include "store/product.h"

/*
 * What the product's row says from product->changed_at on.  is_new: another
 * version is current than before.
 */
extern void past_record_state(const Product *product, bool is_new);

/*
 * The versions within bounds that were deleted at that time are live again from
 * product->changed_at on.  To be called before they are marked so.
 */
extern void past_record_undone(const Product *product, DpVersion from,
							   DpVersion to, TimestampTz deleted_at);

/* The facts that the version has had up to product->changed_at. */
extern void past_record_facts(const Product *product, const Version *version);

/*
 * Sets the product's row back to what it was at a time, but for its head, which
 * says how the tables of versions are found, and for the times of its last event
 * and deletion; false when the name was
 * not registered yet, or was purged since.
 */
extern bool past_product(Product *product, TimestampTz as_of, ReadMode mode);

/*
 * Sets a version's time of deletion and its facts back to what they were at
 * product->as_of.  It was made by then.  True when the facts were others, which its
 * document does not say then.
 */
extern bool past_version(const Product *product, Version *version,
						 ReadMode mode);

/* Adds nothing to the past: forgets that of a product, which is purged. */
extern void past_purge(const Product *product);

/* From which time on everything is kept: cut_log() removed some of before. */
extern TimestampTz past_kept_since(ReadMode mode);

#endif							/* DPMETA_PAST_H */
