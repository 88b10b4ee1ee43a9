/*
 * answers/docs.c
 *		Pages, the files that they need, and the description of the interface.
 */
#include "answers/docs.h"

#include <string.h>

#include "answers/columns.h"
#include "answers/condition.h"
#include "answers/page_reply.h"
#include "answers/pages.h"
#include "answers/refuse.h"
#include "answers/response.h"
#include "base/field.h"
#include "base/log.h"
#include "openapi/openapi.h"

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

static void
refuse_file(Request *request)
{
	const Route *route = request->head.match.route;

	if (route->file != NULL)
		refusal_note(&request->refusal, PROBLEM_NO_SUCH_PATH,
					 "Run \"make -C http-front pages\", which fetches them "
					 "with npm, and build again. /openapi.json works "
					 "without them.", "this build has no pages");
	else
		refusal_note(&request->refusal, PROBLEM_NO_SUCH_PATH,
					 "Pages link to the files that exist. Load the page again.",
					 "there is no such file");
	refuse_request(request);
}

static const Page *
find_page(const Head *head)
{
	const RouteMatch *match = &head->match;

	if (match->route->file != NULL)
		return pages_find(match->route->file);
	if (match->id->bad)
		return NULL;
	if (strncmp(match->route->path, PAGE_FOLDER, strlen(PAGE_FOLDER)) == 0)
		return pages_find_asset(match->id->text);
	return match->name->bad ? NULL :
		pages_find_module(match->id->text, match->name->text);
}

static void
send_page(Request *request, const Page *page, int status)
{
	const char *encodings = request->head.fields[FIELD_ACCEPT_ENCODING];
	bool		gzip = page->gzip != NULL && encodings != NULL &&
		accepts_gzip(encodings);

	request->reply.gzip = gzip;
	request->reply.page = page->etag != NULL;
	if (!response_bytes(request, status, gzip ? page->gzip : page->body,
						gzip ? page->gzip_size : page->size))
		return;
	if (page->gzip != NULL)
		reply_header(&request->reply, MHD_HTTP_HEADER_VARY, "Accept-Encoding");
	page_reply_add_headers(page, &request->reply);
}

void
answer_file(Request *request)
{
	const Page *page = find_page(&request->head);
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
