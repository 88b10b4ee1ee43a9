/*
 * base/hash.h
 *		A hash whose collisions a stranger cannot aim at.
 */
#ifndef DPMETA_HASH_H
#define DPMETA_HASH_H

#include <stddef.h>
#include <stdint.h>

/* SipHash-2-4 under a key of this process. */
extern uint64_t hash_bytes(const void *bytes, size_t length);

#endif							/* DPMETA_HASH_H */
