/*
 * auth/jwks/keys.h
 *		What an OpenID provider publishes: its discovery document and its keys.
 *
 * Nothing here does any input or output; auth/jwks/jwks.c fetches.
 */
#ifndef DPMETA_JWKS_KEYS_H
#define DPMETA_JWKS_KEYS_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>

/* The two signatures that are accepted; a key makes one of them only. */
typedef enum KeyAlg
{
	KEY_RS256,
	KEY_ES256
} KeyAlg;

typedef struct Key
{
	char	   *kid;			/* NULL: the provider gave it none */
	KeyAlg		alg;
	EVP_PKEY   *pkey;
} Key;

/* Immutable once made. */
typedef struct KeySet
{
	size_t		count;
	size_t		unusable;		/* how many were left out */
	Key			keys[];
} KeySet;

/* As many keys are tried for a token that does not say which one signed it. */
#define KEYS_TRIED_MOST 16

/* The keys that a token may have been signed by. */
typedef struct KeyChoice
{
	size_t		count;
	const Key  *keys[KEYS_TRIED_MOST];
	bool		named;			/* the set has the token's kid */
} KeyChoice;

/*
 * Read a JSON Web Key Set.  Keys that cannot be used (weak, of another kind,
 * for encryption) are left out, which may leave none: that, too, is what the
 * provider publishes.  NULL with a sentence in "error" when it is no key set.
 * "tenant" leaves out the keys that Entra ID marks for others; NULL for any
 * other provider.
 */
extern KeySet *keyset_parse(const char *json, size_t length, const char *tenant,
							char *error, size_t error_size);
extern void keyset_free(KeySet *set);
extern bool keyset_equal(const KeySet *a, const KeySet *b);

/*
 * Choose the keys of an algorithm by the "kid" of a token.  Those without a
 * name are for a token whose name no key has; a token without one, for which
 * "kid" is NULL, may have been signed by any.
 */
extern void keyset_choose(const KeySet *set, const char *kid, KeyAlg alg,
						  KeyChoice *choice);

/* From the name that a token's header and a key use for it. */
extern bool key_alg_from_name(const char *name, KeyAlg *alg);

/*
 * Read the discovery document that came from "url".  The provider must call
 * itself exactly "issuer" (OpenID Connect Discovery 1.0, 4.3).  Returns its
 * jwks_uri, to be freed by the caller, or NULL with a sentence in "error".
 */
extern char *discovery_parse(const char *json, size_t length,
							 const char *url, const char *issuer,
							 char *error, size_t error_size);

/*
 * Another address in the same document, to be freed by the caller; NULL when
 * it has none of that name that may be used.
 */
extern char *discovery_endpoint(const char *json, size_t length,
								const char *name);

/*
 * May keys be fetched from there?  https, or http where the host is this
 * machine and nobody can listen between.  NULL when they may, else why not.
 */
extern const char *url_objection(const char *url);
extern bool url_is_loopback(const char *url);

#endif
