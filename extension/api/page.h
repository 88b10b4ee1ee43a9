/*
 * api/page.h
 *		One page of a list, as a JSON array: bounded in rows by who asks, and in
 *		bytes by us.
 */
#ifndef DPMETA_PAGE_H
#define DPMETA_PAGE_H

#include "postgres.h"
#include "fmgr.h"
#include "lib/stringinfo.h"

#define DEFAULT_PAGE_SIZE	50
#define MAX_PAGE_SIZE		1000

/*
 * A page that has as much is full, so that it holds little more than this and
 * its last entry.
 */
#define PAGE_BYTES			(4 * 1024 * 1024)

typedef struct ListPage
{
	StringInfoData out;
	int			max_bytes;
	int			count;			/* entries so far */
} ListPage;

/* The argument page_size: 1 to 1000 of what is listed, 50 when it is null. */
extern int	argument_page_size(FunctionCallInfo fcinfo, int n,
							   const char *what);

extern void page_begin(ListPage *page, int max_bytes);

/* To be called before each entry, which the caller appends to page->out. */
extern void page_next_entry(ListPage *page);
extern bool page_is_full(const ListPage *page);
extern text *page_end(ListPage *page);

#endif							/* DPMETA_PAGE_H */
