/*
 * store/version.h
 *		A version's row: as the rules hold it, and how it is written.
 */
#ifndef DPMETA_STORE_VERSION_H
#define DPMETA_STORE_VERSION_H

#include "postgres.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "store/bind.h"
#include "types/version.h"

typedef struct Version
{
	DpVersion	version;
	DpVersion	leaves_at;		/* see store/ranges.h */
	TimestampTz created_at;
	TimestampTz deleted_at;		/* or NO_TIME */
	int32		facts_revision;
	Jsonb	   *metadata;
	Jsonb	   *facts;
	text	   *document;		/* without "schemas" */
} Version;

extern void version_insert(int64 product_id, const Version *version);

/* Writes the version's new facts, and its document with them. */
extern void version_report(int64 product_id, const Version *version);

#endif							/* DPMETA_STORE_VERSION_H */
