/*
 * store/kept_plan.h
 *		Statements that are prepared once for a session.
 */
#ifndef DPMETA_KEPT_PLAN_H
#define DPMETA_KEPT_PLAN_H

#include "postgres.h"
#include "executor/spi.h"

#include "store/bind.h"

/* A plan that is made at its first use, for all values. */
typedef struct KeptPlan
{
	SPIPlanPtr	plan;
	bool		planned;
} KeptPlan;

/*
 * Is it prepared already?  Raises while the SQL that is installed is not known here,
 * because what it names may not be there.
 */
extern bool kept_plan_is_ready(const KeptPlan *kept);

/* Prepares it; the options are those of SPI_prepare_cursor(). */
extern void kept_plan_prepare(KeptPlan *kept, const char *sql, int nargs,
							  Oid *argtypes, int options);
extern void kept_plan_forget(KeptPlan *kept);

/*
 * Like SPI_execute_plan().  For a small table the planner prefers to read all
 * of it, and a session would keep that plan while the table grows.  So
 * "without" lists settings, ending in NULL, that are off while the plan is
 * made.
 */
extern int	kept_plan_execute(KeptPlan *kept, const char *const *without,
							  Values *arguments, bool read_only,
							  long count);

#endif							/* DPMETA_KEPT_PLAN_H */
