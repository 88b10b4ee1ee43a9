/*
 * base/share.c
 *		A part of the memory that many may take from, up to a bound.
 */
#include "base/share.h"

bool
share_take(Share *share, size_t size)
{
	if (size > share->most || share->held > share->most - size)
	{
		share->refused++;
		return false;
	}
	share->held += size;
	return true;
}

void
share_give(Share *share, size_t size)
{
	share->held -= size;
}
