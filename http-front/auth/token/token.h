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

#include "auth/token/options.h"
#include "auth/token/verdict.h"

typedef struct Token Token;

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
 * Check the configuration, which is copied, and start fetching keys.  On
 * failure NULL, with a sentence in "error" that names the variable at fault.
 */
extern Token *token_create(const TokenConfig *config,
						   char *error, size_t error_size);
extern void token_destroy(Token *token);

/*
 * Judge the values of all Authorization headers of a request.  "waited" says
 * that the request was put aside before; then it waits only for a fetch that
 * is under way.
 */
extern void token_verify(Token *token, const char *const *values,
						 size_t count, time_t now, bool waited,
						 TokenVerdict *verdict);

extern int	token_fd(const Token *token);
extern void token_collect(Token *token);

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
