/*
 * auth/token/options.h
 *		The operator's settings for tokens: whose are accepted, and what
 *		roles they give.
 */
#ifndef DPMETA_TOKEN_OPTIONS_H
#define DPMETA_TOKEN_OPTIONS_H

typedef enum TokenLevel
{
	TOKEN_LOG_INFO,
	TOKEN_LOG_WARNING
} TokenLevel;

/* NULL is "not set" for every string.  Numbers have no default here. */
typedef struct TokenConfig
{
	const char *oidc_issuer;	/* DPMETA_OIDC_ISSUER */
	const char *oidc_audience;	/* DPMETA_OIDC_AUDIENCE, comma-separated */
	const char *azure_tenant_id;	/* DPMETA_AZURE_TENANT_ID */
	const char *azure_client_id;	/* DPMETA_AZURE_APP_CLIENT_ID */
	const char *azure_authority;	/* DPMETA_AZURE_AUTHORITY */
	const char *azure_v1_issuer;	/* DPMETA_AZURE_V1_ISSUER */
	const char *ca_file;		/* DPMETA_OIDC_CA_FILE */
	const char *roles_claim;	/* DPMETA_ROLES_CLAIM, comma-separated */
	const char *producer_role;	/* DPMETA_PRODUCER_ROLE */
	const char *steward_role;	/* DPMETA_STEWARD_ROLE */
	unsigned	leeway;			/* DPMETA_TOKEN_LEEWAY, seconds */
	unsigned	refresh;		/* DPMETA_KEYS_REFRESH, seconds */
	unsigned	refetch;		/* DPMETA_KEYS_REFETCH, seconds */
	unsigned	max_age;		/* DPMETA_KEYS_MAX_AGE, seconds */
	void		(*log) (TokenLevel level, const char *message);
} TokenConfig;

#define TOKEN_DEFAULT_AUTHORITY "https://login.microsoftonline.com"
#define TOKEN_DEFAULT_ROLES_CLAIM "roles"
#define TOKEN_DEFAULT_PRODUCER_ROLE "Data Producer"
#define TOKEN_DEFAULT_STEWARD_ROLE "Data Steward"
#define TOKEN_MAX_LEEWAY 300
#define TOKEN_MAX_MAX_AGE (30 * 86400)

#endif							/* DPMETA_TOKEN_OPTIONS_H */
