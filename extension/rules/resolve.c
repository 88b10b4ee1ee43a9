/*
 * rules/resolve.c
 *		From an ID to the rows that it means.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "utils/builtins.h"

#include "errors.h"
#include "rules/resolve.h"
#include "store/fetch.h"
#include "store/statements.h"

bool
product_find(const char *name, ReadMode mode, Product *product)
{
	Values		values = {0};

	bind_string(&values, name);
	if (mode == READ_LOCK &&
		statement_run(STMT_PRODUCT_LOCK, &values, false) == 0)
		return false;
	return fetch_product(name, mode, product);
}

void
product_get(const DpIdParts *id, ReadMode mode, Product *product)
{
	if (!product_find(id->name, mode, product))
		report_not_found(id);
}

bool
version_newest(const Product *product, DpVersion from, DpVersion to,
			   bool live, ReadMode mode, Version *version)
{
	return fetch_newest_version(product->product_id, from, to, live, mode,
								version);
}

bool
version_find(const Product *product, DpVersion number, ReadMode mode,
			 Version *version)
{
	return fetch_version(product->product_id, number, mode, version);
}

static void
resolve_latest(const Product *product, const DpIdParts *id, ReadMode mode,
			   Version *version)
{
	if (product->current == NO_VERSION ||
		!version_find(product, product->current, mode, version))
		report_gone(id);
}

static void
resolve_major(const Product *product, const DpIdParts *id, ReadMode mode,
			  Version *version)
{
	DpVersion	last = LAST_OF_MAJOR(dpversion_major(id->version));

	if (version_newest(product, id->version, last, true, mode, version))
		return;
	if (version_newest(product, id->version, last, false, mode, version))
		report_gone(id);
	report_absent(product, id, mode);
}

static void
resolve_exact(const Product *product, const DpIdParts *id, ReadMode mode,
			  Version *version)
{
	if (!version_find(product, id->version, mode, version))
		report_absent(product, id, mode);
	if (version->deleted_at != NO_TIME)
		report_gone(id);
}

void
version_resolve(const Product *product, const DpIdParts *id, ReadMode mode,
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

bool
table_find(const Product *product, const Version *version, const char *table,
		   ReadMode mode, TableSchema *schema)
{
	return fetch_table(product->product_id, version, table, mode, schema);
}

Jsonb *
table_definition(const TableSchema *schema)
{
	return DatumGetJsonbP(schema->stored_definition);
}

void
table_get(const Product *product, const Version *version, const DpIdParts *id,
		  ReadMode mode, TableSchema *schema)
{
	if (table_find(product, version, id->table, mode, schema))
		return;
	if (fetch_table_ever(product->product_id, version->version, id->table,
						 mode))
		report_gone(id);
	report_not_found(id);
}

/* Copies a name, which may come from a table that a dump has filled. */
static int
copy_name(char *target, const char *name)
{
	int			len = strlcpy(target, name, DP_NAME_MAX + 1);

	if (len > DP_NAME_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("a name in a table of dpmeta has %d bytes", len),
				 errdetail("Names have at most %d.", DP_NAME_MAX),
				 errhint("Somebody wrote to the tables themselves. Restore what they replaced.")));
	return len;
}

void
id_of_product(const char *name, DpIdParts *id)
{
	id->form = DPID_LATEST;
	id->version = NO_VERSION;
	id->name_len = copy_name(id->name, name);
	id->table_len = copy_name(id->table, "");
}

DpVersion
id_first_version(const DpIdParts *id)
{
	return id->form == DPID_LATEST ? FIRST_VERSION : id->version;
}

DpVersion
id_last_version(const DpIdParts *id)
{
	switch (id->form)
	{
		case DPID_LATEST:
			return LAST_VERSION;
		case DPID_MAJOR:
			return LAST_OF_MAJOR(dpversion_major(id->version));
		case DPID_EXACT:
			return id->version;
	}
	return NO_VERSION;
}

void
id_of_version(const char *name, DpVersion version, const char *table,
			  DpIdParts *id)
{
	id->form = DPID_EXACT;
	id->version = version;
	id->name_len = copy_name(id->name, name);
	id->table_len = copy_name(id->table, table);
}

/* A table's ID where a data product's is needed, or the reverse. */
static void
report_wrong_kind(const DpIdParts *id, const char *detail, const char *hint)
{
	char		text[DPID_BUFSIZE];

	dpid_format(id, text);
	ereport(ERROR,
			(errcode(ERRCODE_DP_INVALID_ID),
			 errmsg("invalid id: %s", text),
			 errdetail("%s", detail),
			 errhint("%s", hint)));
}

void
id_require_product(const DpIdParts *id)
{
	if (id->table_len > 0)
		report_wrong_kind(id,
						  "It is the ID of a table, and this call needs that of a data product.",
						  "Write dp:NAME[:vMAJOR[.MINOR]].");
}

void
id_require_table(const DpIdParts *id)
{
	if (id->table_len == 0)
		report_wrong_kind(id,
						  "It is the ID of a data product, and this call needs that of a table.",
						  "Write dp:NAME[:vMAJOR[.MINOR]]:TABLE.");
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
		!version_newest(product, dpversion_make(major, 0),
						LAST_OF_MAJOR(major), false, mode, &newest);
}

void
report_absent(const Product *product, const DpIdParts *id, ReadMode mode)
{
	if (id->form == DPID_LATEST || major_was_purged(product, id->version, mode))
		report_gone(id);
	report_not_found(id);
}

void
report_not_found(const DpIdParts *id)
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
report_gone(const DpIdParts *id)
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
