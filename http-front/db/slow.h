/*
 * db/slow.h
 *		Which reads are not short, learnt from how long they took.
 *
 * The route table cannot know that one product has 10,000 tables.  So a read that
 * took long is remembered for a while, and treated like a list.  Once it is quick,
 * it counts as short again.  If a group took long, each read of it is suspect, and
 * is sent alone from then on.  A read must take long twice, because a busy machine
 * can make any read slow once.
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
