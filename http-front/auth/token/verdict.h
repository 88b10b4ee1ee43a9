/*
 * auth/token/verdict.h
 *		What comes of judging a token, and why one was refused.
 */
#ifndef DPMETA_TOKEN_VERDICT_H
#define DPMETA_TOKEN_VERDICT_H

#include <stddef.h>

/* What a caller may do.  A steward is a producer too, and all of them read. */
#define TOKEN_READER	(1u << 0)
#define TOKEN_PRODUCER	(1u << 1)
#define TOKEN_STEWARD	(1u << 2)

#define TOKEN_CALLER_SIZE 256	/* OpenID Connect: a sub has 255 at most */

typedef enum TokenOutcome
{
	TOKEN_OK,
	TOKEN_REFUSED,				/* 401, with token_challenge() */
	TOKEN_NEED_KEYS,			/* put aside until token_collect() */
	TOKEN_UNAVAILABLE			/* 503: what is published is not known */
} TokenOutcome;

/* Why a token was refused; the metric's label is token_reason_name(). */
typedef enum TokenReason
{
	TOKEN_NO_REASON,			/* it was not refused */
	TOKEN_MISSING,
	TOKEN_SEVERAL,
	TOKEN_SCHEME,
	TOKEN_TOO_LONG,
	TOKEN_MALFORMED,
	TOKEN_ALGORITHM,
	TOKEN_CRITICAL,
	TOKEN_FOREIGN_KEY,
	TOKEN_TYPE,
	TOKEN_ISSUER,
	TOKEN_TENANT,
	TOKEN_AUDIENCE,
	TOKEN_TIMES,
	TOKEN_EXPIRED,
	TOKEN_NOT_YET,
	TOKEN_SUBJECT,
	TOKEN_ID_TOKEN,
	TOKEN_UNKNOWN_KEY,
	TOKEN_SIGNATURE,
	TOKEN_NO_KEYS,
	TOKEN_REASONS				/* how many there are */
} TokenReason;

typedef struct TokenVerdict
{
	TokenOutcome outcome;
	TokenReason reason;
	unsigned	roles;			/* TOKEN_READER and so on, when TOKEN_OK */
	char		caller[TOKEN_CALLER_SIZE];	/* the subject, when TOKEN_OK */
} TokenVerdict;

/* The label of a reason, and a sentence for the sender of the token. */
extern const char *token_reason_name(TokenReason reason);
extern const char *token_reason_sentence(TokenReason reason);

/* The value of WWW-Authenticate (RFC 6750), for a 401 and for a 403. */
extern void token_challenge(TokenReason reason, char *out, size_t size);
extern void token_scope_challenge(char *out, size_t size);

#endif							/* DPMETA_TOKEN_VERDICT_H */
