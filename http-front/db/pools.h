/*
 * db/pools.h
 *		Which database answers a read.
 *
 * The read database does, as a rule.  The primary answers what asks for it by
 * ?consistent=true, what the standby has not replayed in time, and everything
 * while the standby is away.
 */
#ifndef DPMETA_POOLS_H
#define DPMETA_POOLS_H

#include "request/request.h"

/* Where a read is sent first. */
extern Pool *reads_pool(const Request *request);

/*
 * Is this outcome, with its result if there is one, none to answer with, so
 * that the primary is to be asked?  Never twice for one request.
 */
extern bool reads_need_primary(Request *request, Outcome outcome,
							   const PGresult *result);

extern void reads_metrics_write(Text *out);

#endif							/* DPMETA_POOLS_H */
