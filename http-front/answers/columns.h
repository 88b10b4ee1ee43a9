/*
 * answers/columns.h
 *		The columns of every statement in the route table.
 */
#ifndef DPMETA_COLUMNS_H
#define DPMETA_COLUMNS_H

#include "db/document.h"

typedef enum Column
{
	COLUMN_ID,
	COLUMN_ETAG,
	COLUMN_DOCUMENT = DOCUMENT_COLUMN,
	COLUMN_RETIRED_AT,
	COLUMN_SUNSET,
	COLUMN_SUCCESSOR,
	COLUMN_REPLAYED,
	COLUMN_KIND,
	COLUMN_NEXT
} Column;

#endif							/* DPMETA_COLUMNS_H */
