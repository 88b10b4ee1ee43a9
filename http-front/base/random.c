/*
 * base/random.c
 *		Numbers that nobody can foresee well enough to collide; no secrets.
 */
#include "base/random.h"

#include <sys/random.h>

#include "base/loop.h"

/* A random start for the process, then splitmix64 steps. */
uint64_t
random_next(void)
{
	static uint64_t state;
	uint64_t	mixed;

	if (state == 0 &&
		getrandom(&state, sizeof(state), 0) != (ssize_t) sizeof(state))
		state = (uint64_t) clock_microseconds();
	state += UINT64_C(0x9E3779B97F4A7C15);
	mixed = state;
	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
	return mixed ^ (mixed >> 31);
}
