/*
 * request/refusal.h
 *		What is wrong with a request: the first thing that was seen.
 */
#ifndef DPMETA_REQUEST_REFUSAL_H
#define DPMETA_REQUEST_REFUSAL_H

#include <stdbool.h>

#include "base/text.h"
#include "routes/problem.h"

/* How soon it is sent; the later ones in this list are more urgent. */
typedef enum Urgency
{
	/* when its body was read, so that the connection lives on */
	REFUSE_AT_END,
	/* at once: the connection cannot be trusted any more */
	REFUSE_AT_ONCE,
	/* past libmicrohttpd, which may have no memory for an answer */
	REFUSE_PAST_LIBRARY
} Urgency;

typedef struct Refusal
{
	Problem		problem;		/* PROBLEM_NONE: nothing is wrong */
	Text		detail;
	const char *hint;
	size_t		line;			/* in the body, from 1; 0: it is not said */
	size_t		column;
	Urgency		urgency;
} Refusal;

extern bool is_refused(const Refusal *refusal);

/* Note what is wrong, unless something is noted already. */
extern void refusal_note(Refusal *refusal, Problem problem, const char *hint,
						 const char *format,...)
			__attribute__((format(printf, 4, 5)));

/* The same, in place of whatever is noted already. */
extern void refusal_replace(Refusal *refusal, Problem problem,
							const char *hint, const char *format,...)
			__attribute__((format(printf, 4, 5)));
extern void refusal_hasten(Refusal *refusal, Urgency urgency);
extern void refusal_free(Refusal *refusal);

#endif							/* DPMETA_REQUEST_REFUSAL_H */
