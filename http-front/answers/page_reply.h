/*
 * answers/page_reply.h
 *		What the answer with a page, or with a file of one, has in its head.
 */
#ifndef DPMETA_PAGE_REPLY_H
#define DPMETA_PAGE_REPLY_H

#include "answers/pages.h"
#include "request/reply.h"

/* How long it may be kept, and what a browser may do with it. */
extern void page_reply_add_headers(const Page *page, Reply *reply);

/* The latter alone. */
extern void page_reply_add_policy(const Page *page, Reply *reply);

#endif							/* DPMETA_PAGE_REPLY_H */
