/*
 * store/event.h
 *		The append-only log.
 */
#ifndef DPMETA_EVENT_H
#define DPMETA_EVENT_H

#include "postgres.h"

#include "store/product.h"

typedef struct Event
{
	const Product *product;		/* whose changed_at is the event's time */
	const char *action;
	const char *table;			/* "" for none */
	DpVersion	from;			/* or NO_VERSION */
	DpVersion	to;				/* or NO_VERSION */
	const char *kind;			/* by name */
	const char *actor;			/* by name */
	Jsonb	   *changes;
} Event;

/* Appends to the log. */
extern void event_store(const Event *event);

#endif							/* DPMETA_EVENT_H */
