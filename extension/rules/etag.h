/*
 * rules/etag.h
 *		Entity tags, and If-Match on that of what a write starts from.
 */
#ifndef DPMETA_ETAG_H
#define DPMETA_ETAG_H

#include "postgres.h"
#include "utils/array.h"

#include "store/version.h"

/*
 * Entity tags, without quotes: of a version, and of a table's document in one,
 * as document_of_schema() makes it.
 */
extern char *etag_of_version(const Version *version);
extern char *etag_of_schema(const Version *version, const text *document);

/* The tag of what has no version of its own: a hash of what is sent. */
extern char *etag_of_content(const text *content);

/*
 * Raises ERRCODE_DP_PRECONDITION_FAILED unless one of the tags is the current
 * one, or is "*" and there is one.  if_match is NULL when no condition was
 * made, etag when there is nothing yet that could match.
 */
extern void etag_require(ArrayType *if_match, const char *etag);

#endif							/* DPMETA_ETAG_H */
