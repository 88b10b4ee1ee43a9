/*
 * rules/type_diff.h
 *		What changed inside the type of a column.
 */
#ifndef DPMETA_TYPE_DIFF_H
#define DPMETA_TYPE_DIFF_H

#include "rules/changes.h"

/*
 * Adds each change between two types in canonical spelling.  What was added to a
 * struct, or put into another order, is minor; all else is major.
 */
extern void diff_type(ChangeList *list, const char *table, JsonbValue *column,
					  JsonbValue *from, JsonbValue *to);

#endif							/* DPMETA_TYPE_DIFF_H */
