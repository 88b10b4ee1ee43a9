/*
 * auth/auth.h
 *		Who sends a request, and may they?
 *
 * The one place where a caller becomes known.
 */
#ifndef DPMETA_AUTH_H
#define DPMETA_AUTH_H

#include <stdbool.h>

#include "request/request.h"

/* False when the settings will not do, with the reason said. */
extern bool auth_start(void);
extern void auth_stop(void);

/*
 * Fill in the request's caller and roles, or note its problem.  It may be that
 * neither is possible yet.
 */
extern void auth_check(Request *request);

/*
 * To be asked once the request is whole: if true, it is to be suspended, and
 * is resumed when its token was judged.
 */
extern bool auth_must_wait(Request *request);

/* Resume all that wait; their tokens cannot be judged. */
extern void auth_abandon(void);

/* Can tokens be judged? */
extern bool auth_ready(void);
/*
 * Where people and scripts get tokens, for the documentation.  All are NULL
 * with authentication off; the last two until the provider was reached.  They
 * live until the keys are fetched again.
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
