/*
 * api/read.c
 *		The functions that read one resource.
 *
 * All that a call reads it reads from the snapshot of its caller's query.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/json.h"

#include "api/answer.h"
#include "rules/diff.h"
#include "rules/document.h"
#include "store/fetch.h"
#include "json/render.h"
#include "store/statements.h"

/* get_data_product(id) */
PG_FUNCTION_INFO_V1(dpmeta_get_data_product);
Datum
dpmeta_get_data_product(PG_FUNCTION_ARGS)
{
	DpIdParts	id;
	Product		product;
	Version		version;
	List	   *tables;
	Answer		answer = {0};

	dpid_parts(PG_GETARG_DPID_P(0), &id);
	id_require_product(&id);
	product_get(&id, READ_SNAPSHOT, &product);
	version_resolve(&product, &id, READ_SNAPSHOT, &version);
	tables = fetch_table_names(&product, &version, READ_SNAPSHOT);
	answer_of_version(&answer, &product, &version, "",
					  render_data_product(&product, &version, tables),
					  READ_SNAPSHOT);
	return answer_datum(fcinfo, &answer, CurrentMemoryContext);
}

/* get_schema(id) */
PG_FUNCTION_INFO_V1(dpmeta_get_schema);
Datum
dpmeta_get_schema(PG_FUNCTION_ARGS)
{
	DpIdParts	id;
	Product		product;
	Version		version;
	TableSchema schema;
	Answer		answer = {0};

	dpid_parts(PG_GETARG_DPID_P(0), &id);
	id_require_table(&id);
	product_get(&id, READ_SNAPSHOT, &product);
	version_resolve(&product, &id, READ_SNAPSHOT, &version);
	table_get(&product, &version, &id, READ_SNAPSHOT, &schema);
	answer_of_version(&answer, &product, &version, id.table,
					  render_schema(&product, &version, id.table,
									schema.document),
					  READ_SNAPSHOT);
	return answer_datum(fcinfo, &answer, CurrentMemoryContext);
}

static void
append_time(StringInfo out, const char *member, Datum time, bool isnull)
{
	if (isnull)
		appendStringInfo(out, ",\"%s\":null", member);
	else
		appendStringInfo(out, ",\"%s\":\"%s\"", member,
						 format_rfc3339(DatumGetTimestampTz(time)));
}

/* One row of STMT_VERSIONS_LIST. */
static void
append_version_entry(StringInfo out, const Product *product, uint64 row)
{
	char		number[DPVERSION_BUFSIZE];
	bool		isnull;
	Datum		deleted;

	dpversion_format(DatumGetDpVersion(result_value(row, 1, NULL)), number);
	appendStringInfo(out,
					 "{\"id\":\"dp:%s:%s\",\"version\":\"%s\",\"kind\":\"%s\"",
					 product->name, number, number,
					 TextDatumGetCString(result_value(row, 4, NULL)));
	append_time(out, "created", result_value(row, 2, NULL), false);
	appendStringInfoString(out, ",\"actor\":");
	escape_json(out, TextDatumGetCString(result_value(row, 5, NULL)));
	appendStringInfoString(out, ",\"changes\":");
	append_json(out, DatumGetJsonbP(result_value(row, 6, NULL)));
	deleted = result_value(row, 3, &isnull);
	append_time(out, "deleted", deleted, isnull);
	appendStringInfoChar(out, '}');
}

/* Raises when there is nothing to list. */
static text *
render_versions(const Product *product, const DpIdParts *id, bool deleted)
{
	Datum		values[] = {
		Int64GetDatum(product->product_id),
		DpVersionGetDatum(id_first_version(id)),
		DpVersionGetDatum(id_last_version(id)),
		BoolGetDatum(deleted)
	};
	uint64		count = statement_run(STMT_VERSIONS_LIST, values, NULL, true);
	StringInfoData out;
	Version		version;

	if (count == 0)
	{
		/* Raises, for none of them is live. */
		version_resolve(product, id, READ_SNAPSHOT, &version);
		elog(ERROR, "history of data product \"%s\" is missing", product->name);
	}
	initStringInfo(&out);
	appendStringInfoChar(&out, '[');
	for (uint64 i = 0; i < count; i++)
	{
		if (i > 0)
			appendStringInfoChar(&out, ',');
		append_version_entry(&out, product, i);
	}
	appendStringInfoChar(&out, ']');
	return cstring_to_text_with_len(out.data, out.len);
}

/* list_versions(id, deleted) */
PG_FUNCTION_INFO_V1(dpmeta_list_versions);
Datum
dpmeta_list_versions(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	Product		product;
	Answer		answer = {0};
	Datum		row;

	dpid_parts(PG_GETARG_DPID_P(0), &answer.id);
	id_require_product(&answer.id);
	SPI_connect();
	product_get(&answer.id, READ_SNAPSHOT, &product);
	answer.document = render_versions(&product, &answer.id, PG_GETARG_BOOL(1));
	answer.etag = etag_of_content(answer.document);
	answer_retirement(&answer, &product);
	row = answer_datum(fcinfo, &answer, caller);
	SPI_finish();
	return row;
}

static void
diff_tables(ChangeList *list, const Product *product, const Version *old,
			const Version *new)
{
	Datum		values[] = {
		Int64GetDatum(product->product_id),
		DpVersionGetDatum(product->trunk),
		DpVersionGetDatum(old->version),
		DpVersionGetDatum(old->trunk),
		DpVersionGetDatum(new->version),
		DpVersionGetDatum(new->trunk)
	};
	uint64		count = statement_run(STMT_TABLES_COMPARE, values, NULL, true);

	for (uint64 i = 0; i < count; i++)
	{
		bool		added;
		bool		removed;
		Datum		before = result_value(i, 2, &added);
		Datum		after = result_value(i, 3, &removed);

		diff_table(list, TextDatumGetCString(result_value(i, 1, NULL)),
				   added ? NULL : DatumGetJsonbP(before),
				   removed ? NULL : DatumGetJsonbP(after));
	}
}

static text *
render_changes(const Product *product, const Version *old, const Version *new)
{
	ChangeList	list;
	Jsonb	   *changes;
	StringInfoData out;
	char		from[DPVERSION_BUFSIZE];
	char		to[DPVERSION_BUFSIZE];

	changes_begin(&list);
	diff_metadata(&list, old->metadata, new->metadata);
	diff_tables(&list, product, old, new);
	changes = changes_end(&list);

	dpversion_format(old->version, from);
	dpversion_format(new->version, to);
	initStringInfo(&out);
	appendStringInfo(&out,
					 "{\"from\":\"%s\",\"to\":\"%s\",\"kind\":\"%s\",\"changes\":",
					 from, to, change_kind_name(list.kind));
	append_json(&out, changes);
	appendStringInfoChar(&out, '}');
	return cstring_to_text_with_len(out.data, out.len);
}

/* list_changes(id, from_version) */
PG_FUNCTION_INFO_V1(dpmeta_list_changes);
Datum
dpmeta_list_changes(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	DpIdParts	id;
	DpIdParts	from_id;
	Product		product;
	Version		old;
	Version		new;
	Answer		answer = {0};
	Datum		row;

	dpid_parts(PG_GETARG_DPID_P(0), &id);
	id_require_product(&id);
	id_of_version(id.name, PG_GETARG_DPVERSION(1), "", &from_id);
	SPI_connect();
	product_get(&id, READ_SNAPSHOT, &product);
	version_resolve(&product, &id, READ_SNAPSHOT, &new);
	version_resolve(&product, &from_id, READ_SNAPSHOT, &old);
	answer_of_version(&answer, &product, &new, "",
					  render_changes(&product, &old, &new), READ_SNAPSHOT);
	answer.etag = etag_of_content(answer.document);
	row = answer_datum(fcinfo, &answer, caller);
	SPI_finish();
	return row;
}
