/*
 * request/request.c
 *		A request: what each stage of its life made, for the next to read.
 */
#include "request/request.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define MOST_SPARE 128

static Request *spare;
static int	spare_count;

/*
 * Requests that are done with are kept for the next ones, because the allocator
 * is slow for one as large.
 */
static Request *
take_spare(void)
{
	Request    *request = spare;

	if (request == NULL)
		return malloc(sizeof(*request));
	spare = request->next_spare;
	spare_count--;
	return request;
}

static void
keep_spare(Request *request)
{
	if (spare_count >= MOST_SPARE)
	{
		free(request);
		return;
	}
	request->next_spare = spare;
	spare = request;
	spare_count++;
}

void
request_free_spare(void)
{
	while (spare != NULL)
	{
		Request    *next = spare->next_spare;

		free(spare);
		spare = next;
	}
	spare_count = 0;
}

Request *
request_create(const char *target)
{
	Request    *request = take_spare();

	if (request == NULL)
		return NULL;
	memset(request, 0, offsetof(Request, caller));
	memset(&request->caller, 0, offsetof(Caller, name_room));
	if (head_begin(&request->head, target))
		return request;
	keep_spare(request);
	return NULL;
}

void
request_destroy(Request *request)
{
	call_free(&request->call);
	refusal_free(&request->refusal);
	reply_free(&request->reply);
	head_free(&request->head);
	keep_spare(request);
}
