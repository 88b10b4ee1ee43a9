/*
 * auth/token/cache.h
 *		Tokens that were verified, by their SHA-256, in constant memory.
 *
 * The token itself is not kept: whoever reads this memory cannot use what is
 * in it.
 */
#ifndef DPMETA_TOKEN_CACHE_H
#define DPMETA_TOKEN_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "auth/token/verdict.h"

#define TOKEN_DIGEST_SIZE 32

typedef struct TokenCache TokenCache;

typedef struct CachedToken
{
	unsigned char digest[TOKEN_DIGEST_SIZE];
	int64_t		expiry;			/* "exp"; 0: the slot is free */
	uint64_t	generation;		/* of the issuer's keys */
	unsigned	issuer;
	unsigned	roles;
	uint64_t	used;			/* a counter, for choosing what goes */
	char		caller[TOKEN_CALLER_SIZE];
} CachedToken;

extern TokenCache *token_cache_create(void);
extern void token_cache_destroy(TokenCache *cache);

extern bool token_cache_digest(TokenCache *cache, const char *token,
							   size_t length, unsigned char *digest);

/* NULL when unknown.  Valid until the next call that is not a digest. */
extern const CachedToken *token_cache_find(TokenCache *cache,
										   const unsigned char *digest);

/* Remember it, in place of the one in its set that was used longest ago. */
extern void token_cache_put(TokenCache *cache, const CachedToken *entry);
extern void token_cache_drop(TokenCache *cache, const unsigned char *digest);

#endif							/* DPMETA_TOKEN_CACHE_H */
