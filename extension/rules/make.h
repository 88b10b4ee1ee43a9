/*
 * rules/make.h
 *		Carrying out a plan: the rows that it makes.
 */
#ifndef DPMETA_MAKE_H
#define DPMETA_MAKE_H

#include "rules/number.h"
#include "rules/outcome.h"

/*
 * Makes the version, and fills in the product and the version of the outcome.
 * False when another session registered the name meanwhile; nothing is made
 * then.
 */
extern bool make_version(const WriteRequest *request, const WriteBase *base,
						 const WritePlan *plan, const Place *place,
						 WriteOutcome *outcome);

#endif							/* DPMETA_MAKE_H */
