/*
 * rules/number.h
 *		The fourth stage of a write: which number its version gets, and which
 *		line it goes on.
 */
#ifndef DPMETA_NUMBER_H
#define DPMETA_NUMBER_H

#include "rules/base.h"
#include "rules/plan.h"
#include "store/ranges.h"

/*
 * For a plan that changes something.  Raises when the change may not be made
 * to its base, or when no number is left.
 */
extern void number_version(const WriteBase *base, const WritePlan *plan,
						   Place *place);

#endif							/* DPMETA_NUMBER_H */
