/*
 * rules/resolve.c
 *		From an ID to the rows that it means.
 */
#include "postgres.h"

#include "access/xact.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "errors.h"
#include "rules/document.h"
#include "rules/resolve.h"
#include "store/past.h"
#include "store/statements.h"
#include "store/unseen.h"

/*
 * What is not seen by the caller's snapshot, but was made before this transaction
 * began, is there: see store/unseen.c.  What was made later is not seen rightly.
 */
static bool
was_made_before(TimestampTz made_at)
{
	return made_at <= GetCurrentTransactionStartTimestamp();
}

static bool
may_look_again(ReadMode mode)
{
	return mode == READ_SNAPSHOT && unseen_may_look_again();
}

/* No version within bounds is seen: is there one? */
static void
check_versions_seen(const Product *product, DpVersion from, DpVersion to,
					ReadMode mode)
{
	Version		version;

	if (may_look_again(mode) &&
		fetch_newest_version(product->product_id, from, to, false, READ_NOW,
							 &version) &&
		was_made_before(version.created_at) &&
		(product->as_of == AS_OF_NOW || version.created_at <= product->as_of))
		unseen_report();
}

/* No product of the name is seen: is there one? */
static void
check_name_seen(const char *name, ReadMode mode)
{
	Product		product;

	if (may_look_again(mode) && fetch_product(name, READ_NOW, &product) &&
		was_made_before(product.registered_at))
		unseen_report();
}

/*
 * A product's row has a current version, but that is not there.  Only a purge, or
 * a deletion of rows by hand, takes a version away.
 */
static void
report_no_current(const Product *product, const DpIdParts *id, ReadMode mode)
{
	Product		now;

	if (product->as_of != AS_OF_NOW)
		resolve_report_gone(id);	/* it was purged since */
	if (!unseen_may_look_again() ||
		!fetch_product(product->name, READ_NOW, &now) ||
		now.current != product->current)
		unseen_report();
	unseen_report_missing(psprintf("the current version of data product \"%s\"",
								   product->name));
}

bool
resolve_name(const char *name, ReadMode mode, Product *product)
{
	return fetch_product(name, mode, product);
}

bool
resolve_name_to_write(const char *name, bool dry_run, Product *product)
{
	Values		values = {0};

	bind_string(&values, name);
	if (!dry_run && statement_run(STMT_PRODUCT_LOCK, &values, false) == 0)
		return false;
	return fetch_product(name, READ_LATEST, product);
}

void
resolve_product(const DpIdParts *id, ReadMode mode, Product *product)
{
	if (resolve_name(id->name, mode, product))
		return;
	check_name_seen(id->name, mode);
	resolve_report_not_found(id);
}

void
resolve_product_to_write(const DpIdParts *id, bool dry_run, Product *product)
{
	if (resolve_name_to_write(id->name, dry_run, product))
		return;
	check_name_seen(id->name, READ_LATEST);
	resolve_report_not_found(id);
}

void
resolve_product_as_of(const DpIdParts *id, TimestampTz as_of, ReadMode mode,
					  Product *product)
{
	Version		first;

	resolve_product(id, mode, product);
	if (as_of == AS_OF_NOW || past_product(product, as_of, mode))
		return;
	if (fetch_newest_version(product->product_id, FIRST_VERSION, LAST_VERSION,
							 false, mode, &first))
		resolve_report_not_found(id);
	resolve_report_gone(id);	/* it was purged */
}

/* Sets a version back to what it was; false if it was made later. */
static bool
set_version_back(const Product *product, ReadMode mode, Version *version)
{
	if (product->as_of == AS_OF_NOW)
		return true;
	if (version->created_at > product->as_of)
		return false;
	if (past_version(product, version, mode))
		version->document = document_of_version(product, version);
	return true;
}

bool
resolve_number(const Product *product, DpVersion number, ReadMode mode,
			   Version *version)
{
	return fetch_version(product->product_id, number, mode, version) &&
		set_version_back(product, mode, version);
}

bool
resolve_newest(const Product *product, DpVersion from, DpVersion to, bool live,
			   ReadMode mode, Version *version)
{
	if (product->as_of == AS_OF_NOW)
		return fetch_newest_version(product->product_id, from, to, live, mode,
									version);
	while (fetch_newest_version(product->product_id, from, to, false, mode,
								version))
	{
		CHECK_FOR_INTERRUPTS();
		if (set_version_back(product, mode, version) &&
			(!live || version->deleted_at == NO_TIME))
			return true;
		if (version->version == from)
			return false;
		to = version->version - 1;
	}
	return false;
}

static void
resolve_latest(const Product *product, const DpIdParts *id, ReadMode mode,
			   Version *version)
{
	if (product->current == NO_VERSION)
		resolve_report_gone(id);
	if (resolve_number(product, product->current, mode, version))
		return;
	check_versions_seen(product, product->current, product->current, mode);
	report_no_current(product, id, mode);
}

static void
resolve_major(const Product *product, const DpIdParts *id, ReadMode mode,
			  Version *version)
{
	DpVersion	last = LAST_OF_MAJOR(dpversion_major(id->version));

	if (resolve_newest(product, id->version, last, true, mode, version))
		return;
	if (resolve_newest(product, id->version, last, false, mode, version))
		resolve_report_gone(id);
	resolve_report_absent(product, id, mode);
}

static void
resolve_exact(const Product *product, const DpIdParts *id, ReadMode mode,
			  Version *version)
{
	if (!resolve_number(product, id->version, mode, version))
		resolve_report_absent(product, id, mode);
	if (version->deleted_at != NO_TIME)
		resolve_report_gone(id);
}

void
resolve_version(const Product *product, const DpIdParts *id, ReadMode mode,
				Version *version)
{
	switch (id->form)
	{
		case DPID_LATEST:
			resolve_latest(product, id, mode, version);
			break;
		case DPID_MAJOR:
			resolve_major(product, id, mode, version);
			break;
		case DPID_EXACT:
			resolve_exact(product, id, mode, version);
			break;
	}
}

void
resolve_table(const Product *product, const Version *version, const DpIdParts *id,
			  ReadMode mode, TableSchema *schema)
{
	if (fetch_table(product->product_id, version, id->table, mode, schema))
		return;
	/* a version does not change: what it has now it had before */
	if (may_look_again(mode) &&
		fetch_table(product->product_id, version, id->table, READ_NOW, schema))
		unseen_report();
	if (fetch_table_ever(product, version->version, id->table,
						 mode))
		resolve_report_gone(id);
	resolve_report_not_found(id);
}

/*
 * Majors are given out one after the other, so each one up to the trunk's has
 * existed.  If a major has no version any more, it was purged.
 */
static bool
major_was_purged(const Product *product, DpVersion version, ReadMode mode)
{
	int32		major = dpversion_major(version);
	DpVersion	first = dpversion_make(major, 0);
	DpVersion	last = LAST_OF_MAJOR(major);
	Version		newest;

	if (major > dpversion_major(product->head) ||
		fetch_newest_version(product->product_id, first, last, false, mode,
							 &newest))
		return false;
	check_versions_seen(product, first, last, mode);
	return true;
}

void
resolve_report_absent(const Product *product, const DpIdParts *id, ReadMode mode)
{
	if (id->form == DPID_LATEST || major_was_purged(product, id->version, mode))
		resolve_report_gone(id);
	resolve_report_not_found(id);
}

void
resolve_report_not_found(const DpIdParts *id)
{
	char		text[DPID_BUFSIZE];

	dpid_format(id, text);
	ereport(ERROR,
			(errcode(ERRCODE_DP_NOT_FOUND),
			 id->table_len > 0
			 ? errmsg("schema does not exist with id %s", text)
			 : errmsg("data product does not exist with id %s", text),
			 errdetail("Nothing was ever registered under this ID."),
			 errhint("Look for it in dpmeta.data_products, or with GET /v1/data-products.")));
}

void
resolve_report_gone(const DpIdParts *id)
{
	char		text[DPID_BUFSIZE];

	dpid_format(id, text);
	ereport(ERROR,
			(errcode(ERRCODE_DP_GONE),
			 id->table_len > 0
			 ? errmsg("schema was deleted with id %s", text)
			 : errmsg("data product was deleted with id %s", text),
			 errdetail("It existed, but no live version is left under this ID."),
			 errhint("Its history is kept. List the versions of the data product, with the deleted ones, to see it.")));
}
