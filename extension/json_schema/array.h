/*
 * json_schema/array.h
 *		Arrays that grow.
 */
#ifndef DPMETA_JSON_SCHEMA_ARRAY_H
#define DPMETA_JSON_SCHEMA_ARRAY_H

#include "postgres.h"

/* The array, NULL while it is empty, with room for one element more. */
static inline void *
array_with_room(void *array, int count, int *capacity, Size element)
{
	if (count < *capacity)
		return array;
	*capacity = Max(16, *capacity * 2);
	return array == NULL ? palloc(*capacity * element) :
		repalloc_huge(array, *capacity * element);
}

#endif							/* DPMETA_JSON_SCHEMA_ARRAY_H */
