/*
 * api/page.c
 *		One page of a list, as a JSON array.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "api/arguments.h"
#include "api/page.h"
#include "errors.h"

int
argument_page_size(FunctionCallInfo fcinfo, int n, const char *what)
{
	int			size;

	if (PG_ARGISNULL(n))
		return DEFAULT_PAGE_SIZE;
	size = PG_GETARG_INT32(n);
	if (size < 1 || size > MAX_PAGE_SIZE)
		report_invalid_parameter("page_size", psprintf("%d", size),
								 psprintf("A page has 1 to %d %s.",
										  MAX_PAGE_SIZE, what));
	return size;
}

void
page_begin(ListPage *page, int max_bytes)
{
	initStringInfo(&page->out);
	appendStringInfoChar(&page->out, '[');
	page->max_bytes = max_bytes;
	page->count = 0;
}

void
page_next_entry(ListPage *page)
{
	if (page->count++ > 0)
		appendStringInfoChar(&page->out, ',');
}

bool
page_is_full(const ListPage *page)
{
	return page->out.len >= page->max_bytes;
}

text *
page_end(ListPage *page)
{
	appendStringInfoChar(&page->out, ']');
	return cstring_to_text_with_len(page->out.data, page->out.len);
}
