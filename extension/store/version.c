/*
 * store/version.c
 *		Storing a version's row.
 */
#include "postgres.h"

#include "store/statements.h"
#include "store/version.h"

void
version_insert(int64 product_id, const Version *version)
{
	Values		values = {0};

	bind_int8(&values, product_id);
	bind_version(&values, version->version);
	bind_version(&values, version->leaves_at);
	bind_time(&values, version->created_at);
	bind_json(&values, version->metadata);
	bind_json(&values, version->facts);
	bind_text(&values, version->document);
	statement_run(STMT_VERSION_INSERT, &values, false);
}

void
version_report(int64 product_id, const Version *version)
{
	Values		values = {0};

	bind_int8(&values, product_id);
	bind_version(&values, version->version);
	bind_json(&values, version->facts);
	bind_text(&values, version->document);
	statement_run(STMT_VERSION_REPORT, &values, false);
}
