/*
 * rules/precondition.h
 *		If-Match, on the entity tag of what a write starts from.
 */
#ifndef DPMETA_PRECONDITION_H
#define DPMETA_PRECONDITION_H

#include "postgres.h"
#include "utils/array.h"

/*
 * Raises ERRCODE_DP_PRECONDITION_FAILED unless one of the tags is the current
 * one, or is "*" and there is one.  if_match is NULL when no condition was
 * made, etag when there is nothing yet that could match.
 */
extern void etag_require(ArrayType *if_match, const char *etag);

#endif							/* DPMETA_PRECONDITION_H */
