/*
 * rotation.h
 *		Files that others replace while we run: secrets, certificates, keys.
 */
#ifndef DPMETA_ROTATION_H
#define DPMETA_ROTATION_H

#include <stdint.h>

extern void rotation_start(void);
extern void rotation_stop(void);

/* Once a turn: look at the files now and then; returns when to look again. */
extern int64_t rotation_tick(void);

/* Look in the next turn. */
extern void rotation_hurry(void);

#endif							/* DPMETA_ROTATION_H */
