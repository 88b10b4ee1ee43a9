/*
 * rules/write.c
 *		The stages of a write that makes a version.
 */
#include "postgres.h"

#include "rules/base.h"
#include "rules/consumers.h"
#include "rules/make.h"
#include "rules/number.h"
#include "rules/plan.h"
#include "rules/replay.h"
#include "rules/rights.h"
#include "rules/write.h"

/* The version that the plan leads to; false when another was faster. */
static bool
reach_version(const WriteRequest *request, const WriteBase *base,
			  const WritePlan *plan, WriteOutcome *outcome)
{
	Place		place;

	if (plan->kind == KIND_NONE)
	{
		outcome->version = base->version;
		return true;
	}
	number_version(base, plan, &place);
	if (!request->dry_run)
		return make_version(request, base, plan, &place, outcome);
	outcome->version.version = place.version;
	return true;
}

/* False when another session registered the name in the meantime. */
static bool
try_write(const WriteRequest *request, WriteOutcome *outcome)
{
	Product		product;
	bool		is_known = resolve_name_to_write(request->id.name,
												 request->dry_run, &product);
	WriteBase	base;
	WritePlan	plan;

	/* who waited for the lock may have waited for a copy of this request */
	if (is_known && replay_find(request, outcome))
		return true;
	base_find(request, request->operation->base, is_known ? &product : NULL,
			  &base);
	plan_make(request, &base, &plan);
	rights_check(&request->actor, plan.changes, plan.metadata);

	memset(outcome, 0, sizeof(*outcome));
	outcome->product = base.product;
	outcome->kind = plan.kind;
	outcome->changes = plan.changes;
	outcome->kept = plan.kept;
	if (plan.kind == KIND_MAJOR)
		outcome->affected = consumers_broken(&base.product, base.version.version,
											 NO_VERSION, plan.changes);
	if (request->operation->removes && !request->dry_run && !request->force)
		consumers_require_none(&request->id, outcome->affected);
	if (!reach_version(request, &base, &plan, outcome))
		return false;
	if (!request->dry_run)
		replay_store(request, outcome);
	return true;
}

void
write_run(const WriteRequest *request, WriteOutcome *outcome)
{
	if (replay_find(request, outcome))
		return;
	while (!try_write(request, outcome))
		;
}
