/*
 * auth/auth.c
 *		Who sends a request, and may they?
 *
 * auth/token/ knows no HTTP, and the rest of the front knows no tokens.  This file
 * stands between them.
 */
#include "auth/auth.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include "auth/token/settings.h"
#include "auth/token/token.h"
#include "base/log.h"
#include "base/loop.h"
#include "config.h"

_Static_assert(TOKEN_READER == (unsigned) ROLE_READER &&
			   TOKEN_PRODUCER == (unsigned) ROLE_PRODUCER &&
			   TOKEN_STEWARD == (unsigned) ROLE_STEWARD,
			   "a token's roles are the route table's");

static Token *tokens;
static Caller *waiting;
static bool abandoned;
static Watch watch = {.fd = -1};

static void
write_log(TokenLevel level, const char *message)
{
	log_event(level == TOKEN_LOG_WARNING ? LOG_WARNINGS : LOG_INFO,
			  "identity-provider", "%s", message);
}

static void
note_unavailable(Refusal *refusal)
{
	refusal_note(refusal, PROBLEM_PROVIDER_AWAY,
				 "Try again; the token may be good.", "%s",
				 token_reason_sentence(TOKEN_NO_KEYS));
}

static void
note_refused(Caller *caller, TokenReason reason, Refusal *refusal)
{
	caller->refused = reason;
	refusal_note(refusal, PROBLEM_UNAUTHORIZED, NULL, "%s",
				 token_reason_sentence(reason));
}

/* The caller is known.  Do they have the role? */
static void
admit(const TokenVerdict *verdict, Role needed, Caller *caller,
	  Refusal *refusal)
{
	memcpy(caller->name_room, verdict->caller, sizeof(verdict->caller));
	caller->name = caller->name_room;
	caller->roles = verdict->roles;
	if ((caller->roles & needed) == 0)
		refusal_note(refusal, PROBLEM_ROLE_MISSING,
					 "Ask whoever grants roles at the identity provider.",
					 "this needs the role \"%s\"",
					 token_role_name(tokens, needed));
}

static void
judge(const Head *head, bool whole, Caller *caller, Refusal *refusal)
{
	TokenVerdict verdict;

	token_verify(tokens, &head->fields[FIELD_AUTHORIZATION],
				 head->authorizations, time(NULL), whole, &verdict);
	if (verdict.outcome == TOKEN_NEED_KEYS && abandoned)
		verdict.outcome = TOKEN_UNAVAILABLE;
	caller->undecided = verdict.outcome == TOKEN_NEED_KEYS;
	switch (verdict.outcome)
	{
		case TOKEN_OK:
			admit(&verdict, head->match.route->role, caller, refusal);
			break;
		case TOKEN_REFUSED:
			note_refused(caller, verdict.reason, refusal);
			break;
		case TOKEN_UNAVAILABLE:
			note_unavailable(refusal);
			break;
		case TOKEN_NEED_KEYS:
			break;
	}
}

void
auth_check(const Head *head, bool whole, Caller *caller, Refusal *refusal)
{
	/* With authentication off callers have no name. */
	if (config.auth != AUTH_ON)
		caller->roles = ROLES_ALL;
	else if (!is_refused(refusal) && head->match.route != NULL &&
			 head->match.route->role != ROLE_NONE)
		judge(head, whole, caller, refusal);
}

void
auth_wait(Caller *caller)
{
	caller->next_waiting = waiting;
	waiting = caller;
}

static void
tell_waiting(void)
{
	Caller	   *caller = waiting;

	waiting = NULL;
	while (caller != NULL)
	{
		Caller	   *next = caller->next_waiting;

		caller->keys_came(caller);
		caller = next;
	}
}

/* Keys have come, or could not be fetched. */
static void
take_keys(Watch *unused, uint32_t events)
{
	(void) unused;
	(void) events;
	token_collect(tokens);
	tell_waiting();
}

void
auth_abandon(void)
{
	abandoned = true;
	tell_waiting();
}

static TokenConfig
token_config(void)
{
	TokenConfig settings = {
		.oidc_issuer = config.oidc_issuer,
		.oidc_audience = config.oidc_audience,
		.ca_file = config.oidc_ca_file,
		.azure_tenant_id = config.azure_tenant_id,
		.azure_client_id = config.azure_client_id,
		.azure_authority = config.azure_authority,
		.azure_v1_issuer = config.azure_v1_issuer,
		.roles_claim = config.roles_claim,
		.producer_role = config.producer_role,
		.steward_role = config.steward_role,
		.leeway = (unsigned) (config.token_leeway / 1000),
		.refresh = (unsigned) (config.keys_refresh / 1000),
		.refetch = (unsigned) (config.keys_refetch / 1000),
		.max_age = (unsigned) (config.keys_max_age / 1000),
		.log = write_log
	};

	return settings;
}

bool
auth_settings_good(void)
{
	TokenConfig given = token_config();
	TokenSettings settings;
	char		error[600];
	bool		good;

	if (config.auth != AUTH_ON)
		return true;
	good = token_settings_read(&settings, &given, error, sizeof(error));
	token_settings_free(&settings);
	if (!good)
		log_refusal("%s", error);
	return good;
}

bool
auth_start(void)
{
	TokenConfig settings = token_config();
	char		error[600];

	if (config.auth != AUTH_ON)
		return true;
	tokens = token_create(&settings, error, sizeof(error));
	if (tokens == NULL)
	{
		log_refusal("%s", error);
		return false;
	}
	watch.fd = token_fd(tokens);
	watch.ready = take_keys;
	return loop_watch(&watch, EPOLLIN);
}

/* Every fetch has an end of its own. */
bool
auth_reaches_provider(void)
{
	bool		good = true;

	for (size_t i = 0; tokens != NULL && i < token_issuers(tokens); i++)
	{
		while (token_issuer_state(tokens, i).fetches == 0)
			loop_wait(NEVER);
		if (!token_issuer_state(tokens, i).failing)
		{
			printf("the issuer %s has %zu keys\n",
				   token_issuer_state(tokens, i).issuer,
				   token_issuer_state(tokens, i).keys);
			continue;
		}
		good = false;
		log_refusal("the identity provider cannot be used: %s",
					token_issuer_state(tokens, i).error);
	}
	return good;
}

void
auth_stop(void)
{
	if (tokens == NULL)
		return;
	loop_forget(&watch);
	token_destroy(tokens);
	tokens = NULL;
}

bool
auth_ready(void)
{
	return tokens == NULL || token_ready(tokens);
}

/* Entra ID's newer issuer comes first. */
AuthLogin
auth_login(void)
{
	AuthLogin	login = {0};
	TokenIssuerState state;

	if (tokens == NULL)
		return login;
	state = token_issuer_state(tokens, 0);
	login.discovery_url = state.discovery_url;
	login.authorization_url = state.authorization_url;
	login.token_url = state.token_url;
	return login;
}

const char *
auth_state(void)
{
	if (tokens == NULL)
		return NULL;
	for (size_t i = 0; i < token_issuers(tokens); i++)
	{
		TokenIssuerState state = token_issuer_state(tokens, i);

		if (state.failing && state.known)
			return "away; its known keys are still used";
		if (state.failing)
			return "away; the keys of one of its issuers are too old";
	}
	return "reachable";
}

static void
write_refusals(Text *out)
{
	text_add(out, "# HELP dpmeta_http_tokens_refused_total Tokens refused, "
			 "by reason.\n"
			 "# TYPE dpmeta_http_tokens_refused_total counter\n");
	for (int i = TOKEN_NO_REASON + 1; i < TOKEN_REASONS; i++)
		text_format(out, "dpmeta_http_tokens_refused_total{reason=\"%s\"} %"
					PRIu64 "\n", token_reason_name((TokenReason) i),
					token_refused(tokens, (TokenReason) i));
	text_format(out, "# HELP dpmeta_http_tokens_remembered_total Tokens that "
				"passed without another look at their signature.\n"
				"# TYPE dpmeta_http_tokens_remembered_total counter\n"
				"dpmeta_http_tokens_remembered_total %" PRIu64 "\n",
				token_remembered(tokens));
}

static void
write_gauge(Text *out, const char *name, const char *help,
			int64_t (*value) (const TokenIssuerState *state))
{
	text_format(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
	for (size_t i = 0; i < token_issuers(tokens); i++)
	{
		TokenIssuerState state = token_issuer_state(tokens, i);

		text_format(out, "%s{issuer=\"%s\"} %" PRId64 "\n", name,
					state.issuer, value(&state));
	}
}

static int64_t
keys_known(const TokenIssuerState *state)
{
	return (int64_t) state->keys;
}

static int64_t
keys_time(const TokenIssuerState *state)
{
	return (int64_t) state->fetched_at;
}

static void
write_fetches(Text *out)
{
	text_add(out, "# HELP dpmeta_http_key_fetches_total Attempts to fetch "
			 "keys.\n"
			 "# TYPE dpmeta_http_key_fetches_total counter\n");
	for (size_t i = 0; i < token_issuers(tokens); i++)
	{
		TokenIssuerState state = token_issuer_state(tokens, i);

		text_format(out, "dpmeta_http_key_fetches_total"
					"{issuer=\"%s\",result=\"success\"} %" PRIu64 "\n"
					"dpmeta_http_key_fetches_total"
					"{issuer=\"%s\",result=\"failure\"} %" PRIu64 "\n",
					state.issuer, state.fetches - state.failures,
					state.issuer, state.failures);
	}
}

void
auth_metrics_write(Text *out)
{
	if (tokens == NULL)
		return;
	write_refusals(out);
	write_gauge(out, "dpmeta_http_keys", "Signature keys known of an issuer.",
				keys_known);
	write_gauge(out, "dpmeta_http_keys_fetched_timestamp_seconds",
				"When an issuer's keys were last fetched.", keys_time);
	write_fetches(out);
}
