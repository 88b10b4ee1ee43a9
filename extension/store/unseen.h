/*
 * store/unseen.h
 *		Rows that must be there and are not seen.
 */
#ifndef DPMETA_UNSEEN_H
#define DPMETA_UNSEEN_H

#include "postgres.h"

#include "compat.h"

/* Can it be looked for with READ_NOW? */
extern bool unseen_may_look_again(void);

/* Raises what a caller tries again: it is there, but not for this snapshot. */
pg_noreturn extern void unseen_report(void);

/* Raises that the store is damaged; what is missing is said by "what". */
pg_noreturn extern void unseen_report_missing(const char *what);

#endif							/* DPMETA_UNSEEN_H */
