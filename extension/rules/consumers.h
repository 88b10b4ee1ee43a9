/*
 * rules/consumers.h
 *		Whom a write touches: the consumers that read what it breaks or deletes.
 *
 * Each is a jsonb array, as affectedConsumers has it, or NULL for nobody.
 */
#ifndef DPMETA_CONSUMERS_H
#define DPMETA_CONSUMERS_H

#include "postgres.h"
#include "utils/jsonb.h"

#include "store/product.h"
#include "types/dpid.h"

/*
 * Those who read, of the major that a breaking write started from, a table that it
 * breaks.  base is NO_VERSION where only the version that was made is known.
 */
extern Jsonb *consumers_broken(const Product *product, DpVersion base,
							   DpVersion made, Jsonb *changes);

/* Those who get one of the live versions within bounds. */
extern Jsonb *consumers_of_versions(const Product *product, DpVersion first,
									DpVersion last);

/* Raises ERRCODE_DP_CONSUMED, which names them, if there are any. */
extern void consumers_require_none(const DpIdParts *id, Jsonb *consumers);

extern void consumers_purge(const Product *product);

#endif							/* DPMETA_CONSUMERS_H */
