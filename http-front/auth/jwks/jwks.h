/*
 * auth/jwks/jwks.h
 *		The keys of the OpenID providers, kept fresh by a helper thread.
 *
 * Every function here belongs to the thread that called jwks_start(); the
 * helper hands its results over through a queue that jwks_collect() empties,
 * so that finding a key takes no lock.
 */
#ifndef DPMETA_JWKS_H
#define DPMETA_JWKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "auth/jwks/keys.h"

typedef struct Jwks Jwks;

/* Where the keys of one issuer come from. */
typedef struct JwksSource
{
	const char *issuer;
	const char *discovery_url;
	const char *tenant;			/* Entra ID only, else NULL */
} JwksSource;

typedef struct JwksConfig
{
	const JwksSource *sources;
	size_t		count;
	const char *ca_file;		/* NULL: the system's */
	unsigned	refresh_seconds;	/* how often to look for new keys */
	unsigned	refetch_seconds;	/* an unknown kid asks at most this often */
	unsigned	max_age_seconds;	/* keys outlive a silent provider by this */
} JwksConfig;

#define JWKS_ERROR_SIZE 600

/* What is known of one source, for /ready, the log and the metrics. */
typedef struct JwksState
{
	bool		known;			/* what it publishes; not before the first
								 * success, nor when that is too old */
	size_t		keys;
	size_t		unusable;		/* keys that it publishes besides */
	uint64_t	generation;		/* raised whenever the keys changed */
	uint64_t	fetches;
	uint64_t	failures;
	time_t		fetched_at;		/* of the last success */
	bool		failing;		/* the last try did not succeed */
	char		error[JWKS_ERROR_SIZE]; /* why, when failing */
	char	   *authorization_url;	/* where people log in; may be NULL */
	char	   *token_url;		/* where tokens are given out; may be NULL */
} JwksState;

typedef enum JwksWant
{
	JWKS_WAIT,					/* a fetch is coming; jwks_fd() will tell */
	JWKS_TOO_SOON				/* it was asked for moments ago */
} JwksWant;

/*
 * Start the helper; the first fetch of every source begins at once.  The
 * configuration is copied.  NULL with a sentence in "error" on failure.
 */
extern Jwks *jwks_start(const JwksConfig *config,
						char *error, size_t error_size);

/* End the helper, at most about a second later, and free everything. */
extern void jwks_stop(Jwks *jwks);

/* A descriptor that is readable when jwks_collect() has something to do. */
extern int	jwks_fd(const Jwks *jwks);

/*
 * Take up what the helper brought.  Returns a bit for each source that a
 * fetch, good or not, has ended for.
 */
extern unsigned jwks_collect(Jwks *jwks);

/*
 * Give up the keys of a provider that has been silent for too long.  True when
 * that happened just now.
 */
extern bool jwks_expire(Jwks *jwks, size_t source);

/* As keyset_choose(); the keys are good until the next call of another kind. */
extern void jwks_choose(const Jwks *jwks, size_t source, const char *kid,
						KeyAlg alg, KeyChoice *choice);

/* Ask for a source's keys because they lack one. */
extern JwksWant jwks_want(Jwks *jwks, size_t source);

/* Is a fetch under way, or its result not collected yet? */
extern bool jwks_pending(Jwks *jwks, size_t source);

extern const JwksState *jwks_state(const Jwks *jwks, size_t source);

#endif
