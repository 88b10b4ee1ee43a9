/*
 * answers/store_metrics.h
 *		What the page of metrics says of the store.
 *
 * The database counts, and keeps what it counted, for this and for /v1/stats.
 */
#ifndef DPMETA_STORE_METRICS_H
#define DPMETA_STORE_METRICS_H

#include "base/text.h"

/*
 * Somebody looks at the figures.  Asks for new ones, unless that was done within
 * the last minute.  They are there in some later turn of the loop.
 */
extern void store_metrics_want(void);

/* Those that came last; nothing before the first. */
extern void store_metrics_write(Text *out);

extern void store_metrics_stop(void);

#endif							/* DPMETA_STORE_METRICS_H */
