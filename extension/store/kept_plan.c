/*
 * store/kept_plan.c
 *		Statements that are prepared once for a session.
 */
#include "postgres.h"

#include "utils/guc.h"

#include "store/installed.h"
#include "store/kept_plan.h"

bool
kept_plan_is_ready(const KeptPlan *kept)
{
	installed_check();
	return kept->plan != NULL;
}

void
kept_plan_prepare(KeptPlan *kept, const char *sql, int nargs, Oid *argtypes,
				  int options)
{
	SPIPlanPtr	plan = SPI_prepare_cursor(sql, nargs, argtypes, options);

	if (plan == NULL || SPI_keepplan(plan) != 0)
		elog(ERROR, "could not prepare a statement: %s",
			 SPI_result_code_string(SPI_result));
	kept->plan = plan;
}

void
kept_plan_forget(KeptPlan *kept)
{
	if (kept->plan != NULL)
		SPI_freeplan(kept->plan);
	memset(kept, 0, sizeof(*kept));
}

static void
turn_off(const char *setting)
{
	(void) set_config_option(setting, "off", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
}

/*
 * A plan that has to do with a method that is ruled out costs so much that it
 * would be compiled, at each execution, for longer than it runs.
 */
static int
rule_out(const char *const *methods)
{
	int			level = NewGUCNestLevel();

	for (; *methods != NULL; methods++)
		turn_off(*methods);
	turn_off("jit");
	return level;
}

int
kept_plan_execute(KeptPlan *kept, const char *const *without,
				  Values *arguments, bool read_only, long count)
{
	char		nulls[VALUES_MAX];
	bool		to_be_planned = !kept->planned || !SPI_plan_is_valid(kept->plan);
	int			level = to_be_planned ? rule_out(without) : 0;
	int			rc;

	for (int i = 0; i < arguments->count; i++)
		nulls[i] = arguments->nulls[i] ? 'n' : ' ';
	rc = SPI_execute_plan(kept->plan, arguments->values, nulls, read_only, count);
	if (to_be_planned)
		AtEOXact_GUC(true, level);
	kept->planned = true;
	return rc;
}
