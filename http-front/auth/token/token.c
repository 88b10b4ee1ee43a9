/*
 * auth/token/token.c
 *		One bearer token, from the header's value to a verdict.
 *
 * What costs nothing comes first: a token that is wrong on its face is refused
 * before its signature is looked at, and never makes us fetch keys.
 */
#include "auth/token/token.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/jwks/jwks.h"
#include "auth/token/cache.h"
#include "auth/token/claims.h"
#include "auth/token/parts.h"
#include "auth/token/settings.h"

/* What was last said about an issuer, so that it is said once. */
typedef struct Told
{
	bool		failing;
	bool		known;
	uint64_t	generation;
} Told;

struct Token
{
	TokenSettings settings;
	Jwks	   *jwks;
	TokenCache *cache;
	Told		told[SETTINGS_MAX_ISSUERS];
	uint64_t	refused[TOKEN_REASONS];
	uint64_t	remembered;
	void		(*log) (TokenLevel level, const char *message);
};

/* ---- start and end ---- */

static void
stay_silent(TokenLevel level, const char *message)
{
	(void) level;
	(void) message;
}

static bool
start_parts(Token *token, char *error, size_t error_size)
{
	JwksConfig	jwks = {
		.sources = token->settings.sources,
		.count = token->settings.issuer_count,
		.ca_file = token->settings.ca_file,
		.refresh_seconds = token->settings.refresh,
		.refetch_seconds = token->settings.refetch,
		.max_age_seconds = token->settings.max_age
	};

	token->cache = token_cache_create();
	if (token->cache == NULL)
	{
		snprintf(error, error_size, "out of memory");
		return false;
	}
	token->jwks = jwks_start(&jwks, error, error_size);
	return token->jwks != NULL;
}

Token *
token_create(const TokenConfig *config, char *error, size_t error_size)
{
	Token	   *token = calloc(1, sizeof(Token));

	if (token == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
	{
		snprintf(error, error_size, "out of memory");
		free(token);
		return NULL;
	}
	/* Before there is a second thread that might seed it too. */
	json_object_seed(0);
	token->log = config->log != NULL ? config->log : stay_silent;
	if (token_settings_read(&token->settings, config, error, error_size) &&
		start_parts(token, error, error_size))
		return token;
	token_destroy(token);
	return NULL;
}

void
token_destroy(Token *token)
{
	if (token == NULL)
		return;
	jwks_stop(token->jwks);
	token_cache_destroy(token->cache);
	token_settings_free(&token->settings);
	free(token);
	curl_global_cleanup();
}

/* ---- judging ---- */

/*
 * RFC 6750, 2.1: "Bearer", in any case (RFC 9110, 11.1), blanks, and a token.
 * Blanks elsewhere are left in, for the decoder to refuse.
 */
static TokenReason
read_bearer(const char *const *values, size_t count,
			const char **text, size_t *length)
{
	static const char scheme[] = "Bearer";
	const size_t scheme_length = sizeof(scheme) - 1;
	const char *value = count > 0 ? values[0] : NULL;

	if (count > 1)
		return TOKEN_SEVERAL;
	if (value == NULL)
		return TOKEN_MISSING;
	if (strncasecmp(value, scheme, scheme_length) != 0 ||
		(value[scheme_length] != ' ' && value[scheme_length] != '\0'))
		return TOKEN_SCHEME;
	value += scheme_length;
	value += strspn(value, " ");
	*text = value;
	*length = strlen(value);
	return *length <= TOKEN_MAX_LENGTH ? TOKEN_NO_REASON : TOKEN_TOO_LONG;
}

/* Fill in the verdict from memory; false when the token is not known. */
static bool
recall(Token *token, const unsigned char *digest, time_t now,
	   TokenVerdict *verdict)
{
	const CachedToken *known = token_cache_find(token->cache, digest);

	if (known == NULL)
		return false;
	if (known->generation !=
		jwks_state(token->jwks, known->issuer)->generation ||
		claims_expired(known->expiry, &token->settings.policy, now))
	{
		token_cache_drop(token->cache, digest);
		return false;
	}
	verdict->outcome = TOKEN_OK;
	verdict->roles = known->roles;
	memcpy(verdict->caller, known->caller, sizeof(verdict->caller));
	token->remembered++;
	return true;
}

/* Fill in the verdict of a valid token, and remember it. */
static void
remember(Token *token, const unsigned char *digest, const json_t *claims,
		 size_t issuer, TokenVerdict *verdict)
{
	CachedToken entry = {
		.expiry = claims_expiry(claims),
		.generation = jwks_state(token->jwks, issuer)->generation,
		.issuer = (unsigned) issuer,
		.roles = claims_roles(claims, &token->settings.policy)
	};

	snprintf(entry.caller, sizeof(entry.caller), "%s",
			 claims_caller(claims, &token->settings.issuers[issuer]));
	memcpy(entry.digest, digest, TOKEN_DIGEST_SIZE);
	token_cache_put(token->cache, &entry);
	verdict->outcome = TOKEN_OK;
	verdict->roles = entry.roles;
	memcpy(verdict->caller, entry.caller, sizeof(verdict->caller));
}

static TokenReason
find_issuer(const Token *token, const json_t *claims, size_t *index)
{
	const char *name = json_string_value(json_object_get(claims, "iss"));

	for (size_t i = 0; name != NULL && i < token->settings.issuer_count; i++)
	{
		if (strcmp(name, token->settings.issuers[i].issuer) == 0)
		{
			*index = i;
			return TOKEN_NO_REASON;
		}
	}
	return TOKEN_ISSUER;
}

/* The key is not known: is it worth waiting for? */
static TokenReason
miss_key(Token *token, size_t issuer, bool waited, TokenVerdict *verdict)
{
	bool		wait = waited ? jwks_pending(token->jwks, issuer) :
		jwks_want(token->jwks, issuer) == JWKS_WAIT;

	if (wait)
		verdict->outcome = TOKEN_NEED_KEYS;
	else if (!jwks_state(token->jwks, issuer)->known)
		verdict->outcome = TOKEN_UNAVAILABLE;
	return verdict->outcome == TOKEN_UNAVAILABLE ? TOKEN_NO_KEYS :
		TOKEN_UNKNOWN_KEY;
}

static TokenReason
judge_signature(Token *token, const TokenParts *parts, size_t issuer,
				bool waited, TokenVerdict *verdict)
{
	KeyChoice	choice;

	jwks_choose(token->jwks, issuer, parts->kid, parts->alg, &choice);
	for (size_t i = 0; i < choice.count; i++)
	{
		if (token_signature_holds(parts, choice.keys[i]))
			return TOKEN_NO_REASON;
	}
	/* If no key has the token's key ID, a newer key may have signed it. */
	if (!choice.named)
		return miss_key(token, issuer, waited, verdict);
	return choice.count > 0 ? TOKEN_SIGNATURE : TOKEN_ALGORITHM;
}

/* A warning, or NULL: no token of the issuer can pass, or soon none will. */
static const char *
describe_trouble(const JwksState *state, char *text, size_t size)
{
	if (state->failing && !state->known)
		snprintf(text, size, "could not fetch the keys: %s; none are known, "
				 "so tokens cannot be judged", state->error);
	else if (state->failing)
		snprintf(text, size, "could not fetch the keys: %s; the %zu known "
				 "keys are still used", state->error, state->keys);
	else if (state->keys == 0)
		snprintf(text, size, "it publishes no RSA (2048 bits or more) or "
				 "P-256 key for signatures, only %zu others, so none of "
				 "its tokens is accepted", state->unusable);
	else
		return NULL;
	return text;
}

/* Say what changed about an issuer's keys since it was last said. */
static void
tell_state(Token *token, size_t index)
{
	const JwksState *state = jwks_state(token->jwks, index);
	const char *issuer = token->settings.issuers[index].issuer;
	Told	   *told = &token->told[index];
	char		trouble[JWKS_ERROR_SIZE + 200];
	char		message[JWKS_ERROR_SIZE + 600];
	bool		news = state->generation != told->generation;

	if (!news && state->failing == told->failing &&
		state->known == told->known)
		return;
	if (describe_trouble(state, trouble, sizeof(trouble)) != NULL)
	{
		snprintf(message, sizeof(message), "%.200s: %s", issuer, trouble);
		token->log(TOKEN_LOG_WARNING, message);
	}
	else
	{
		snprintf(message, sizeof(message), "fetched %zu keys of %.200s%s%s",
				 state->keys, issuer, news ? ", which are new" : "",
				 state->unusable > 0 ? "; others there cannot be used" : "");
		token->log(TOKEN_LOG_INFO, message);
	}
	told->failing = state->failing;
	told->known = state->known;
	told->generation = state->generation;
}

/*
 * Remembered tokens are forgotten together with the keys that verified them.
 */
static void
expire_keys(Token *token)
{
	for (size_t i = 0; i < token->settings.issuer_count; i++)
	{
		if (jwks_expire(token->jwks, i))
			tell_state(token, i);
	}
}

/* Judge a token that is not remembered. */
static TokenReason
judge_afresh(Token *token, const char *text, size_t length,
			 const unsigned char *digest, time_t now, bool waited,
			 TokenVerdict *verdict)
{
	TokenParts	parts;
	size_t		issuer = 0;
	TokenReason reason = token_parts_read(text, length, &parts);

	if (reason == TOKEN_NO_REASON)
		reason = find_issuer(token, parts.claims, &issuer);
	if (reason == TOKEN_NO_REASON)
		reason = claims_judge(parts.claims, parts.access_type,
							  &token->settings.issuers[issuer],
							  &token->settings.policy, now);
	if (reason == TOKEN_NO_REASON)
		reason = judge_signature(token, &parts, issuer, waited, verdict);
	if (reason == TOKEN_NO_REASON)
		remember(token, digest, parts.claims, issuer, verdict);
	token_parts_free(&parts);
	return reason;
}

void
token_verify(Token *token, const char *const *values, size_t count,
			 time_t now, bool waited, TokenVerdict *verdict)
{
	unsigned char digest[TOKEN_DIGEST_SIZE];
	const char *text = NULL;
	size_t		length = 0;

	expire_keys(token);
	memset(verdict, 0, sizeof(*verdict));
	verdict->outcome = TOKEN_REFUSED;
	verdict->reason = read_bearer(values, count, &text, &length);
	if (verdict->reason == TOKEN_NO_REASON)
	{
		if (!token_cache_digest(token->cache, text, length, digest))
			verdict->reason = TOKEN_MALFORMED;
		else if (!recall(token, digest, now, verdict))
			verdict->reason = judge_afresh(token, text, length, digest, now,
										   waited, verdict);
	}
	if (verdict->outcome == TOKEN_REFUSED ||
		verdict->outcome == TOKEN_UNAVAILABLE)
		token->refused[verdict->reason]++;
}

/* ---- keys ---- */

int
token_fd(const Token *token)
{
	return jwks_fd(token->jwks);
}

void
token_collect(Token *token)
{
	unsigned	ended = jwks_collect(token->jwks);

	expire_keys(token);
	for (size_t i = 0; i < token->settings.issuer_count; i++)
	{
		if (ended & (1u << i))
			tell_state(token, i);
	}
}

/* ---- what others want to know ---- */

const char *
token_role_name(const Token *token, unsigned roles)
{
	if (roles & TOKEN_PRODUCER)
		return token->settings.policy.producer_role;
	if (roles & TOKEN_STEWARD)
		return token->settings.policy.steward_role;
	return "reader";
}

bool
token_ready(const Token *token)
{
	for (size_t i = 0; i < token->settings.issuer_count; i++)
	{
		if (jwks_state(token->jwks, i)->keys > 0)
			return true;
	}
	return false;
}

size_t
token_issuers(const Token *token)
{
	return token->settings.issuer_count;
}

TokenIssuerState
token_issuer_state(const Token *token, size_t index)
{
	const JwksState *state = jwks_state(token->jwks, index);

	return (TokenIssuerState)
	{
		.issuer = token->settings.issuers[index].issuer,
			.known = state->known,
			.keys = state->keys,
			.fetches = state->fetches,
			.failures = state->failures,
			.fetched_at = state->fetched_at,
			.failing = state->failing,
			.error = state->error,
			.discovery_url = token->settings.sources[index].discovery_url,
			.authorization_url = state->authorization_url,
			.token_url = state->token_url
	};
}

uint64_t
token_refused(const Token *token, TokenReason reason)
{
	return token->refused[reason];
}

uint64_t
token_remembered(const Token *token)
{
	return token->remembered;
}
