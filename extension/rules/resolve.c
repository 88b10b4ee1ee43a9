/*
 * rules/resolve.c
 *		From an ID to the rows that it means.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "errors.h"
#include "rules/document.h"
#include "rules/resolve.h"
#include "store/past.h"
#include "store/statements.h"

bool
resolve_name(const char *name, ReadMode mode, Product *product)
{
	Values		values = {0};

	bind_string(&values, name);
	if (mode == READ_LOCK &&
		statement_run(STMT_PRODUCT_LOCK, &values, false) == 0)
		return false;
	return fetch_product(name, mode, product);
}

void
resolve_product(const DpIdParts *id, ReadMode mode, Product *product)
{
	if (!resolve_name(id->name, mode, product))
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
version_was(const Product *product, ReadMode mode, Version *version)
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
		version_was(product, mode, version);
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
		if (version_was(product, mode, version) &&
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
	if (product->current == NO_VERSION ||
		!resolve_number(product, product->current, mode, version))
		resolve_report_gone(id);
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
	Version		newest;

	return major <= dpversion_major(product->trunk) &&
		!fetch_newest_version(product->product_id, dpversion_make(major, 0),
							  LAST_OF_MAJOR(major), false, mode, &newest);
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
