/*
 * forge.h
 *		Keys, key sets and tokens of every shape, right or wrong, for tests.
 *
 * Running out of memory or of entropy ends the program.
 */
#ifndef DPMETA_TEST_FORGE_H
#define DPMETA_TEST_FORGE_H

#include <openssl/evp.h>
#include <stddef.h>

extern EVP_PKEY *forge_rsa(unsigned bits);
extern EVP_PKEY *forge_ec(const char *curve);

/* All strings are to be freed by the caller. */
extern char *forge_format(const char *format,...)
			__attribute__((format(printf, 1, 2)));
extern char *forge_base64url(const void *bytes, size_t length);

/* A JWK, without a kid if that is NULL; "extra" holds more members, such as ",\"use\":\"sig\"". */
extern char *forge_jwk(EVP_PKEY *key, const char *kid, const char *extra);

/* The public key as PEM text. */
extern char *forge_pem(EVP_PKEY *key);

/* Sign header and payload, both JSON text, as RS256 or ES256. */
extern char *forge_token(EVP_PKEY *key, const char *header,
						 const char *payload);

/* The same with HMAC-SHA-256 under "secret". */
extern char *forge_hs256(const void *secret, size_t length,
						 const char *header, const char *payload);

#endif							/* DPMETA_TEST_FORGE_H */
