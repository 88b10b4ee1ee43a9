/*
 * auth/token/parts.h
 *		A token taken apart, and its signature.  This file knows no policy.
 */
#ifndef DPMETA_TOKEN_PARTS_H
#define DPMETA_TOKEN_PARTS_H

#include <jansson.h>
#include <stdbool.h>

#include "auth/jwks/keys.h"
#include "auth/token/verdict.h"

/* The longest token that is read at all. */
#define TOKEN_MAX_LENGTH (16 * 1024)

/* A compact JWS (RFC 7515, 7.1).  The text must outlive it. */
typedef struct TokenParts
{
	json_t	   *header;
	json_t	   *claims;
	KeyAlg		alg;
	const char *kid;			/* within header; NULL without one */
	bool		access_type;	/* its typ says that it is an access token */
	const char *text;
	size_t		signed_length;	/* header "." payload */
	const char *signature;
	size_t		signature_length;
} TokenParts;

/*
 * Take the token apart and judge its header.  Whatever it returns,
 * token_parts_free() is due.
 */
extern TokenReason token_parts_read(const char *text, size_t length,
									TokenParts *parts);
extern void token_parts_free(TokenParts *parts);

extern bool token_signature_holds(const TokenParts *parts, const Key *key);

#endif							/* DPMETA_TOKEN_PARTS_H */
