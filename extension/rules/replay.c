/*
 * rules/replay.c
 *		The outcome that an earlier copy of a request had.
 */
#include "postgres.h"

#include "rules/consumers.h"
#include "rules/contract.h"
#include "rules/plan.h"
#include "rules/replay.h"
#include "rules/resolve.h"
#include "rules/rights.h"

/* The newest live version that the request's ID can mean. */
static bool
find_newest(const WriteRequest *request, const Product *product,
			Version *newest)
{
	int32		major = dpversion_major(request->id.version);

	if (request->id.form == DPID_LATEST)
		return product->current != NO_VERSION &&
			fetch_version(product->product_id, product->current, READ_LATEST, newest);
	return fetch_newest_version(product->product_id, dpversion_make(major, 0),
								LAST_OF_MAJOR(major), true, READ_LATEST, newest);
}

static bool
has_same_table(const Product *product, const Version *made,
			   const Version *newest, const char *table)
{
	TableSchema then;
	TableSchema now;

	return fetch_table(product->product_id, made, table, READ_LATEST, &then) &&
		fetch_table(product->product_id, newest, table, READ_LATEST, &now) &&
		then.table_schema_id == now.table_schema_id;
}

/*
 * An automatic replay is given while it is still true: while what the ID
 * means is what the first copy made.  Another table that changed since does
 * not make the registration of this one untrue.
 */
static bool
is_still_true(const WriteRequest *request, const Product *product,
			  const Version *made)
{
	Version		newest;

	if (made->deleted_at != NO_TIME || !find_newest(request, product, &newest))
		return false;
	if (newest.version == made->version)
		return true;
	return request->operation == &operation_register_schema &&
		has_same_table(product, made, &newest, request->id.table);
}

/*
 * A request with a condition, or whose ID names one version, could only fail if it
 * were planned again, because the version that it made is no longer the one that
 * it started from.  So it gets the first answer, which says that it went through.
 */
static bool
is_replayed_always(const WriteRequest *request)
{
	return !request->idempotency.automatic || request->if_match != NULL ||
		request->id.form == DPID_EXACT;
}

bool
replay_find(const WriteRequest *request, WriteOutcome *outcome)
{
	Replay		first;
	WriteOutcome was = {0};

	if (!request->idempotency.active ||
		!idempotency_find(&request->idempotency, &first) ||
		!resolve_name(request->id.name, READ_LATEST, &was.product) ||
		!fetch_version(was.product.product_id, first.version, READ_LATEST,
					   &was.version))
		return false;
	if (!is_replayed_always(request) &&
		!is_still_true(request, &was.product, &was.version))
		return false;
	rights_check(&request->actor, first.changes, was.version.metadata);
	was.kind = change_kind_of_name(first.kind);
	was.changes = first.changes;
	if (request->operation->of_contract)
		was.kept = contract_left_out(request->body,
									 fetch_table_names(&was.product,
													   &was.version,
													   READ_LATEST));
	if (was.kind == KIND_MAJOR)
		was.affected = consumers_broken(&was.product, NO_VERSION,
										was.version.version,
										was.changes);
	was.replayed = true;
	*outcome = was;
	return true;
}

void
replay_store(const WriteRequest *request, const WriteOutcome *outcome)
{
	Replay		done = {
		.version = outcome->version.version,
		.kind = change_kind_name(outcome->kind),
		.changes = outcome->changes
	};

	if (request->idempotency.active)
		idempotency_store(&request->idempotency, &outcome->product,
						  request->id.table, &done);
}
