/*
 * auth/limit.c
 *		How many requests a caller may send.
 *
 * A token bucket for each caller, as a single number (GCRA): the time at which
 * it will be full again.  A request moves that on by the time that one token
 * takes, and is refused if it would be more than a whole window ahead.
 *
 * The size of the table never changes.  A new caller takes the place of the
 * one in the same set whose bucket is the fullest.  Usually that bucket is
 * full, and there is nothing to remember about it.  So nobody is allowed more
 * than their due unless more than eight busy callers have the same hash, and
 * nobody is ever allowed less.
 */
#include "auth/limit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/cors.h"
#include "base/hash.h"
#include "base/log.h"
#include "config.h"

#define SETS 8192
#define WAYS 8
#define SECOND INT64_C(1000000000)

typedef struct Bucket
{
	uint64_t	caller;			/* hashed */
	int64_t		full_at;		/* nanoseconds */
} Bucket;

static Bucket (*table)[WAYS];
static int64_t window;
static int64_t token;			/* how long one takes to come */
static uint64_t refused_callers;
static uint64_t refused_addresses;

bool
limit_start(void)
{
	if (config.rate_limit.count == 0)
		return true;
	window = config.rate_limit.seconds * SECOND;
	token = window / config.rate_limit.count;
	table = calloc(SETS, sizeof(*table));
	if (table == NULL)
		log_refusal("there is no memory for DPMETA_RATE_LIMIT");
	return table != NULL;
}

void
limit_stop(void)
{
	free(table);
	table = NULL;
}

static uint64_t
caller_hash(const Caller *caller)
{
	Address		site;

	if (caller->name != NULL)
		return hash_bytes(caller->name, strlen(caller->name));
	address_site(&site, &caller->address);
	return ~hash_bytes(site.bytes, sizeof(site.bytes));
}

static Bucket *
find_bucket(uint64_t caller)
{
	Bucket	   *set = table[caller % SETS];
	Bucket	   *fullest = &set[0];

	for (int i = 0; i < WAYS; i++)
	{
		if (set[i].caller == caller)
			return &set[i];
		if (set[i].full_at < fullest->full_at)
			fullest = &set[i];
	}
	fullest->caller = caller;
	fullest->full_at = 0;
	return fullest;
}

/* Whole seconds, rounded up. */
static long
seconds_of(int64_t nanoseconds)
{
	return (long) ((nanoseconds + SECOND - 1) / SECOND);
}

static void
refuse(Caller *caller, int64_t wait, Refusal *refusal)
{
	if (caller->name != NULL)
		refused_callers++;
	else
		refused_addresses++;
	caller->quota.retry_after = seconds_of(wait);
	refusal_replace(refusal, PROBLEM_TOO_MANY_REQUESTS,
					"Wait as long as Retry-After says.",
					"more than %ld requests in %ld s came from %s",
					config.rate_limit.count, config.rate_limit.seconds,
					caller->name ? "this caller" : "this address");
}

/*
 * Those who watch the service must not be locked out by those who use it.  A
 * preflight never has a token, so it would count against the address, which a
 * whole office may share.
 */
static bool
is_exempt(const Head *head)
{
	return cors_is_preflight(head) ||
		(head->match.route != NULL && route_is_probe(head->match.route));
}

void
limit_check(const Head *head, Caller *caller, Refusal *refusal)
{
	Quota	   *quota = &caller->quota;
	int64_t		now = head->started * 1000;
	int64_t		full_at;
	Bucket	   *bucket;

	if (table == NULL || quota->counted || is_exempt(head))
		return;
	quota->counted = true;
	bucket = find_bucket(caller_hash(caller));
	full_at = (bucket->full_at > now ? bucket->full_at : now) + token;
	if (full_at - now > window)
	{
		refuse(caller, full_at - now - window, refusal);
		full_at = bucket->full_at;
	}
	bucket->full_at = full_at;
	quota->left = (long) ((window - (full_at - now)) / token);
	quota->reset = seconds_of(full_at - now);
}

/* draft-ietf-httpapi-ratelimit-headers */
void
limit_add_headers(const Caller *caller, Reply *reply)
{
	const Quota *quota = &caller->quota;
	const char *name = caller->name ? "caller" : "address";
	char		value[100];

	if (!quota->counted)
		return;
	snprintf(value, sizeof(value), "\"%s\";q=%ld;w=%ld", name,
			 config.rate_limit.count, config.rate_limit.seconds);
	reply_header(reply, "RateLimit-Policy", value);
	snprintf(value, sizeof(value), "\"%s\";r=%ld;t=%ld", name,
			 quota->left, quota->reset);
	reply_header(reply, "RateLimit", value);
	if (quota->retry_after == 0)
		return;
	snprintf(value, sizeof(value), "%ld", quota->retry_after);
	reply_header(reply, MHD_HTTP_HEADER_RETRY_AFTER, value);
}

void
limit_metrics_write(Text *out)
{
	text_format(out, "# HELP dpmeta_http_rate_limited_total "
				"Requests refused: too many from a caller or an address.\n"
				"# TYPE dpmeta_http_rate_limited_total counter\n"
				"dpmeta_http_rate_limited_total{by=\"caller\"} %" PRIu64 "\n"
				"dpmeta_http_rate_limited_total{by=\"address\"} %" PRIu64 "\n",
				refused_callers, refused_addresses);
}
