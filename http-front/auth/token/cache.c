/*
 * auth/token/cache.c
 *		A set-associative table: 1024 sets of 4.  Nothing moves, nothing grows.
 *
 * Only tokens that were verified get in, so nobody who cannot get tokens
 * signed can fill a set.
 */
#include "auth/token/cache.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#define SETS 1024				/* a power of two */
#define WAYS 4

struct TokenCache
{
	EVP_MD	   *sha256;			/* fetched once: a look-up costs more */
	EVP_MD_CTX *context;
	uint64_t	clock;
	CachedToken slots[SETS][WAYS];
};

TokenCache *
token_cache_create(void)
{
	TokenCache *cache = calloc(1, sizeof(TokenCache));

	if (cache == NULL)
		return NULL;
	cache->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	cache->context = EVP_MD_CTX_new();
	if (cache->sha256 != NULL && cache->context != NULL)
		return cache;
	token_cache_destroy(cache);
	return NULL;
}

void
token_cache_destroy(TokenCache *cache)
{
	if (cache == NULL)
		return;
	EVP_MD_CTX_free(cache->context);
	EVP_MD_free(cache->sha256);
	free(cache);
}

bool
token_cache_digest(TokenCache *cache, const char *token, size_t length,
				   unsigned char *digest)
{
	return EVP_DigestInit_ex2(cache->context, cache->sha256, NULL) == 1 &&
		EVP_DigestUpdate(cache->context, token, length) == 1 &&
		EVP_DigestFinal_ex(cache->context, digest, NULL) == 1;
}

static CachedToken *
find_set(TokenCache *cache, const unsigned char *digest)
{
	size_t		index = ((size_t) digest[0] << 8 | digest[1]) & (SETS - 1);

	return cache->slots[index];
}

/*
 * Constant time over the digest: with a plain memcmp the time of an answer
 * could tell how far a guess agrees with some verified token's digest.  That
 * would be of little use to anybody, and this costs nothing.
 */
static CachedToken *
find_slot(TokenCache *cache, const unsigned char *digest)
{
	CachedToken *set = find_set(cache, digest);

	for (size_t i = 0; i < WAYS; i++)
	{
		if (set[i].expiry != 0 &&
			CRYPTO_memcmp(set[i].digest, digest, TOKEN_DIGEST_SIZE) == 0)
			return &set[i];
	}
	return NULL;
}

const CachedToken *
token_cache_find(TokenCache *cache, const unsigned char *digest)
{
	CachedToken *slot = find_slot(cache, digest);

	if (slot != NULL)
		slot->used = ++cache->clock;
	return slot;
}

void
token_cache_put(TokenCache *cache, const CachedToken *entry)
{
	CachedToken *set = find_set(cache, entry->digest);
	CachedToken *slot = find_slot(cache, entry->digest);

	for (size_t i = 0; slot == NULL && i < WAYS; i++)
	{
		if (set[i].expiry == 0)
			slot = &set[i];
	}
	if (slot == NULL)
	{
		slot = &set[0];
		for (size_t i = 1; i < WAYS; i++)
		{
			if (set[i].used < slot->used)
				slot = &set[i];
		}
	}
	*slot = *entry;
	slot->used = ++cache->clock;
}

void
token_cache_drop(TokenCache *cache, const unsigned char *digest)
{
	CachedToken *slot = find_slot(cache, digest);

	if (slot != NULL)
		memset(slot, 0, sizeof(*slot));
}
