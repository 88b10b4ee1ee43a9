/*
 * api/position.c
 *		Where a server stands in the history of its cluster, and waiting, on a
 *		standby, until it stands where something was written.
 *
 * A place in the write-ahead log means nothing without its timeline: a failover
 * that loses commits begins another one, which writes other records to the
 * same places.  So a position names both, and the cluster.
 */
#include "postgres.h"

#include "access/timeline.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "access/xlogrecovery.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "storage/latch.h"
#include "utils/builtins.h"
#include "utils/pg_lsn.h"
#include "utils/portal.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

#include "api/arguments.h"
#include "api/position.h"
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

/* Without a timeline it is a place in whatever history the server has. */
typedef struct Position
{
	XLogRecPtr	place;
	TimeLineID	timeline;		/* or 0 */
	uint64		cluster;		/* its system identifier, or 0 */
} Position;

#define POSITION_BUFSIZE	64

static void
format_position(const Position *position, char *text)
{
	int			length = snprintf(text, POSITION_BUFSIZE, "%X/%X",
								  LSN_FORMAT_ARGS(position->place));

	if (position->timeline != 0)
		snprintf(text + length, POSITION_BUFSIZE - length,
				 ":%u:" UINT64_FORMAT, position->timeline, position->cluster);
}

/* Digits of a base, as many as given at most; NULL when there are none. */
static const char *
read_digits(const char *text, int base, int most, uint64 *value)
{
	const char *digits = base == 16 ? "0123456789abcdefABCDEF" : "0123456789";
	int			length = strspn(text, digits);

	errno = 0;
	*value = strtoull(text, NULL, base);
	return length >= 1 && length <= most && errno == 0 ? text + length : NULL;
}

/* The same, behind the character that separates them from what comes before. */
static const char *
read_next(const char *text, char separator, int base, int most, uint64 *value)
{
	if (text == NULL || *text != separator)
		return NULL;
	return read_digits(text + 1, base, most, value);
}

static bool
read_position(const char *text, Position *position)
{
	uint64		high;
	uint64		low;
	uint64		timeline = 0;

	position->cluster = 0;
	text = read_digits(text, 16, 8, &high);
	text = read_next(text, '/', 16, 8, &low);
	if (text != NULL && *text == ':')
	{
		text = read_next(text, ':', 10, 10, &timeline);
		text = read_next(text, ':', 10, 20, &position->cluster);
		if (timeline == 0 || timeline > PG_UINT32_MAX)
			return false;
	}
	if (text == NULL || *text != '\0')
		return false;
	position->place = high << 32 | low;
	position->timeline = timeline;
	return true;
}

static void
get_position(Position *position)
{
	position->cluster = GetSystemIdentifier();
	if (RecoveryInProgress())
		position->place = GetXLogReplayRecPtr(&position->timeline);
	else
	{
		position->timeline = GetWALInsertionTimeLine();
		position->place = GetXLogInsertRecPtr();
	}
}

/* Where the session's last transaction was committed; 0 if it wrote nothing. */
static XLogRecPtr last_commit = InvalidXLogRecPtr;

static void
note_end(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_COMMIT &&
		TransactionIdIsValid(GetTopTransactionIdIfAny()))
		last_commit = XactLastCommitEnd;
	else if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT ||
			 event == XACT_EVENT_PREPARE)
		last_commit = InvalidXLogRecPtr;
}

void
position_init(void)
{
	RegisterXactCallback(note_end, NULL);
}

/*
 * Behind a commit it is the place of that, not of what others have written
 * since: a failover may lose that, and keep this.  Whoever wrote nothing may
 * have read anybody's commit.
 */
PG_FUNCTION_INFO_V1(dpmeta_current_position);
Datum
dpmeta_current_position(PG_FUNCTION_ARGS)
{
	Position	position;
	char		text[POSITION_BUFSIZE];

	get_position(&position);
	if (!XLogRecPtrIsInvalid(last_commit) && !RecoveryInProgress())
		position.place = last_commit;
	format_position(&position, text);
	PG_RETURN_TEXT_P(cstring_to_text(text));
}

typedef enum Standing
{
	STANDING_REACHED,
	STANDING_AHEAD,				/* it may come yet */
	STANDING_LOST				/* it is not in this server's history */
} Standing;

/* The timeline is an earlier one than the server's. */
static Standing
judge_earlier(const Position *target, TimeLineID timeline)
{
	List	   *history = readTimeLineHistory(timeline);

	if (!tliInHistory(target->timeline, history) ||
		end_of_record(target->place) >
		tliSwitchPoint(target->timeline, history, NULL))
		return STANDING_LOST;
	return STANDING_REACHED;
}

/*
 * A standby gets to the timelines that come after its own.  A primary does
 * not, and has all that its own timeline will ever have up to where it is.
 */
static Standing
judge(const Position *target, Position *here)
{
	bool		follows = RecoveryInProgress();

	get_position(here);
	if (target->timeline != 0 && target->cluster != here->cluster)
		return STANDING_LOST;
	if (target->timeline != 0 && target->timeline < here->timeline)
		return judge_earlier(target, here->timeline);
	if (target->timeline > here->timeline)
		return follows ? STANDING_AHEAD : STANDING_LOST;
	if (here->place >= end_of_record(target->place))
		return STANDING_REACHED;
	if (follows)
		return STANDING_AHEAD;
	return target->timeline == 0 ? STANDING_REACHED : STANDING_LOST;
}

static void
report_not_reached(const Position *target, const Position *here, int timeout)
{
	char		wanted[POSITION_BUFSIZE];
	char		reached[POSITION_BUFSIZE];

	format_position(target, wanted);
	format_position(here, reached);
	ereport(ERROR,
			(errcode(ERRCODE_DP_POSITION_NOT_REACHED),
			 errmsg("position %s was not replayed within %d ms", wanted, timeout),
			 errdetail("This standby has replayed up to %s.", reached),
			 errhint("Wait longer, or ask the primary.")));
}

static void
report_lost(const Position *target, const Position *here)
{
	char		wanted[POSITION_BUFSIZE];
	char		reached[POSITION_BUFSIZE];

	format_position(target, wanted);
	format_position(here, reached);
	ereport(ERROR,
			(errcode(ERRCODE_DP_POSITION_LOST),
			 errmsg("position %s is not in the history of this server", wanted),
			 target->timeline > here->timeline
			 ? errdetail("This server is at %s: it is no longer the primary, and does not know that yet.", reached)
			 : errdetail("This server is at %s. A failover lost what was written there, or the store was restored.", reached),
			 errhint("Read without a position, and look whether what you wrote is there. Write it again if it is not.")));
}

static void
wait_for_replay(const Position *target, int timeout)
{
	TimestampTz end = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), timeout);
	long		pause = FIRST_PAUSE;
	Position	here;
	Standing	standing;

	/* A standby may be promoted meanwhile, or follow another one. */
	while ((standing = judge(target, &here)) == STANDING_AHEAD)
	{
		long		left = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), end);

		if (left <= 0)
			report_not_reached(target, &here, timeout);
		WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
				  Min(pause, left), PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
		pause = Min(pause * 2, LONGEST_PAUSE);
	}
	if (standing == STANDING_LOST)
		report_lost(target, &here);
}

/* wait_for_position(target, timeout): both procedures, but for the target */
static void
run_wait(FunctionCallInfo fcinfo, const Position *target)
{
	int			timeout = DatumGetInt32(argument_required(fcinfo, 1, "timeout"));

	if (timeout < 0)
		report_invalid_parameter("timeout", psprintf("%d", timeout),
								 "Give a number of milliseconds from 0.");
	forget_snapshot(fcinfo);
	wait_for_replay(target, timeout);
}

PG_FUNCTION_INFO_V1(dpmeta_wait_for_position);
Datum
dpmeta_wait_for_position(PG_FUNCTION_ARGS)
{
	Position	target = {
		.place = DatumGetLSN(argument_required(fcinfo, 0, "target"))
	};

	run_wait(fcinfo, &target);
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(dpmeta_wait_for_full_position);
Datum
dpmeta_wait_for_full_position(PG_FUNCTION_ARGS)
{
	char	   *given = TextDatumGetCString(argument_required(fcinfo, 0, "target"));
	Position	target;

	if (!read_position(given, &target))
		report_invalid_parameter("target", given,
								 "Give what dpmeta.current_position() returned, such as 0/16B3748:1:7449812345678901234.");
	run_wait(fcinfo, &target);
	PG_RETURN_VOID();
}
