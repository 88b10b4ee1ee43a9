/*
 * rules/writable.c
 *		Whether the store may be written to, whoever asks.
 *
 * A physical standby refuses by itself.  A logical subscriber would take writes,
 * and give them numbers that its publisher gives too.  So a store is not written
 * to while a subscription brings its rows, nor after that until take_over() has
 * moved the sequences past the rows that arrived.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_subscription.h"
#include "catalog/pg_subscription_rel.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "errors.h"
#include "rules/writable.h"

/* It was looked up, and no subscription came since. */
static bool is_own = false;

/*
 * Code that somebody put into an index, a materialized view or a row of a
 * publication runs like this, in whoever's session looks after that.
 */
void
writable_check_operation(void)
{
	if (!InSecurityRestrictedOperation())
		return;
	ereport(ERROR,
			(errcode(ERRCODE_DP_FORBIDDEN),
			 errmsg("cannot write within an operation that is restricted for security"),
			 errdetail("Code in an index, a materialized view or the like runs in the session of whoever looks after it."),
			 errhint("Call the function in a statement of its own.")));
}

static void
forget(Datum arg, int cacheid, uint32 hashvalue)
{
	is_own = false;
}

static void
watch(void)
{
	static bool watched = false;

	if (watched)
		return;
	CacheRegisterSyscacheCallback(SUBSCRIPTIONRELMAP, forget, (Datum) 0);
	watched = true;
}

/* 1.0 has no way out of it, and is written to as before. */
static bool
has_take_over(void)
{
	return SearchSysCacheExists3(PROCNAMEARGSNSP, CStringGetDatum("take_over"),
								 PointerGetDatum(buildoidvector(NULL, 0)),
								 ObjectIdGetDatum(get_namespace_oid("dpmeta", false)));
}

/* The subscription that brings the data products; InvalidOid if none does. */
static Oid
find_subscription(void)
{
	Oid			table = get_relname_relid("product",
										  get_namespace_oid("dpmeta", false));
	CatCList   *list = SearchSysCacheList1(SUBSCRIPTIONRELMAP,
										   ObjectIdGetDatum(table));
	Oid			found = InvalidOid;

	if (list->n_members > 0)
		found = ((Form_pg_subscription_rel)
				 GETSTRUCT(&list->members[0]->tuple))->srsubid;
	ReleaseSysCacheList(list);
	return found;
}

static void
refuse_subscription(Oid subscription)
{
	const char *name = quote_identifier(get_subscription_name(subscription, false));

	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("the store is not written to, because subscription %s brings its rows",
					name),
			 errdetail("What is written here would get numbers that the publisher gives too."),
			 errhint("Write on the publisher. To have this store take over, end the subscription: ALTER SUBSCRIPTION %s DISABLE; ALTER SUBSCRIPTION %s SET (slot_name = NONE); DROP SUBSCRIPTION %s; then SELECT dpmeta.take_over();",
					 name, name, name)));
}

/* Is a sequence behind the numbers that are in use? */
static bool
is_behind(void)
{
	int			rc = SPI_execute(
								 "SELECT FROM dpmeta.product_product_id_seq s"
								 " WHERE s.last_value OPERATOR(pg_catalog.<) (SELECT pg_catalog.max(p.product_id) FROM dpmeta.product p)"
								 " UNION ALL"
								 " SELECT FROM dpmeta.table_schema_table_schema_id_seq s"
								 " WHERE s.last_value OPERATOR(pg_catalog.<) (SELECT pg_catalog.max(t.table_schema_id) FROM dpmeta.table_schema t)"
								 " UNION ALL"
								 " SELECT FROM dpmeta.event_event_id_seq s"
								 " WHERE s.last_value OPERATOR(pg_catalog.<) (SELECT pg_catalog.max(e.event_id) FROM dpmeta.event e)",
								 true, 1);

	if (rc != SPI_OK_SELECT)
		elog(ERROR, "could not look at the sequences: %s",
			 SPI_result_code_string(rc));
	return SPI_processed > 0;
}

void
writable_check_store(void)
{
	Oid			subscription;

	if (is_own)
		return;
	watch();
	if (has_take_over())
	{
		subscription = find_subscription();
		if (OidIsValid(subscription))
			refuse_subscription(subscription);
		if (is_behind())
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("the store is not written to, because its sequences are behind its rows"),
					 errdetail("The rows came by a subscription, or without the sequences; new rows would get numbers that are in use."),
					 errhint("If nobody writes to the store that they came from, run SELECT dpmeta.take_over();")));
	}
	is_own = true;
}
