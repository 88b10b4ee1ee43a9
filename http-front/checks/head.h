/*
 * checks/head.h
 *		What the files of checks/check.h share.
 */
#ifndef DPMETA_CHECK_HEAD_H
#define DPMETA_CHECK_HEAD_H

#include "checks/check.h"

/* Note what is wrong, unless something was before it. */
extern void check_note(Request *request, Problem problem, const char *hint,
					   const char *format,...)
			__attribute__((format(printf, 4, 5)));

/* Take in the fields of the head, and judge them together. */
extern void check_fields(Request *request, const char *method,
						 const char *version);

#endif							/* DPMETA_CHECK_HEAD_H */
