/*
 * auth/token/claims.h
 *		What a token says, judged.  This file knows neither keys nor
 *		signatures.
 */
#ifndef DPMETA_TOKEN_CLAIMS_H
#define DPMETA_TOKEN_CLAIMS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "auth/token/verdict.h"

#define CLAIMS_MAX_AUDIENCES 8
#define CLAIMS_MAX_ROLE_CLAIMS 8

/* Whose tokens are taken; all strings belong to whoever made it. */
typedef struct ClaimsIssuer
{
	const char *issuer;
	const char *tenant;			/* Entra ID: what tid must say; else NULL */
	const char *audiences[CLAIMS_MAX_AUDIENCES];
	size_t		audience_count;
} ClaimsIssuer;

typedef struct ClaimsPolicy
{
	const char *role_claims[CLAIMS_MAX_ROLE_CLAIMS];
	size_t		role_claim_count;
	const char *producer_role;
	const char *steward_role;
	int64_t		leeway;
} ClaimsPolicy;

/*
 * Judge everything but the issuer and the signature.  "access_type" is what
 * the token's header says of its type.
 */
extern TokenReason claims_judge(const json_t *claims, bool access_type,
								const ClaimsIssuer *issuer,
								const ClaimsPolicy *policy, time_t now);

/* "exp", once claims_judge() has passed it. */
extern int64_t claims_expiry(const json_t *claims);

/* Is a token with this "exp" past its time, the leeway included? */
extern bool claims_expired(int64_t expiry, const ClaimsPolicy *policy,
						   time_t now);

extern unsigned claims_roles(const json_t *claims,
							 const ClaimsPolicy *policy);

/* The caller's name: oid or else sub with Entra ID, sub with any other. */
extern const char *claims_caller(const json_t *claims,
								 const ClaimsIssuer *issuer);

#endif							/* DPMETA_TOKEN_CLAIMS_H */
