/*
 * json/sha256.h
 *		SHA-256, by the server's own means.
 */
#ifndef DPMETA_SHA256_H
#define DPMETA_SHA256_H

#include "postgres.h"
#include "common/cryptohash.h"
#include "common/sha2.h"

extern pg_cryptohash_ctx *sha256_begin(void);
extern void sha256_add(pg_cryptohash_ctx *hash, const void *data, size_t len);

/* Writes PG_SHA256_DIGEST_LENGTH bytes, and frees the hash. */
extern void sha256_end(pg_cryptohash_ctx *hash, uint8 *digest);

#endif							/* DPMETA_SHA256_H */
