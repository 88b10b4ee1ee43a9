/*
 * request/call.c
 *		What a request asks of the database.
 */
#include "request/call.h"

void
call_free(Call *call)
{
	document_free(&call->job.document);
	text_free(&call->if_match);
	text_free(&call->body);
}
