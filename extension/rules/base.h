/*
 * rules/base.h
 *		The second stage of a write: what is in the store that it starts from.
 */
#ifndef DPMETA_BASE_H
#define DPMETA_BASE_H

#include "rules/request.h"
#include "rules/resolve.h"

/* Which version a write starts from. */
typedef enum BaseChoice
{
	BASE_NONE,					/* none: it registers a data product */
	BASE_IF_ANY,				/* what the ID means, or none when it is one
								 * without a version and none is live */
	BASE_OF_PRODUCT,			/* what the ID means without its table */
	BASE_OF_ID					/* what the ID means */
} BaseChoice;

typedef struct WriteBase
{
	bool		is_known;		/* the name was registered before */
	Product		product;		/* if so, its row, which is locked but for a
								 * dry run */
	bool		has_version;
	Version		version;		/* if so, what the write starts from */
} WriteBase;

/*
 * Finds the version; product is NULL when the name was never registered.
 * Raises when there is none, or when it is not the newest of its major.
 */
extern void base_find(const WriteRequest *request, BaseChoice choice,
					  const Product *product, WriteBase *base);

#endif							/* DPMETA_BASE_H */
