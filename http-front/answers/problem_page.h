/*
 * answers/problem_page.h
 *		A refusal as a person reads it.
 */
#ifndef DPMETA_PROBLEM_PAGE_H
#define DPMETA_PROBLEM_PAGE_H

#include "request/request.h"

/* Does a browser ask, and is there a page to tell it so? */
extern bool problem_page_is_wanted(const Request *request);

/* Make it the reply; false when it could not be made. */
extern bool problem_page_send(Request *request, const ProblemText *text);

#endif							/* DPMETA_PROBLEM_PAGE_H */
