/*
 * store/product.h
 *		A data product's row: as the rules hold it, and how it is written.
 */
#ifndef DPMETA_PRODUCT_H
#define DPMETA_PRODUCT_H

#include "postgres.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "store/version.h"
#include "types/dpid.h"

typedef struct Product
{
	int64		product_id;
	char		name[DP_NAME_MAX + 1];
	DpVersion	current;		/* newest live, or NO_VERSION */
	DpVersion	head;			/* last one on the trunk, dead or alive */
	TimestampTz registered_at;
	TimestampTz changed_at;
	TimestampTz deleted_at;		/* or NO_TIME */
	TimestampTz retired_at;		/* or NO_TIME */
	bool		has_sunset;
	DateADT		sunset;
	TimestampTz as_of;			/* the time at which all this was so */
} Product;

/* Stands for the time as of which everything is as it is now. */
#define AS_OF_NOW	DT_NOEND

/*
 * Now, but later than the product's last event (product may be NULL for a new
 * one).  The product's lock is held.
 */
extern TimestampTz product_next_time(const Product *product);

/*
 * Since when the product is retired, if the given version is its current one:
 * NO_TIME when it is not.  product->changed_at is the time of the change.
 */
extern TimestampTz product_retired_at(const Product *product,
									  const Version *current);

/*
 * Inserts the row of a name that is new, with its first version, and fills in
 * product_id.  False when another session did so meanwhile.
 */
extern bool product_insert(Product *product, const Version *first);

/* Writes the product's row, with the copies of the current version's metadata. */
extern void product_set_current(const Product *product, const Version *current);

/* The same when that metadata is what it was: current, head, time, sunset. */
extern void product_touch(const Product *product);

/* The same when no version is live any more. */
extern void product_empty(const Product *product);

/* Empties the row and removes the versions; returns how many there were. */
extern int64 product_purge(const Product *product);

#endif							/* DPMETA_PRODUCT_H */
