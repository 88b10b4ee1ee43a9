/*
 * base/share.h
 *		A part of the memory that many may take from, up to a bound.
 *
 * Room is asked for before anything is allocated.  Loop's thread only.
 */
#ifndef DPMETA_SHARE_H
#define DPMETA_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Share
{
	size_t		most;
	size_t		held;
	uint64_t	refused;		/* times that there was no room */
} Share;

extern bool share_take(Share *share, size_t size);
extern void share_give(Share *share, size_t size);

#endif							/* DPMETA_SHARE_H */
