/*
 * auth/cors.c
 *		Which pages of other origins may use the interface from a browser.
 *
 * A caller is known by the token that a page sends itself, never by what a
 * browser adds, so credentials are not allowed for anyone and "*" opens
 * nothing that was not open before.
 */
#include "auth/cors.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "config.h"

#define ORIGINS_MOST 64

#define REQUEST_HEADERS \
	"Accept, Authorization, baggage, Content-Type, Dpmeta-Position, " \
	"Idempotency-Key, If-Match, If-None-Match, traceparent, tracestate, " \
	"x-idempotent-key, X-Request-Id, X-Requested-With"
#define ANSWER_HEADERS \
	"Accept-Patch, Allow, Deprecation, Dpmeta-Position, ETag, " \
	"idempotent-replayed, Link, " \
	"Location, RateLimit, RateLimit-Policy, Retry-After, Sunset, " \
	"WWW-Authenticate, X-Request-Id"
#define PREFLIGHT_SECONDS "600"

typedef struct Origin
{
	const char *text;
	size_t		length;
} Origin;

static Origin origins[ORIGINS_MOST];
static int	origin_count;
static bool any_origin;

/* As a browser writes it: SCHEME://HOST or SCHEME://HOST:PORT. */
static bool
is_origin(const char *text, size_t length)
{
	size_t		scheme = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789+.-");

	if (scheme == 0 || length < scheme + 4 ||
		strncmp(text + scheme, "://", 3) != 0)
		return false;
	for (size_t i = scheme + 3; i < length; i++)
	{
		unsigned char c = (unsigned char) text[i];

		if (!islower(c) && !isdigit(c) && strchr(".-:[]_", c) == NULL)
			return false;
	}
	return true;
}

static bool
take_origin(const char *text, size_t length)
{
	while (length > 0 && *text == ' ')
	{
		text++;
		length--;
	}
	while (length > 0 && text[length - 1] == ' ')
		length--;
	if (length == 1 && *text == '*')
	{
		any_origin = true;
		return true;
	}
	if (origin_count == ORIGINS_MOST || !is_origin(text, length))
		return false;
	origins[origin_count++] = (Origin)
	{
		text, length
	};
	return true;
}

bool
cors_start(void)
{
	const char *rest = config.cors_origins;
	bool		good = true;

	while (rest != NULL && good)
	{
		size_t		length = strcspn(rest, ",");

		good = take_origin(rest, length);
		rest = rest[length] == ',' ? rest + length + 1 : NULL;
	}
	if (any_origin && origin_count > 0)
		good = false;
	if (!good)
		log_refusal("malformed value of DPMETA_CORS_ORIGINS: it takes up to "
					"%d origins as browsers send them, in lower case and with "
					"commas between, such as https://app.example.org, or * "
					"alone", ORIGINS_MOST);
	return good;
}

static bool
is_allowed(const char *origin)
{
	size_t		length = strlen(origin);

	if (any_origin)
		return true;
	for (int i = 0; i < origin_count; i++)
		if (origins[i].length == length &&
			memcmp(origins[i].text, origin, length) == 0)
			return true;
	return false;
}

bool
cors_is_preflight(const Head *head)
{
	const char *origin = head->fields[FIELD_ORIGIN];

	return head->method == METHOD_OPTIONS && origin != NULL &&
		head->fields[FIELD_REQUEST_METHOD] != NULL && is_allowed(origin);
}

/*
 * The method that is asked for is allowed whether the path has it or not: a
 * page cannot see the answer to a request that its browser does not send, and
 * we want it to see the 404 or 405.
 */
static void
add_preflight(const Head *head, Reply *reply)
{
	Method		asked = method_from_name(head->fields[FIELD_REQUEST_METHOD]);
	Text		methods = {0};

	methods_write(&methods, head->match.methods | asked);
	if (!text_failed(&methods))
		reply_header(reply, "Access-Control-Allow-Methods", methods.data);
	text_free(&methods);
	reply_header(reply, "Access-Control-Allow-Headers", REQUEST_HEADERS);
	reply_header(reply, "Access-Control-Max-Age", PREFLIGHT_SECONDS);
}

void
cors_add_headers(const Head *head, Reply *reply)
{
	const char *origin = head->fields[FIELD_ORIGIN];

	if (origin_count == 0 && !any_origin)
		return;

	/*
	 * For caches: a request from another origin, or without one, gets another
	 * answer.
	 */
	if (!any_origin)
		reply_header(reply, MHD_HTTP_HEADER_VARY, "Origin");
	if (origin == NULL || !is_allowed(origin))
		return;
	reply_header(reply, "Access-Control-Allow-Origin",
				 any_origin ? "*" : origin);
	if (cors_is_preflight(head))
		add_preflight(head, reply);
	else
		reply_header(reply, "Access-Control-Expose-Headers", ANSWER_HEADERS);
}
