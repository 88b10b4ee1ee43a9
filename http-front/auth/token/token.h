/*
 * auth/token/token.h
 *		Who is calling: one bearer token judged, without ever waiting.
 *
 * Everything here belongs to the thread of the event loop.  A token whose key
 * is not known yet gives TOKEN_NEED_KEYS: the caller puts its request aside,
 * polls token_fd(), calls token_collect() when that is readable, and then
 * judges again every request that it has put aside.
 */
#ifndef DPMETA_TOKEN_H
#define DPMETA_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* What a caller may do.  A steward is a producer too, and all of them read. */
#define TOKEN_READER	(1u << 0)
#define TOKEN_PRODUCER	(1u << 1)
#define TOKEN_STEWARD	(1u << 2)

#define TOKEN_CALLER_SIZE 256	/* OpenID Connect: a sub has 255 at most */

/* The longest token that is read at all. */
#define TOKEN_MAX_LENGTH (16 * 1024)

typedef struct Token Token;

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
#define TOKEN_DEFAULT_LEEWAY 60
#define TOKEN_MAX_LEEWAY 300
#define TOKEN_DEFAULT_REFRESH 900
#define TOKEN_DEFAULT_REFETCH 10
#define TOKEN_DEFAULT_MAX_AGE 86400
#define TOKEN_MAX_MAX_AGE (30 * 86400)

/* An issuer's standing, for /ready and the metrics. */
typedef struct TokenIssuerState
{
	const char *issuer;
	bool		known;			/* whether it has keys; false: not for now */
	size_t		keys;
	uint64_t	fetches;
	uint64_t	failures;
	time_t		fetched_at;		/* of the last success; 0: none yet */
	bool		failing;
	const char *error;			/* a sentence, when failing; for operators */
	const char *discovery_url;
	const char *authorization_url;	/* NULL: not known (yet) */
	const char *token_url;
} TokenIssuerState;

/*
 * Check the configuration, which is copied, and start fetching keys.  NULL
 * with a sentence in "error", naming the variable at fault, when it will not
 * do.
 */
extern Token *token_create(const TokenConfig *config,
						   char *error, size_t error_size);
extern void token_destroy(Token *token);

/*
 * Judge the values of all Authorization headers of a request.  "waited" says
 * that this request was put aside before: then it is not again.
 */
extern void token_verify(Token *token, const char *const *values,
						 size_t count, time_t now, bool waited,
						 TokenVerdict *verdict);

extern int	token_fd(const Token *token);
extern void token_collect(Token *token);

/* The label of a reason, and a sentence for who sent the token. */
extern const char *token_reason_name(TokenReason reason);
extern const char *token_reason_sentence(TokenReason reason);

/* The value of WWW-Authenticate (RFC 6750), for a 401 and for a 403. */
extern void token_challenge(TokenReason reason, char *out, size_t size);
extern void token_scope_challenge(char *out, size_t size);

/* The name that a token carries for the lowest role in "roles". */
extern const char *token_role_name(const Token *token, unsigned roles);

/* Can tokens pass?  Some issuer's keys are known. */
extern bool token_ready(const Token *token);
extern size_t token_issuers(const Token *token);
extern TokenIssuerState token_issuer_state(const Token *token, size_t index);

/* Counted since the start. */
extern uint64_t token_refused(const Token *token, TokenReason reason);
extern uint64_t token_remembered(const Token *token);

#endif							/* DPMETA_TOKEN_H */
