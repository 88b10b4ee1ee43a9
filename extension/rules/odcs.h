/*
 * rules/odcs.h
 *		A contract that is written by the Open Data Contract Standard.
 */
#ifndef DPMETA_ODCS_H
#define DPMETA_ODCS_H

#include "postgres.h"
#include "utils/jsonb.h"

/* Does a document say so itself? */
extern bool odcs_is_meant(Jsonb *document);

/*
 * The contract that it means, and what of it has no counterpart here, a jsonb array or
 * NULL for nothing.  If "strict", raises ERRCODE_DP_INVALID_DOCUMENT with that.
 */
extern Jsonb *odcs_read(Jsonb *document, bool strict, Jsonb **warnings);

#endif							/* DPMETA_ODCS_H */
