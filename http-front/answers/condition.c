/*
 * answers/condition.c
 *		Entity tags, and what a read's conditions make of them.
 */
#include "answers/condition.h"

#include <stdio.h>

#include "base/field.h"

int
condition_status(const Head *head, const char *etag)
{
	const char *if_match = head->fields[FIELD_IF_MATCH];
	const char *if_none_match = head->fields[FIELD_IF_NONE_MATCH];

	if (etag == NULL || head->match.route->method != METHOD_GET)
		return head->match.route->success;
	if (if_match && tags_match(if_match, etag, true) != TAGS_MATCH)
		return 412;
	if (if_none_match && tags_match(if_none_match, etag, false) == TAGS_MATCH)
		return 304;
	return head->match.route->success;
}

void
condition_add_etag(const char *etag, Reply *reply)
{
	char		value[256];

	if (etag == NULL)
		return;
	snprintf(value, sizeof(value), "\"%s%s\"", etag,
			 reply->gzip ? COMPRESS_SUFFIX : "");
	reply_header(reply, MHD_HTTP_HEADER_ETAG, value);
}
