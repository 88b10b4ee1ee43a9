/*
 * auth/auth.h
 *		Who sends a request, and may they?
 *
 * The one place where a caller becomes known.
 */
#ifndef DPMETA_AUTH_H
#define DPMETA_AUTH_H

#include <stdbool.h>

#include "base/text.h"
#include "request/caller.h"
#include "request/head.h"
#include "request/refusal.h"

/* False, after saying why, when the settings are not usable. */
extern bool auth_start(void);

/* The same without beginning anything. */
extern bool auth_settings_good(void);

/*
 * After auth_start(): wait until each issuer's keys have come, or say why they do
 * not.
 */
extern bool auth_reaches_provider(void);
extern void auth_stop(void);

/*
 * Fill in the caller's name and roles, or note what is wrong.  While keys are
 * missing neither is possible, and the caller is "undecided".  If it still is when
 * its request is "whole", it waits for the keys.
 */
extern void auth_check(const Head *head, bool whole, Caller *caller,
					   Refusal *refusal);

/* Call keys_came() of an undecided caller once, when a new try makes sense. */
extern void auth_wait(Caller *caller);

/* The same at once for all that wait: their tokens will not be judged. */
extern void auth_abandon(void);

/* Can tokens be judged? */
extern bool auth_ready(void);

/*
 * Where people and scripts get tokens, for the documentation.  All are NULL
 * with authentication off; the last two are NULL until the provider was
 * reached.  They are valid until the keys are fetched again.
 */
typedef struct AuthLogin
{
	const char *discovery_url;
	const char *authorization_url;
	const char *token_url;
} AuthLogin;

extern AuthLogin auth_login(void);

/* A word for /ready; NULL with authentication off. */
extern const char *auth_state(void);
extern void auth_metrics_write(Text *out);

#endif							/* DPMETA_AUTH_H */
