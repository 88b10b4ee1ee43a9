/*
 * answers/page_reply.c
 *		What the answer with a page, or with a file of one, has in its head.
 */
#include "answers/page_reply.h"

#include <string.h>

#include "answers/condition.h"
#include "auth/auth.h"
#include "base/text.h"

#define FOR_EVER "public, max-age=31536000, immutable"

/* Nothing comes from elsewhere, and nothing in a page itself is run. */
#define POLICY \
	"default-src 'none'; script-src 'self'; base-uri 'none'; " \
	"form-action 'self'; frame-ancestors 'none'; "
#define APP_POLICY \
	"style-src 'self'; img-src 'self'; connect-src 'self'"

/*
 * Swagger UI and Redoc make styles while they run, and Redoc runs its search in
 * a worker that it makes itself.
 */
#define DOCS_POLICY \
	"style-src 'self' 'unsafe-inline'; img-src 'self' data:; " \
	"font-src 'self' data:; worker-src blob:; connect-src 'self'"

/*
 * The origin of "https://login.example.org/x" is "https://login.example.org".
 * The provider wrote the URL, so anything but a plain host must not become
 * part of the policy.
 */
static void
add_origin(Text *out, const char *url)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:[]";
	const char *host = url ? strstr(url, "://") : NULL;
	size_t		length;

	if (host == NULL)
		return;
	host += strlen("://");
	length = strcspn(host, "/?#");
	if (length == 0 || strspn(host, plain) < length)
		return;
	text_add_char(out, ' ');
	text_add_bytes(out, url, (size_t) (host - url) + length);
}

/* A login talks to the identity provider. */
void
page_reply_add_policy(const Page *page, Reply *reply)
{
	AuthLogin	login = auth_login();
	Text		policy = {0};

	text_add(&policy, page->is_app ? POLICY APP_POLICY : POLICY DOCS_POLICY);
	add_origin(&policy, login.discovery_url);
	add_origin(&policy, login.token_url);
	if (!text_failed(&policy))
		reply_header(reply, "Content-Security-Policy", policy.data);
	text_free(&policy);
}

void
page_reply_add_headers(const Page *page, Reply *reply)
{
	reply_media_type(reply, page->type);
	if (reply->gzip)
		reply_header(reply, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
	if (page->etag == NULL)
	{
		reply_header(reply, MHD_HTTP_HEADER_CACHE_CONTROL, FOR_EVER);
		return;
	}
	reply_header(reply, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache");
	condition_add_etag(page->etag, reply);
	page_reply_add_policy(page, reply);
}
