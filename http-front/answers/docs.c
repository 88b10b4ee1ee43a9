/*
 * answers/docs.c
 *		The answers that document the interface.
 */
#include "answers/docs.h"

#include <string.h>

#include "answers/columns.h"
#include "answers/condition.h"
#include "answers/pages.h"
#include "answers/refuse.h"
#include "answers/response.h"
#include "auth/auth.h"
#include "base/field.h"
#include "base/log.h"
#include "openapi/openapi.h"

#define FOR_EVER "public, max-age=31536000, immutable"

/*
 * Nothing comes from elsewhere, and scripts only from here.  Both pages make
 * styles while they run, and Redoc runs its search in a worker that it makes
 * itself.
 */
#define POLICY \
	"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " \
	"img-src 'self' data:; font-src 'self' data:; worker-src blob:; " \
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " \
	"connect-src 'self'"

static void
refuse_models(Request *request)
{
	log_event(LOG_ERRORS, "openapi", "no document could be made of the "
			  "models (request %s)", request->head.id);
	refuse_as(request, PROBLEM_INTERNAL);
}

void
answer_openapi(Request *request, PGresult *result)
{
	const OpenApi *document = NULL;
	Text		copy = {0};
	int			status;

	if (PQntuples(result) == 1)
		document = openapi_document(PQgetvalue(result, 0, COLUMN_DOCUMENT));
	PQclear(result);
	if (document == NULL)
	{
		refuse_models(request);
		return;
	}
	status = condition_status(&request->head, document->etag);
	if (status == 412)
	{
		refuse_condition(request);
		return;
	}

	/*
	 * A copy, because the document may be replaced before all of it is sent.
	 */
	text_add_bytes(&copy, document->text, document->length);
	if (!response_text(request, status, &copy))
		return;
	reply_media_type(&request->reply, "application/json");
	reply_header(&request->reply, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache");
	condition_add_etag(document->etag, &request->reply);
}

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
static void
add_policy(Reply *reply)
{
	AuthLogin	login = auth_login();
	Text		policy = {0};

	text_add(&policy, POLICY);
	add_origin(&policy, login.discovery_url);
	add_origin(&policy, login.token_url);
	if (!text_failed(&policy))
		reply_header(reply, "Content-Security-Policy", policy.data);
	text_free(&policy);
}

static void
refuse_file(Request *request)
{
	if (request->head.match.route->file != NULL)
		refusal_note(&request->refusal, PROBLEM_NO_SUCH_PATH,
					 "Run \"make -C http-front pages\", which fetches them "
					 "with npm, and build again. /openapi.json works "
					 "without them.", "this build has no documentation pages");
	else
		refusal_note(&request->refusal, PROBLEM_NO_SUCH_PATH,
					 "The pages /docs and /redoc link to the files that exist.",
					 "there is no such file");
	refuse_request(request);
}

static const Page *
find_page(const RouteMatch *match)
{
	if (match->route->file != NULL)
		return pages_find(match->route->file);
	return match->id->bad ? NULL : pages_find_asset(match->id->text);
}

static void
add_page_headers(const Page *page, Reply *reply)
{
	reply_media_type(reply, page->type);
	if (page->gzip != NULL)
		reply_header(reply, MHD_HTTP_HEADER_VARY, "Accept-Encoding");
	if (reply->gzip)
		reply_header(reply, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
	if (page->etag == NULL)
	{
		reply_header(reply, MHD_HTTP_HEADER_CACHE_CONTROL, FOR_EVER);
		return;
	}
	reply_header(reply, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache");
	condition_add_etag(page->etag, reply);
	add_policy(reply);
}

static void
send_page(Request *request, const Page *page, int status)
{
	const char *encodings = request->head.fields[FIELD_ACCEPT_ENCODING];
	bool		gzip = page->gzip != NULL && encodings != NULL &&
		accepts_gzip(encodings);

	request->reply.gzip = gzip;
	if (response_bytes(request, status, gzip ? page->gzip : page->body,
					   gzip ? page->gzip_size : page->size))
		add_page_headers(page, &request->reply);
}

void
answer_file(Request *request)
{
	const Page *page = find_page(&request->head.match);
	int			status;

	if (page == NULL)
	{
		refuse_file(request);
		return;
	}
	status = condition_status(&request->head, page->etag);
	if (status == 412)
		refuse_condition(request);
	else
		send_page(request, page, status);
}
