/*
 * api/remove.c
 *		Deleting a data product, a major or a version, and restoring it.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "fmgr.h"

#include "api/answer.h"
#include "api/arguments.h"
#include "rules/document.h"
#include "rules/remove.h"
#include "store/fetch.h"

/* id, if_match, dry_run, actor, actor_roles, and of a deletion force */
static void
read_removal(FunctionCallInfo fcinfo, Removal *removal)
{
	argument_id(fcinfo, 0, &removal->id);
	id_require_product(&removal->id);
	removal->if_match = argument_array(fcinfo, 1);
	removal->dry_run = argument_flag(fcinfo, 2);
	/* the first release had no consumers */
	removal->force = PG_NARGS() > 5 && argument_flag(fcinfo, 5);
	argument_actor(fcinfo, 3, &removal->actor);
}

/* What both answer; the rest is null. */
static void
begin_answer(const Removal *removal, Answer *answer)
{
	memset(answer, 0, sizeof(*answer));
	answer->retired_at = NO_TIME;
	answer->kind = removal->kind;
	answer->changes = removal->changes;
}

static void
answer_deleted(const Removal *removal, Answer *answer)
{
	begin_answer(removal, answer);
	answer->id = removal->id;
	if (removal->dry_run)
		answer->document = document_of_dry_run(&answer->id, NO_VERSION,
											   removal->kind, removal->changes,
											   NIL, removal->affected);
}

/* What was restored, as it reads now. */
static void
answer_as_it_reads(const Removal *removal, Answer *answer)
{
	const Product *product = &removal->product;
	Version		version;
	List	   *tables;

	resolve_version(product, &removal->id, READ_LATEST, &version);
	tables = fetch_table_names(product, &version, READ_LATEST);
	answer_of_version(answer, product, &version, "",
					  document_of_data_product(product, &version, tables),
					  READ_LATEST);
}

static void
answer_restored(const Removal *removal, Answer *answer)
{
	begin_answer(removal, answer);
	if (!removal->dry_run)
	{
		answer_as_it_reads(removal, answer);
		return;
	}
	id_of_version(removal->product.name, removal->newest, "", &answer->id);
	answer->document = document_of_dry_run(&answer->id, removal->newest,
										   removal->kind, removal->changes,
										   NIL, NULL);
}

/* Both functions, but for what they do and what they answer. */
static Datum
run_removal(FunctionCallInfo fcinfo, void (*run) (Removal *removal),
			void (*make) (const Removal *removal, Answer *answer))
{
	MemoryContext caller = CurrentMemoryContext;
	Removal		removal = {0};
	Answer		answer;
	Datum		row;

	actor_begin(fcinfo, &removal.actor);
	read_removal(fcinfo, &removal);
	run(&removal);
	make(&removal, &answer);
	row = answer_datum(fcinfo, &answer, caller);
	actor_end(&removal.actor);
	return row;
}

/* delete_data_product(id, if_match, dry_run, actor, actor_roles, force) */
PG_FUNCTION_INFO_V1(dpmeta_delete_data_product);
Datum
dpmeta_delete_data_product(PG_FUNCTION_ARGS)
{
	return run_removal(fcinfo, remove_versions, answer_deleted);
}

/* restore_data_product(id, if_match, dry_run, actor, actor_roles) */
PG_FUNCTION_INFO_V1(dpmeta_restore_data_product);
Datum
dpmeta_restore_data_product(PG_FUNCTION_ARGS)
{
	return run_removal(fcinfo, remove_undo, answer_restored);
}
