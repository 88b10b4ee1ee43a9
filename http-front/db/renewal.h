/*
 * db/renewal.h
 *		Another password or URL for a pool that is at work.
 *
 * It is tried by a connection of its own first.  Until that succeeds the lanes
 * stay as they are, so that nothing fails if the file came before the server
 * knew of it.  Then every lane is replaced, one after the other.
 */
#ifndef DPMETA_RENEWAL_H
#define DPMETA_RENEWAL_H

#include "db/pool_state.h"

/* The strings are copied. */
extern void renewal_offer(Pool *pool, const char *url,
						  const char *password);
extern void renewal_free(Pool *pool);

/* Once a turn; returns the next deadline. */
extern int64_t renewal_tick(Pool *pool, int64_t deadline);

#endif							/* DPMETA_RENEWAL_H */
