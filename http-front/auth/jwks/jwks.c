/*
 * auth/jwks/jwks.c
 *		The helper thread that fetches keys, and what it has brought.
 *
 * Two sides: the helper owns "schedule" and "fetcher"; the caller's thread
 * owns "held".  Between them stand the few members that "lock" guards.  Both
 * hold it only to copy a word or move a pointer.
 */
#include "auth/jwks/jwks.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "auth/jwks/fetch.h"

/* The first pause after a failure; each further failure doubles it. */
#define FIRST_BACKOFF_MS 1000
#define MAX_BACKOFF_MS 60000

/* The outcome of one fetch, on its way from the helper to the caller. */
typedef struct Result
{
	struct Result *next;
	size_t		source;
	KeySet	   *keys;			/* NULL: it failed, and "error" says why */
	char	   *authorization_url;
	char	   *token_url;
	char		error[JWKS_ERROR_SIZE];
} Result;

/* What the helper plans for a source; its own. */
typedef struct Schedule
{
	int64_t		due_ms;
	unsigned	failed;			/* times in a row */
} Schedule;

/* What the caller knows of a source; its own. */
typedef struct Held
{
	KeySet	   *keys;
	int64_t		fetched_ms;		/* by the clock of aging_ms() */
	JwksState	state;
} Held;

/* What both touch. */
typedef struct Shared
{
	bool		wanted;
	bool		busy;
	int64_t		started_ms;		/* of the last fetch; INT64_MIN: none yet */
} Shared;

typedef struct Source
{
	char	   *issuer;
	char	   *discovery_url;
	char	   *tenant;
	Schedule	schedule;
	Held		held;
	Shared		shared;
} Source;

struct Jwks
{
	pthread_t	thread;
	bool		thread_runs;
	int			event_fd;
	char	   *ca_file;
	Fetcher    *fetcher;
	int64_t		refresh_ms;
	int64_t		refetch_ms;
	int64_t		max_age_ms;
	atomic_bool stop;

	pthread_mutex_t lock;
	pthread_cond_t wake;
	Result	   *results;		/* newest first */

	size_t		count;
	Source		sources[];
};

static int64_t
clock_ms(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t
monotonic_ms(void)
{
	return clock_ms(CLOCK_MONOTONIC);
}

/* Keys grow old while the machine sleeps, too. */
static int64_t
aging_ms(void)
{
	return clock_ms(CLOCK_BOOTTIME);
}

/* ---- the helper's side ---- */

/* Discovery, then the key set that it names. */
static void
fetch_keys(Fetcher *fetcher, const Source *source, Result *result)
{
	const char *body;
	size_t		length;
	char	   *uri;

	if (!fetcher_get(fetcher, source->discovery_url, &body, &length,
					 result->error, sizeof(result->error)))
		return;
	uri = discovery_parse(body, length, source->discovery_url,
						  source->issuer, result->error,
						  sizeof(result->error));
	if (uri == NULL)
		return;
	result->authorization_url = discovery_endpoint(body, length,
												   "authorization_endpoint");
	result->token_url = discovery_endpoint(body, length, "token_endpoint");
	if (fetcher_get(fetcher, uri, &body, &length, result->error,
					sizeof(result->error)))
		result->keys = keyset_parse(body, length, source->tenant,
									result->error, sizeof(result->error));
	free(uri);
}

static int64_t
pause_after(const Jwks *jwks, const Schedule *schedule)
{
	int64_t		pause = FIRST_BACKOFF_MS;

	if (schedule->failed == 0)
		return jwks->refresh_ms;
	for (unsigned i = 1; i < schedule->failed && pause < MAX_BACKOFF_MS; i++)
		pause *= 2;
	if (pause > MAX_BACKOFF_MS)
		pause = MAX_BACKOFF_MS;
	return pause < jwks->refresh_ms ? pause : jwks->refresh_ms;
}

/* Put a result where the caller finds it, and ring. */
static void
post_result(Jwks *jwks, Source *source, Result *result)
{
	uint64_t	one = 1;

	pthread_mutex_lock(&jwks->lock);
	source->shared.busy = false;
	result->next = jwks->results;
	jwks->results = result;
	pthread_mutex_unlock(&jwks->lock);

	/* It could fail only after 2^64 rings that nobody heard. */
	if (write(jwks->event_fd, &one, sizeof(one)) < 0)
		return;
}

static void
fetch_source(Jwks *jwks, Source *source)
{
	Result	   *result = calloc(1, sizeof(Result));

	/*
	 * Without memory, try again a little later, because somebody waits for
	 * the ring.
	 */
	if (result == NULL)
	{
		sleep(1);
		return;
	}
	pthread_mutex_lock(&jwks->lock);
	source->shared.wanted = false;
	source->shared.busy = true;
	source->shared.started_ms = monotonic_ms();
	pthread_mutex_unlock(&jwks->lock);

	result->source = (size_t) (source - jwks->sources);
	fetch_keys(jwks->fetcher, source, result);
	source->schedule.failed =
		result->keys != NULL ? 0 : source->schedule.failed + 1;
	source->schedule.due_ms = monotonic_ms() +
		pause_after(jwks, &source->schedule);
	post_result(jwks, source, result);
}

/* The source to fetch now, or NULL and in "*until" the time to look again. */
static Source *
next_source(Jwks *jwks, int64_t *until)
{
	int64_t		now = monotonic_ms();

	*until = INT64_MAX;
	for (size_t i = 0; i < jwks->count; i++)
	{
		Source	   *source = &jwks->sources[i];

		if (source->shared.wanted || source->schedule.due_ms <= now)
			return source;
		if (source->schedule.due_ms < *until)
			*until = source->schedule.due_ms;
	}
	return NULL;
}

/* Sleep until a source is due or wanted; NULL when it is time to stop. */
static Source *
wait_for_work(Jwks *jwks)
{
	Source	   *source = NULL;
	int64_t		until;

	pthread_mutex_lock(&jwks->lock);
	while (!atomic_load(&jwks->stop) &&
		   (source = next_source(jwks, &until)) == NULL)
	{
		struct timespec at = {
			.tv_sec = (time_t) (until / 1000),
			.tv_nsec = (long) (until % 1000) * 1000000
		};

		pthread_cond_timedwait(&jwks->wake, &jwks->lock, &at);
	}
	pthread_mutex_unlock(&jwks->lock);
	return source;
}

static void *
run_helper(void *closure)
{
	Jwks	   *jwks = closure;
	Source	   *source;

	while ((source = wait_for_work(jwks)) != NULL)
		fetch_source(jwks, source);
	return NULL;
}

/* ---- the caller's side ---- */

/* What the source held before is freed. */
static void
take_endpoints(JwksState *state, Result *result)
{
	free(state->authorization_url);
	free(state->token_url);
	state->authorization_url = result->authorization_url;
	state->token_url = result->token_url;
	result->authorization_url = result->token_url = NULL;
}

static void
free_result(Result *result)
{
	free(result->authorization_url);
	free(result->token_url);
	free(result);
}

/* The source's keys are these from here on, NULL when none are known. */
static void
replace_keys(Held *held, KeySet *keys)
{
	held->state.known = keys != NULL;
	held->state.keys = keys != NULL ? keys->count : 0;
	held->state.unusable = keys != NULL ? keys->unusable : 0;
	if (keys != NULL && keyset_equal(held->keys, keys))
	{
		keyset_free(keys);
		return;
	}
	keyset_free(held->keys);
	held->keys = keys;
	held->state.generation++;
}

bool
jwks_expire(Jwks *jwks, size_t index)
{
	Held	   *held = &jwks->sources[index].held;

	/* While the provider answers, a refresh is never far. */
	if (!held->state.failing || !held->state.known ||
		aging_ms() - held->fetched_ms < jwks->max_age_ms)
		return false;
	replace_keys(held, NULL);
	return true;
}

/* Keep a result; its keys are the source's from here on, or gone. */
static void
take_result(Source *source, Result *result)
{
	Held	   *held = &source->held;

	held->state.fetches++;
	held->state.failing = result->keys == NULL;
	if (result->keys == NULL)
	{
		held->state.failures++;
		memcpy(held->state.error, result->error, sizeof(result->error));
		return;
	}
	take_endpoints(&held->state, result);
	held->state.fetched_at = time(NULL);
	held->fetched_ms = aging_ms();
	held->state.error[0] = '\0';
	replace_keys(held, result->keys);
}

/* Detach the queue and put it into the order of arrival. */
static Result *
detach_results(Jwks *jwks)
{
	Result	   *newest;
	Result	   *oldest = NULL;

	pthread_mutex_lock(&jwks->lock);
	newest = jwks->results;
	jwks->results = NULL;
	pthread_mutex_unlock(&jwks->lock);
	while (newest != NULL)
	{
		Result	   *next = newest->next;

		newest->next = oldest;
		oldest = newest;
		newest = next;
	}
	return oldest;
}

unsigned
jwks_collect(Jwks *jwks)
{
	uint64_t	rings;
	unsigned	ended = 0;
	Result	   *result;

	/* Before the queue is emptied: a later ring must not be lost. */
	if (read(jwks->event_fd, &rings, sizeof(rings)) < 0 && errno != EAGAIN)
		return 0;
	result = detach_results(jwks);
	while (result != NULL)
	{
		Result	   *next = result->next;

		take_result(&jwks->sources[result->source], result);
		ended |= 1u << result->source;
		free_result(result);
		result = next;
	}
	return ended;
}

int
jwks_fd(const Jwks *jwks)
{
	return jwks->event_fd;
}

void
jwks_choose(const Jwks *jwks, size_t source, const char *kid, KeyAlg alg,
			KeyChoice *choice)
{
	keyset_choose(jwks->sources[source].held.keys, kid, alg, choice);
}

const JwksState *
jwks_state(const Jwks *jwks, size_t source)
{
	return &jwks->sources[source].held.state;
}

/* With the lock held: will there be a ring for this source? */
static bool
ring_is_coming(const Jwks *jwks, size_t index)
{
	const Shared *shared = &jwks->sources[index].shared;

	for (const Result *r = jwks->results; r != NULL; r = r->next)
	{
		if (r->source == index)
			return true;
	}
	return shared->busy || shared->wanted;
}

bool
jwks_pending(Jwks *jwks, size_t index)
{
	bool		pending;

	pthread_mutex_lock(&jwks->lock);
	pending = ring_is_coming(jwks, index);
	pthread_mutex_unlock(&jwks->lock);
	return pending;
}

JwksWant
jwks_want(Jwks *jwks, size_t index)
{
	Shared	   *shared = &jwks->sources[index].shared;
	JwksWant	answer = JWKS_WAIT;

	pthread_mutex_lock(&jwks->lock);
	if (!ring_is_coming(jwks, index))
	{
		if (shared->started_ms != INT64_MIN &&
			monotonic_ms() - shared->started_ms < jwks->refetch_ms)
			answer = JWKS_TOO_SOON;
		else
		{
			shared->wanted = true;
			pthread_cond_signal(&jwks->wake);
		}
	}
	pthread_mutex_unlock(&jwks->lock);
	return answer;
}

/* ---- start and end ---- */

static bool
copy_string(char **copy, const char *text)
{
	*copy = text != NULL ? strdup(text) : NULL;
	return text == NULL || *copy != NULL;
}

static bool
copy_config(Jwks *jwks, const JwksConfig *config)
{
	bool		copied = copy_string(&jwks->ca_file, config->ca_file);

	jwks->refresh_ms = (int64_t) config->refresh_seconds * 1000;
	jwks->refetch_ms = (int64_t) config->refetch_seconds * 1000;
	jwks->max_age_ms = (int64_t) config->max_age_seconds * 1000;
	jwks->count = config->count;
	for (size_t i = 0; i < config->count; i++)
	{
		const JwksSource *from = &config->sources[i];
		Source	   *source = &jwks->sources[i];

		copied = copy_string(&source->issuer, from->issuer) &&
			copy_string(&source->discovery_url, from->discovery_url) &&
			copy_string(&source->tenant, from->tenant) && copied;
		source->shared.started_ms = INT64_MIN;
		source->shared.wanted = true;
	}
	return copied;
}

static void
free_jwks(Jwks *jwks)
{
	Result	   *result = jwks->results;

	while (result != NULL)
	{
		Result	   *next = result->next;

		keyset_free(result->keys);
		free_result(result);
		result = next;
	}
	for (size_t i = 0; i < jwks->count; i++)
	{
		keyset_free(jwks->sources[i].held.keys);
		free(jwks->sources[i].held.state.authorization_url);
		free(jwks->sources[i].held.state.token_url);
		free(jwks->sources[i].issuer);
		free(jwks->sources[i].discovery_url);
		free(jwks->sources[i].tenant);
	}
	if (jwks->event_fd >= 0)
		close(jwks->event_fd);
	pthread_mutex_destroy(&jwks->lock);
	pthread_cond_destroy(&jwks->wake);
	fetcher_destroy(jwks->fetcher);
	free(jwks->ca_file);
	free(jwks);
}

/* The helper takes no signal: they are the event loop's. */
static bool
start_thread(Jwks *jwks)
{
	sigset_t	all;
	sigset_t	before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	jwks->thread_runs =
		pthread_create(&jwks->thread, NULL, run_helper, jwks) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return jwks->thread_runs;
}

static void
init_lock(Jwks *jwks)
{
	pthread_condattr_t attributes;

	pthread_mutex_init(&jwks->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&jwks->wake, &attributes);
	pthread_condattr_destroy(&attributes);
}

Jwks *
jwks_start(const JwksConfig *config, char *error, size_t error_size)
{
	Jwks	   *jwks = calloc(1, sizeof(Jwks) +
							  config->count * sizeof(Source));

	if (jwks == NULL)
	{
		snprintf(error, error_size, "out of memory");
		return NULL;
	}
	init_lock(jwks);
	jwks->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (jwks->event_fd < 0 || !copy_config(jwks, config) ||
		(jwks->fetcher = fetcher_create(jwks->ca_file, &jwks->stop)) == NULL ||
		!start_thread(jwks))
	{
		snprintf(error, error_size, "could not start the helper thread for "
				 "keys: %s", strerror(errno));
		free_jwks(jwks);
		return NULL;
	}
	return jwks;
}

void
jwks_stop(Jwks *jwks)
{
	if (jwks == NULL)
		return;
	atomic_store(&jwks->stop, true);
	pthread_mutex_lock(&jwks->lock);
	pthread_cond_signal(&jwks->wake);
	pthread_mutex_unlock(&jwks->lock);
	if (jwks->thread_runs)
		pthread_join(jwks->thread, NULL);
	free_jwks(jwks);
}
