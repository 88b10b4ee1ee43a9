/*
 * base/random.h
 *		Numbers that nobody can foresee well enough to collide; no secrets.
 */
#ifndef DPMETA_RANDOM_H
#define DPMETA_RANDOM_H

#include <stdint.h>

extern uint64_t random_next(void);

#endif							/* DPMETA_RANDOM_H */
