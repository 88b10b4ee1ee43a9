/*
 * db/slow.c
 *		Which reads are not short, learnt from how long they took.
 */
#include "db/slow.h"

#include <string.h>

#include "base/hash.h"
#include "base/loop.h"

/* Milliseconds: hundreds of times what a short one takes. */
#define LONG 100
/* How often alone. */
#define STRIKES 2
#define REMEMBERED 60000
/* Two that share a place make each other short again: no harm. */
#define PLACES 8192

typedef struct Place
{
	uint64_t	read;
	int64_t		until;
	int			strikes;
} Place;

static Place places[PLACES];

/* By what is read, as its statement's first parameter names it. */
static uint64_t
hash_of(const Job *job)
{
	const char *what = job->value_count > 0 ? job->values[0] : NULL;

	return (what ? hash_bytes(what, strlen(what)) : 0) ^
		((uint64_t) (job->route - ROUTES) + 1);
}

Pace
slow_pace(const Job *job)
{
	uint64_t	hash = hash_of(job);
	const Place *place = &places[hash % PLACES];

	if (place->read != hash || place->until <= loop_now())
		return PACE_SHORT;
	return place->strikes < STRIKES ? PACE_SUSPECT : PACE_SLOW;
}

void
slow_note(const Job *job, int64_t took, bool alone)
{
	uint64_t	hash = hash_of(job);
	Place	   *place = &places[hash % PLACES];

	if (took > LONG)
	{
		if (place->read != hash || place->until <= loop_now())
			place->strikes = 0;
		place->read = hash;
		place->strikes += alone;
		place->until = loop_now() + REMEMBERED;
	}
	else if (place->read == hash)
		place->until = 0;
}
