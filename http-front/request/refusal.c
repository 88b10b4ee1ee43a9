/*
 * request/refusal.c
 *		What is wrong with a request: the first thing that was seen.
 */
#include "request/refusal.h"

#include <stdarg.h>
#include <stdio.h>

/* What is longer is cut. */
#define DETAIL_SIZE 512

static void set(Refusal *refusal, Problem problem, const char *hint,
				const char *format, va_list arguments)
			__attribute__((format(printf, 4, 0)));

static void
set(Refusal *refusal, Problem problem, const char *hint, const char *format,
	va_list arguments)
{
	char		detail[DETAIL_SIZE];

	vsnprintf(detail, sizeof(detail), format, arguments);
	refusal->problem = problem;
	refusal->hint = hint;
	text_add(&refusal->detail, detail);
}

bool
is_refused(const Refusal *refusal)
{
	return refusal->problem != PROBLEM_NONE;
}

void
refusal_note(Refusal *refusal, Problem problem, const char *hint,
			 const char *format,...)
{
	va_list		arguments;

	if (is_refused(refusal))
		return;
	va_start(arguments, format);
	set(refusal, problem, hint, format, arguments);
	va_end(arguments);
}

void
refusal_replace(Refusal *refusal, Problem problem, const char *hint,
				const char *format,...)
{
	va_list		arguments;

	text_free(&refusal->detail);
	va_start(arguments, format);
	set(refusal, problem, hint, format, arguments);
	va_end(arguments);
}

void
refusal_hasten(Refusal *refusal, Urgency urgency)
{
	if (urgency > refusal->urgency)
		refusal->urgency = urgency;
}

void
refusal_free(Refusal *refusal)
{
	text_free(&refusal->detail);
}
