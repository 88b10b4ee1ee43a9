/*
 * answers/problem_page.c
 *		A refusal as a person reads it.
 *
 * It is a part of the application's page, which says more where scripts run.
 */
#include "answers/problem_page.h"

#include <strings.h>

#include "answers/page_reply.h"
#include "answers/pages.h"
#include "answers/response.h"
#include "base/field.h"

#define JSON "application/json"
#define PROBLEM_JSON "application/problem+json"

bool
problem_page_is_wanted(const Request *request)
{
	const char *accept = request->head.fields[FIELD_ACCEPT];

	return accept != NULL &&
		(request->head.method & (METHOD_GET | METHOD_HEAD)) != 0 &&
		accept_prefers_page(accept, JSON) &&
		accept_prefers_page(accept, PROBLEM_JSON) &&
		pages_find(APP_PAGE) != NULL;
}

static void
add_paragraph(Text *out, const char *text)
{
	Text		sentence = {0};

	if (text == NULL)
		return;
	problem_add_sentence(&sentence, text);
	if (text_failed(&sentence))
		out->failed = true;
	else
	{
		text_add(out, "<p>");
		text_add_escaped(out, sentence.data);
		text_add(out, "</p>\n");
	}
	text_free(&sentence);
}

static void
write_problem(const Request *request, const ProblemText *text, Text *out)
{
	const ProblemKind *kind = problem_kind(request->refusal.problem);

	text_format(out, "<article id=\"problem\" data-status=\"%d\" "
				"data-problem=\"%s\">\n<h1>%s</h1>\n", kind->status,
				kind->name, kind->title);
	if (text->detail != NULL && strcasecmp(text->detail, kind->title) != 0)
		add_paragraph(out, text->detail);
	add_paragraph(out, text->reason);
	add_paragraph(out, text->hint);
	text_add(out, "<p>Request <code>");
	text_add_escaped(out, request->head.id);
	text_add(out, "</code></p>\n</article>\n");
}

bool
problem_page_send(Request *request, const ProblemText *text)
{
	const Page *page = pages_find(APP_PAGE);
	Text		body = {0};

	text_add_bytes(&body, page->body, page->place);
	write_problem(request, text, &body);
	text_add_bytes(&body, page->body + page->place, page->size - page->place);
	request->reply.page = true;
	if (!response_text(request, problem_kind(request->refusal.problem)->status,
					   &body))
		return false;
	reply_media_type(&request->reply, page->type);
	page_reply_add_policy(page, &request->reply);
	return true;
}
