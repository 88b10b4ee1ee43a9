/*
 * store/event.h
 *		The append-only log, and the clock of a data product.
 */
#ifndef DPMETA_EVENT_H
#define DPMETA_EVENT_H

#include "postgres.h"

#include "rules/actor.h"
#include "rules/diff.h"
#include "rules/resolve.h"

typedef struct Event
{
	const Product *product;		/* whose changed_at is the event's time */
	const char *action;
	const char *table;			/* "" for none */
	DpVersion	from;			/* or NO_VERSION */
	DpVersion	to;				/* or NO_VERSION */
	ChangeKind	kind;
	const Actor *actor;
	Jsonb	   *changes;
} Event;

extern void event_store(const Event *event);

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

/* Writes the product's row, with the copies of the current version's metadata. */
extern void product_set_current(const Product *product, const Version *current);

/* The same when that metadata is what it was: current, trunk, time, sunset. */
extern void product_touch(const Product *product);

/* The same when no version is live any more. */
extern void product_empty(const Product *product);

#endif							/* DPMETA_EVENT_H */
