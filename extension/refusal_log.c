/*
 * refusal_log.c
 *		What the server's log says of a refusal.
 *
 * An error of class MD tells a client everything that is wrong with a document,
 * which may be megabytes.  A DBA can do nothing about it.  So in the log it is one
 * line, without the statement, which would repeat the document.  With
 * log_error_verbosity = verbose the log has the rest too, but only the beginning
 * of a long DETAIL.
 */
#include "postgres.h"

#include "access/xact.h"
#include "mb/pg_wchar.h"
#include "utils/elog.h"
#include "utils/guc.h"

#include "refusal_log.h"

/* The most bytes of a DETAIL that go to the log. */
#define LONGEST_DETAIL	1000

static emit_log_hook_type next_hook = NULL;

static bool
is_refusal(const ErrorData *edata)
{
	char		state[] = {
		PGUNSIXBIT(edata->sqlerrcode), PGUNSIXBIT(edata->sqlerrcode >> 6)
	};

	return edata->elevel == ERROR && state[0] == 'M' && state[1] == 'D';
}

static void
shorten_detail(ErrorData *edata)
{
	int			len;

	if (edata->detail == NULL || edata->detail_log != NULL)
		return;
	len = strlen(edata->detail);
	if (len > LONGEST_DETAIL)
		edata->detail_log = psprintf("%.*s ... (%d bytes)",
									 pg_mbcliplen(edata->detail, len,
												  LONGEST_DETAIL),
									 edata->detail, len);
}

/*
 * The setting ends with the transaction.  An error is written to the log just
 * before the transaction is aborted.
 */
static void
say_one_line(ErrorData *edata)
{
	edata->hide_stmt = true;
	if (Log_error_verbosity == PGERROR_DEFAULT && IsTransactionState())
		(void) set_config_option("log_error_verbosity", "terse", PGC_SUSET,
								 PGC_S_SESSION, GUC_ACTION_SAVE, true, WARNING,
								 false);
}

static void
shorten_refusal(ErrorData *edata)
{
	if (is_refusal(edata))
	{
		shorten_detail(edata);
		say_one_line(edata);
	}
	if (next_hook != NULL)
		next_hook(edata);
}

void
refusal_log_init(void)
{
	next_hook = emit_log_hook;
	emit_log_hook = shorten_refusal;
}
