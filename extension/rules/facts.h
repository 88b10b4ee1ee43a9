/*
 * rules/facts.h
 *		What stands beside the versions: the facts that pipelines report of
 *		their loads, and the date on which a product ends.
 */
#ifndef DPMETA_FACTS_H
#define DPMETA_FACTS_H

#include "postgres.h"
#include "utils/date.h"
#include "utils/jsonb.h"

#include "rules/actor.h"
#include "store/product.h"

/*
 * Writes new facts of a version, if they are other ones.  The product is locked.
 */
extern void facts_report(Product *product, Version *version, Jsonb *new,
						 const Actor *actor);

/* Raises unless the actor may set the date on which a product ends. */
extern void facts_require_sunset(const Actor *actor);

/* Sets it, if it is another one.  The product, locked, has this version now. */
extern void facts_set_sunset(Product *product, const Version *version,
							 bool has_sunset, DateADT sunset,
							 const Actor *actor);

/* A date as events and messages spell it. */
extern char *facts_format_date(DateADT date);

#endif							/* DPMETA_FACTS_H */
