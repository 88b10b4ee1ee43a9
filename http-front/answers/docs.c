/*
 * answers/docs.c
 *		The answers that document the interface.
 */
#include "answers/docs.h"

#include <string.h>

#include "auth/auth.h"
#include "server/compress.h"
#include "base/field.h"
#include "base/log.h"
#include "openapi/openapi.h"
#include "answers/pages.h"
#include "answers/refuse.h"
#include "answers/result.h"
#include "answers/response.h"

#define FOR_EVER "public, max-age=31536000, immutable"

/*
 * Nothing from elsewhere, and no script but from here.  Both pages make styles
 * as they go, and Redoc its search in a worker of its own making.
 */
#define POLICY \
	"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " \
	"img-src 'self' data:; font-src 'self' data:; worker-src blob:; " \
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " \
	"connect-src 'self'"

static struct MHD_Response *
response_of_bytes(Request *request, const char *bytes, size_t size,
				  enum MHD_ResponseMemoryMode mode)
{
	request->answer_size = size;
	/* It is only read. */
	return MHD_create_response_from_buffer(size, (void *) bytes, mode);
}

/* A copy: it may be made anew before all of it is sent. */
static struct MHD_Response *
response_of_document(Request *request, const OpenApi *document)
{
	Text		copy = {0};

	text_add_bytes(&copy, document->text, document->length);
	return reply_text(request, &copy);
}

static void
refuse_models(Request *request)
{
	log_event(LOG_ERRORS, "openapi", "no document could be made of the "
			  "models (request %s)", request->id);
	request->problem = PROBLEM_INTERNAL;
	text_add(&request->detail, "the request could not be carried out");
	request->hint = "Tell the operator the requestId.";
	reply_problem(request);
}

void
reply_openapi(Request *request, PGresult *result)
{
	const OpenApi *document = NULL;
	int			status;

	if (PQntuples(result) == 1)
		document = openapi_document(PQgetvalue(result, 0, COLUMN_DOCUMENT));
	PQclear(result);
	if (document == NULL)
	{
		refuse_models(request);
		return;
	}
	status = reply_read_status(request, document->etag);
	if (status == 412)
	{
		reply_condition(request);
		return;
	}
	if (!reply_set(request, response_of_document(request, document),
				   status))
		return;
	reply_header(request, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
	reply_header(request, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache");
	reply_etag(request, document->etag);
}

/*
 * "https://login.example.org/x" is of "https://login.example.org".  The
 * provider wrote it: what is no plain host must not become policy.
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
add_policy(Request *request)
{
	AuthLogin	login = auth_login();
	Text		policy = {0};

	text_add(&policy, POLICY);
	add_origin(&policy, login.discovery_url);
	add_origin(&policy, login.token_url);
	if (!text_failed(&policy))
		reply_header(request, "Content-Security-Policy", policy.data);
	text_free(&policy);
}

static void
refuse_file(Request *request)
{
	request->problem = PROBLEM_NO_SUCH_PATH;
	if (request->match.route->file != NULL)
	{
		text_add(&request->detail, "this build has no documentation pages");
		request->hint = "Where it was built, \"make -C http-front pages\" has "
			"npm fetch them; then build again. /openapi.json is there.";
	}
	else
	{
		text_add(&request->detail, "there is no such file");
		request->hint = "The pages /docs and /redoc name those that there are.";
	}
	reply_problem(request);
}

static const Page *
find_page(const Request *request)
{
	const char *file = request->match.route->file;

	if (file != NULL)
		return pages_find(file);
	return request->match.id->bad ? NULL :
		pages_find_asset(request->match.id->text);
}

static void
send_page(Request *request, const Page *page, int status)
{
	const char *encodings = request->fields[FIELD_ACCEPT_ENCODING];
	bool		compressed = page->gzip != NULL && encodings != NULL &&
		accepts_gzip(encodings);
	struct MHD_Response *response = compressed ?
		response_of_bytes(request, page->gzip, page->gzip_size,
						  MHD_RESPMEM_PERSISTENT) :
		response_of_bytes(request, page->body, page->size,
						  MHD_RESPMEM_PERSISTENT);

	request->gzip = compressed;
	if (!reply_set(request, response, status))
		return;
	reply_header(request, MHD_HTTP_HEADER_CONTENT_TYPE, page->type);
	if (page->gzip != NULL)
		reply_header(request, MHD_HTTP_HEADER_VARY, "Accept-Encoding");
	if (compressed)
		reply_header(request, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
	if (page->etag == NULL)
		reply_header(request, MHD_HTTP_HEADER_CACHE_CONTROL, FOR_EVER);
	else
	{
		reply_header(request, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache");
		reply_etag(request, page->etag);
		add_policy(request);
	}
}

void
reply_file(Request *request)
{
	const Page *page = find_page(request);
	int			status;

	if (page == NULL)
	{
		refuse_file(request);
		return;
	}
	status = reply_read_status(request, page->etag);
	if (status == 412)
		reply_condition(request);
	else
		send_page(request, page, status);
}
