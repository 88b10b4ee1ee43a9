/*
 * store/past.c
 *		What was, and when.
 */
#include "postgres.h"

#include "store/installed.h"
#include "store/past.h"
#include "store/statements.h"

/* The columns, as 23-time.sql has them. */
enum StateColumn
{
	STATE_PRODUCT_ID = 1, STATE_VALID_FROM, STATE_CURRENT, STATE_IS_NEW,
	STATE_REGISTERED_AT, STATE_RETIRED_AT, STATE_SUNSET
};

enum UndoneColumn
{
	UNDONE_PRODUCT_ID = 1, UNDONE_VERSION, UNDONE_DELETED_AT,
	UNDONE_RESTORED_AT
};

enum FactsColumn
{
	FACTS_PRODUCT_ID = 1, FACTS_VERSION, FACTS_VALID_UNTIL, FACTS_REVISION,
	FACTS_FACTS
};

enum CutColumn
{
	CUT_CUT_AT = 1, CUT_KEPT_SINCE
};

static bool
is_kept(void)
{
	return installed_release() >= RELEASE_1_1;
}

void
past_record_state(const Product *product, bool is_new)
{
	Values		values = {0};

	if (!is_kept())
		return;
	bind_int8(&values, product->product_id);
	bind_time(&values, product->changed_at);
	bind_version_or_null(&values, product->current);
	bind_bool(&values, is_new);
	bind_time(&values, product->registered_at);
	bind_time_or_null(&values, product->retired_at);
	bind_date_or_null(&values, product->has_sunset, product->sunset);
	statement_run(STMT_STATE_INSERT, &values, false);
}

void
past_record_undone(const Product *product, DpVersion from, DpVersion to,
				   TimestampTz deleted_at)
{
	Values		values = {0};

	if (!is_kept())
		return;
	bind_int8(&values, product->product_id);
	bind_version(&values, from);
	bind_version(&values, to);
	bind_time(&values, deleted_at);
	bind_time(&values, product->changed_at);
	statement_run(STMT_UNDONE_INSERT, &values, false);
}

void
past_record_facts(const Product *product, const Version *version)
{
	Values		values = {0};

	if (!is_kept())
		return;
	bind_int8(&values, product->product_id);
	bind_version(&values, version->version);
	bind_time(&values, product->changed_at);
	bind_int4(&values, version->facts_revision);
	bind_json(&values, version->facts);
	statement_run(STMT_FACTS_INSERT, &values, false);
}

static void
fill_state(Lookup *lookup, Product *product)
{
	NullableDatum sunset = lookup_nullable(lookup, STATE_SUNSET);

	product->current = lookup_version(lookup, STATE_CURRENT);
	product->registered_at = lookup_time(lookup, STATE_REGISTERED_AT);
	product->retired_at = lookup_time(lookup, STATE_RETIRED_AT);
	product->has_sunset = !sunset.isnull;
	product->sunset = sunset.isnull ? 0 : DatumGetDateADT(sunset.value);
}

bool
past_product(Product *product, TimestampTz as_of, ReadMode mode)
{
	Lookup		lookup;
	ScanKeyData keys[2];
	bool		found;

	lookup_key_int8(&keys[0], STATE_PRODUCT_ID, product->product_id);
	lookup_key_time(&keys[1], STATE_VALID_FROM, BTLessEqualStrategyNumber,
					as_of);
	lookup_begin(&lookup, "product_state", "product_state_pkey", 2, mode);
	lookup_seek(&lookup, keys);
	found = lookup_next(&lookup, BackwardScanDirection);
	if (found)
		fill_state(&lookup, product);
	lookup_end(&lookup);
	product->as_of = as_of;
	return found;
}

/* When the version was deleted that was restored after that time; or NO_TIME. */
static TimestampTz
find_undone(const Product *product, DpVersion version, ReadMode mode)
{
	Lookup		lookup;
	ScanKeyData keys[3];
	TimestampTz deleted_at = NO_TIME;

	lookup_key_int8(&keys[0], UNDONE_PRODUCT_ID, product->product_id);
	lookup_key_version(&keys[1], UNDONE_VERSION, BTEqualStrategyNumber, version);
	lookup_key_time(&keys[2], UNDONE_DELETED_AT, BTLessEqualStrategyNumber,
					product->as_of);
	lookup_begin(&lookup, "undone_deletion", "undone_deletion_pkey", 3, mode);
	lookup_seek(&lookup, keys);
	if (lookup_next(&lookup, BackwardScanDirection) &&
		lookup_time(&lookup, UNDONE_RESTORED_AT) > product->as_of)
		deleted_at = lookup_time(&lookup, UNDONE_DELETED_AT);
	lookup_end(&lookup);
	return deleted_at;
}

/* Those that ended first after that time are those that held. */
static bool
set_facts_back(const Product *product, Version *version, ReadMode mode)
{
	Lookup		lookup;
	ScanKeyData keys[3];
	bool		found;

	lookup_key_int8(&keys[0], FACTS_PRODUCT_ID, product->product_id);
	lookup_key_version(&keys[1], FACTS_VERSION, BTEqualStrategyNumber,
					   version->version);
	lookup_key_time(&keys[2], FACTS_VALID_UNTIL, BTGreaterStrategyNumber,
					product->as_of);
	lookup_begin(&lookup, "past_facts", "past_facts_pkey", 3, mode);
	lookup_seek(&lookup, keys);
	found = lookup_next(&lookup, ForwardScanDirection);
	if (found)
	{
		version->facts_revision =
			DatumGetInt32(lookup_column(&lookup, FACTS_REVISION));
		version->facts =
			DatumGetJsonbPCopy(lookup_column(&lookup, FACTS_FACTS));
	}
	lookup_end(&lookup);
	return found;
}

bool
past_version(const Product *product, Version *version, ReadMode mode)
{
	if (version->deleted_at == NO_TIME || version->deleted_at > product->as_of)
		version->deleted_at = find_undone(product, version->version, mode);
	return set_facts_back(product, version, mode);
}

void
past_purge(const Product *product)
{
	Values		values = {0};

	if (!is_kept())
		return;
	bind_int8(&values, product->product_id);
	statement_run(STMT_PAST_PURGE, &values, false);
}

/* Cuts are few, and the last one need not be that which cut most. */
TimestampTz
past_kept_since(ReadMode mode)
{
	Lookup		lookup;
	TimestampTz kept_since = NO_TIME;

	lookup_begin(&lookup, "log_cut", "log_cut_pkey", 0, mode);
	lookup_seek(&lookup, NULL);
	while (lookup_next(&lookup, ForwardScanDirection))
		kept_since = Max(kept_since, lookup_time(&lookup, CUT_KEPT_SINCE));
	lookup_end(&lookup);
	return kept_since;
}
