/*
 * store/unseen.c
 *		Rows that must be there and are not seen.
 *
 * Some commands write a table anew, with rows that no snapshot from before sees:
 * pg_repack and its kin, and ALTER TABLE where it rewrites a table.  A read that began
 * before finds such a table empty.  That is no answer: it looks once more
 * with a new snapshot, and if the row is there, the read is to be done again.
 */
#include "postgres.h"

#include "access/xact.h"

#include "store/unseen.h"

bool
unseen_may_look_again(void)
{
	return !IsInParallelMode();
}

void
unseen_report(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("could not read the store because a table of it was written anew meanwhile"),
			 errdetail("This statement's snapshot is from before, and sees no row of it."),
			 errhint("Try again.")));
}

void
unseen_report_missing(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("%s is missing", what),
			 errdetail("The tables of dpmeta do not fit each other."),
			 errhint("Call dpmeta.check(), which lists all that is wrong, and restore the rows.")));
}
