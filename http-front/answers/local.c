/*
 * answers/local.c
 *		The answers that need no database.
 */
#include "answers/local.h"

#include "answers/docs.h"
#include "answers/metrics_page.h"
#include "answers/response.h"
#include "config.h"

void
answer_options(Request *request)
{
	if (!response_empty(request, 204))
		return;
	response_add_allow(request);
	reply_header(&request->reply, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
}

static void
write_caller(const Caller *caller, Text *body)
{
	static const struct
	{
		Role		role;
		const char *name;
	}			roles[] = {
		{ROLE_READER, "\"reader\""},
		{ROLE_PRODUCER, ",\"producer\""},
		{ROLE_STEWARD, ",\"steward\""},
	};

	text_add(body, "{\"roles\":[");
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (caller->roles & roles[i].role)
			text_add(body, roles[i].name);
	text_add_char(body, ']');
	text_add_member(body, "name", caller->name);
	text_add_char(body, '}');
}

void
answer_local(Request *request)
{
	const Route *route = request->head.match.route;
	const char *type = route->produces;
	Text		body = {0};

	if (route->answer == ANSWER_FILE)
	{
		answer_file(request);
		return;
	}
	if (route->answer == ANSWER_METRICS)
	{
		metrics_write_all(&body);
		type = "text/plain; version=0.0.4; charset=utf-8";
	}
	else if (route->answer == ANSWER_CALLER)
		write_caller(&request->caller, &body);
	else
		text_add(&body, "{\"status\":\"alive\",\"version\":\""
				 DPMETA_HTTP_VERSION "\"}");
	if (!response_text(request, 200, &body))
		return;
	reply_media_type(&request->reply, type);
	reply_header(&request->reply, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
}
