/*
 * auth/token/settings.h
 *		A TokenConfig checked, and turned into what the judging needs.
 */
#ifndef DPMETA_TOKEN_SETTINGS_H
#define DPMETA_TOKEN_SETTINGS_H

#include "auth/jwks/jwks.h"
#include "auth/token/claims.h"
#include "auth/token/options.h"

/* Entra ID has two issuers; any other provider one. */
#define SETTINGS_MAX_ISSUERS 2
#define SETTINGS_MAX_STRINGS 40

typedef struct TokenSettings
{
	ClaimsPolicy policy;
	size_t		issuer_count;
	ClaimsIssuer issuers[SETTINGS_MAX_ISSUERS];
	JwksSource	sources[SETTINGS_MAX_ISSUERS];	/* in the same order */
	unsigned	refresh;
	unsigned	refetch;
	unsigned	max_age;
	char	   *ca_file;

	/* The owner of every string above. */
	char	   *strings[SETTINGS_MAX_STRINGS];
	size_t		string_count;
} TokenSettings;

/*
 * False with a sentence that names the variable at fault.  Either way
 * token_settings_free() is due.
 */
extern bool token_settings_read(TokenSettings *settings,
								const TokenConfig *config,
								char *error, size_t error_size);
extern void token_settings_free(TokenSettings *settings);

#endif							/* DPMETA_TOKEN_SETTINGS_H */
