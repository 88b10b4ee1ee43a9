/*
 * db/slow.h
 *		Which reads are not short, learnt from how long they took.
 *
 * The route table cannot know that one product has 10,000 tables.  A read that
 * took long is remembered for a while and is treated as a list is; once it is
 * quick it is short again.  Of a group that took long each is suspect: it goes
 * alone from then on, and must be long twice, since a busy machine can make
 * any read long once.
 */
#ifndef DPMETA_SLOW_H
#define DPMETA_SLOW_H

#include <stdbool.h>

#include "db/job.h"

typedef enum Pace
{
	PACE_SHORT,
	PACE_SUSPECT,
	PACE_SLOW
} Pace;

extern Pace slow_pace(const Job *job);

/* It, or the group that it was in, took so many milliseconds. */
extern void slow_note(const Job *job, int64_t took, bool alone);

#endif							/* DPMETA_SLOW_H */
