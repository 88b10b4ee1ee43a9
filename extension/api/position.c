/*
 * api/position.c
 *		Waiting, on a standby, until it has replayed what was written.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "access/xlogrecovery.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "storage/latch.h"
#include "utils/pg_lsn.h"
#include "utils/portal.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

#include "api/arguments.h"
#include "errors.h"

/* Between two looks, in milliseconds. */
#define FIRST_PAUSE		1
#define LONGEST_PAUSE	16

/*
 * A page's first record stands behind the page's header, and so does the
 * position of a server whose last record filled the page before.  What was
 * replayed ends before the header.
 */
static XLogRecPtr
end_of_record(XLogRecPtr position)
{
	uint64		in_page = position % XLOG_BLCKSZ;
	bool		first = XLogSegmentOffset(position, wal_segment_size) < XLOG_BLCKSZ;

	if (in_page == (first ? SizeOfXLogLongPHD : SizeOfXLogShortPHD))
		return position - in_page;
	return position;
}

/*
 * A session that waits with a snapshot stops the standby from replaying what
 * would remove rows that the snapshot still sees.  It could wait for itself
 * for ever.  So this is a procedure, and no other statement may call it.
 */
static void
forget_snapshot(FunctionCallInfo fcinfo)
{
	bool		alone = fcinfo->context != NULL &&
		IsA(fcinfo->context, CallContext) &&
		!castNode(CallContext, fcinfo->context)->atomic;

	if (alone)
	{
		ForgetPortalSnapshots();
		InvalidateCatalogSnapshot();
	}
	if (!alone || HaveRegisteredOrActiveSnapshot())
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TRANSACTION_STATE),
				 errmsg("waiting for a position is not possible inside a transaction"),
				 errdetail("The transaction's snapshot would keep the standby from replaying."),
				 errhint("CALL dpmeta.wait_for_position() as a statement of its own, before BEGIN.")));
}

static void
report_not_reached(XLogRecPtr target, int timeout)
{
	XLogRecPtr	replayed = GetXLogReplayRecPtr(NULL);

	ereport(ERROR,
			(errcode(ERRCODE_DP_POSITION_NOT_REACHED),
			 errmsg("position %X/%X was not replayed within %d ms",
					LSN_FORMAT_ARGS(target), timeout),
			 errdetail("This standby has replayed up to %X/%X.",
					   LSN_FORMAT_ARGS(replayed)),
			 errhint("Wait longer, or ask the primary.")));
}

static void
wait_for_replay(XLogRecPtr target, int timeout)
{
	TimestampTz end = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), timeout);
	long		pause = FIRST_PAUSE;

	/* A primary, and a standby that was promoted meanwhile, has it all. */
	while (RecoveryInProgress() && GetXLogReplayRecPtr(NULL) < end_of_record(target))
	{
		long		left = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), end);

		if (left <= 0)
			report_not_reached(target, timeout);
		WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
				  Min(pause, left), PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
		pause = Min(pause * 2, LONGEST_PAUSE);
	}
}

PG_FUNCTION_INFO_V1(dpmeta_wait_for_position);
Datum
dpmeta_wait_for_position(PG_FUNCTION_ARGS)
{
	XLogRecPtr	target = DatumGetLSN(argument_required(fcinfo, 0, "target"));
	int			timeout = DatumGetInt32(argument_required(fcinfo, 1, "timeout"));

	if (timeout < 0)
		report_invalid_parameter("timeout", psprintf("%d", timeout),
								 "Give a number of milliseconds from 0.");
	forget_snapshot(fcinfo);
	wait_for_replay(target, timeout);
	PG_RETURN_VOID();
}
